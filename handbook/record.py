"""The record of proof: what the last run of laws and mutants saw of each rule.

`make record` (tests/record.py) writes record.json, and nothing else does.  An entry
holds for the files that the run read: the rule's snippet and oracle, the laws, the
mutants, and whatever of this project these import.  Their hash is the entry's `proof`.
When one byte of them changes, the entry is stale, and its page shows no record.
"""

import ast
import functools
import hashlib
import json

from handbook.structure import ROOT, rules

RECORD = "handbook/record.json"
FORMAT = 1
OURS = ("snippets", "tests")  # packages of this project that prove something


def proof_files(rule, root=ROOT):
    """Return the files that the proof of family/rule rests on, in order."""
    found = []
    waiting = [
        root / "snippets" / f"{rule}.py",
        root / "tests" / "oracles" / f"{rule}.py",
        root / "tests" / "laws.py",
        root / "tests" / "mutants.py",
    ]
    while waiting:
        path = waiting.pop()
        if path not in found and path.is_file():
            found.append(path)
            names = _imported(path, path.stat().st_mtime_ns)
            waiting += [root / name for name in names]
    return sorted(found)


@functools.cache
def _imported(path, _mtime):
    """Files that a file may import: `from tests import x` is tests/x.py."""
    text, names = path.read_text(encoding="utf-8"), []
    if not any(name in text for name in OURS):
        return names  # most snippets: to parse them all takes a while
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module]
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    ours = [name for name in names if name.split(".")[0] in OURS]
    return [name.replace(".", "/") + ".py" for name in ours]


def proof(rule, root=ROOT):
    """Return the hash of a rule's proof: of the names and bytes of its files."""
    whole = hashlib.sha256()
    for path in proof_files(rule, root):
        name = path.relative_to(root).as_posix()
        whole.update(f"{name} {_digest(path, path.stat().st_mtime_ns)}\n".encode())
    return whole.hexdigest()[:16]


@functools.cache
def _digest(path, _mtime):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(root=ROOT):
    """Return {family/rule: entry}, stale ones too."""
    path = root / RECORD
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


@functools.cache
def _read(path, _mtime):
    whole = json.loads(path.read_text(encoding="utf-8"))
    return whole["rules"] if whole["format"] == FORMAT else {}


def current(rule, root=ROOT):
    """Return the entry of a rule, or None if there is none that still holds."""
    entry = read(root).get(rule)
    return entry if entry and entry["proof"] == proof(rule, root) else None


def stale(root=ROOT):
    """Return the rules that have no record that holds."""
    return [rule for rule in rules(root) if not current(rule, root)]


def write(entries, root=ROOT):
    whole = {"format": FORMAT, "rules": entries}
    text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False)
    (root / RECORD).write_text(text + "\n", encoding="utf-8")
