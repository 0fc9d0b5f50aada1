"""Basic indexing by plain loops, and as the libraries call it."""

import itertools

import numpy as np


def value(x, *, index):
    items = list(index) if isinstance(index, tuple) else [index]
    used = sum(item is not None and item is not Ellipsis for item in items)
    rest = [slice(None)] * (x.ndim - used)
    if Ellipsis in items:
        place = items.index(Ellipsis)
        items[place : place + 1] = rest
    else:
        items += rest
    axis, places, shape = 0, [], []
    for item in items:
        if item is None:
            shape.append(1)
            continue
        n = x.shape[axis]
        if isinstance(item, slice):
            start, stop, step = item.indices(n)
            chosen = list(range(start, stop, step))
            shape.append(len(chosen))
        else:
            chosen = [item + n if item < 0 else item]
        places.append(chosen)
        axis += 1
    entries = [x[place] for place in itertools.product(*places)]
    y = np.empty(shape)
    for i, entry in zip(np.ndindex(*shape), entries, strict=True):
        y[i] = entry
    return y


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {
        "index": (slice(None, None, 2), slice(1024))
    }


def by_jax(x, *, index):
    return x[index]


def by_torch(x, *, index):
    items = index if isinstance(index, tuple) else (index,)
    if any(isinstance(i, slice) and (i.step or 1) < 0 for i in items):
        raise NotImplementedError("PyTorch has no negative steps; it flips")
    return x[index]


def by_autograd(x, *, index):
    return x[index]
