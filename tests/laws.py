"""The laws that every rule is held to.

Each law is a plain function law(rule, seed) that returns when it holds and
otherwise raises AssertionError with a sentence: rule, case, shapes, the worst
entry, both numbers and the bar. An exception that the rule itself raises is
let through: it is a crash, not a verdict.
"""

import contextlib
import copy
import functools
import warnings

import numpy as np

from tests import differences, peers
from tests.compare import (
    EPS,
    as_tuple,
    directions,
    inner,
    random_like,
    report,
    require_near,
    require_same,
    scale,
)

VALUE_BAR = 1e-12
ADJOINT_BAR = 1e-10
TANGENT_BAR = 1e-7  # against central differences
EXACT_BAR = 1e-12  # against complex step or mpmath; and for additivity
PEER_BAR = 1e-9
SINGLE_BAR = 1e-4


def law(check):
    """A law is about numbers: only `form` looks at warnings, on purpose."""

    @functools.wraps(check)
    def calm(rule, seed=0, *options, **named):
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            check(rule, seed, *options, **named)

    return calm


def told(rule, case):
    shapes = ", ".join(str(np.shape(a)) for a in case.x)
    held = ", ".join(f"{k}={_short(v)}" for k, v in case.held.items())
    return f"{rule.name}, case {case.number} ({shapes}{'; ' + held if held else ''})"


def _short(value):
    text = " ".join(str(value).split())
    return text if len(text) <= 30 else text[:27] + "..."


def argument(i):
    return f"the cotangent of argument {i}"


def output(k, what):
    return f"{what} {k}" if k else what


def upstream(y, case, draw=0):
    """A cotangent for each output: random, not uniform, of non-zero mean."""
    return tuple(
        random_like(part, case.seed, case.number, draw, k)
        for k, part in enumerate(as_tuple(y))
    )


def tangents(x, case, draw=0):
    return tuple(
        random_like(a, case.seed, case.number, draw, 9, i) for i, a in enumerate(x)
    )


def settled_tangents(rule, case):
    """The first of five draws along which no output is small by chance.

    An output that cancels to a thousandth of its terms has lost three digits, in any
    order of summation: that says nothing about the rule.
    """
    x, held = case.fresh()
    draws = [tangents(x, case, draw) for draw in range(5)]
    pushed = [as_tuple(rule.jvp(*x, *x_dot, **held)[1]) for x_dot in draws]
    sizes = np.array([[scale(part) for part in y_dot] for y_dot in pushed])
    good = (sizes >= 0.1 * sizes.max(axis=0)).all(axis=1)
    return draws[np.argmax(good)]


# --- value ----------------------------------------------------------------


@law
def value(rule, seed=0):
    """y equals a plain-loop definition, and the library's own function."""
    for case in rule.cases(seed):
        where = told(rule, case)
        x, held = case.fresh()
        y = rule.f(*x, **held)[0]
        also = rule.jvp(*x, *tangents(x, case), **held)[0]
        for source, wanted in _definitions(rule.oracle, case):
            for what, ours in (
                ("the value", y),
                ("the value that the JVP returns", also),
            ):
                _near_each(ours, wanted, VALUE_BAR, where, f"{what} (against {source})")


@functools.cache
def _definitions(oracle, case):
    found = []
    for function, source in (("value", "plain loops"), ("library", "the library")):
        if hasattr(oracle, function):
            x, held = case.fresh()
            found.append((source, getattr(oracle, function)(*x, **held)))
    return found


def _near_each(ours, wanted, bar, where, what):
    ours, wanted = as_tuple(ours), as_tuple(wanted)
    assert len(ours) == len(wanted), (
        f"{where}: {what} has {len(ours)} parts, but should have {len(wanted)}."
    )
    for k, (a, b) in enumerate(zip(ours, wanted, strict=True)):
        require_near(a, b, bar, where, output(k, what))


# --- adjoint --------------------------------------------------------------


