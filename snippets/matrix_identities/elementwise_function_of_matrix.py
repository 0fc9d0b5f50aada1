"""The sum of a function of each entry of a matrix: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def elementwise_function_of_matrix(X, *, f, df):
    """Return y, the sum of f(X) over all entries; df is the slope of f.

    X, X_bar: (..., n, m).  y, y_bar: (...).  f, df: functions of an array
    that work entry by entry.  Kept for the pullback: X.
    """
    if X.ndim < 2:
        raise ValueError(f"X of shape {X.shape} is not a matrix")

    def pullback(y_bar):
        return (np.expand_dims(y_bar, (-2, -1)) * df(X),)

    return f(X).sum(axis=(-2, -1)), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def elementwise_function_of_matrix_jvp(X, X_dot, *, f, df):
    """Return y and its tangent, the pairing of df(X) and X_dot."""
    y, _ = elementwise_function_of_matrix(X, f=f, df=df)
    return y, (df(X) * X_dot).sum(axis=(-2, -1))
# --8<-- [end:jvp]


def cases(rng):
    def given(name, *shape):
        f, df = FUNCTIONS[name]
        return (rng.uniform(0.2, 2.0, shape),), {"f": f, "df": df}

    yield given("exp", 3, 4)
    yield given("sin", 3, 3)
    yield given("x log x", 2, 3, 2)
    yield given("cube", 2, 2, 2, 1)
    yield given("exp", 0, 3)
    yield given("sin", 0, 2, 2)


FUNCTIONS = {
    "exp": (np.exp, np.exp),
    "sin": (np.sin, np.cos),
    "x log x": (lambda x: x * np.log(x), lambda x: np.log(x) + 1),
    "cube": (lambda x: x * x * x, lambda x: 3 * x * x),
}

ANALYTIC = True

REFUSES = [((np.zeros(3),), {"f": np.exp, "df": np.exp}, ValueError)]


if __name__ == "__main__":
    # --8<-- [start:use]
    X = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]])
    y, pullback = elementwise_function_of_matrix(
        X, f=lambda x: x**3, df=lambda x: 3 * x**2)
    print(y)

    (X_bar,) = pullback(np.array(2.0))
    print(X_bar)
    # --8<-- [end:use]
