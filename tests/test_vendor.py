"""The copy of the readers' Python that `make vendor` makes, and the pins of it."""

import gzip
import json
import subprocess
import zipfile

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from handbook import vendor
from tests import browsing, built


@pytest.fixture(scope="module")
def wheel():
    if not (vendor.CORE.is_dir() and built.WHEEL.is_file()):
        browsing.missing("Pyodide is not in node_modules; `make test` puts it there")
    return built.WHEEL


def test_by_default_the_runtime_is_pyodides_own_and_pinned(monkeypatch):
    monkeypatch.delenv("PYTHON_RUNTIME", raising=False)
    config = load_config(str(built.ROOT / "mkdocs.yml"), plugins=[])
    assert config.extra["python_runtime"] == vendor.HOST
    package = json.loads((built.ROOT / "package.json").read_text())
    assert package["devDependencies"]["pyodide"] == vendor.VERSION
    assert list(package["dependencies"]) == ["katex"]
    lock = (built.ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock, "package-lock.json holds download addresses"


def test_the_copy(wheel, runtime_folder):
    """Whole, checked, and small on a host that packs scripts and WebAssembly."""
    lock = json.loads((runtime_folder / "pyodide-lock.json").read_text())
    entry = lock["packages"]["numpy"]
    packed = runtime_folder / entry["file_name"]
    assert entry["sha256"] == vendor.digest(packed.read_bytes())
    for given, packed_again in (
        (wheel, packed),
        (vendor.CORE / "python_stdlib.zip", runtime_folder / "python_stdlib.zip"),
    ):
        with zipfile.ZipFile(given) as old, zipfile.ZipFile(packed_again) as new:
            assert [(i.filename, i.CRC) for i in old.infolist()] == [
                (i.filename, i.CRC) for i in new.infolist()
            ]
    assert packed.stat().st_size < 0.3 * wheel.stat().st_size
    wire = 0
    for file in runtime_folder.iterdir():
        data = file.read_bytes()
        packs = file.suffix in (".js", ".mjs", ".wasm", ".json")
        wire += len(gzip.compress(data)) if packs else len(data)
    assert wire < 8.55e6  # the buttons say 9 MB


def test_other_files_are_refused(wheel, tmp_path, capsys):
    other = tmp_path / "numpy.whl"
    other.write_bytes(wheel.read_bytes()[:-1] + b"x")
    target = tmp_path / "python"
    assert vendor.main(["--wheel", str(other), "--target", str(target)]) == 1
    assert "is not NumPy 2.2.5 of Pyodide 0.29.4" in capsys.readouterr().err
    assert not target.exists()
    core = tmp_path / "core"
    core.mkdir()
    for line in vendor.SUMS.strip().splitlines():
        name = line.split()[1]
        (core / name).write_bytes((vendor.CORE / name).read_bytes())
    (core / "pyodide.mjs").write_text("alert(1)")
    with pytest.raises(vendor.VendorError, match="is not the file of Pyodide"):
        vendor.vendor(target, core, str(wheel))
    assert not target.exists()


def test_a_host_that_cannot_be_reached(wheel, tmp_path, capsys):
    target = str(tmp_path / "python")
    gone = "http://127.0.0.1:9/numpy.whl"
    assert vendor.main(["--wheel", gone, "--target", target]) == 1
    assert "make vendor WHEEL=path/to/the.whl" in capsys.readouterr().err


def test_a_folder_of_the_site_is_found_from_every_page(tmp_path, monkeypatch):
    """The setting is the same on all of them, and the site may stand under a path."""
    monkeypatch.setenv("PYTHON_RUNTIME", "assets/pyodide/")
    docs, site = tmp_path / "docs", tmp_path / "site"
    (docs / "rules" / "a").mkdir(parents=True)
    for page in ("index.md", "rules/a/b.md"):
        (docs / page).write_text("# A page")
    config = load_config(
        str(built.ROOT / "mkdocs.yml"),
        plugins=[],
        docs_dir=str(docs),
        site_dir=str(site),
        nav=None,
        strict=False,
    )
    build(config)
    for page, root in (("index.html", ""), ("rules/a/b/index.html", "../../../")):
        html = (site / page).read_text()
        assert f'name="python-runtime" content="{root}assets/pyodide/"' in html


def test_make_takes_the_copy_if_there_is_one(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHON_RUNTIME", raising=False)
    (tmp_path / "Makefile").write_text((built.ROOT / "Makefile").read_text())
    say = ["make", "-s", "--eval=say: ; @echo [$$PYTHON_RUNTIME]", "say"]
    said = []
    for _ in range(2):
        done = subprocess.run(say, cwd=tmp_path, capture_output=True, text=True)
        said.append(done.stdout.strip())
        folder = tmp_path / vendor.TARGET.relative_to(built.ROOT)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pyodide.mjs").touch()
    assert said == ["[]", "[assets/pyodide/]"]
