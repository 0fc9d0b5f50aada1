"""The mistakes of docs/forty_mistakes.md as texts for the doctor's three fields.

The code is written once, on that page.  An entry there ends in a call
`says(f, f_vjp, *x, **held)`; this module writes the call as a forward, a backward and
inputs, each with the definitions of the page that it uses.
"""

import ast
import functools
import re

from handbook.structure import ROOT

PAGE = ROOT / "docs" / "forty_mistakes.md"
HEADING = re.compile(r"^### \d+\. (.*) \{ #mistake-(\d+) \}$")
THREAD = re.compile(r"^Met in \[([^\]]+)\]\((https://[^)]+)\)")


class NoMistakeError(ValueError):
    """A number that the page does not have, or an entry that cannot be shown."""


@functools.cache
def entries():
    """Return {number: its title, thread and first block, and the code before that}."""
    found, number, code, block = {}, None, [], None
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := HEADING.match(line):
            number = int(heading[2])
            found[number] = {"title": heading[1], "thread": None, "block": None}
        elif thread := THREAD.match(line):
            found[number]["thread"] = thread.groups()
        elif line == "```python":
            block = []
        elif line == "```" and block is not None:
            if number and not found[number]["block"]:
                found[number] |= {"block": "\n".join(block), "before": "\n".join(code)}
            code += block
            block = None
        elif block is not None:
            block.append(line)
    return found


def texts(number):
    """Return forward, backward and inputs of a mistake, as its first call has them."""
    entry = entries().get(number)
    if not entry or not entry["thread"]:
        raise NoMistakeError(
            f"mistake {number} is no entry of {PAGE.name} that links a thread"
        )
    source = entry["before"] + "\n" + entry["block"]
    statements, call = read(source, entry["before"].count("\n") + 1)
    f, f_vjp, *x = call.args
    # As in the call: what has a name there is held, and nothing to differentiate by.
    held = {k.arg: k.value for k in call.keywords if k.arg != "findings"}
    wrt = held.pop("wrt", None)
    if not held.keys().isdisjoint({None, "terms", "dims", "context", "reference"}):
        raise NoMistakeError(f"mistake {number} gives the doctor more than three texts")
    text = Text(source, statements)

    wrong = text.function(f_vjp)
    upstream, *names = [a.arg for a in wrong.args.args]
    names = names[: len(x)]
    signature = ", ".join([*names, *(["*"] if held else []), *held])
    value = text.of(f.body) if isinstance(f, ast.Lambda) else None
    passed = ", ".join([*names, *(f"{name}={name}" for name in held)])
    value = value or f"{text.of(f)}({passed})"
    forward = [*text.uses(f), f"def forward({signature}):\n    return {value}"]
    if isinstance(wrong, ast.Lambda):
        body = "    return " + text.of(wrong.body)
    else:
        body = "\n".join(source.splitlines()[wrong.lineno : wrong.end_lineno])
    head = f"def backward({upstream}, {signature}):"
    backward = [*text.uses(wrong), f"{head}\n{body}"]
    given = [*zip(names, x, strict=True), *held.items()]
    inputs = [line for name, node in given for line in text.assigned(name, node)]
    if wrt is not None:
        inputs.append(f"wrt = {text.of(wrt)}")
    return {
        "forward": "\n\n\n".join(["import numpy as np", *forward]),
        "backward": "\n\n\n".join(backward),
        "inputs": "\n".join(inputs),
    }


def title_and_thread(number):
    """Return the title, and name and address of the thread."""
    return entries()[number]["title"], entries()[number]["thread"]


def read(source, start):
    """Return {name: its last definition}, and the first call after a line."""
    statements = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            statements[node.name] = node
        elif isinstance(node, ast.Assign):
            statements |= {name: node for name in bound(node.targets[0])}
        elif isinstance(node, ast.Expr) and node.lineno > start:
            return statements, node.value
    raise NoMistakeError(f"{PAGE.name}: a block without a call of the doctor")


def bound(node):
    """The names that a node gives a meaning itself."""
    return {
        getattr(n, "arg", None) or n.id
        for n in ast.walk(node)
        if isinstance(n, ast.arg) or isinstance(getattr(n, "ctx", None), ast.Store)
        if hasattr(n, "arg") or hasattr(n, "id")
    }


class Text:
    """The source, and which definitions have been written so far."""

    def __init__(self, source, statements):
        self.source, self.statements, self.written = source, statements, set()

    def of(self, node):
        return ast.get_source_segment(self.source, node)

    def function(self, node):
        """The function behind a name."""
        found = self.statements.get(getattr(node, "id", None), node)
        return found.value if isinstance(found, ast.Assign) else found

    def uses(self, node):
        """The definitions that a node needs and no text before it has, in order."""
        found, waiting = {}, [node]
        while waiting:
            user = waiting.pop()
            own = bound(user)
            for n in ast.walk(user):
                name = getattr(n, "id", None)
                top = None if name in own else self.statements.get(name)
                if top and top.lineno not in self.written:
                    self.written.add(top.lineno)
                    found[top.lineno] = self.of(top)
                    waiting.append(top)
        return [found[line] for line in sorted(found)]

    def assigned(self, name, node):
        top = self.statements.get(getattr(node, "id", None))
        if isinstance(top, ast.Assign) and isinstance(top.targets[0], ast.Name):
            node = top.value
        return [*self.uses(node), f"{name} = {self.of(node)}"]
