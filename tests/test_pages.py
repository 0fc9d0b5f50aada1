"""Every Python block of every page runs, and is what the reader sees.

The second half breaks a small handbook in every way we know of, and requires a
message that names the page, the line and the way out.
"""

import contextlib
import functools
import importlib.util
import os
import sys

import markdown
import pytest
from mkdocs.config import load_config

from tests import built, pages
from tests.mini import NEGATIVE, NEGATIVE_PY, edit, line_of, project

PAGES = {pages.name(path): path for path in pages.pages()}


def rule_blocks():
    """Return the blocks that show a rule, as {page:line: block}."""
    out = {}
    for path in PAGES.values():
        with contextlib.suppress(pages.PageError):  # test_page says what is wrong
            out |= {block.where: block for block in pages.blocks(path) if block.is_rule}
    return out


RULES = rule_blocks()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return built.site(tmp_path_factory)


@pytest.fixture
def mini(tmp_path):
    return project(tmp_path)


def fail(error):
    """Fail with the message alone: it already shows the reader's traceback."""
    pytest.fail(str(error), pytrace=False)


@pytest.mark.parametrize("page", PAGES)
def test_page(page):
    """The blocks run in order, in one namespace, and print what the page says."""
    path = PAGES[page]
    try:
        if found := pages.complaints(path):
            fail("\n".join(found))
        # The laws have set up JAX in this process; a reader has it as it comes.
        apart = pages.needs_own_process(path)
        missing = pages.check_apart(path) if apart else pages.check(path)
    except pages.PageError as error:
        fail(error)
    if missing:
        sentence = f"{page}: not all blocks ran without {', '.join(missing)}"
        if os.environ.get("CI"):
            fail(sentence)
        pytest.skip(sentence)


@pytest.mark.parametrize("where", RULES)
def test_rule_runs_alone(where):
    """A reader who copies nothing but the rule gets code that runs."""
    try:
        list(pages.run([RULES[where]]))
    except pages.PageError as error:
        fail(error)


@pytest.mark.parametrize("page", PAGES)
def test_shown_code_is_the_code_that_ran(page, site):
    name = page.removeprefix("docs/")
    found = parity(name, PAGES[page], site.read(name))
    if found:
        fail("\n".join(found))


def parity(name, path, page, root=pages.ROOT):
    return built.parity(name, page, *pages.shown(path, root))


# -- the checks themselves


@functools.cache
def site_options():
    config = load_config(str(pages.ROOT / "mkdocs.yml"), plugins=[])
    options = dict(config.mdx_configs)
    # Of the real site's extensions, those that look for pages under docs/ stay out.
    extensions = [e for e in config.markdown_extensions if not e.startswith("handbook")]
    return extensions, options


def render(path, root):
    """Render a page as the site does, without building the site."""
    extensions, options = site_options()
    mine = pages.preprocessor(root).base_path
    options = options | {
        "pymdownx.snippets": options["pymdownx.snippets"] | {"base_path": mine}
    }
    md = markdown.Markdown(extensions=extensions, extension_configs=options)
    text = path.read_text(encoding="utf-8").split("---\n", 2)[-1]
    return built.read_html(md.convert(text))


def problem(root, file=NEGATIVE):
    """Return what check says about a page, or nothing."""
    try:
        pages.check(root / file, root)
    except pages.PageError as error:
        return str(error)
    return ""


def test_a_right_page_passes(mini):
    assert not problem(mini)
    assert not parity("x", mini / NEGATIVE, render(mini / NEGATIVE, mini), mini)


