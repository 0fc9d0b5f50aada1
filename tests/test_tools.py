"""The commands of CONTRIBUTING.md: `make rule` and `make coverage`."""

import ast

import pytest

from handbook import coverage, new_rule, structure
from handbook.blocks import catalogue
from handbook.catalogue import check
from tests import catalogue as requirements
from tests.mini import NEGATIVE, edit, project


@pytest.fixture
def mini(tmp_path):
    return project(tmp_path)


def said(root):
    return [text for check in requirements.CHECKS for text in check(root)]


def without_todo(sentences):
    """Drop what the command asks its user to write."""
    return [s for s in sentences if "To write:" not in s and "index.md:1:" not in s]


def test_new_rule_has_the_right_form(mini, capsys):
    assert new_rule.main(["reciprocol"], mini) == 1  # there is no such id
    assert "Did you mean" in capsys.readouterr().out
    assert new_rule.main(["reciprocal"], mini) == 0
    out = capsys.readouterr().out
    family = "elementwise_arithmetic"
    for file in (
        f"snippets/{family}/reciprocal.py",
        f"tests/oracles/{family}/reciprocal.py",
        f"docs/rules/{family}/reciprocal.md",
    ):
        assert f"written  {file}" in out and (mini / file).is_file()
        assert any(f"{file}:" in s and "To write:" in s for s in said(mini))
    assert not without_todo(said(mini))
    index = f"docs/rules/{family}/index.md"
    assert f"add to   {index}: " in out
    assert any(s.startswith(f"{index}:1: ") for s in said(mini))


def test_new_rule_leaves_files_as_they_are(mini):
    (mini / NEGATIVE).unlink()
    before = (mini / "snippets/elementwise_arithmetic/negative.py").read_text()
    written, _ = new_rule.lay_out("negative", root=mini)
    assert written == [NEGATIVE]
    after = (mini / "snippets/elementwise_arithmetic/negative.py").read_text()
    assert before == after
    assert new_rule.lay_out("negative", root=mini)[0] == []


def test_new_rules_on_one_page(mini):
    for rule_id in ("add", "subtract"):
        new_rule.lay_out(rule_id, "sums", mini)
    found = [p.rule for p in structure.places(mini) if p.page.name == "sums.md"]
    assert found == ["elementwise_arithmetic/add", "elementwise_arithmetic/subtract"]
    assert not without_todo(said(mini))


def test_new_rule_does_not_break_a_page_of_one_rule(mini):
    with pytest.raises(new_rule.NewRuleError, match="make that an H2 first"):
        new_rule.lay_out("add", "negative", mini)


def test_new_rule_of_the_foundations_is_a_section(mini):
    with pytest.raises(new_rule.NewRuleError, match="#chain-rule"):
        new_rule.lay_out("chain-rule", root=mini)


def test_oracle_knows_the_peers():
    _, entry = new_rule.find("softmax")
    assert "return jax.nn.softmax(x)" in new_rule.peer_call("jax", entry)
    assert "as a function; or why not" in new_rule.peer_call("autograd", entry)


def test_layout_is_python_for_every_rule_of_the_catalogue():
    for family, entries in catalogue().items():
        if family == "foundations":
            continue
        for stem, entry in entries.items():
            rule = f"{family}/{stem}"
            name = structure.function_name(rule)
            title = entry["title"].split(":")[0]
            ast.parse(new_rule.SNIPPET.format(title=title, function=name, stem=stem))
            for peer in new_rule.TITLES:
                ast.parse(new_rule.peer_call(peer, entry))


def test_coverage_counts_what_is_written(mini, capsys):
    assert structure.written(mini) == {"derivative", "negative"}
    assert coverage.main([], mini) == 0
    out = capsys.readouterr().out
    assert out.startswith("2 of 606 rules are written")
    assert "tier 1                                                      2 / 116" in out
    edit(mini, NEGATIVE, "/// rule | elementwise_arithmetic/negative", "/// rule | x")
    assert coverage.main(["--ids"], mini) == 0
    assert capsys.readouterr().out == "derivative\n"


def test_coverage_refuses_an_unknown_id(mini, capsys):
    edit(mini, NEGATIVE, "elementwise_arithmetic/negative\n", "a/b\n")
    (mini / "snippets/a").mkdir()
    (mini / "snippets/a/b.py").write_text("")
    assert coverage.main([], mini) == 1
    assert "b: not in handbook/catalogue/catalog.yaml" in capsys.readouterr().out
    with pytest.raises(ValueError, match="not in the catalogue: b"):
        check.coverage({"b"})
