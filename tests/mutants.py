"""How much the laws are worth: every one-edit mutant must die.

    python -m tests.mutants                  every rule
    python -m tests.mutants softmax          rules whose name contains this

What is edited: the body of `pullback`; the assignments of the rule that only
the pullback reads; helpers defined in the same file that the pullback calls
(unbroadcast); the whole of `f_jvp`. The code of the value itself is held by
the value law and is not edited; nor are guards that raise, held by REFUSES.

A mutant dies when a law fails on it. One that raises an exception of its own
is counted apart, as crashed. One that no law can tell from the rule must be
excused in the oracle, by the edited expression:

    EQUIVALENT = {"np.maximum(x, 0.0) -> np.maximum(x, -0.0)": "Both are 0."}
"""

import ast
import multiprocessing
import signal
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from tests import laws, rules

# The cheapest first. No peers: they judge values that these laws already fix.
ORDER = ["adjoint", "tangent", "kinks", "value", "form", "single"]
PATIENCE = 10  # seconds until a mutant that loops for ever counts as crashed

# --- what is edited -------------------------------------------------------


def regions(tree, name):
    """{title: statements} of a snippet's tree that mutants edit."""
    functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    f = functions[rules.function_name(name)]
    jvp = functions[name.split("/")[1] + "_jvp"]
    inner = [n for n in f.body if isinstance(n, ast.FunctionDef)]
    assert inner, f"snippets/{name}.py: {f.name} has no named inner pullback."
    found = {"pullback": [s for p in inner for s in p.body]}
    found["pullback"] = _only_for_the_pullback(f, inner) + found["pullback"]
    found[jvp.name] = jvp.body
    called = _names(ast.Module(found["pullback"] + jvp.body, []))
    for helper in sorted(called & set(functions) - {f.name, jvp.name}):
        found[helper] = functions[helper].body
    return found


def _names(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _only_for_the_pullback(f, inner):
    """Assignments of f whose targets the value, directly or not, never reads."""
    assigned = [s for s in f.body if isinstance(s, ast.Assign)]
    rest = [s for s in f.body if s not in assigned and s not in inner]
    needed = set().union(*map(_names, rest))
    for s in reversed(assigned):
        if needed & set().union(*map(_names, s.targets)):
            needed |= _names(s.value)
    return [s for s in assigned if not needed & set().union(*map(_names, s.targets))]


# --- one edit -------------------------------------------------------------

COUNTERPARTS = {
    "sum": ["mean"],
    "mean": ["sum"],
    "max": ["min"],
    "min": ["max"],
    "amax": ["amin"],
    "amin": ["amax"],
    "argmax": ["argmin"],
    "argmin": ["argmax"],
    "maximum": ["minimum"],
    "minimum": ["maximum"],
    "zeros": ["ones"],
    "ones": ["zeros"],
    "zeros_like": ["ones_like"],
    "ones_like": ["zeros_like"],
    "sin": ["cos"],
    "cos": ["sin"],
    "sinh": ["cosh"],
    "cosh": ["sinh"],
    "tril": ["triu"],
    "triu": ["tril"],
    "floor": ["ceil"],
    "ceil": ["floor"],
    "cumsum": ["cumprod"],
}
OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.FloorDiv: [ast.Mult],
}
COMPARISONS = {
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}
NOT_COMMUTATIVE = ast.Sub | ast.Div | ast.MatMult | ast.Pow
SWAPPED = {"matmul", "subtract", "divide", "outer", "dot", "power", "cross", "kron"}
SHAPING = {"swapaxes", "transpose", "moveaxis"}


def edits(node):
    """Every node that could stand in node's place after one edit."""
    return EDITS.get(type(node), lambda _: [])(node)


def _binary(node):
    for other in OPERATORS.get(type(node.op), []):
        yield ast.BinOp(node.left, other(), node.right)
    yield node.left  # the other factor or term is dropped
    yield node.right
    if isinstance(node.op, NOT_COMMUTATIVE):
        yield ast.BinOp(node.right, node.op, node.left)
    if isinstance(node.op, ast.MatMult):
        yield ast.BinOp(_transposed(node.left), node.op, node.right)
        yield ast.BinOp(node.left, node.op, _transposed(node.right))


def _transposed(node):
    return ast.Attribute(node, "mT", ast.Load())  # raises on a vector, as .T does not


def _unary(node):
    yield node.operand


def _constant(node):
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        for other in {0: [1], 1: [0, 2], 2: [1, 3]}.get(value, [value - 1, value + 1]):
            yield ast.Constant(other)
    elif isinstance(value, float):
        for other in {0.0: [1.0], 1.0: [0.0, 2.0], 0.5: [1.0]}.get(
            value, [value + 1.0, value / 2]
        ):
            yield ast.Constant(other)
    elif isinstance(value, str) and "->" in value:  # einsum: another output order
        left, right = value.split("->")
        yield ast.Constant(left + "->" + right[::-1])


def _attribute(node):
    if node.attr in ("T", "mT", "real"):
        yield node.value
    for other in COUNTERPARTS.get(node.attr, []):
        yield ast.Attribute(node.value, other, node.ctx)


