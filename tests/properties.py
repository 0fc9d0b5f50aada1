"""Work the finder's properties out from each rule's own cases.

    .venv/bin/python -m tests.properties --write     (part of `make tables`)

writes handbook/properties.json.  A property holds when it holds in every case:

elementwise            an entry of y depends on the entries of its own place alone
linear                 f(x_dot) is y_dot, in all positional arguments together
has kinks              at a point of KINKS the slopes of the two sides differ
keeps the output only  the pullback needs y, and answers the same when all else that it
                       closes over is overwritten
"""

import argparse
import inspect
import json
import sys

import numpy as np

from handbook import structure
from handbook.finder import PROPERTIES, PROPERTY_WORDS
from tests import rules


def same(a, b):
    return all(
        np.shape(p) == np.shape(q) and np.allclose(p, q, rtol=1e-9, atol=1e-12)
        for p, q in zip(flat(a), flat(b), strict=True)
    )


def flat(values):
    return values if isinstance(values, tuple) else (values,)


def draw(rng, arrays):
    return tuple(rng.normal(size=np.shape(a)) for a in arrays)


def is_linear(rule, case, rng):
    x, held = case.fresh()
    d = draw(rng, x)
    _, y_dot = rule.jvp(*x, *d, **held)
    try:
        value, _ = rule.f(*d, **held)
    except ValueError:  # d is no input of the rule: a probability below 0, say
        return False
    return same(value, y_dot)


def is_elementwise(rule, case, rng):
    x, held = case.fresh()
    y, _ = rule.f(*x, **held)
    if isinstance(y, tuple):
        return False
    try:
        arrays = [a for a in held.values() if isinstance(a, np.ndarray)]
        shape = np.broadcast_shapes(*map(np.shape, [*x, *arrays]))
    except ValueError:  # shapes that do not broadcast, as of a matrix product
        return False
    if shape != np.shape(y):
        return False
    for place in range(min(np.size(y), 4)):
        for argument in range(len(x)):
            if np.shape(x[argument]) != np.shape(y):
                continue  # a broadcast entry belongs to many places
            d = [np.zeros(np.shape(a)) for a in x]
            d[argument].flat[place] = 1.0
            _, y_dot = rule.jvp(*x, *d, **held)
            others = np.delete(np.ravel(y_dot), place)
            if np.any(others != 0):
                return False
    return True


def has_kink(rule, kink):
    """Whether the slopes from the two sides of a declared point disagree."""
    x, held = kink["x"], kink["held"]
    if not all(np.isfinite(a).all() for a in x):
        return False
    rng = np.random.default_rng(1)
    for _ in range(4):
        d = draw(rng, x)
        h = 1e-6
        try:
            before, here, after = (
                flat(
                    rule.f(*(a + s * h * b for a, b in zip(x, d, strict=True)), **held)[
                        0
                    ]
                )
                for s in (-1, 0, 1)
            )
        except ValueError:  # a side lies outside of what the rule takes
            return True
        for left, at, right in zip(before, here, after, strict=True):
            if not (np.isfinite(left).all() or np.isfinite(right).all()):
                continue  # an overflow has no slopes to disagree
            slopes = (np.asarray(at) - left) / h, (np.asarray(right) - at) / h
            if not np.allclose(*slopes, rtol=1e-2, atol=1e-3):  # nan is not close
                return True
    return False


def spoilt(value, spared):
    """Return the value with every array in it overwritten that is not spared."""
    if isinstance(value, np.ndarray | np.generic):
        # A number has no memory to share, so it is known by being the same object.
        if any(
            value is y or (np.ndim(y) and np.shares_memory(value, y)) for y in spared
        ):
            return value
        if np.issubdtype(value.dtype, np.floating):
            return np.full_like(value, np.nan)
        return np.zeros_like(value) if np.any(value) else np.ones_like(value)
    if isinstance(value, tuple | list):
        return type(value)(spoilt(v, spared) for v in value)
    if inspect.isfunction(value):
        spoil(value, spared)
    return value


def spoil(function, spared):
    for cell in function.__closure__ or ():
        cell.cell_contents = spoilt(cell.cell_contents, spared)


def needs(rule, case, rng, spare_output):
    """Whether the pullback needs the values that it closes over."""
    x, held = case.fresh()
    y, pullback = rule.f(*x, **held)
    y_bar = draw(rng, flat(y))
    before = pullback(*y_bar)
    # The output counts as kept only where it is not an input under another name.
    own = [a for a in flat(y) if not any(a is b for b in x)]
    spoil(pullback, own if spare_output else [])
    try:
        return not same(before, pullback(*y_bar))
    except (ValueError, IndexError, TypeError):
        return True


def of(rule):
    rng = np.random.default_rng(1)
    cases = [case for case in rule.cases() if all(np.size(a) for a in case.x)]
    found = set()
    if all(is_elementwise(rule, case, rng) for case in cases):
        found.add("elementwise")
    if all(is_linear(rule, case, rng) for case in cases):
        found.add("linear")
    if any(has_kink(rule, kink) for kink in rule.kinks):
        found.add("has kinks")
    needed = any(needs(rule, case, rng, spare_output=False) for case in cases)
    if needed and not any(needs(rule, case, rng, spare_output=True) for case in cases):
        found.add("keeps the output only")
    return [word for word in PROPERTY_WORDS if word in found]


def all_properties():
    # Slopes are asked for at points and draws where a value may be infinite.
    with np.errstate(all="ignore"):
        return {name: of(rules.load(name)) for name in structure.rules()}


def text():
    lines = [
        f"  {json.dumps(name)}: {json.dumps(found)}"
        for name, found in all_properties().items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    if not parser.parse_args().write:
        print(text(), end="")
        return 0
    PROPERTIES.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
