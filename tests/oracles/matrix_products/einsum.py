"""Einstein summation by one loop over all labels, and by the libraries."""

import math
import re

import numpy as np


def value(*operands, subscripts):
    """Every axis that an ellipsis stands for is a label too, counted from the right."""
    left, arrow, right = re.sub(r"\s", "", subscripts).partition("->")
    terms = [re.findall(r"\.\.\.|[A-Za-z]", term) for term in left.split(",")]
    longest = 0
    for n, (term, x) in enumerate(zip(terms, operands, strict=True)):
        if "..." in term:
            at, hidden = term.index("..."), x.ndim - len(term) + 1
            terms[n] = [*term[:at], *range(-hidden, 0), *term[at + 1 :]]
            longest = max(longest, hidden)
    if arrow:
        out = re.findall(r"\.\.\.|[A-Za-z]", right)
    else:
        letters = [c for term in terms for c in term if isinstance(c, str)]
        out = ["...", *sorted(c for c in letters if letters.count(c) == 1)]
    if "..." in out:
        at = out.index("...")
        out = [*out[:at], *range(-longest, 0), *out[at + 1 :]]

    size = {}
    for term, x in zip(terms, operands, strict=True):
        for label, n in zip(term, x.shape, strict=True):
            size[label] = n if size.get(label, 1) == 1 else size[label]
    summed = [label for label in size if label not in out]
    y = np.empty([size[label] for label in out])
    for i in np.ndindex(*y.shape):
        products = []
        for j in np.ndindex(*(size[label] for label in summed)):
            at = dict(zip([*out, *summed], i + j, strict=True))
            product = 1.0
            for term, x in zip(terms, operands, strict=True):
                pairs = zip(term, x.shape, strict=True)
                product *= x[tuple(at[c] if n > 1 else 0 for c, n in pairs)]
            products.append(product)
        y[i] = math.fsum(products)
    return y


def library(*operands, subscripts):
    return np.einsum(subscripts, *operands, optimize=True)


def large(rng):
    return (rng.normal(size=(16, 256, 256)), rng.normal(size=(16, 256, 256))), {
        "subscripts": "bij,bjk->bik"
    }


def by_jax(*operands, subscripts):
    import jax.numpy as jnp

    return jnp.einsum(subscripts, *operands)


def by_torch(*operands, subscripts):
    import torch

    return torch.einsum(subscripts, *operands)


def by_autograd(*operands, subscripts):
    import autograd.numpy as anp

    terms = subscripts.partition("->")[0].split(",")
    if any(term.count(c) > 1 for term in terms for c in term if c.isalpha()):
        raise NotImplementedError("It has no rule for a label repeated in an operand.")
    return anp.einsum(subscripts, *operands)


EQUIVALENT = {
    "True -> False": "optimize changes the order of the work, not its result.",
}
