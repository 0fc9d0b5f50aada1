"""Einstein summation of any operands: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import string

import numpy as np


def einsum(*operands, subscripts):
    """Return y = np.einsum(subscripts, *operands).  Kept: the operands.

    subscripts: any text that NumPy takes, with ellipses, repeated labels or
    an implied output.  ValueError names it where the shapes do not fit.
    """
    try:
        y = np.einsum(subscripts, *operands, optimize=True)
    except ValueError as error:
        shapes = ", ".join(str(np.shape(x)) for x in operands)
        raise ValueError(f"{subscripts!r} for {shapes}: {error}") from error
    *terms, out = spell_out(subscripts, operands)

    def pullback(y_bar):
        every = range(len(operands))
        return tuple(cotangent(k, y_bar, operands, terms, out) for k in every)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:cotangent]
def cotangent(k, y_bar, operands, terms, out):
    """Return the cotangent of operand k: einsum with y_bar in its place."""
    shape, term = np.shape(operands[k]), terms[k]
    names = [*terms[:k], out, *terms[k + 1 :]]
    arrays = [*operands[:k], y_bar, *operands[k + 1 :]]
    labels = "".join(dict.fromkeys(term))  # those of operand k, each once
    known = "".join(c for c in labels if c in "".join(names))
    pulled = ",".join(names) + "->" + known
    g = np.einsum(pulled, *arrays, optimize=True)  # by matrix products

    alone = tuple(i for i, c in enumerate(labels) if c not in known)
    sizes = tuple(shape[term.index(c)] for c in labels)
    g = unbroadcast(np.expand_dims(g, alone), sizes)
    if labels == term:
        return np.broadcast_to(g, shape)
    x_bar = np.zeros(shape, g.dtype)
    np.einsum(term + "->" + labels, x_bar)[...] = g  # writes on a diagonal
    return x_bar
# --8<-- [end:cotangent]


# --8<-- [start:spell_out]
def spell_out(subscripts, operands):
    """Return the labels of each operand and of y: a letter for each axis."""
    inputs, arrow, out = subscripts.replace(" ", "").partition("->")
    if not arrow:  # implied: the batch axes, then what occurs once, sorted
        once = [c for c in sorted(inputs) if inputs.count(c) == 1]
        out = "..." + "".join(once).replace(",", "")
    terms = inputs.split(",")
    ranks = [len(term.replace("...", "")) for term in terms]
    extra = [np.ndim(x) - ranks[k] for k, x in enumerate(operands)]
    free = "".join(c for c in string.ascii_letters if c not in subscripts)
    batch = free[: max(extra)]
    for k, n in enumerate(extra):  # batch axes are aligned on the right
        terms[k] = terms[k].replace("...", batch[len(batch) - n :])
    return [*terms, out.replace("...", batch)]
# --8<-- [end:spell_out]


# --8<-- [start:jvp]
def einsum_jvp(*operands_and_tangents, subscripts):
    """Return y and its tangent: one einsum for each operand that moves."""
    n = len(operands_and_tangents) // 2
    x, x_dot = operands_and_tangents[:n], operands_and_tangents[n:]
    y, _ = einsum(*x, subscripts=subscripts)
    moved = ([*x[:k], x_dot[k], *x[k + 1 :]] for k in range(n))
    return y, sum(np.einsum(subscripts, *arrays) for arrays in moved)
# --8<-- [end:jvp]


def cases(rng):
    def at(subscripts, *shapes):
        x = tuple(rng.normal(size=shape) for shape in shapes)
        return x, {"subscripts": subscripts}

    yield at("ij,jk->ik", (2, 3), (3, 4))
    yield at("i,ij,j->", (2,), (2, 3), (3,))
    yield at("iijk->i", (2, 2, 3, 2))  # a diagonal; j and k alone
    yield at("ii->", (3, 3))
    yield at("ii,i->i", (1, 1), (3,))
    yield at("...ij,j...->...i", (2, 1, 2, 3), (3, 4))
    yield at("jb, ja", (3, 2), (3, 4))  # implied: ab
    yield at("c...a", (2, 3, 2))  # implied: ...ac
    yield at("ij,jk->ik", (3, 4), (1, 2))  # stretches j
    yield at("...i,...->...i", (2, 3), ())
    yield at("ij,jk->ik", (2, 0), (0, 3))
    wide = rng.uniform(1e12, 2e12, (2, 3)), rng.uniform(1e-9, 2e-9, (3, 2))
    yield wide, {"subscripts": "ij,jk->ki"}


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)), np.zeros((4, 2))), {"subscripts": "ij,jk->ik"}, ValueError),
    ((np.zeros((2, 3)),), {"subscripts": "i"}, ValueError),
]

PICTURE = (np.arange(1.0, 13.0).reshape(2, 2, 3),), {"subscripts": "iij->i"}


if __name__ == "__main__":
    # --8<-- [start:use]
    u, A, v = np.array([1.0, 2.0]), np.ones((2, 3)), np.array([3.0, 0.0, 5.0])
    y, pullback = einsum(u, A, v, subscripts="i,ij,j->")
    print(y)

    for x_bar in pullback(np.array(1.0)):
        print(x_bar)
    # --8<-- [end:use]
