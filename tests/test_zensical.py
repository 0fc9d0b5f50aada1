"""The same mkdocs.yml builds under Zensical: every page has its code and its maths.

Material for MkDocs ends in 2027.  Notebooks are left out: Zensical cannot run them.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from handbook import structure
from tests import built, pages

PAGES = [page for page in built.source_pages() if page.endswith(".md")]
PLACES = {place.rule: place for place in structure.places()}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return built.site(tmp_path_factory)


@pytest.fixture(scope="session")
def zensical(tmp_path_factory):
    """The site as Zensical makes it, in a folder of its own: it has no --site-dir."""
    root = tmp_path_factory.mktemp("zensical")
    # A copy, because Zensical wants docs/ inside the project.
    shutil.copytree(built.ROOT / "docs", root / "docs", symlinks=True)
    for name in ("snippets", "handbook", "overrides"):
        os.symlink(built.ROOT / name, root / name)
    shutil.copy(built.ROOT / "mkdocs.yml", root)
    done = subprocess.run(
        [Path(sys.executable).parent / "zensical", "build", "--clean"],
        cwd=root,
        env=built.environment(PYTHON_RUNTIME="assets/pyodide/"),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.fail(
            f"`zensical build` fails:\n{done.stdout}{done.stderr}", pytrace=False
        )
    return built.Site(root / "site", "")


@pytest.mark.parametrize("page", PAGES)
def test_page(page, zensical, site):
    """Zensical shows the code that ran, and every formula that MkDocs shows."""
    html = zensical.read(page)
    found = built.raw_latex(page, html)
    found += built.parity(page, html, *pages.shown(built.ROOT / "docs" / page))
    if found:
        pytest.fail("\n".join(found), pytrace=False)
    assert html.formulas == site.read(page).formulas


@pytest.mark.parametrize("rule", PLACES)
def test_rule_has_code_and_maths(rule, zensical):
    page = zensical.read(PLACES[rule].page.relative_to(built.ROOT / "docs"))
    assert not built.rule_problems(rule, page)


def test_the_runner_is_there(zensical):
    """Its script, the runtime of the setting, here a folder of the site, and names."""
    text = zensical.file("rules/softmax/softmax.md").read_text(encoding="utf-8")
    runtime = re.search(r'name="?python-runtime"? content="?([^" >]+)', text)[1]
    assert runtime == "../../../assets/pyodide/"
    assert re.search(r"<script[^>]*assets/run/run\.js[^>]*type=.?module", text)
    assert 'data-name="softmax.py (jvp)"' in text


@pytest.mark.parametrize("page", PAGES)
def test_foot_of_a_page(page, zensical):
    assert not built.foot_problems(page, zensical)


@pytest.mark.parametrize("name", ["rules.json", "llms.txt", "objects.inv"])
def test_files_for_machines(name, zensical):
    made = (zensical.folder / name).read_bytes()
    assert made == (built.ROOT / "docs" / name).read_bytes()


def test_test_vectors(zensical):
    wanted = {p.name for p in (built.ROOT / "docs/assets/vectors").glob("*/*.npz")}
    assert wanted
    assert wanted == {p.name for p in zensical.folder.glob("assets/vectors/*/*.npz")}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page, zensical):
    """The links that blocks make are followed by Zensical too."""
    here = zensical.file(page)
    for link in zensical.read(page).links:
        path = link.partition("#")[0]
        if path and "://" not in link and not link.startswith("mailto:"):
            target = (here.parent / path).resolve()
            notebook = "worked" in target.parts  # not built by Zensical
            assert target.exists() or notebook, f"docs/{page}: {link} leads nowhere"


def test_the_doctor_is_there(zensical):
    """Its script, its mistakes with their texts, and the way from a rule to it."""
    text = zensical.file("doctor.md").read_text(encoding="utf-8")
    assert re.search(r"<script[^>]*assets/doctor/doctor\.js[^>]*type=.?module", text)
    assert text.count("data-texts=") == 10
    assert re.search(r"href=\"?(\.\./)?forty_mistakes/(index.html)?#mistake-18", text)
    text = zensical.file("rules/softmax/softmax.md").read_text(encoding="utf-8")
    assert re.search(r"<a[^>]*href=\"?(\.\./){3}doctor/#browser\"?[^>]*>Practise", text)