# name: (what an author might write in place of the JVP's fence, what is said)
HIDDEN = {
    "py": ("```py\n{}\n```", "'```py' would not run"),
    "braces": ("``` {{.python}}\n{}\n```", "would not run"),
    "braces without a space": ("```{{.python}}\n{}\n```", "would not run"),
    "tildes": ("~~~python\n{}\n~~~", "'~~~python' would not run"),
    "title": ('```python title="negative.py"\n{}\n```', "would not run"),
    "attributes": ("``` {{ .python #a }}\n{}\n```", "would not run"),
    "capital": ("```Python\n{}\n```", "would not run"),
    "console": ("```pycon\n{}\n```", "would not run"),
    "no language": ("```\n{}\n```", "would not run"),
    "in a comment": ("<!--\n```python\n{}\n```\n-->", "a fence in a comment"),
    "in a tab": ('=== "NumPy"\n\n    ```python\n    {}\n    ```', "would not run"),
    "as text": ("```text\n{}\n```", "a snippet in a ```text fence"),
    "no fence": ("{}", "outside a ```python fence"),
    "four ticks": ("````python\n{}\n````", "would not run"),
}
JVP = '```python\n--8<-- "elementwise_arithmetic/negative.py:jvp"\n```'
INCLUDE = JVP.split("\n")[1]


@pytest.mark.parametrize("how", HIDDEN)
def test_a_block_that_would_not_run_is_named(mini, how):
    template, sentence = HIDDEN[how]
    line = line_of(mini, NEGATIVE, INCLUDE) - 1
    edit(mini, NEGATIVE, JVP, template.format(INCLUDE))
    said = problem(mini)
    assert sentence in said
    # the line of the fence, or of the include in it
    assert said.startswith(tuple(f"{NEGATIVE}:{n}: " for n in range(line, line + 4)))


SHOWN_UNRUN = ["py", "braces", "tildes", "attributes", "in a comment", "four ticks"]


@pytest.mark.parametrize("how", [*SHOWN_UNRUN, "console", "no language", "as text"])
def test_parity_alone_finds_it_too(mini, how):
    edit(mini, NEGATIVE, JVP, HIDDEN[how][0].format(INCLUDE))
    page = render(mini / NEGATIVE, mini)
    said = "\n".join(parity("x.md", mini / NEGATIVE, page, mini))
    if how == "four ticks":  # runs and is shown: only a matter of form
        assert not said
    else:
        assert "docs/x.md" in said and "negative_jvp" in said


def test_parity_says_what_is_wrong():
    html = '<div class="language-{}"><pre><code>{}</code></pre></div>'
    page = built.read_html(html.format("python", "a = 1") + html.format("py", "b = 2"))

    def said(*executed):
        return "\n".join(built.parity("x.md", page, executed, []))

    assert not said("a = 1\n", "b = 2\n")
    assert "shows Python that the tests do not run" in said("a = 1")
    assert "this Python block is not shown:\nc = 3" in said("a = 1", "b = 2", "c = 3")
    assert "in another order" in said("b = 2", "a = 1")
    assert "in another order" in said("a = 1", "b = 2", "b = 2")


def test_parity_finds_indented_code(mini):
    edit(mini, NEGATIVE, "The map is linear.", "Then:\n\n    y = np.negative(x)\n")
    page = render(mini / NEGATIVE, mini)
    assert "y = np.negative(x)" in "".join(parity("x.md", mini / NEGATIVE, page, mini))


def test_python_written_as_text_is_named(mini):
    edit(mini, NEGATIVE, "The map is linear.", "```text\nimport numpy as np\n```")
    assert "Python in a ```text fence does not run" in problem(mini)


def test_a_fence_that_never_ends(mini):
    edit(mini, NEGATIVE, "The map is", "```python\nThe map is")
    line = line_of(mini, NEGATIVE, "The map is") - 1
    said = problem(mini)
    assert said.startswith(f"{NEGATIVE}:{line}: the fence '```python' is never closed")


def test_code_as_html_is_named(mini):
    edit(mini, NEGATIVE, "The map is", "<pre>y = -x</pre>\n\nThe map is")
    assert "HTML's <pre> shows code that does not run" in problem(mini)