@law
def adjoint(rule, seed=0):
    """<y_bar, J x_dot> = <J^T y_bar, x_dot>, argument by argument."""
    for case in rule.cases(seed):
        x, held = case.fresh()
        y, pullback = rule.f(*x, **held)
        y_bar = upstream(y, case)
        x_bar = pullback(*y_bar)
        where = told(rule, case)
        _require_tuple(x_bar, x, where)
        transposed(rule, x, held, y_bar, x_bar, where, ADJOINT_BAR)
        for i, x_dot in enumerate(tangents(x, case)):
            _pair(rule, x, held, i, x_dot, y_bar, x_bar[i], where)


def _require_tuple(x_bar, x, where):
    assert isinstance(x_bar, tuple), (
        f"{where}: pullback returns a {type(x_bar).__name__}, not a tuple."
    )
    assert len(x_bar) == len(x), (
        f"{where}: pullback returns {len(x_bar)} cotangents for {len(x)} arguments."
    )
    for i, (part, a) in enumerate(zip(x_bar, x, strict=True)):
        assert np.shape(part) == np.shape(a), (
            f"{where}: {argument(i)} has shape {np.shape(part)}, "
            f"but the argument has {np.shape(a)}."
        )


def along(rule, x, held, i, x_dot, y, where):
    """The tangents of y along a tangent of argument i, the others at rest."""
    rest = [np.zeros_like(a) for a in x]
    rest[i] = x_dot
    y_dot = as_tuple(rule.jvp(*x, *rest, **held)[1])
    _require_tangent(y_dot, y, where)
    return y_dot


def _pair(rule, x, held, i, x_dot, y_bar, x_bar, where):
    """The identity itself, along a random tangent."""
    y_dot = along(rule, x, held, i, x_dot, y_bar, where)
    pairs = [*zip(y_bar, y_dot, strict=True)]
    left = sum(inner(g, d) for g, d in pairs)
    right = inner(x_bar, x_dot)
    size = sum(np.abs(g * d)[np.isfinite(g * d)].sum() for g, d in pairs)
    if not np.isfinite(left) and not np.isfinite(right):
        return
    error = abs(left - right) / max(size, np.finfo(float).tiny)
    assert error <= ADJOINT_BAR, (
        f"{where}: <y_bar, y_dot> = {left}, but <x_bar, x_dot> = {right} "
        f"for a tangent of argument {i} (bar {ADJOINT_BAR:g} of the terms)."
    )
    report(where, float(error), ADJOINT_BAR)


def _require_tangent(y_dot, y, where):
    assert len(y_dot) == len(y), (
        f"{where}: the JVP returns {len(y_dot)} tangents for {len(y)} outputs."
    )
    for k, (d, part) in enumerate(zip(y_dot, y, strict=True)):
        assert np.shape(d) == np.shape(part), (
            f"{where}: {output(k, 'the tangent')} has shape {np.shape(d)}, "
            f"but should have {np.shape(part)}."
        )


def transposed(rule, x, held, y_bar, x_bar, where, bar):
    """Every entry of x_bar is <y_bar, J e_j>."""
    for i, a in enumerate(x):
        wanted = np.zeros_like(a)
        for e in directions(a):
            y_dot = along(rule, x, held, i, e, y_bar, where)
            # 0 * inf is nan, but an output that does not move counts nothing.
            for g, d in zip(y_bar, map(np.asarray, y_dot), strict=True):
                wanted = wanted + inner(g[d != 0], d[d != 0]) * e
        require_near(x_bar[i], wanted, bar, where, f"{argument(i)} (against the JVP)")


# --- tangent --------------------------------------------------------------


