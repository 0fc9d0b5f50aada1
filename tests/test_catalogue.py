"""Snippet, oracle, page, anchor and index agree, and pages have the fixed form.

The second half breaks a small handbook and requires a sentence with file and line.
"""

import pytest

from handbook import structure
from handbook.catalogue import check
from tests import catalogue
from tests.mini import NEGATIVE, NEGATIVE_PY, edit, line_of, project

ORACLE = "tests/oracles/elementwise_arithmetic/negative.py"
FAMILY = "docs/rules/elementwise_arithmetic/index.md"
DERIVATIVE = "docs/foundations/derivative.md"
LAYOUTS = "docs/foundations/layouts.md"


@pytest.fixture
def mini(tmp_path):
    return project(tmp_path)


@pytest.mark.parametrize("requirement", catalogue.CHECKS, ids=lambda f: f.__name__)
def test_handbook(requirement):
    found = requirement(structure.ROOT)
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_catalogue_accounts_for_every_name_of_the_peers():
    assert not check.rule_problems() + check.table_problems()


def test_rules_are_found():
    assert structure.rules() and structure.places()


# -- the checks themselves


def said(root):
    return [
        sentence for requirement in catalogue.CHECKS for sentence in requirement(root)
    ]


def only(root, *parts):
    """Require one sentence that holds all the parts, and return all sentences."""
    sentences = said(root)
    hits = [s for s in sentences if all(part in s for part in parts)]
    assert len(hits) == 1, "\n".join(sentences) or "nothing was said"
    return sentences


def test_a_right_handbook_passes(mini):
    assert not said(mini)


def rename(root, file, new):
    (root / file).rename((root / file).with_name(new))


def test_misspelt_snippet(mini):
    rename(mini, NEGATIVE_PY, "negativ.py")
    only(
        mini,
        "snippets/elementwise_arithmetic/negativ.py:1: ",
        "'elementwise_arithmetic/negativ' is not a rule of handbook/catalogue",
        "did you mean 'elementwise_arithmetic/negative'?",
    )


def test_misspelt_id_on_a_page(mini):
    edit(mini, NEGATIVE, "| elementwise_arithmetic/negative", "| softmax/negative")
    line = line_of(mini, NEGATIVE, "/// rule")
    only(mini, f"{NEGATIVE}:{line}: 'softmax/negative' is not a rule")


def test_misspelt_anchor(mini):
    edit(mini, NEGATIVE, "{ #negative }", "{ #negation }")
    line = line_of(mini, NEGATIVE, "/// rule")
    only(mini, f"{NEGATIVE}:{line}: ", "with its id: { #negative }")


def test_missing_page(mini):
    (mini / NEGATIVE).unlink()
    only(mini, f"{NEGATIVE_PY}:1: the rule has no place on a page; write '/// rule |")


def test_missing_oracle(mini):
    (mini / ORACLE).unlink()
    only(mini, f"{NEGATIVE_PY}:1: the rule has no oracle; write {ORACLE}")


def test_missing_snippet(mini):
    (mini / NEGATIVE_PY).unlink()
    line = line_of(mini, NEGATIVE, "/// rule")
    only(mini, f"{NEGATIVE}:{line}: the page presents", f"write {NEGATIVE_PY}")
    only(mini, f"{ORACLE}:1: the oracle has no rule")


def test_missing_row(mini):
    edit(mini, FAMILY, "[negative](negative.md#negative)", "negative")
    only(mini, f"{FAMILY}:1: the table has no row for", "negative.md#negative")


def test_two_places(mini):
    text = (mini / NEGATIVE).read_text()
    (mini / "docs/rules/elementwise_arithmetic/minus.md").write_text(text)
    assert sum("has 2 places; keep one" in sentence for sentence in said(mini)) == 2


def test_page_in_another_family(mini):
    (mini / "docs/rules/softmax").mkdir()
    (mini / NEGATIVE).rename(mini / "docs/rules/softmax/negative.md")
    only(mini, "docs/rules/softmax/negative.md:", "belongs on a page in docs/rules/el")


def test_page_without_a_rule(mini):
    page = "docs/rules/elementwise_arithmetic/story.md"
    (mini / page).write_text((mini / DERIVATIVE).read_text())
    only(mini, f"{page}:1: the page presents no rule; write '/// rule | family/rule'")


def test_lost_section(mini):
    edit(mini, NEGATIVE_PY, "[start:jvp]", "[start:jpv]")
    line = line_of(mini, NEGATIVE_PY, "[start:jpv]")
    only(mini, f"{NEGATIVE_PY}:1: there is no section 'jvp'")
    only(mini, f"{NEGATIVE_PY}:{line}: no page shows the section 'jpv'")
    only(mini, f"{NEGATIVE_PY}:{line}: the section 'jpv' has no end")


def test_section_that_no_page_shows(mini):
    edit(mini, NEGATIVE, "negative.py:jvp", "negative.py:rule")
    line = line_of(mini, NEGATIVE_PY, "[start:jvp]")
    only(mini, f"{NEGATIVE_PY}:{line}: no page shows the section 'jvp'")
    only(
        mini, f"{NEGATIVE}:", 'include --8<-- "elementwise_arithmetic/negative.py:jvp"'
    )


