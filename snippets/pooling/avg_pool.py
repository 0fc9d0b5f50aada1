"""Average pooling in any number of dimensions: value, pullback, JVP."""

from snippets.convolution.convolution import col2im, im2col

# --8<-- [start:rule]
import numpy as np


def avg_pool(x, *, window, stride=None, padding=0, count_include_pad=True):
    """Return the average of each window.

    x, x_bar: (N, C, *sizes).  y, y_bar: (N, C, *places).
    Padding is 0, and counted if count_include_pad.  Kept: the counts.
    """
    window = np.full(x.ndim - 2, window).tolist()
    stride = window if stride is None else stride
    if 0 in x.shape[2:] or (2 * np.array(padding) > window).any():
        raise ValueError(f"x {x.shape}, window {window}, padding {padding}")
    axes, where = tuple(range(2, x.ndim)), (window, stride, padding, 1)
    cols = im2col(x, *where)
    counts = np.ones((1, 1, *x.shape[2:]), x.dtype)  # 1 inside of x
    count = im2col(counts, *where, fill=count_include_pad).sum(axis=axes)
    x_shape, cols_shape = x.shape, cols.shape

    def pullback(y_bar):
        share = np.expand_dims(y_bar / count, axes)  # the same for each tap
        cols_bar = np.broadcast_to(share, cols_shape)
        return (col2im(cols_bar, x_shape, *where[1:]),)

    return cols.sum(axis=axes) / count, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def avg_pool_jvp(
    x, x_dot, *, window, stride=None, padding=0, count_include_pad=True
):
    """Return y and its tangent; the rule is linear.  y_dot: as y."""
    held = {"window": window, "stride": stride, "padding": padding}
    held["count_include_pad"] = count_include_pad
    return avg_pool(x, **held)[0], avg_pool(x_dot, **held)[0]
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(2, 3, 4, 6)),), {"window": 2}
    held = {"window": 3, "stride": 2, "padding": 1}
    yield (rng.normal(size=(2, 2, 7)),), held
    yield (rng.normal(size=(2, 2, 7)),), {**held, "count_include_pad": False}
    held = {"window": (3, 2), "stride": (1, 2), "padding": (1, 0)}
    held["count_include_pad"] = False
    yield (rng.normal(size=(1, 2, 5, 4)),), held
    yield (rng.normal(size=(1, 1, 3, 4, 2)),), {"window": (2, 2, 1)}
    yield (rng.normal(size=(1, 2, 7)),), {"window": 3}  # one entry left over
    yield (rng.normal(size=(2, 2, 3, 2)),), {"window": (3, 2)}  # global
    yield (np.zeros((0, 2, 4)),), {"window": 2}


ANALYTIC = True

REFUSES = [
    ((np.zeros((1, 1, 4)),), {"window": 2, "padding": 2}, ValueError),
    ((np.zeros((1, 1, 4)),), {"window": 5}, ValueError),
    ((np.zeros((1, 1, 0)),), {"window": 2, "padding": 1}, ValueError),
]

PICTURE = (np.ones((1, 1, 6)),), {"window": 3, "stride": 2, "padding": 1}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[[6.0, 3.0, 9.0, 0.0, 12.0, 3.0]]])
    held = {"window": 3, "stride": 2, "padding": 1}
    y, pullback = avg_pool(x, **held)
    print(y)
    print(avg_pool(x, **held, count_include_pad=False)[0])

    y_bar = np.array([[[3.0, 30.0, 300.0]]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]