@law
def tangent(rule, seed=0):
    """The JVP along every unit direction is the derivative of the value."""
    for case in rule.cases(seed):
        where = told(rule, case)
        for i in range(len(case.x)):
            ours = _columns(rule, case, i, where)
            exact, source = _exact(rule, case, i)
            if exact is not None:
                for k, (a, b) in enumerate(zip(ours, exact, strict=True)):
                    what = f"the derivative by argument {i} (against {source})"
                    require_near(a, b, EXACT_BAR, where, output(k, what))
            trusted = differences.by_differences(rule.smooth, case, i)
            for k, (a, (b, error)) in enumerate(zip(ours, trusted, strict=True)):
                what = output(k, f"the derivative by argument {i}")
                _judge(a, b, error, exact is not None, where, what, rule)


def _columns(rule, case, i, where):
    """J e_j for all j, one stack for each output."""
    x, held = case.fresh()
    y = as_tuple(rule.f(*x, **held)[0])
    rows = [along(rule, x, held, i, e, y, where) for e in directions(x[i])]
    return [
        np.array([row[k] for row in rows]).reshape(len(rows), *np.shape(part))
        for k, part in enumerate(y)
    ]


def _exact(rule, case, i):
    if rule.analytic:
        return differences.by_complex_step(rule.smooth, case, i), "complex step"
    if hasattr(rule.oracle, "precise"):
        return differences.by_mpmath(rule.oracle.precise, case, i), "mpmath"
    return None, None


def _judge(ours, trusted, error, known_exactly, where, what, rule):
    """Ours against differences that may themselves be off by `error`."""
    if np.array_equal(ours, trusted):
        report(where, 0.0, TANGENT_BAR)
        return
    error = np.where(np.isnan(error) | np.isnan(trusted), np.inf, error)
    tolerance = TANGENT_BAR * scale(trusted)
    if np.all(error <= tolerance):
        against = f"{what} (against differences)"
        require_near(ours, trusted, TANGENT_BAR, where, against)
        return
    with np.errstate(invalid="ignore"):
        wrong = np.abs(ours - trusted) > 10 * error + tolerance
    at = tuple(np.argwhere(wrong)[0]) if wrong.any() else None
    assert at is None, (
        f"{where}: {what} is {ours[at]} at {[int(j) for j in at]}, but differences "
        f"give {trusted[at]} and are off by no more than {error[at]:.3g}."
    )
    assert known_exactly, (
        f"{where}: differences cannot tell {what} to {TANGENT_BAR:g}: they may be "
        f"off by {error.max():.3g}, and its largest entry is {scale(trusted):.3g}. "
        f"If the value is analytic and runs on complex numbers, set ANALYTIC = True in "
        f"snippets/{rule.name}.py; if not, write precise(*x, **held), the value "
        f"for arrays of mpmath numbers, in tests/oracles/{rule.name}.py."
    )


# --- peers ----------------------------------------------------------------


@law
def peer(rule, seed=0, which="jax"):
    """Value and cotangents equal those of JAX, PyTorch or HIPS autograd."""
    function = peers.function_of(rule, which)
    if isinstance(function, str):
        return
    theirs = _answers(function, which, rule.oracle, rule.cases(seed))
    able = 0
    for case, answer in zip(rule.cases(seed), theirs, strict=True):
        if isinstance(answer, NotImplementedError) and str(answer):
            continue  # the oracle says why this case is beyond the peer
        if isinstance(answer, Exception):
            raise AssertionError(
                f"{told(rule, case)}: {peers.TITLES[which]}, called by by_{which} of "
                f"tests/oracles/{rule.name}.py, raises {answer!r}."
            ) from answer
        able += 1
        x, held = case.fresh()
        y, pullback = rule.f(*x, **held)
        y_bar = _peer_upstream(rule.oracle, case)
        x_bar = pullback(*y_bar)
        noise = 64 * EPS * max(map(scale, y_bar))
        where = told(rule, case) + f", against {peers.TITLES[which]}"
        _near_each(y, answer[0], PEER_BAR, where, "the value")
        assert len(x_bar) == len(answer[1]), (
            f"{where}: pullback returns {len(x_bar)} cotangents, not {len(answer[1])}."
        )
        for i, (a, b) in enumerate(zip(x_bar, answer[1], strict=True)):
            require_near(a, b, PEER_BAR, where, argument(i), noise)
    assert able, (
        f"{rule.name}: by_{which} of tests/oracles/{rule.name}.py declines every case. "
        f"If {peers.TITLES[which]} lacks the rule, make by_{which} a sentence."
    )