def test_an_include_in_another_form(mini):
    path = INCLUDE.split('"')[1]
    edit(mini, NEGATIVE, INCLUDE, f"--8<--\n{path}\n--8<--")
    assert "write one --8<--" in problem(mini)


def test_failing_code_is_shown_where_it_was_written(mini):
    edit(mini, NEGATIVE_PY, "np.negative(y_bar),", "np.negative(y_bar) + missing,")
    edit(mini, NEGATIVE, "The map is", "```python\npullback(y)\n```\n\nThe map is")
    said = problem(mini)
    called = line_of(mini, NEGATIVE, "pullback(y)")
    wrong = line_of(mini, NEGATIVE_PY, "missing")
    assert said.startswith(f"{NEGATIVE}:{called - 1}: the block raises NameError")
    assert f'File "{NEGATIVE}", line {called}, in <module>\n    pullback(y)' in said
    shown = line_of(mini, NEGATIVE, "negative.py:rule")
    assert f'File "{NEGATIVE_PY}", line {wrong}, in pullback' in said
    assert f"(on the page: line {shown})\n    return (np.negative(y_bar) + " in said
    assert "pages.py" not in said  # nothing of ours before the reader's code


def test_failing_include_names_snippet_and_section(mini):
    edit(mini, NEGATIVE_PY, "print(y)", "print(y / nothing)")
    said = problem(mini)
    assert f"(it shows {NEGATIVE_PY}:use)" in said
    assert f'File "{NEGATIVE_PY}", line {line_of(mini, NEGATIVE_PY, "nothing")}' in said


def test_syntax_error_has_its_line(mini):
    edit(mini, NEGATIVE, "The map is", "```python\na = 1\nb = = 2\n```\n\nThe map is")
    line = line_of(mini, NEGATIVE, "b = = 2")
    said = problem(mini)
    assert f'File "{NEGATIVE}", line {line}' in said and "SyntaxError" in said


def test_wrong_output_is_a_diff_and_a_command(mini):
    edit(mini, NEGATIVE, "[-1. -2.]", "[-1. -3.]")
    said = problem(mini)
    assert "-[-1. -3.]\n+[-1. -2.]" in said
    assert f"python -m tests.pages --update {NEGATIVE}" in said


def test_output_that_the_page_does_not_show(mini):
    edit(mini, NEGATIVE, "The map is", "```python\nprint(7)\n```\n\nThe map is")
    line = line_of(mini, NEGATIVE, "print(7)") - 1
    said = problem(mini)
    assert said.startswith(f"{NEGATIVE}:{line}: the block prints, and the page does")
    assert said.endswith(f"{pages.MARKER}\n```text\n7\n```")


def test_expected_output_without_a_print(mini):
    edit(mini, NEGATIVE_PY, "    print(y)\n", "")
    assert "prints none" in problem(mini)


def test_a_marker_far_from_its_block(mini):
    edit(mini, NEGATIVE, pages.MARKER, f"So:\n\n```text\nx\n```\n{pages.MARKER}")
    line = line_of(mini, NEGATIVE, pages.MARKER)
    assert problem(mini).startswith(f"{NEGATIVE}:{line}: an expected-output marker")


@pytest.mark.parametrize(
    "mark",
    [
        "<!--pytest-codeblocks:skip-->",
        "<!--pytest-codeblocks:cont-->",
        "<!--pytest-codeblocks:skipfile-->",
        "<!--pytest-codeblocks:importorskip(jax)-->",
        "<!--pytest.mark.skip-->",
        "<!-- pytest.mark.xfail -->",
    ],
)
def test_no_block_is_skipped(mini, mark):
    edit(mini, NEGATIVE, JVP, f"{mark}\n{JVP}")
    line = line_of(mini, NEGATIVE, mark)
    assert problem(mini).startswith(f"{NEGATIVE}:{line}: {mark} would skip")


