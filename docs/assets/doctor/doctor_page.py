"""What the doctor's page runs: diagnose three texts, and set a rule as an exercise.

doctor.js calls it in the browser (runner.py makes it importable there), the tests call
it anywhere.
"""

import ast
import builtins
import contextlib
import importlib
import inspect
import io
import json
import keyword
import linecache
import sys

import numpy as np
from gradient_doctor import diagnose

EMPTY = inspect.Parameter.empty
# Of the inputs, these are for diagnose.
OPTIONS = ("wrt", "y_bar", "context", "dims", "terms", "reference", "remake", "budget")


class Json:
    """A value whose repr is JSON: what a run answers is read from its last line."""

    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return json.dumps(self.value)


# -- a diagnosis


class UnfitError(Exception):
    """What keeps the texts from being diagnosed, as a sentence."""


def execute(name, text, space):
    """Run the text of one field; an error names the field and the line."""
    file = f"the {name}"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    try:
        exec(compile(text, file, "exec"), space)
    except Exception as error:
        at = error.lineno if isinstance(error, SyntaxError) else None
        for frame in inspect.getinnerframes(error.__traceback__):
            at = frame.lineno if frame.filename == file else at
        line = f", line {at}" if at else ""
        said = error.msg if isinstance(error, SyntaxError) else error
        sentence = f"The {name}{line}: {type(error).__name__}: {said}"
        raise UnfitError(sentence) from None


def arguments(forward, space):
    """What the inputs define of the forward's parameters: x and the held keywords."""
    x, held = [], {}
    for name, parameter in inspect.signature(forward).parameters.items():
        if parameter.kind == parameter.VAR_POSITIONAL:
            x += space.get(name, ())
        elif parameter.kind == parameter.VAR_KEYWORD:
            continue
        elif name not in space:
            if parameter.default is EMPTY:
                raise UnfitError(
                    f"The inputs do not define {name}, which forward takes."
                )
            if parameter.kind != parameter.KEYWORD_ONLY:
                break  # those after it have defaults, too
        elif parameter.kind == parameter.KEYWORD_ONLY:
            held[name] = space[name]
        else:
            x.append(space[name])
    return x, held


def examine(forward, backward, inputs):
    """Return a Report for each argument whose gradient the backward returns."""
    space = {"__name__": "__main__", "np": np}
    functions = {}
    for name, text in (("forward", forward), ("backward", backward)):
        execute(name, text, space)
        if not callable(space.get(name)):
            raise UnfitError(f"The {name} defines no function of the name {name}.")
        functions[name] = space[name]
    given = dict(space)
    execute("inputs", inputs, space)
    # A helper of the same name as an argument is no input.
    defined = {k: v for k, v in space.items() if k not in given or v is not given[k]}
    x, held = arguments(functions["forward"], defined)
    if taken := held.keys() & {*OPTIONS, "seed"}:
        raise UnfitError(
            f"The doctor has an option {min(taken)} of its own; "
            "give the forward's argument another name."
        )
    options = {name: defined[name] for name in OPTIONS if name in defined}
    whole = []  # did the backward answer for every argument?

    def watched(*given, **held):
        answer = functions["backward"](*given, **held)
        whole[:] = [isinstance(answer, tuple | list) and len(answer) == len(x)]
        return answer

    reports = [diagnose(functions["forward"], watched, *x, **options, **held)]
    if "wrt" not in options and whole == [True]:
        more = range(1, len(x))
        reports += [
            diagnose(functions["forward"], watched, *x, wrt=i, **options, **held)
            for i in more
        ]
    return reports


class Few(io.TextIOBase):
    """Lets the first characters through: a forward that prints is called often."""

    def __init__(self, stream, most=2000):
        self.stream, self.left = stream, most

    def write(self, text):
        left, self.left = self.left, self.left - len(text)
        if left > 0:
            self.stream.write(text[:left])
        if left > 0 >= self.left:
            self.stream.write("\n… what else your code prints is left out\n\n")
        return len(text)


last = []  # the reports that were printed, for pictures()


def show(forward, backward, inputs):
    """Print the reports; without their pictures, which the page draws."""
    last.clear()
    try:
        with contextlib.redirect_stdout(Few(sys.stdout)):
            last.extend(examine(forward, backward, inputs))
    except UnfitError as unfit:
        print(unfit)
    for number, report in enumerate(last):
        report.picture = lambda: ""
        print("\n" if number else "", report, sep="")


def pictures():
    """Of each printed report its first finding, and marks where there is an error."""
    return Json([picture(report) for report in last])


def picture(report):
    first, marks = report.findings[0], report.marks
    told = {"code": first.code, "argument": first.argument, "ok": report.ok}
    if report.ok or marks is None or marks.size < 2:
        return told | {"rows": []}
    flat = marks.reshape(-1, marks.shape[-1])
    rows = ["".join(row[:40]) for row in flat[:12]]
    sentences = [f"{(marks != '.').sum()} of {marks.size} entries are marked"]
    if flat.shape[0] > 12 or flat.shape[1] > 40:
        sentences.append(f"shown are the first of {flat.shape[0]} x {flat.shape[1]}")
    if marks.ndim == 2:
        for axis, what in enumerate(("row", "column")):
            at = np.flatnonzero((marks != ".").any(axis=1 - axis))
            if 0 < at.size < marks.shape[axis]:
                listed = ", ".join(map(str, at[:12])) + (
                    ", ..." if at.size > 12 else ""
                )
                sentences.append(f"in {what}{'s' if at.size > 1 else ''} {listed}")
    return told | {
        "rows": rows,
        "shape": list(marks.shape),
        "says": "; ".join(sentences),
    }


# -- a rule as an exercise