def _peer_upstream(oracle, case):
    """y_bar by the oracle's y: that of a wrong rule may have another shape."""
    return upstream(_definitions(oracle, case)[0][1], case)


@functools.cache
def _answers(function, which, oracle, cases):
    problems = [(*case.fresh(), _peer_upstream(oracle, case)) for case in cases]
    return peers.answers(which, function, problems)


# --- form -----------------------------------------------------------------


@law
def form(rule, seed=0):
    """Shapes and dtypes; nothing mutated; twice the same; linear; any layout."""
    for case in rule.cases(seed):
        where = told(rule, case)
        _shapes(rule, case, where)
        _untouched(rule, case, where)
        _quiet(rule, case, where)
        _linear(rule, case, where)
        _layouts(rule, case, where)
        _aliases(rule, case, where)
        _integers(rule, case, where)
    _refusals(rule)


def _shapes(rule, case, where):
    x, held = case.fresh()
    made = rule.f(*x, **held)
    assert isinstance(made, tuple) and len(made) == 2 and callable(made[1]), (
        f"{where}: the function should return (y, pullback)."
    )
    y, pullback = made
    kind = np.result_type(*x)
    for k, part in enumerate(as_tuple(y)):
        _require_dtype(part, kind, where, output(k, "the value"))
    x_bar = pullback(*upstream(y, case))
    _require_tuple(x_bar, x, where)
    for i, part in enumerate(x_bar):
        _require_dtype(part, x[i].dtype, where, argument(i))
    also, y_dot = rule.jvp(*x, *tangents(x, case), **held)
    _require_tangent(as_tuple(y_dot), as_tuple(y), where)
    assert (
        isinstance(y, tuple) == isinstance(also, tuple) == isinstance(y_dot, tuple)
    ), f"{where}: value, JVP's value and tangent are not all tuples or all arrays."
    for k, part in enumerate(as_tuple(y_dot)):
        _require_dtype(part, kind, where, output(k, "the tangent"))


def _require_dtype(part, kind, where, what):
    found = getattr(part, "dtype", type(part).__name__)
    real = np.empty(0, kind).real.dtype  # |z| of a complex z is real
    assert found in (kind, real), f"{where}: {what} is {found}, but should be {kind}."


def _untouched(rule, case, where):
    """Inputs, held arrays and cotangents keep every byte; calls repeat."""
    x, held = case.fresh()
    watched = {"an input": x, "a held keyword": tuple(held.values())}
    before = {what: _bytes(arrays) for what, arrays in watched.items()}
    y, pullback = rule.f(*x, **held)
    x_dot, y_bar, other = tangents(x, case), upstream(y, case), upstream(y, case, 1)
    for what, arrays in (("a tangent", x_dot), ("a cotangent", y_bar)):
        watched[what], before[what] = arrays, _bytes(arrays)

    first = copy.deepcopy(pullback(*y_bar))
    pullback(*other)
    with contextlib.suppress(ValueError):  # a later call does not disturb it
        rule.f(*(np.flip(a) for a in x), **held)
    second = pullback(*y_bar)
    pushed = copy.deepcopy(rule.jvp(*x, *x_dot, **held))
    again = rule.jvp(*x, *x_dot, **held)

    for what, arrays in watched.items():
        assert _bytes(arrays) == before[what], (
            f"{where}: {what} is mutated; inputs and cotangents are read-only."
        )
    for i, (a, b) in enumerate(zip(second, first, strict=True)):
        what = f"{argument(i)} at a second call of pullback with the same upstream"
        require_same(a, b, where, what)
    _same_each(rule.f(*x, **held)[0], y, where, "the value at a second call")
    for k, what in enumerate(("the JVP's value", "the tangent")):
        _same_each(again[k], pushed[k], where, f"{what} at a second call")