def test_section_shown_elsewhere_only(mini):
    edit(mini, NEGATIVE, "## Try it\n", "## Try it\n\n## Derivation\n")
    only(mini, "'Try it' of elementwise_arithmetic/negative does not show its code")


def test_heading_order(mini):
    edit(mini, NEGATIVE, "## Rule", "## Draft")
    edit(mini, NEGATIVE, "## Code", "## Rule")
    edit(mini, NEGATIVE, "## Draft", "## Code")
    line = line_of(mini, NEGATIVE, "## Rule")
    only(mini, f"{NEGATIVE}:{line}: 'Rule' comes after 'Code'; the order is Rule, Code")


def test_heading_missing(mini):
    edit(mini, NEGATIVE, "## Derivation", "**Derivation**")
    only(mini, f"{NEGATIVE}:", "has no heading 'Derivation'")


def test_heading_unknown(mini):
    edit(mini, NEGATIVE, "## Derivation", "## Proof\n\n## Derivation")
    line = line_of(mini, NEGATIVE, "## Proof")
    only(mini, f"{NEGATIVE}:{line}: 'Proof' is not one of the headings")


def several(mini):
    """Turn the page into one of several rules, of which it has one so far."""
    text = (mini / NEGATIVE).read_text()
    front, body = text.split("# Negation", 1)
    body = "## Negation" + body.replace("\n## ", "\n### ")
    (mini / NEGATIVE).write_text(front + "# Arithmetic\n\n" + body)


def test_page_of_several_rules(mini):
    several(mini)
    assert not said(mini)
    edit(mini, NEGATIVE, "## Negation", "## Preface\n\n## Negation")
    line = line_of(mini, NEGATIVE, "## Preface")
    only(mini, f"{NEGATIVE}:{line}: on a page of several rules, each H2 is a rule")


def test_page_of_several_rules_has_their_headings(mini):
    several(mini)
    edit(mini, NEGATIVE, "### Try it", "### Use")
    only(mini, "'Use' is not one of the headings")
    only(mini, f"{NEGATIVE}:", "has no heading 'Try it'")


def test_two_rules_under_one_title(mini):
    second = "## Addition { #add }\n\n/// rule | elementwise_arithmetic/add\n///\n"
    (mini / NEGATIVE).write_text((mini / NEGATIVE).read_text() + "\n" + second)
    line = line_of(mini, NEGATIVE, "arithmetic/add")
    only(mini, f"{NEGATIVE}:{line}: a page of several rules has each under an H2")


def test_two_titles(mini):
    edit(mini, DERIVATIVE, "See [", "# Again\n\nSee [")
    only(mini, f"{DERIVATIVE}:1: a page begins with its one H1")


def test_heading_that_skips_a_level(mini):
    edit(mini, DERIVATIVE, "See [", "### Deep\n\nSee [")
    line = line_of(mini, DERIVATIVE, "### Deep")
    only(mini, f"{DERIVATIVE}:{line}: the heading 'Deep' skips a level; write ##")


def test_maths_in_a_heading(mini):
    edit(mini, DERIVATIVE, "# Derivative", "# Derivative of $x^2$")
    line = line_of(mini, DERIVATIVE, "# Derivative")
    only(mini, f"{DERIVATIVE}:{line}: the heading", "holds maths")


@pytest.mark.parametrize("key", ["title", "description", "reviewed"])
def test_front_matter(mini, key):
    edit(mini, DERIVATIVE, f"{key}:", f"{key}2:")
    only(mini, f"{DERIVATIVE}:1: the front matter needs '{key}: '")


def test_foundations_without_code(mini):
    edit(mini, DERIVATIVE, "```python\nprint(0.5)\n```", "Half.")
    edit(mini, DERIVATIVE, "```python\nprint(1 + 1)\n```", "Two.")
    line = line_of(mini, DERIVATIVE, "# Derivative")
    only(mini, f"{DERIVATIVE}:{line}: 'Derivative' has an anchor of the catalogue")
    assert "derivative" not in structure.written(mini)


def test_book_without_exercises(mini):
    edit(mini, LAYOUTS, "## Exercises", "## Questions")
    only(mini, f"{LAYOUTS}:1: has no heading '## Exercises'")


def test_book_with_an_exercise_and_no_solution(mini):
    edit(mini, DERIVATIVE, "**1.**", "**1.** Why?\n\n**2.**")
    line = line_of(mini, DERIVATIVE, "## Exercises")
    only(mini, f"{DERIVATIVE}:{line}: exercise 2 has no '### Solution 2'")


def test_book_with_a_solution_that_does_not_run(mini):
    edit(mini, DERIVATIVE, "```python\nprint(1 + 1)\n```", "Two.")
    only(mini, f"{DERIVATIVE}:", "exercise 1 has no '### Solution 1' with a ```python")