def test_a_block_of_a_peer_that_is_not_there(mini, monkeypatch):
    mark = "<!--pytest-codeblocks:importorskip(torch)-->"
    block = "```python\nimport torch\nraise SystemExit\n```"
    edit(mini, NEGATIVE, "The map is", f"{mark}\n{block}\n\nThe map is")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert pages.check(mini / NEGATIVE, mini) == {"torch"}


def test_lost_section_has_page_and_line(mini):
    edit(mini, NEGATIVE, "negative.py:jvp", "negative.py:jpv")
    line = line_of(mini, NEGATIVE, "jpv")
    said = problem(mini)
    assert said.startswith(f"{NEGATIVE}:{line}: cannot include")
    assert "'jpv' could not be located" in said and NEGATIVE_PY in said


def test_lost_snippet_has_page_and_line(mini):
    edit(mini, NEGATIVE, "negative.py:jvp", "negativ.py:jvp")
    line = line_of(mini, NEGATIVE, "negativ.py:")
    assert problem(mini).startswith(f"{NEGATIVE}:{line}: cannot include")


def test_line_numbers_are_refused(mini):
    edit(mini, NEGATIVE, "negative.py:jvp", "negative.py:3:9")
    line = line_of(mini, NEGATIVE, "negative.py:3:9")
    said = problem(mini)
    assert said.startswith(f"{NEGATIVE}:{line}: ") and "never line numbers" in said


@pytest.mark.parametrize("call", ["np.log(np.zeros(1))", "np.mean(np.zeros(0))"])
def test_warnings_are_mistakes(mini, call):
    block = f"```python\n{call}\n```"
    edit(mini, NEGATIVE, "The map is", f"{block}\n\nThe map is")
    assert "raises RuntimeWarning" in problem(mini)


TOOL = "```python\nfrom gradient_doctor import diagnose\n```"


def test_a_tool_is_linked_where_it_is_imported(mini):
    edit(mini, NEGATIVE, "The map is", f"{TOOL}\n\nThe map is")
    line = line_of(mini, NEGATIVE, "from gradient_doctor") - 1
    said = problem(mini)
    assert said.startswith(f"{NEGATIVE}:{line}: the block imports gradient_doctor")


def test_a_tool_lies_next_to_the_page(mini):
    link = "[file](../../snippets/checking/gradient_doctor.py)"
    edit(mini, NEGATIVE, "The map is", f"{link}\n\n{TOOL}\n\nThe map is")
    assert not problem(mini)
    assert str(pages.TOOLS) not in sys.path


def test_settings_of_one_page_do_not_reach_the_next(mini):
    block = '```python\nnp.set_printoptions(precision=1)\nnp.seterr(all="raise")\n```'
    edit(mini, NEGATIVE, "The map is", f"{block}\n\nThe map is")
    before = pages.np.get_printoptions(), pages.np.geterr()
    assert not problem(mini)
    assert (pages.np.get_printoptions(), pages.np.geterr()) == before


def test_update_writes_only_the_outputs(mini):
    right = (mini / NEGATIVE).read_text(encoding="utf-8")
    edit(mini, NEGATIVE, "[-1. -2.]", "old\nold")
    pages.blocks.cache_clear()
    assert pages.update(mini / NEGATIVE, mini) == [
        line_of(mini, NEGATIVE, pages.MARKER) + 1
    ]
    assert (mini / NEGATIVE).read_text(encoding="utf-8") == right
    assert not pages.update(mini / NEGATIVE, mini)


def test_update_leaves_a_failing_page_alone(mini):
    edit(mini, NEGATIVE_PY, "print(y)", "print(y / nothing)")
    before = (mini / NEGATIVE).read_text(encoding="utf-8")
    with pytest.raises(pages.PageError, match="NameError"):
        pages.update(mini / NEGATIVE, mini)
    assert (mini / NEGATIVE).read_text(encoding="utf-8") == before