def _bytes(arrays):
    return [np.asarray(a).tobytes() for a in arrays]


def _same_each(ours, wanted, where, what):
    _near_each(ours, wanted, 0.0, where, what)


def _quiet(rule, case, where):
    """No division by zero, overflow or nan on the way to a smooth answer."""
    x, held = case.fresh()
    try:
        with np.errstate(all="raise", under="ignore"), warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            y, pullback = rule.f(*x, **held)
            pullback(*upstream(y, case))
            rule.jvp(*x, *tangents(x, case), **held)
    except (FloatingPointError, RuntimeWarning) as error:
        raise AssertionError(f"{where}: a smooth case warns: {error}.") from error


def _linear(rule, case, where):
    """Doubling is exact in binary; a sum is right to rounding."""
    x, held = case.fresh()
    y, pullback = rule.f(*x, **held)
    _require_linear(pullback, upstream(y, case), upstream(y, case, 1), where, argument)

    def push(*x_dot):
        return as_tuple(rule.jvp(*x, *x_dot, **held)[1])

    def name(k):
        return output(k, "the tangent")

    _require_linear(push, tangents(x, case), tangents(x, case, 1), where, name)


def _require_linear(map_, g, h, where, name):
    of_g, of_h = copy.deepcopy(map_(*g)), copy.deepcopy(map_(*h))
    of_2g = copy.deepcopy(map_(*(2 * a for a in g)))
    of_sum = map_(*(a + b for a, b in zip(g, h, strict=True)))
    for k, (once, twice) in enumerate(zip(of_g, of_2g, strict=True)):
        once = np.asarray(once)
        # Below the smallest normal number doubling rounds.
        exact = np.where(np.abs(once) < 1e-300, np.asarray(twice), 2 * once)
        what = f"{name(k)} (doubled with its upstream)"
        require_same(twice, exact, where, what)
        size = np.abs(once) + np.abs(of_h[k])
        error = np.abs(of_sum[k] - (once + of_h[k]))
        error = error[np.isfinite(error)].max(initial=0.0)
        assert error <= EXACT_BAR * scale(size), (
            f"{where}: {name(k)} is not additive in its upstream: off by {error:.3g}, "
            f"with entries up to {scale(size):.3g} (bar {EXACT_BAR:g})."
        )


def _layouts(rule, case, where):
    """Strided inputs, a strided, a read-only and a stride-zero upstream."""
    x, held = case.fresh()
    y, pullback = rule.f(*x, **held)
    y_bar, x_dot = upstream(y, case), settled_tangents(rule, case)
    strided = tuple(map(_strided, x))
    y_strided, pullback_strided = rule.f(*strided, **held)
    _near_each(y_strided, y, EXACT_BAR, where, "the value at non-contiguous inputs")

    x_bar = pullback(*y_bar)
    what = "the cotangent at non-contiguous inputs and upstream"
    _near_each(pullback_strided(*map(_strided, y_bar)), x_bar, EXACT_BAR, where, what)
    what = "the tangent at non-contiguous inputs"
    pushed = rule.jvp(*strided, *map(_strided, x_dot), **held)[1]
    _near_each(pushed, rule.jvp(*x, *x_dot, **held)[1], EXACT_BAR, where, what)

    what = "the cotangent from a read-only upstream"
    answer = _read_only(where, lambda: pullback(*map(_locked, y_bar)))
    _near_each(answer, x_bar, EXACT_BAR, where, what)

    what = "the cotangent from inputs and upstream of shape () as NumPy scalars"
    scalars = [tuple(a[()] for a in arrays) for arrays in (x, y_bar)]
    answer = rule.f(*scalars[0], **held)[1](*scalars[1])
    _near_each(answer, x_bar, EXACT_BAR, where, what)

    constant = [np.broadcast_to(np.asarray(1.5, g.dtype), g.shape) for g in y_bar]
    what = "the cotangent from a broadcast upstream"
    answer = _read_only(where, lambda: pullback(*constant))
    _near_each(answer, pullback(*map(np.array, constant)), EXACT_BAR, where, what)