def test_book_with_a_lost_next_page(mini):
    edit(mini, DERIVATIVE, "Next: [Layouts](layouts.md).", "The end.")
    only(mini, f"{DERIVATIVE}:", "no link to docs/foundations/layouts.md, which the")
    edit(mini, LAYOUTS, "../rules/index.md", "derivative.md")
    only(mini, f"{LAYOUTS}:", "no link to docs/rules/index.md, which the reader")


def test_book_with_an_unlisted_page(mini):
    edit(mini, "docs/foundations/index.md", "| 2 | [Layouts]", "See [Layouts]")
    only(mini, "docs/foundations/index.md:1:", "does not list docs/foundations/lay")


def test_links(mini):
    edit(mini, DERIVATIVE, "negative.md#negative", "negativ.md#negative")
    line = line_of(mini, DERIVATIVE, "negativ.md")
    only(mini, f"{DERIVATIVE}:{line}: the link", "leads to a file that is not there")
    edit(mini, DERIVATIVE, "negativ.md#negative", "negative.md#negativ")
    only(mini, f"{DERIVATIVE}:{line}: the link", f"an anchor that {NEGATIVE} does not")


def test_absolute_link(mini):
    edit(mini, DERIVATIVE, "../rules/", "/rules/")
    line = line_of(mini, DERIVATIVE, "(/rules")
    only(mini, f"{DERIVATIVE}:{line}: write the link /rules/", "relative to the page")


def test_an_allowance_for_a_long_section(mini, monkeypatch):
    edit(mini, NEGATIVE_PY, "y_bar):\n", "y_bar):\n" + 20 * "        pass\n")
    target = "elementwise_arithmetic/negative.py:rule"
    monkeypatch.setattr(catalogue, "LONG", {target: "Twenty steps."})
    assert not said(mini)
    edit(mini, NEGATIVE_PY, 20 * "        pass\n", "")
    only(mini, f"LONG['{target}'] has no reason, or the section has at most 25 lines")


CODE = {
    "name": ("def negative(x)", "def minus(x)", "there is no function negative;"),
    "jvp name": ("def negative_jvp", "def jvp", "there is no function negative_jvp;"),
    "tangent": ("(x, x_dot)", "(x, t)", "negative_jvp takes (x, x_dot)"),
    "held": ("(x, x_dot)", "(x, x_dot, *, axis=0)", "holds the same keyword-only"),
    "default": ("negative(x):", "negative(x, axis=0):", "have no defaults"),
    "arguments": ("negative(x):", "negative(*, x):", "has nothing to differentiate"),
    "pullback": ("def pullback", "def back", "no inner function named pullback"),
    "returns": (
        "np.negative(x), pullback",
        "pullback",
        "ends by returning y, pullback",
    ),
    "docstring": (
        '"""Negation: value, pullback, JVP."""',
        "",
        "a docstring of one line",
    ),
    "import": (
        "import numpy as np",
        "import scipy",
        "imports scipy; a reader has NumPy",
    ),
    "use": ('if __name__ == "__main__":', "for i in range(1):", "the section 'use'"),
    "columns": ("any shape.", "any shape" + 60 * ".", "a phone shows 78"),
    "lines": ("y_bar):\n", "y_bar):\n" + 20 * "        pass\n", "screen has 25"),
    "twice": ("[start:jvp]", "[start:rule]", "the section 'rule' begins twice"),
    "syntax": ("def cases", "der cases", "not Python"),
}


@pytest.mark.parametrize("what", CODE)
def test_code(mini, what):
    old, new, sentence = CODE[what]
    edit(mini, NEGATIVE_PY, old, new)
    only(mini, f"{NEGATIVE_PY}:", sentence)


def test_what_is_left_to_write(mini):
    edit(mini, NEGATIVE, "The map is linear.", "To write: the proof.")
    line = line_of(mini, NEGATIVE, "To write:")
    only(mini, f"{NEGATIVE}:{line}: still says 'To write: the proof.'")


def test_oracle_without_a_peer(mini):
    edit(mini, ORACLE, "def by_torch", "def by_pytorch")
    only(mini, f"{ORACLE}:1: there is no by_torch; write the function, or a sentence")
    edit(mini, ORACLE, "import numpy as np", 'by_torch = "PyTorch has no minus."')
    assert not said(mini)


@pytest.mark.parametrize(
    "skip",
    [
        "pytest.skip()",
        "pytest.importorskip('x')",
        "@pytest.mark.skip\ndef f(): pass",
        "@pytest.mark.skipif(True)\ndef f(): pass",
        "f = pytest.mark.xfail()",
    ],
)
def test_skip_without_a_reason(mini, skip):
    (mini / "tests/test_x.py").write_text(skip)
    only(mini, "tests/test_x.py:1: pytest.", "without a reason")


def test_skip_with_a_reason(mini):
    text = 'pytest.skip("no browser")\npytest.mark.skipif(True, reason="old")'
    (mini / "tests/test_x.py").write_text(text)
    assert not said(mini)