def _call(node):
    name = _called(node)
    method = isinstance(node.func, ast.Attribute) and not _is_library(node.func.value)
    if method:  # g.sum(...) -> g
        yield node.func.value
    elif node.args and not isinstance(node.args[0], ast.Starred):  # np.exp(x) -> x
        yield node.args[0]
    if name in SWAPPED and len(node.args) >= 2:
        yield ast.Call(node.func, [*node.args[1::-1], *node.args[2:]], node.keywords)
    if name == "where" and len(node.args) == 3:
        yield node.args[1]
        yield ast.Call(node.func, [node.args[i] for i in (0, 2, 1)], node.keywords)
    if name == "einsum" and len(node.args) == 3:
        yield ast.Call(node.func, [node.args[i] for i in (0, 2, 1)], node.keywords)
    for k, keyword in enumerate(node.keywords):
        rest = [*node.keywords[:k], *node.keywords[k + 1 :]]
        if keyword.arg == "keepdims":
            yield ast.Call(node.func, node.args, rest)
        if keyword.arg == "axis":
            yield ast.Call(node.func, node.args, rest)
            for axis in ("0", "-1"):
                other = ast.keyword("axis", ast.parse(axis, mode="eval").body)
                yield ast.Call(node.func, node.args, [*rest, other])


def _called(node):
    """sum of np.sum(...) and of x.sum(...)."""
    func = node.func if isinstance(node, ast.Call) else None
    return func.attr if isinstance(func, ast.Attribute) else None


def _is_library(node):
    """np or np.add: what stands before the dot is not an array."""
    return ast.unparse(node).split(".")[0] == "np"


def _compare(node):
    for other in COMPARISONS.get(type(node.ops[0]), []):
        yield ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)


def _boolean(node):
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield ast.BoolOp(other, node.values)


def _choice(node):
    yield node.body
    yield node.orelse


def _subscript(node):
    if isinstance(node.ctx, ast.Load):
        yield node.value


def _returned(node):
    """Each cotangent with the other sign, and two neighbours swapped."""
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    for k, part in enumerate(parts):
        negative = ast.UnaryOp(ast.USub(), part)
        yield _return([*parts[:k], negative, *parts[k + 1 :]], node)
    for k in range(len(parts) - 1):
        pair = [parts[k + 1], parts[k]]
        yield _return([*parts[:k], *pair, *parts[k + 2 :]], node)


def _return(parts, node):
    is_tuple = isinstance(node.value, ast.Tuple)
    return ast.Return(ast.Tuple(parts, ast.Load()) if is_tuple else parts[0])


def _assigned(node):
    if _called(node.value) in ("zeros", "zeros_like"):
        return  # 0 has no sign
    if isinstance(node.targets[0], ast.Name) and not isinstance(node.value, ast.Tuple):
        yield ast.Assign(node.targets, ast.UnaryOp(ast.USub(), node.value))


def _augmented(node):
    for other in OPERATORS.get(type(node.op), []):
        yield ast.AugAssign(node.target, other(), node.value)
    yield ast.Assign([node.target], node.value)  # += becomes =
    yield ast.Pass()


def _statement(node):
    """np.add.at(d, i, g): the pitfall d[i] += g, its sign, and no call at all."""
    call = node.value
    if not isinstance(call, ast.Call):
        return
    if ast.unparse(call.func) == "np.add.at":
        d, i, g = call.args
        target = ast.Subscript(d, i, ast.Store())
        yield ast.AugAssign(target, ast.Add(), g)
        yield ast.Assign([target], g)
        yield ast.Expr(
            ast.Call(ast.parse("np.subtract.at").body[0].value, [d, i, g], [])
        )
    yield ast.Pass()


def _if(node):
    yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    yield ast.If(ast.Constant(True), node.body, node.orelse)
    yield ast.If(ast.Constant(False), node.body, node.orelse)


EDITS = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Constant: _constant,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.IfExp: _choice,
    ast.Subscript: _subscript,
    ast.Return: _returned,
    ast.Assign: _assigned,
    ast.AugAssign: _augmented,
    ast.Expr: _statement,
    ast.If: _if,
}

# --- all mutants of a rule ------------------------------------------------


@dataclass
class Mutant:
    region: str  # pullback, f_jvp or a helper
    line: int
    edit: str  # "before -> after", the smallest expression that changed

    def __str__(self):
        return f"line {self.line}, {self.region}: {self.edit}"


def mutants(name, source):
    """Every different one-edit mutant of a snippet, each with its code."""
    tree = ast.parse(source)
    owners = _owners(tree)
    seen = {ast.unparse(tree)}
    for region, statements in regions(tree, name).items():
        for node in [n for s in statements for n in _below(s)]:
            before = ast.unparse(node)
            for after in edits(node):
                _put(owners[node], after)
                text = ast.unparse(ast.fix_missing_locations(tree))
                if text not in seen:
                    seen.add(text)
                    edit = f"{before} -> {ast.unparse(after)}"
                    code = compile(tree, str(rules.path(name)), "exec")
                    yield Mutant(region, node.lineno, edit), code
                _put(owners[node], node)


