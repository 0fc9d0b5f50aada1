"""The derivative of a value, by three ways that know no rule.

Each returns, for every output y of the value, an array of the shape
(entries of x[i], *y.shape): row j is the derivative of y along the unit
direction e_j of x[i]. Only the first is not exact to rounding, and it says
by how much it may be wrong.
"""

import functools
from itertools import pairwise

import numpy as np

from tests.compare import EPS, as_tuple, directions

STEPS = [2.0**-k for k in range(5, 11)]  # the widest stays clear of kinks
IMAGINARY = 2.0**-200  # its square vanishes beside 1: no truncation, no noise
DIGITS = 240  # h is 1e-80: the derivative 1e-100 is still seen


@functools.cache
def by_differences(value, case, i):
    """[(derivatives, estimated errors), ...]: central differences, Richardson."""
    x, held = case.fresh()

    def at(point):
        y = as_tuple(value(*x[:i], point, *x[i + 1 :], **held))
        return [np.asarray(part, dtype=np.result_type(part, np.float64)) for part in y]

    with np.errstate(all="ignore"):
        rows = [_richardson(at, x[i], e) for e in directions(x[i])]
        outputs = at(x[i])
    return [_stack(rows, k, part) for k, part in enumerate(outputs)]


def _stack(rows, k, part):
    empty = np.empty((0, *part.shape))
    derivative = np.array([row[k][0] for row in rows]) if rows else empty
    error = np.array([row[k][1] for row in rows]) if rows else empty
    return derivative, error


def _richardson(at, x, e):
    """For each output the best entry of the extrapolation table along e."""
    moved = np.abs(e) > 0
    reach = np.abs(x[moved]).max()
    grow = 2.0 ** np.floor(np.log2(reach) - 20) if 2**20 < reach < np.inf else 1.0
    outputs = None
    for h in STEPS:
        up, down = np.asarray(x + h * grow * e), np.asarray(x - h * grow * e)
        width = 2 * h * grow
        if reach < np.inf:  # what the rounding of x left of it
            width = np.abs(up - down)[moved].max()
        pairs = list(zip(at(up), at(down), strict=True))
        outputs = outputs or [[] for _ in pairs]
        for table, (f_up, f_down) in zip(outputs, pairs, strict=True):
            size = np.maximum(np.abs(f_up), np.abs(f_down))
            table.append(((f_up - f_down) / width, 2 * EPS * size / width))
    return [_extrapolate(table) for table in outputs]


def _extrapolate(table):
    """Neville's scheme in h^2; the entry whose estimated error is smallest."""
    best, least = table[-1][0], np.full_like(table[-1][1], np.inf)
    column = table
    for m in range(1, len(table)):
        following = []
        for (coarse, n0), (fine, n1) in pairwise(column):
            new = fine + (fine - coarse) / (4.0**m - 1)
            noise = np.maximum(n0, n1)
            error = np.maximum(np.abs(new - fine), np.abs(new - coarse)) + noise
            following.append((new, noise))
            if error.size and error.max() < least.max():
                best, least = new, error
        column = following
    return best, least


@functools.cache
def by_complex_step(value, case, i):
    """[derivatives, ...] as Im value(x + i h e) / h, for analytic values."""
    x, held = case.fresh()
    outputs = as_tuple(value(*x, **held))
    rows = []
    with np.errstate(all="ignore"):
        for e in directions(x[i]):
            point = np.asarray(x[i] + 1j * IMAGINARY * e)
            y = as_tuple(value(*x[:i], point, *x[i + 1 :], **held))
            rows.append([np.imag(part) / IMAGINARY for part in y])
    return [
        np.array([row[k] for row in rows]).reshape(len(rows), *np.shape(part))
        for k, part in enumerate(outputs)
    ]


@functools.cache
def by_mpmath(precise, case, i):
    """[derivatives, ...] by differences in very many digits.

    precise(*x, **held) is the value, written for arrays of mpmath numbers.
    """
    import mpmath

    x, held = case.fresh()
    with mpmath.workdps(DIGITS):
        exact, h = [_mpf(a) for a in x], mpmath.mpf(10) ** (-DIGITS // 3)

        def at(point):
            there = [*exact[:i], np.asarray(point), *exact[i + 1 :]]
            return [np.asarray(part) for part in as_tuple(precise(*there, **held))]

        outputs, rows = at(exact[i]), []
        for e in directions(x[i]):
            up, down = at(exact[i] + h * _mpf(e)), at(exact[i] - h * _mpf(e))
            rows.append([(a - b) / (2 * h) for a, b in zip(up, down, strict=True)])
        return [
            np.array([row[k] for row in rows], float).reshape(len(rows), *part.shape)
            for k, part in enumerate(outputs)
        ]


def _mpf(a):
    import mpmath

    exact = np.empty(a.shape, dtype=object)
    for i in np.ndindex(a.shape):
        exact[i] = mpmath.mpf(float(a[i]))
    return exact
