"""What the site gives to machines: read back from the built site, and found true."""

import ast
import inspect
import io
import json
import os
import re
import zipfile
import zlib

import numpy as np
import pytest

from handbook import exports, maths, record, structure
from tests import built, compare, laws, rules

PLACES = {place.rule: place for place in structure.places()}
FILES = ["rules.json", "llms.txt", "objects.inv"]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return built.site(tmp_path_factory)


@pytest.fixture(scope="session")
def told(site):
    return json.loads((site.folder / "rules.json").read_text(encoding="utf-8"))


def anchors(site, address):
    """The page at a relative address, and whether it has the anchor."""
    path, _, anchor = address.partition("#")
    file = site.folder / path / "index.html"
    assert file.is_file(), f"there is no page at {address}"
    assert not anchor or anchor in built.read(file).ids, f"no anchor at {address}"


@pytest.mark.parametrize("name", FILES)
def test_site_has_the_file(name, site):
    made = (site.folder / name).read_bytes()
    assert made == (built.ROOT / "docs" / name).read_bytes()


# -- rules.json


def test_every_rule_is_told_once(told):
    found = [f"{r['family']}/{r['id'].replace('-', '_')}" for r in told["rules"]]
    assert sorted(found) == sorted(PLACES) == sorted(structure.rules())


def test_fields_are_those_of_the_page(told):
    """docs/for_machines.md documents every field, and no other."""
    page = (built.ROOT / "docs" / "for_machines.md").read_text(encoding="utf-8")
    section = page.split("{ #rules-json }")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)
    fields = {field for row in rows for field in re.findall(r"`(\w+)`", row)}
    for rule in told["rules"]:
        assert set(told) | set(rule) == fields
    for field in [*told["rules"][0]["files"], *told["rules"][0]["latex"]]:
        assert f"`{field}`" in section


def test_addresses_lead_to_the_rules(told, site):
    for rule in told["rules"]:
        anchors(site, rule["address"])
        assert rule["address"] == f"{rule['page']}#{rule['anchor']}"
        assert rule["anchor"] == rule["id"]
        for name in filter(None, rule["files"].values()):
            assert (site.folder / name).is_file(), name


def test_signatures_are_those_of_the_code(told):
    for told_rule in told["rules"]:
        rule = rules.load(f"{told_rule['family']}/{told_rule['id'].replace('-', '_')}")
        for f, text in ((rule.f, "value"), (rule.jvp, "jvp")):
            text = told_rule["signatures"][text].removeprefix(f.__name__)
            made = eval(f"lambda {text[1:-1]}: 0", {"np": np})
            same = inspect.signature(made).parameters
            assert [*same] == [*inspect.signature(f).parameters], text
        kinds = inspect.signature(rule.f).parameters.values()
        assert told_rule["held"] == [p.name for p in kinds if p.kind is p.KEYWORD_ONLY]


def test_formulas_can_be_typeset(told):
    found = [f for r in told["rules"] for fs in r["latex"].values() for f in fs]
    assert len(found) > 3 * len(PLACES)
    maths.typeset([(formula, True) for formula in found])


def test_formulas_are_sorted(told):
    for rule in told["rules"]:
        latex = rule["latex"]
        assert latex["value"] and latex["cotangents"], rule["id"]
        assert all(r"\bar" in f.split("=", 1)[0] for f in latex["cotangents"][:1])
        assert all(r"\dot" in f.split("=", 1)[0] for f in latex["tangents"])


@pytest.mark.parametrize(
    ("display", "formulas"),
    [
        (r"y = x\,, \qquad \bar x = 2\,.", [["y = x\\,"], ["\\bar x = 2\\,"], []]),
        (
            "\\begin{aligned}\ny &= a \\\\\n\\bar x &= b \\\\\n&+ c .\n\\end{aligned}",
            [
                ["y = a"],
                ["\\begin{aligned}\n\\bar x &= b \\\\\n&+ c\n\\end{aligned}"],
                [],
            ],
        ),
        (
            r"p = 1: \bar x = 1; \qquad \dot y = 2",
            [[], [r"p = 1: \bar x = 1"], [r"\dot y = 2"]],
        ),
    ],
    ids=["marks", "aligned", "condition"],
)
def test_a_display_is_taken_apart(display, formulas):
    found = exports.latex(f"$$\n{display}\n$$".split("\n"))
    assert [*found.values()] == formulas


def test_the_record_is_told_as_it_is(told):
    for rule in told["rules"]:
        name = f"{rule['family']}/{rule['id'].replace('-', '_')}"
        assert rule["record"] == record.current(name)


# -- llms.txt and objects.inv


def test_llms_txt_lists_every_page_and_rule(site):
    text = (site.folder / "llms.txt").read_text(encoding="utf-8")
    assert text.startswith("# The Gradient Handbook\n\n> ")
    links = re.findall(r"\]\(([^)]+)\)", text)
    for link in links:
        if not link.endswith(".json"):
            anchors(site, link)
    for place in PLACES.values():
        assert f"{exports.address(place.page)}#{place.heading.anchor}" in links


