"""Sum, row sums and column sums of a matrix: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def sum_of_entries(X, *, over="all"):
    """Return the sum of X over "all" entries, each "row" or each "column".

    X, X_bar: (..., n, m).  y, y_bar: (...), (..., n) or (..., m).
    Kept for the pullback: the shape of X.
    """
    choices = {"all": (-2, -1), "row": (-1,), "column": (-2,)}
    if X.ndim < 2 or over not in choices:
        names = ", ".join(choices)
        raise ValueError(f"want a matrix and {names}; got {X.shape}, {over}")
    axes = choices[over]
    shape = X.shape

    def pullback(y_bar):
        return (np.broadcast_to(np.expand_dims(y_bar, axes), shape),)

    return X.sum(axis=axes), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def sum_of_entries_jvp(X, X_dot, *, over="all"):
    """Return y and its tangent: the same sums of X_dot."""
    y, _ = sum_of_entries(X, over=over)
    y_dot, _ = sum_of_entries(X_dot, over=over)
    return y, y_dot
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 4)),), {}
    yield (rng.normal(size=(3, 4)),), {"over": "row"}
    yield (rng.normal(size=(3, 4)),), {"over": "column"}
    yield (rng.normal(size=(3, 3)),), {"over": "row"}
    yield (rng.normal(size=(3, 3)),), {"over": "column"}
    yield (rng.normal(size=(2, 3, 2)),), {}
    yield (rng.normal(size=(2, 3, 2)),), {"over": "row"}
    yield (rng.normal(size=(0, 3)),), {"over": "column"}
    yield (rng.uniform(1e12, 2e12, (2, 3)),), {"over": "row"}


ANALYTIC = True

REFUSES = [
    ((np.zeros(3),), {}, ValueError),
    ((np.zeros((2, 3)),), {"over": "rows"}, ValueError),
]

PICTURE = (np.arange(6.0).reshape(2, 3),), {"over": "row"}


if __name__ == "__main__":
    # --8<-- [start:use]
    X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    print(sum_of_entries(X)[0])
    y, pullback = sum_of_entries(X, over="row")
    print(y, pullback(np.array([1.0, 10.0]))[0].tolist())
    y, pullback = sum_of_entries(X, over="column")
    print(y, pullback(np.array([1.0, 2.0, 3.0]))[0].tolist())
    # --8<-- [end:use]
