"""The residual connection, y = x + f(x), at its plus sign."""

# --8<-- [start:rule]
import numpy as np


def residual_connection(x, fx):
    """Return y = x + fx, where fx is the output of a block fed with x.

    x, fx, y: all of one shape.  Nothing is kept.  The pullback returns
    what reaches x on the skip path, and what goes into the block.
    """
    if np.shape(x) != np.shape(fx):
        raise ValueError(f"x {np.shape(x)} and f(x) {np.shape(fx)} differ")

    def pullback(y_bar):
        return y_bar, y_bar  # read-only by contract, so one array will do

    return x + fx, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def residual_connection_jvp(x, fx, x_dot, fx_dot):
    """Return y and its tangent.  x_dot, fx_dot: of the shape of x."""
    return x + fx, x_dot + fx_dot
# --8<-- [end:jvp]


def cases(rng):
    def draw(*shape):
        return (rng.normal(size=shape), rng.normal(size=shape)), {}

    yield draw(3, 4)
    yield draw(2, 3, 2)
    yield draw(5)
    yield draw()
    yield draw(0, 3)


ANALYTIC = True

REFUSES = [
    ((np.zeros((3, 4)), np.zeros(4)), {}, ValueError),
    ((np.zeros((3, 1)), np.zeros((3, 4))), {}, ValueError),
]


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 2.0], [3.0, -1.0]])
    W = np.array([[0.5, 1.0], [0.0, -0.5]])
    y, pullback = residual_connection(x, x @ W)  # the block is x W
    print(y)

    y_bar = np.array([[1.0, 0.0], [0.0, 2.0]])
    skip, into_block = pullback(y_bar)
    x_bar = skip + into_block @ W.T  # the block's own pullback
    print(x_bar)
    # --8<-- [end:use]