def _owners(tree):
    """{node: (its parent, field, index)}."""
    return {
        child: (parent, name, index)
        for parent in ast.walk(tree)
        for name, value in ast.iter_fields(parent)
        for index, child in enumerate(value if isinstance(value, list) else [value])
        if isinstance(child, ast.expr | ast.stmt)
    }


def _put(place, node):
    parent, name, index = place
    value = getattr(parent, name)
    if isinstance(value, list):
        value[index] = node
    else:
        setattr(parent, name, node)


def _below(node):
    """The node and all below it; guards, docstrings, dtypes, strict left out."""
    if isinstance(node, ast.If) and isinstance(node.body[0], ast.Raise):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if _called(node) == "result_type":
        return
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return
    if isinstance(node, ast.expr | ast.stmt):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _below(child)


# --- the verdict ----------------------------------------------------------


@dataclass
class Verdict:
    name: str
    made: int = 0
    killed: Counter = field(default_factory=Counter)  # law -> mutants
    crashed: int = 0
    equivalent: list = field(default_factory=list)  # (mutant, reason)
    surviving: list = field(default_factory=list)
    stale: list = field(default_factory=list)  # excuses that nobody needs
    unsound: str = ""  # the unedited rule fails a law: its mutants show nothing

    @property
    def complaint(self):
        """A sentence for each thing that is wrong, or nothing."""
        if self.unsound:
            return (
                f"{self.name} itself fails, so its mutants show nothing: {self.unsound}"
            )
        lines = [f"snippets/{self.name}.py, {m}: no law tells." for m in self.surviving]
        lines += [
            f"tests/oracles/{self.name}.py: EQUIVALENT excuses {m.edit!r} without a "
            f"sentence that says why."
            for m, reason in self.equivalent
            if not reason.strip().endswith(".")
        ]
        lines += [
            f"tests/oracles/{self.name}.py: EQUIVALENT excuses {edit!r}, but no "
            f"mutant of that edit survives."
            for edit in self.stale
        ]
        return "\n".join(lines)


def examine(name, source=None, rule=None):
    """Hold every mutant of a rule to the laws."""
    verdict = Verdict(name)
    try:
        source = source or rules.path(name).read_text(encoding="utf-8")
        rule = rule or rules.load(name)
        for law in ORDER:
            laws.LAWS[law](rule)
    except Exception as error:
        verdict.unsound = f"{type(error).__name__}: {error}"
        return verdict
    excuses = getattr(rule.oracle, "EQUIVALENT", {})
    for mutant, code in mutants(name, source):
        verdict.made += 1
        fate = _fate(rule, code)
        if fate in laws.LAWS:
            verdict.killed[fate] += 1
        elif fate == "crashed":
            verdict.crashed += 1
        elif mutant.edit in excuses:
            verdict.equivalent.append((mutant, excuses[mutant.edit]))
        else:
            verdict.surviving.append(mutant)
    used = {mutant.edit for mutant, _ in verdict.equivalent}
    verdict.stale = sorted(set(excuses) - used)
    return verdict


def _fate(rule, code):
    """The law that kills it, "crashed" or "survives"."""
    try:
        with _patience():
            built = rules.build(rule.name, code, rule.oracle)
            wrong = replace(rule, f=built.f, jvp=built.jvp)
            for law in ORDER:
                try:
                    laws.LAWS[law](wrong)
                except AssertionError:
                    return law
    except Exception:
        return "crashed"
    return "survives"


@contextmanager
def _patience():
    """A mutated loop may never end."""

    def ring(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


# --- the command ----------------------------------------------------------


def main(wanted=""):
    names = [name for name in rules.names() if wanted in name]
    if not names:
        sys.exit(f"No rule has {wanted!r} in its name.")
    started, verdicts = time.perf_counter(), []
    print(f"{'rule':36}  made  killed  crashed  equivalent  alive")
    with multiprocessing.Pool() as pool:
        for v in pool.imap(examine, names):
            verdicts.append(v)
            print(_row(v.name, [v]), flush=True)
    print(_row("all", verdicts))
    by_law = sum((v.killed for v in verdicts), Counter())
    print("killed by", ", ".join(f"{law} {n}" for law, n in by_law.most_common()))
    print(f"{time.perf_counter() - started:.1f} s")
    for v in verdicts:
        for mutant, reason in v.equivalent:
            print(f"equivalent: {v.name}, {mutant}: {reason}")
    complaints = [v.complaint for v in verdicts if v.complaint]
    sys.exit("\n".join(complaints) if complaints else 0)


def _row(title, verdicts):
    columns = [
        sum(v.made for v in verdicts),
        sum(v.killed.total() for v in verdicts),
        sum(v.crashed for v in verdicts),
        sum(len(v.equivalent) for v in verdicts),
        sum(len(v.surviving) for v in verdicts),
    ]
    made, killed, crashed, equivalent, alive = columns
    return f"{title:36} {made:6}{killed:8}{crashed:9}{equivalent:12}{alive:7}"


if __name__ == "__main__":
    main(*sys.argv[1:2])