def read_inventory(file):
    """The format as Sphinx reads it: {(domain:role, name): (address, words)}."""
    head, body = file.read_bytes().split(b"compressed using zlib.\n", 1)
    assert head.split(b"\n")[0] == b"# Sphinx inventory version 2"
    assert head.split(b"\n")[1].startswith(b"# Project: ")
    assert head.split(b"\n")[2].startswith(b"# Version: ")
    found = {}
    for line in zlib.decompress(body).decode().splitlines():
        name, role, priority, address, words = re.fullmatch(
            r"(.+?)\s+(\S+)\s+(-?\d+)\s+?(\S*)\s+(.*)", line
        ).groups()
        assert (role, name) not in found and priority == "-1"
        found[role, name] = address, words
    return found


def test_inventory_leads_to_every_rule_and_page(site):
    found = read_inventory(site.folder / "objects.inv")
    for address, words in found.values():
        anchors(site, address)
        assert words.strip()
    labels = {name for role, name in found if role == "std:label"}
    assert labels == structure.written()
    documents = {name for role, name in found if role == "std:doc"}
    assert documents == {
        page.removesuffix(".md") for page in built.source_pages() if page[-3:] == ".md"
    }


# -- test vectors


def read_vectors(file):
    """As the block of docs/for_machines.md does it; the tests of pages run that."""
    cases = {}
    with np.load(file) as arrays:
        for key, a in arrays.items():
            n, part, name = key.split("/")
            if part == "held" and a.dtype.kind == "U":
                a = ast.literal_eval(str(a))
            cases.setdefault(int(n), {"held": {}}).setdefault(part, {})[name] = a
    return cases


WITH_VECTORS = [rule for rule in PLACES if exports.vectors(rule)]


def test_most_rules_have_vectors():
    assert set(PLACES) - set(WITH_VECTORS) == {
        "matrix_identities/elementwise_function_of_matrix"  # holds functions
    }


@pytest.mark.parametrize("name", WITH_VECTORS)
def test_vectors_are_true(name):
    """The value is the oracle's, the cotangents are the transpose of the JVP."""
    rule = rules.load(name)
    content = exports.vectors(name)
    assert content == (built.ROOT / "docs" / exports.vectors_path(name)).read_bytes()
    cases = read_vectors(io.BytesIO(content))
    assert cases
    for n, case in cases.items():
        wanted = rule.cases(exports.SEED)[n]
        x, held = tuple(case["in"].values()), case["held"]
        for ours, theirs in zip(x, wanted.x, strict=True):
            np.testing.assert_array_equal(ours, theirs)
        assert set(held) == set(wanted.held)
        arrays = [a for part in case for a in case[part].values() if part != "held"]
        assert all(a.dtype == np.float64 for a in arrays)
        y = compare.as_tuple(rule.oracle.value(*x, **held))
        assert len(y) == len(case["out"]) == len(case["out_bar"])
        for k, part in enumerate(y):
            compare.require_near(case["out"][str(k)], part, 1e-12, name, "the value")
        x_bar = tuple(case["in_bar"][argument] for argument in case["in"])
        y_bar = tuple(case["out_bar"].values())
        laws.transposed(rule, x, held, y_bar, x_bar, f"{name}, case {n}", 1e-10)


def test_vectors_are_the_same_bytes_twice():
    for name in WITH_VECTORS:
        first = exports.vectors(name)
        assert first == exports.vectors(name)
        for entry in zipfile.ZipFile(io.BytesIO(first)).infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.compress_type == zipfile.ZIP_STORED


@pytest.mark.parametrize("value", [1, 0.1, True, None, "ij->ji", (0, -1), ()])
def test_a_held_value_is_written_as_a_literal(value):
    assert ast.literal_eval(str(exports.as_array(value))) == value


@pytest.mark.parametrize("value", [np.cos, slice(1), (slice(None), 0), float("nan")])
def test_what_is_no_literal_is_left_out(value):
    assert exports.as_array(value) is None


@pytest.mark.parametrize("name", WITH_VECTORS)
def test_the_head_of_a_rule_links_its_vectors(name, site):
    links = site.read(PLACES[name].page.relative_to(built.ROOT / "docs")).links
    assert any(link.endswith(exports.vectors_path(name)) for link in links)


# -- when they are written


def test_a_second_run_writes_nothing():
    exports.bring_up_to_date()
    assert not exports.bring_up_to_date()


@pytest.mark.parametrize("changed", ["docs/index.md", "snippets/a/b.py", "handbook/x"])
def test_a_change_is_written(changed, tmp_path, monkeypatch):
    runs = []
    monkeypatch.setattr(exports, "write_all", runs.append)
    (tmp_path / changed).parent.mkdir(parents=True)
    for name in ("pyproject.toml", changed):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1e9, 1e9))
    assert exports.bring_up_to_date(tmp_path)
    assert not exports.bring_up_to_date(tmp_path)
    (tmp_path / changed).write_text("another byte")
    assert exports.bring_up_to_date(tmp_path) and len(runs) == 2