def _strided(a):
    """The same numbers in Fortran order, nan in every second place between."""
    buffer = np.full([2 * n for n in a.shape], np.nan, a.dtype, order="F")
    view = buffer[(..., *(slice(None, None, 2) for _ in a.shape))]
    view[...] = a
    return view


def _locked(a):
    a = np.array(a)
    a.setflags(write=False)
    return a


def _read_only(where, call):
    try:
        return call()
    except ValueError as error:
        assert "read-only" not in str(error), (
            f"{where}: pullback writes into a read-only upstream."
        )
        raise


def _aliases(rule, case, where):
    """The upstream may be an input itself, or another output's upstream."""
    x, held = case.fresh()
    y, pullback = rule.f(*x, **held)
    for i, a in enumerate(x):
        if any(np.shape(p) != a.shape or p.dtype != a.dtype for p in as_tuple(y)):
            continue
        wanted = copy.deepcopy(pullback(*(np.array(a) for _ in as_tuple(y))))
        what = f"the cotangent from an upstream that is argument {i} itself"
        _near_each(pullback(*(a for _ in as_tuple(y))), wanted, EXACT_BAR, where, what)
        assert a.tobytes() == case.x[i].tobytes(), (
            f"{where}: argument {i}, given as the upstream too, is mutated."
        )


def _integers(rule, case, where):
    """Integer inputs give the float answer or a TypeError."""
    if not all(np.isfinite(a).all() and a.dtype.kind == "f" for a in case.x):
        return
    x, held = case.fresh()
    x = tuple(np.rint(a) for a in x)
    try:
        y, pullback = rule.f(*x, **held)
    except (ValueError, ArithmeticError):
        return  # the rounded point lies outside the rule's domain
    y_bar, x_dot = upstream(y, case), tangents(x, case)
    wanted, pushed = pullback(*y_bar), rule.jvp(*x, *x_dot, **held)[1]
    x = tuple(a.astype(np.int64) for a in x)
    try:
        y_int, pullback = rule.f(*x, **held)
        x_bar = pullback(*y_bar)
        y_dot = rule.jvp(*x, *x_dot, **held)[1]
    except TypeError:
        return
    _near_each(y_int, y, EXACT_BAR, where, "the value at integer inputs")
    _near_each(x_bar, wanted, EXACT_BAR, where, "the cotangent at integer inputs")
    _near_each(y_dot, pushed, EXACT_BAR, where, "the tangent at integer inputs")
    for part in (*x_bar, *as_tuple(y_dot)):
        kind = getattr(part, "dtype", np.dtype(type(part)))
        assert kind.kind == "f", (
            f"{where}: integer inputs give a cotangent or tangent of dtype {kind}."
        )


def _refusals(rule):
    """REFUSES: (arrays, held, exception) that the rule must turn away."""
    for x, held, exception in rule.refuses:
        shapes = ", ".join(str(np.shape(a)) for a in x)
        where = f"{rule.name}, refusal of ({shapes}; {held})"
        try:
            rule.f(*x, **held)
        except exception as error:
            named = any(c.isdigit() for c in str(error)) or "()" in str(error)
            assert named, f"{where}: the message names no shape, no number: {error}"
        else:
            raise AssertionError(f"{where}: no {exception.__name__} is raised.")


# --- single ---------------------------------------------------------------


