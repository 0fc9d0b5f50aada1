"""Put a copy of the Python runtime into the site, for `make vendor`.

The core comes from node_modules, the NumPy wheel from the runtime's own host, or from
a file that you have.  Every file must have the checksum that is written here or in
the runtime's lock file.  The wheel is stored without compression, which its host makes
up for and most others do not: it is packed again, and the lock file says so.  Packed as
tightly as can be, the standard library shrinks a little, too.
"""

import argparse
import hashlib
import json
import shutil
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
CORE = ROOT / "node_modules" / "pyodide"
TARGET = ROOT / "docs" / "assets" / "pyodide"
VERSION = "0.29.4"
HOST = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
SUMS = """
8fdfed5eaf81bde14bcdeaeea11f2672675b2362248f8537446b6fda5e4a4751  pyodide.mjs
fe75e97ef2c7a10c41f23b96344c553c7c1c62821bb206080dbb24941c06d5f3  pyodide.asm.js
10090fe41e019ae669d512e1f747021a8db2aaab0f6dd6f85fa9368c55d681e3  pyodide.asm.wasm
92cb24faa546818f3ef4050fd5bd2b6487bd2042efed2113af141d035f30efb4  python_stdlib.zip
14d2c2dba101277999e17135e653d8f15389ad1437f53eae213bf0c3cdff723d  pyodide-lock.json
"""
# The same release of NumPy for the same ABI, in another build: the tests use it.
ALSO = {"125230b4c3ecd08803e5c43f1162e017c0718d9f253146225a705a952b9c16c2"}


class VendorError(Exception):
    """Why there is no copy, as a sentence with a way out."""


def digest(data):
    return hashlib.sha256(data).hexdigest()


def core(folder):
    """Return {name: bytes} of the runtime without packages."""
    files = {}
    for line in SUMS.strip().splitlines():
        wanted, name = line.split()
        file = Path(folder) / name
        if not file.is_file():
            raise VendorError(f"there is no {file}; `npm ci` installs it")
        files[name] = file.read_bytes()
        if digest(files[name]) != wanted:
            raise VendorError(
                f"{file} is not the file of Pyodide {VERSION}: its sha256 is "
                f"{digest(files[name])}; delete node_modules and run make again"
            )
    return files


def wheel(entry, source):
    """Return the bytes of NumPy's wheel from a file or an address."""
    if "://" in source:
        try:
            with urllib.request.urlopen(source, timeout=60) as answer:
                data = answer.read()
        except urllib.error.URLError as error:
            raise VendorError(
                f"{source} cannot be fetched ({error.reason}); fetch it elsewhere and "
                "say where it is: make vendor WHEEL=path/to/the.whl"
            ) from None
    else:
        data = Path(source).read_bytes()
    if digest(data) not in ALSO | {entry["sha256"]}:
        raise VendorError(
            f"{source} is not NumPy {entry['version']} of Pyodide {VERSION}: its "
            f"sha256 is {digest(data)}, and not {entry['sha256']}"
        )
    return data


def pack(data, target):
    """Write a zip file again, with every file in it compressed."""
    scratch = target.with_suffix(".tmp")
    scratch.write_bytes(data)
    with (
        zipfile.ZipFile(scratch) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for item in old.infolist():
            content = old.read(item)
            item.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(item, content, compresslevel=9)
    scratch.unlink()


def vendor(target=TARGET, folder=CORE, source=None):
    """Write the runtime into `target`; return its files."""
    files = core(folder)
    lock = json.loads(files.pop("pyodide-lock.json"))
    entry = lock["packages"]["numpy"]
    data = wheel(entry, source or HOST + entry["file_name"])
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name, content in files.items():
        if name.endswith(".zip"):
            pack(content, target / name)
        else:
            (target / name).write_bytes(content)
    packed = target / entry["file_name"]
    pack(data, packed)
    entry["sha256"] = digest(packed.read_bytes())
    lock["packages"] = {"numpy": entry}
    (target / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return sorted(target.iterdir())


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m handbook.vendor")
    parser.add_argument("--wheel", help="a file or an address; default: " + HOST)
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args(arguments)
    try:
        files = vendor(options.target, source=options.wheel)
    except (VendorError, OSError) as error:
        print(f"make vendor: {error}", file=sys.stderr)
        return 1
    for file in files:
        print(f"{file.stat().st_size:10,}  {file}")
    print("Sites that are built from now on take Python from this copy.")
    print(f"To undo: rm -r {options.target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
