"""Write what machines read, into docs/: both generators copy it into the site.

    python -m handbook.exports            only where something has changed since
    python -m handbook.exports --force

docs/for_machines.md describes rules.json, llms.txt, objects.inv and the test vectors
under assets/vectors/.  None of them is in git.
"""

import argparse
import ast
import importlib
import io
import json
import re
import sys
import tomllib
import zipfile
import zlib
from pathlib import Path

import numpy as np
import yaml

from handbook import record, structure
from handbook.blocks import entry, peer_names
from handbook.maths import MACROS, parts
from handbook.structure import ROOT, function_name, kebab

SCHEMA = 1
STAMP = ".cache/exports"
SEED = 0  # of the cases, as in `make test`


def bring_up_to_date(root=ROOT, force=False):
    """Write every file unless none of the sources is newer than the last time."""
    stamp = root / STAMP
    if not force and stamp.is_file():
        written = stamp.stat().st_mtime_ns
        if all(path.stat().st_mtime_ns < written for path in sources(root)):
            return False
    stamp.parent.mkdir(exist_ok=True)
    began = root / (STAMP + ".began")
    began.touch()  # what is saved while this runs is newer
    write_all(root)
    began.replace(stamp)
    return True


def sources(root):
    yield root / "pyproject.toml"
    for folder, pattern in (
        ("docs", "**/*.md"),
        ("snippets", "*/*.py"),
        ("handbook", "**/*"),
        ("tests", "**/*.py"),  # a record that they make stale is not exported
    ):
        found = (root / folder).glob(pattern)
        yield from (p for p in found if p.is_file() and "__pycache__" not in p.parts)


def write_all(root=ROOT):
    docs = root / "docs"
    wanted = {}
    for rule in structure.rules(root):
        if content := vectors(rule):
            wanted[docs / vectors_path(rule)] = content
    for old in (docs / "assets" / "vectors").glob("*/*.npz"):
        if old not in wanted:
            old.unlink()
    given = {path.relative_to(docs).as_posix() for path in wanted}
    rules = [about(place, given, root) for place in structure.places(root)]
    rules.sort(key=lambda rule: (rule["family"], rule["id"]))
    wanted[docs / "rules.json"] = as_json(rules, root)
    wanted[docs / "llms.txt"] = llms_txt(rules, root)
    wanted[docs / "objects.inv"] = inventory(rules, root)
    for path, content in wanted.items():
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def version(root=ROOT):
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]


# -- rules.json