def practise(name):
    """The texts for family/rule: forward and inputs as they are, backward to fill in."""
    try:
        module = importlib.import_module("snippets." + name.replace("/", "."))
    except ModuleNotFoundError:
        return Json({"sentence": f"The handbook has no rule {name}."})
    source = module.__spec__.loader.get_source(module.__name__)
    stem = name.split("/")[1]
    shadows = hasattr(builtins, stem) or keyword.iskeyword(stem)
    tree = ast.parse(source)
    tops = definitions(tree)
    rule = tops[stem + "_" if shadows else stem]
    x, held = next(iter(module.cases(np.random.default_rng(0))))
    return Json(
        {
            "forward": forward_of(rule, tops, source),
            "backward": backward_of(rule),
            "inputs": inputs_of(rule, x, held),
        }
    )


def definitions(tree):
    """{name: the statement of the module that defines it}."""
    tops = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            tops[node.name] = node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            tops |= {(a.asname or a.name).split(".")[0]: node for a in node.names}
        elif isinstance(node, ast.Assign):
            tops |= {
                n.id: node
                for target in node.targets
                for n in ast.walk(target)
                if isinstance(n, ast.Name)
            }
    return tops


def pullback_of(rule):
    """The function inside the rule that answers the exercise."""
    return next(n for n in rule.body if getattr(n, "name", "") == "pullback")


def forward_of(rule, tops, source):
    """The rule without its pullback, after what it uses."""
    inner = pullback_of(rule)
    lines = source.splitlines()
    kept = {rule.lineno - 1: lines[rule.lineno - 1].replace(rule.name, "forward", 1)}
    kept |= {k: lines[k] for k in range(rule.lineno, rule.end_lineno)}
    for node in ast.walk(rule):
        if isinstance(node, ast.Return) and names_pullback(node.value):
            value = node.value.elts[0]  # all but ", pullback"
            line = lines[value.end_lineno - 1]
            kept[value.end_lineno - 1] = line[: byte_index(line, value.end_col_offset)]
            for k in range(value.end_lineno, node.end_lineno):
                kept.pop(k, None)
    for k in range(inner.lineno - 1, inner.end_lineno):
        kept.pop(k, None)
    if not kept.get(inner.lineno - 2, "x").strip():
        kept.pop(inner.lineno - 2)  # the empty line before it
    body = "\n".join(kept[k] for k in sorted(kept))
    needed = closure(ast.parse(body), tops)
    parts = [ast.get_source_segment(source, node) for node in needed]
    imports = [p for p, n in zip(parts, needed) if isinstance(n, IMPORTS)]
    others = [p for p, n in zip(parts, needed) if not isinstance(n, IMPORTS)]
    return "\n\n\n".join(filter(None, ["\n".join(imports), *others, body]))


IMPORTS = (ast.Import, ast.ImportFrom)


def names_pullback(value):
    elts = getattr(value, "elts", [])
    return len(elts) == 2 and getattr(elts[1], "id", "") == "pullback"


def byte_index(line, offset):
    """Columns of ast count bytes."""
    return len(line.encode()[:offset].decode())


def closure(tree, tops):
    """The module's statements that a text uses, and what those use; in their order."""
    found, waiting = {}, [tree]
    while waiting:
        for node in ast.walk(waiting.pop()):
            top = tops.get(node.id) if isinstance(node, ast.Name) else None
            if top is not None and top.lineno not in found:
                found[top.lineno] = top
                waiting.append(top)
    return [found[line] for line in sorted(found)]


def backward_of(rule):
    """A backward of the right signature and shapes, which returns zeros."""
    upstream = [a.arg for a in pullback_of(rule).args.args]
    several = len(upstream) > 1
    first = "y_bar" if several else upstream[0]
    lines = [f"def backward({first}, {ast.unparse(rule.args)}):"]
    if several:
        lines.append(f"    {', '.join(upstream)} = {first}")
    lines.append("    # Your turn: a gradient for each argument, of its shape.")
    if rule.args.vararg:
        every = rule.args.vararg.arg
        lines.append(f"    return tuple(np.zeros_like(a) for a in {every})")
    else:
        names = [a.arg for a in rule.args.args]
        lines += [f"    {name}_bar = np.zeros_like({name})" for name in names]
        lines.append("    return " + ", ".join(f"{name}_bar" for name in names))
    return "\n".join(lines)


def inputs_of(rule, x, held):
    """The arrays and held keywords of a case, written out."""
    if rule.args.vararg:
        given = {rule.args.vararg.arg: tuple(x)}
    else:
        given = {a.arg: value for a, value in zip(rule.args.args, x)}
    lines = [(f"{name} = ", value) for name, value in (given | held).items()]
    return "\n".join(start + written(value, len(start)) for start, value in lines)


def written(value, column=0):
    """Python that makes this value, for that column; floats to three places."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f":
            value = np.round(value, 3) + 0.0
        text = np.array2string(value, separator=", ", max_line_width=60, threshold=4000)
        text = text.replace("inf", "np.inf").replace("nan", "np.nan")
        rows = [row for row in text.splitlines() if row.strip()]
        return "np.array(" + ("\n" + " " * (column + 9)).join(rows) + ")"
    if isinstance(value, np.ufunc):
        return f"np.{value.__name__}"
    if isinstance(value, tuple):
        between = ",\n" + " " * (column + 1)
        arrays = any(isinstance(part, np.ndarray) for part in value)
        parts = (written(part, column + 1) for part in value)
        inside = (between if arrays else ", ").join(parts)
        return f"({inside}{',' if len(value) == 1 else ''})"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return f"np.{value}" if value >= 0 or value != value else "-np.inf"
    return repr(value)
