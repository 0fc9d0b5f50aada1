"""The copy of the readers' Python that `make vendor` makes, and the pins of it."""

import gzip
import json
import zipfile

import pytest
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
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(packed) as new:
        assert [(i.filename, i.CRC) for i in old.infolist()] == [
            (i.filename, i.CRC) for i in new.infolist()
        ]
    assert packed.stat().st_size < 0.3 * wheel.stat().st_size
    wire = 0
    for file in runtime_folder.iterdir():
        data = file.read_bytes()
        packs = file.suffix in (".js", ".mjs", ".wasm", ".json")
        wire += len(gzip.compress(data)) if packs else len(data)
    assert wire < 8.7e6  # the buttons say 9 MB


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
