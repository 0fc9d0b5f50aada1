"""What surrounds the pages: workflows, issue form, version, the foot of a page."""

import os
import re
import shutil
import subprocess
import tomllib

import jinja2
import pytest
import yaml

from tests import built

ROOT = built.ROOT
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
FORM = ".github/ISSUE_TEMPLATE/wrong_formula.yml"
PAGES = built.source_pages()


def version():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]


def read(file):
    return yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return built.site(tmp_path_factory)


# -- what is installed


def pins(file):
    """Return {package: versions} of a list of requirements."""
    found = {}
    text = (ROOT / file).read_text(encoding="utf-8")
    for name, exact in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE):
        found.setdefault(re.sub("[-_.]+", "-", name).lower(), set()).add(exact)
    return found


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-test.txt"])
def test_every_package_is_pinned_with_a_hash(file):
    """One without makes pip refuse them all, but only where nothing is cached yet."""
    text = (ROOT / file).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=\S)", text.strip())
    assert len(packages) > 90
    pinned = re.compile(r"[\w.-]+==\S+ .*(\n    --hash=sha256:[0-9a-f]{64}.*)+$")
    assert not [package for package in packages if not pinned.match(package)]


def test_locks_are_current():
    """`make lock` has been run since a version was changed by hand."""
    site, tests = pins("requirements.txt"), pins("requirements-test.txt")
    for file, lock in [("requirements.in", site), ("requirements-test.in", tests)]:
        for name, exact in pins(file).items():
            assert lock.get(name) == exact, f"{file}: {name}; run make lock"
    for name, exact in site.items():
        assert tests.get(name) == exact, f"requirements-test.txt: {name}; run make lock"
    # PyTorch comes on top, so what it shares with the tests has to be the same.
    for name, exact in pins("requirements-torch.txt").items():
        assert tests.get(name, exact) == exact, f"requirements-torch.txt: {name}"


# -- workflows


def test_workflows_are_found():
    assert {path.stem for path in WORKFLOWS} == {"tests", "weekly", "pages"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit(path):
    text = path.read_text(encoding="utf-8")
    used = [line.strip(" -") for line in text.splitlines() if "uses:" in line]
    assert used
    for line in used:
        assert PINNED.match(line), f"{path.name}: '{line}' names no commit and version"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_may_only_read(path):
    """What may write is a job of its own: the one that deploys."""
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"]
        may_write = "write" in job.get("permissions", {}).values()
        assert may_write == (name == "deploy")


def test_make_targets_of_workflows_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for path in [*WORKFLOWS, ROOT / ".ci" / "run"]:
        text = path.read_text(encoding="utf-8")
        for words in re.findall(
            r"^[-\w:= ]*\bmake ([^=\n]+)(?:=|$)", text, re.MULTILINE
        ):
            for target in [word for word in words.split() if word != "SEED"]:
                found = re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE)
                assert found, f"{path.name}: there is no target {target}"


# -- version, citation, issue form


def test_one_version():
    assert read("CITATION.cff")["version"] == version()
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## ([\d.]+)", text, re.MULTILINE)[0] == version()


def test_citation_has_what_the_format_needs():
    citation = read("CITATION.cff")
    assert citation["cff-version"] == "1.2.0"
    assert citation["message"] and citation["title"] and citation["authors"]


def test_issue_form_asks_for_what_settles_it():
    fields = {f["id"]: f for f in read(FORM)["body"] if "id" in f}
    assert {"rule", "page", "formula", "counter_example"} <= set(fields)
    for name in ("page", "formula", "counter_example"):
        assert fields[name]["validations"]["required"] is True


@pytest.mark.parametrize("page", PAGES)
def test_foot_of_a_page(page, site):
    assert not built.foot_problems(page, site)


def test_foot_without_a_repository():
    """Nothing leads to a form that is not there, and a build outside git says less."""
    loader = jinja2.FileSystemLoader(ROOT / "overrides")
    template = jinja2.Environment(loader=loader).get_template("partials/copyright.html")
    for nothing in ("", None):
        extra = {"repository": nothing, "release": nothing}
        config = {"copyright": "Text CC BY 4.0", "extra": extra}
        shown = template.render(config=config, page={"url": "x/"})
        assert "Text CC BY 4.0" in shown and "<a" not in shown and "·" not in shown


def test_release_outside_git(tmp_path):
    """`make build` in a copy without git tells the version alone."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("snippets", "handbook"):
        (tmp_path / name).mkdir()
    (tmp_path / "show.mk").write_text(
        "include Makefile\nshow:\n\t@echo $$HANDBOOK_RELEASE\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "HANDBOOK_RELEASE"}
    done = subprocess.run(
        ["make", "--no-print-directory", "-f", "show.mk", "show"],
        cwd=tmp_path,
        env=environment | {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"Version {version()}\n" and not done.stderr
