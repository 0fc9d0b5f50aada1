"""The measure of error that all laws share.

An error is relative to the largest entry of the reference array. There is
no floor of 1: it would pass a zero pullback of a small gradient.
"""

import contextlib

import numpy as np

EPS = np.finfo(np.float64).eps


def as_tuple(value):
    return value if isinstance(value, tuple) else (value,)


def worst(ours, reference):
    """(error, index) of the worst entry of two arrays of one shape.

    nan and inf must stand at the same places; there the error is inf.
    """
    ours, reference = np.asarray(ours), np.asarray(reference)
    if reference.size == 0:
        return 0.0, ()
    finite = np.isfinite(ours) & np.isfinite(reference)
    with np.errstate(all="ignore"):
        same = (ours == reference) | (np.isnan(ours) & np.isnan(reference))
        gap = np.where(finite, np.abs(ours - reference), np.where(same, 0.0, np.inf))
        error = gap / scale(reference)
    at = np.unravel_index(np.argmax(error), error.shape)
    return float(error[at]), tuple(int(i) for i in at)


def scale(reference):
    """The largest finite entry, and no less than the smallest normal number."""
    reference = np.asarray(reference)
    finite = np.abs(reference[np.isfinite(reference)])
    kind = reference.dtype if reference.dtype.kind in "fc" else np.float64
    return max(finite.max(initial=0.0), np.finfo(kind).tiny)


_listening = []


@contextlib.contextmanager
def measured():
    """Collect (where, error, bar) of every comparison that passes in the block."""
    seen = []
    _listening.append(seen)
    try:
        yield seen
    finally:
        _listening.pop()


def report(where, error, bar):
    """Tell whoever measures, tests/record.py say, of a comparison that passed."""
    for seen in _listening:
        seen.append((where, error, bar))


def require_near(ours, reference, bar, where, what, noise=0.0):
    """Fail with a sentence unless ours is the reference to within the bar.

    noise: an exact zero of ours also agrees with a reference this small. Only
    the peers need it, who may round where the rule is exactly zero.
    """
    shape, wanted = np.shape(ours), np.shape(reference)
    assert shape == wanted, (
        f"{where}: {what} has shape {shape}, but should have {wanted}."
    )
    error, at = worst(ours, reference)
    if error <= bar:
        report(where, error, bar)
        return
    if not np.any(ours) and np.all(np.abs(reference) <= noise):
        report(where, 0.0, bar)  # the rule is the one that is exact
        return
    size = f"{error:.3g} of the largest entry of the reference (bar {bar:g})"
    if not np.isfinite(error) or not np.any(reference):
        size = "more than rounding"  # nan or inf out of place, or an exact zero
    raise AssertionError(
        f"{where}: {what} of shape {shape} is off by {size}; worst at {list(at)}: "
        f"{np.asarray(ours)[at]}, but should be {np.asarray(reference)[at]}."
    )


def require_same(ours, reference, where, what):
    """Fail with a sentence unless the arrays are equal; nan equals nan."""
    require_near(ours, reference, 0.0, where, what)


def inner(a, b):
    """<a, b> = sum a_i b_i; the real part of sum conj(a_i) b_i if complex."""
    return np.vdot(a, b).real


def random_like(a, *seed):
    """Numbers of a's shape and dtype: not uniform, their mean not zero."""
    a = np.asarray(a)
    # The last word keeps this stream apart from default_rng(seed), which made the
    # case: (0, 0, 0) would give the same numbers, and an upstream equal to x.
    rng = np.random.default_rng((*seed, 1729))
    made = 0.5 + rng.normal(size=a.shape)
    if a.dtype.kind == "c":
        made = made + 1j * rng.normal(size=a.shape)
    return np.asarray(made, dtype=a.dtype)


def directions(a):
    """The unit tangents of a: one for each entry, two if it is complex."""
    for i in np.ndindex(a.shape):
        for unit in (1.0, 1.0j) if a.dtype.kind == "c" else (1.0,):
            direction = np.zeros(a.shape, a.dtype)
            direction[i] = unit
            yield direction