def as_json(rules, root):
    whole = {
        "schema": SCHEMA,
        "title": "The Gradient Handbook",
        "version": version(root),
        "macros": json.loads(MACROS.read_text(encoding="utf-8")),
        "rules": rules,
    }
    return (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode()


def about(place, given, root=ROOT):
    """Return the entry of a rule in rules.json; `given` are the vectors there are."""
    rule = place.rule
    section = rule_section(place)
    page = address(place.page, root)
    names = {who: n for who, n in peer_names(entry(rule)).items() if n}
    if also := also_of(place):
        names["Others"] = also
    data = vectors_path(rule)
    return {
        "id": kebab(rule),
        "title": place.heading.text,
        "family": rule.split("/")[0],
        "description": front_matter(place.page).get("description", ""),
        "address": f"{page}#{place.heading.anchor}",
        "page": page,
        "anchor": place.heading.anchor,
        "files": {
            "snippet": f"snippets/{rule}.py",
            "vectors": data if data in given else None,
        },
        **signatures(rule, root),
        "latex": latex(section),
        "shapes": shapes(section),
        "names": names,
        "record": record.current(rule, root),
    }


def address(page, root=ROOT):
    """docs/rules/softmax/softmax.md stands at rules/softmax/softmax/."""
    relative = page.relative_to(root / "docs").with_suffix("")
    relative = relative.parent if relative.name == "index" else relative
    return "" if relative == Path(".") else relative.as_posix() + "/"


def front_matter(page):
    text = page.read_text(encoding="utf-8")
    found = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    return yaml.safe_load(found[1]) if found else {}


def also_of(place):
    lines = place.page.read_text(encoding="utf-8").split("\n")[place.line :]
    options = "\n".join(lines[: lines.index("///")])
    return (yaml.safe_load(options) or {}).get("also", [])


def rule_section(place):
    """Return the lines of the section Rule under a rule's own heading."""
    lines = place.page.read_text(encoding="utf-8").split("\n")
    for heading in structure.headings(place.page):
        if heading.line > place.line and heading.text == "Rule":
            return lines[heading.line : heading.end]
    return []


def signatures(rule, root=ROOT):
    text = (root / "snippets" / f"{rule}.py").read_text(encoding="utf-8")
    functions = {
        node.name: node.args
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }
    f, jvp = function_name(rule), rule.split("/")[1] + "_jvp"
    return {
        "signatures": {
            "value": f"{f}({ast.unparse(functions[f])})",
            "jvp": f"{jvp}({ast.unparse(functions[jvp])})",
        },
        "arguments": arguments(functions[f]),
        "held": [a.arg for a in functions[f].kwonlyargs],
    }


def arguments(args):
    names = [a.arg for a in (*args.posonlyargs, *args.args)]
    return [*names, "*" + args.vararg.arg] if args.vararg else names


def latex(section):
    """Sort the display formulas of a section by what stands left of their equals."""
    found = {"value": [], "cotangents": [], "tangents": []}
    for display in re.findall(r"\$\$(.+?)\$\$", "\n".join(section), re.DOTALL):
        for formula in [f for part in parts(display.strip()) for f in equations(part)]:
            left = re.sub(r"\\begin\{\w+\}", "", formula)
            left = re.sub(r"^\w+ = [^:]+:", "", left)  # p = 1: x_bar = ...
            left = left.split("=")[0]
            kind = "value"
            if re.search(r"\\bar\b", left):
                kind = "cotangents"
            elif re.search(r"\\dot\b", left):
                kind = "tangents"
            found[kind].append(formula)
    return found


def equations(part):
    """Take an aligned display apart; a row that begins with & goes on."""
    aligned = re.fullmatch(
        r"\\begin\{aligned\}(.*)\\end\{aligned\}[.,;]?", part, re.DOTALL
    )
    if not aligned:
        return [unpunctuated(part)]
    found = []
    for row in aligned[1].split(r"\\"):
        row = row.strip()
        if found and row.startswith("&"):
            found[-1].append(row)
        else:
            found.append([row])
    return [
        unpunctuated(rows[0].replace("&", ""))
        if len(rows) == 1
        else "\\begin{aligned}\n"
        + unpunctuated(" \\\\\n".join(rows))
        + "\n\\end{aligned}"
        for rows in found
    ]


def unpunctuated(tex):
    """Cut the sentence's mark off the end, but not the comma of a thin space."""
    return re.sub(r"\s*(?<!\\)[.,;]\s*$", "", tex).strip()


def shapes(section):
    """Return the table of shapes as it is written: Markdown with LaTeX."""
    for number, line in enumerate(section):
        if line.startswith("| array |"):
            rows = []
            for row in [line, *section[number + 2 :]]:
                if not row.startswith("|"):
                    break
                cells = re.split(r"(?<!\\)\|", row.strip().strip("|"))
                rows.append([cell.strip() for cell in cells])
            return {"columns": rows[0], "rows": rows[1:]}
    return None


# -- llms.txt: https://llmstxt.org, an index of the site in Markdown


def llms_txt(rules, root):
    home = front_matter(root / "docs" / "index.md")
    lines = [
        "# The Gradient Handbook",
        "",
        f"> {home['description']}",
        "",
        "Addresses are relative to this file. [rules.json](rules.json) holds every "
        "rule as data: formulas in LaTeX, signatures, shapes, names in other "
        "libraries, the record of its proof. [How to read it](for_machines/).",
    ]
    for folder, title in (("foundations", "Foundations"), (None, "Rules")):
        lines += ["", f"## {title}", ""]
        if folder:
            for page in sorted((root / "docs" / folder).glob("*.md")):
                about_page = front_matter(page)
                lines.append(link(about_page["title"], address(page, root), about_page))
        else:
            for rule in rules:
                call = f"`{rule['signatures']['value']}`. "
                lines.append(link(rule["title"], rule["address"], rule, call))
    return ("\n".join(lines) + "\n").encode()


def link(title, where, about_page, call=""):
    return f"- [{title}]({where}): {call}{about_page['description']}"


# -- objects.inv: version 2 of the inventory that Sphinx's intersphinx reads


def inventory(rules, root):
    """Each rule and each id of the foundations is a label, each page a document."""
    known = {kebab(rule) for rule in structure.foundations()}
    lines = []
    for rule in rules:
        lines.append(f"{rule['id']} std:label -1 {rule['address']} {rule['title']}")
    for page in structure.pages(root):
        name = page.relative_to(root / "docs").with_suffix("").as_posix()
        found = structure.headings(page)
        lines.append(f"{name} std:doc -1 {address(page, root)} {found[0].text}")
        if name.startswith("foundations/"):
            lines += [
                f"{h.anchor} std:label -1 {address(page, root)}#{h.anchor} {h.text}"
                for h in found
                if h.explicit and h.anchor in known
            ]
    head = (
        "# Sphinx inventory version 2\n# Project: The Gradient Handbook\n"
        f"# Version: {version(root)}\n"
        "# The remainder of this file is compressed using zlib.\n"
    )
    body = "".join(line + "\n" for line in sorted(lines))
    return head.encode() + zlib.compress(body.encode(), 9)


# -- test vectors


def vectors_path(rule):
    return f"assets/vectors/{rule}.npz"


def vectors(rule):
    """Return the bytes of a rule's .npz, or b"" if none of its cases can be told.

    A case is left out where it holds a function or a slice: those are not data.
    """
    snippet = importlib.import_module("snippets." + rule.replace("/", "."))
    f = getattr(snippet, function_name(rule))
    arrays = {}
    for n, (x, held) in enumerate(snippet.cases(np.random.default_rng(SEED))):
        written = {name: as_array(value) for name, value in held.items()}
        if all(a is not None for a in written.values()):
            arrays |= case(f, n, x, held, written)
    return npz(arrays) if arrays else b""


def case(f, n, x, held, written):
    x = tuple(map(np.asarray, x))
    y, pullback = f(*x, **held)
    y = y if isinstance(y, tuple) else (y,)
    rng = np.random.default_rng((SEED, n))
    y_bar = [np.asarray(0.5 + rng.normal(size=np.shape(part))) for part in y]
    x_bar = pullback(*y_bar)
    names = argument_names(f, len(x))
    found = {f"{n}/in/{name}": a for name, a in zip(names, x, strict=True)}
    found |= {f"{n}/held/{name}": a for name, a in written.items()}
    found |= {f"{n}/out/{k}": a for k, a in enumerate(y)}
    found |= {f"{n}/out_bar/{k}": a for k, a in enumerate(y_bar)}
    found |= {f"{n}/in_bar/{m}": a for m, a in zip(names, x_bar, strict=True)}
    return found


def argument_names(f, count):
    """x, y of f(x, y); operands0, operands1, ... of f(*operands)."""
    code = f.__code__
    names = list(code.co_varnames[: code.co_argcount])
    if len(names) < count:
        variable = code.co_varnames[code.co_argcount + code.co_kwonlyargcount]
        names += [f"{variable}{i}" for i in range(count - len(names))]
    return names[:count]


def as_array(value):
    """A NumPy array or scalar is an array; anything else is its Python literal."""
    if isinstance(value, np.ndarray | np.generic):
        return np.asarray(value)
    try:
        if ast.literal_eval(repr(value)) == value:
            return np.array(repr(value))
    except (ValueError, SyntaxError):
        pass
    return None


def npz(arrays):
    """np.savez with nothing in it that differs from one run to the next.

    No date, and no compression, whose bytes depend on the build of zlib.
    """
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as file:
        for name, a in arrays.items():
            one = io.BytesIO()
            np.lib.format.write_array(one, np.asarray(a, order="C"), (1, 0), False)
            entry_of = zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0))
            entry_of.create_system = 3  # as if on Unix everywhere
            file.writestr(entry_of, one.getvalue())
    return whole.getvalue()


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m handbook.exports",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--force", action="store_true")
    if bring_up_to_date(force=parser.parse_args(arguments).force):
        print("==> Written for machines: rules.json, llms.txt, objects.inv, vectors")
    return 0


if __name__ == "__main__":
    sys.exit(main())