@law
def single(rule, seed=0):
    """float32 in, float32 out, near the float64 answer at the same inputs."""
    for case in rule.cases(seed):
        where = told(rule, case) + ", in float32"
        x, held = case.fresh()
        x, held = _to_single(x), {k: _single(v) for k, v in held.items()}
        wide, wide_held = _to_double(x), {k: _double(v) for k, v in held.items()}
        pairs = zip(wide, case.x, strict=True)
        if any((np.isinf(a) & ~np.isinf(b)).any() for a, b in pairs):
            continue  # the input itself is beyond float32
        x_dot = _to_single(settled_tangents(rule, case))
        y, pullback = rule.f(*x, **held)
        y64, pullback64 = rule.f(*wide, **wide_held)
        y_bar = _to_single(upstream(y64, case))
        pushed = rule.jvp(*x, *x_dot, **held)
        pushed64 = rule.jvp(*wide, *_to_double(x_dot), **wide_held)
        pulled, pulled64 = pullback(*y_bar), pullback64(*_to_double(y_bar))
        _single_each(y, y64, where, "the value")
        _single_each(pulled, pulled64, where, "the cotangent")
        _single_each(pushed[0], pushed64[0], where, "the JVP's value")
        _single_each(pushed[1], pushed64[1], where, "the tangent")


def _single_each(ours, wanted, where, what):
    for k, (a, b) in enumerate(zip(as_tuple(ours), as_tuple(wanted), strict=True)):
        b = _single(np.asarray(b))
        found = getattr(a, "dtype", type(a).__name__)
        assert found == b.dtype, (
            f"{where}: {output(k, what)} is {found}, but should be {b.dtype}."
        )
        require_near(a, b, SINGLE_BAR, where, output(k, what))


def _is_float(a):
    return isinstance(a, np.ndarray | np.generic) and a.dtype.kind in "fc"


def _single(a):
    """Arrays of float64 narrowed; what is beyond float32 becomes inf."""
    narrow = np.complex64 if _is_float(a) and a.dtype.kind == "c" else np.float32
    return a.astype(narrow) if _is_float(a) else a


def _double(a):
    return a.astype(np.result_type(a, np.float64)) if _is_float(a) else a


def _to_single(arrays):
    return tuple(map(_single, arrays))


def _to_double(arrays):
    return tuple(map(_double, arrays))


# --- kinks ----------------------------------------------------------------


@law
def kinks(rule, seed=0):
    """Declared answers at non-smooth points hold exactly, forward too."""
    for entry in rule.kinks:
        needed = {"at", "x", "held", "y_bar", "x_bar", "why"}
        missing = needed - set(entry)
        assert not missing, f"{rule.name}: a KINKS entry lacks {sorted(missing)}."
        where = f"{rule.name}, at {entry['at']}"
        assert entry["why"].endswith("."), f"{where}: `why` is not a sentence."
        x = tuple(np.array(a) for a in entry["x"])
        held, y_bar = entry["held"], tuple(map(np.array, as_tuple(entry["y_bar"])))
        y, pullback = rule.f(*x, **held)
        x_bar = pullback(*y_bar)
        _same_each(x_bar, tuple(entry["x_bar"]), where, "the cotangent")
        if "y" in entry:
            _same_each(y, entry["y"], where, "the value")
            pushed = rule.jvp(*x, *map(np.zeros_like, x), **held)[0]
            _same_each(pushed, entry["y"], where, "the JVP's value")
        if not any(np.isnan(a).any() for a in x_bar):  # nan spreads in a JVP's sums
            transposed(rule, x, held, y_bar, x_bar, where, 1e-14)


LAWS = {
    "value": value,
    "adjoint": adjoint,
    "tangent": tangent,
    "jax": functools.partial(peer, which="jax"),
    "torch": functools.partial(peer, which="torch"),
    "autograd": functools.partial(peer, which="autograd"),
    "form": form,
    "single": single,
    "kinks": kinks,
}
