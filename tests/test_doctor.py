"""The gradient doctor: forty mistakes named, no right rule accused, no traceback."""

import numpy as np
import pytest

from snippets.checking import gradient_doctor as doctor
from snippets.checking.gradient_doctor import (
    diagnose,
    from_cs231n,
    from_gradient,
    from_pullback,
)
from tests import rules
from tests.doctor_cases import CASES, MATMUL, STORE

FINE = {"ok", "ok-but-kink"}
X = np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]])


def asked(case, f, f_vjp, **more):
    STORE.clear()
    return diagnose(f, f_vjp, *case.x, **{**case.options, **more})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_mistake_is_named(case):
    report = asked(case, case.wrong_f or case.f, case.wrong)
    first, codes = report.findings[0], [hit.code for hit in report.findings]
    assert first.code == case.code, str(report)
    assert first.argument == case.argument, str(report)
    assert case.says in first.evidence, str(report)
    assert not case.also or case.also in codes, str(report)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.parametrize("seed", [0, 5])
def test_right_is_not_accused(case, seed):
    report = asked(case, case.f, case.right, seed=seed)
    assert report.findings[0].code == (case.right_code or "ok"), str(report)
    assert report.ok


def test_each_mistake_in_two_operations():
    for number in range(1, 41):
        operations = {case.operation for case in CASES if case.number == number}
        assert len(operations) >= 2, f"mistake {number}: {operations}"


@pytest.mark.parametrize("name", rules.names())
def test_no_rule_is_accused(name):
    rule = rules.load(name)
    f, f_vjp = from_pullback(rule.f)
    for seed in range(4):
        for case in rule.cases(seed):
            x, held = case.fresh()
            for wrt in range(len(x)):
                report = diagnose(f, f_vjp, *x, wrt=wrt, seed=seed, **held)
                code = report.findings[0].code
                assert code in FINE, f"case {case.number}, seed {seed}\n{report}"


def test_a_rule_that_is_wrong_is_accused():
    """The test above can fail."""
    rule = rules.load("softmax/softmax")
    f, f_vjp = from_pullback(rule.f)
    x, held = rule.cases(0)[0].fresh()
    report = diagnose(f, lambda g, *x, **held: -f_vjp(g, *x, **held)[0], *x, **held)
    assert report.findings[0].code == "constant-factor" and not report.ok


# -- bad input: a sentence, never a traceback of the doctor's own


def square(x):
    return x**2


def square_vjp(g, x):
    return 2 * g * x


def raising(g, x):
    return g @ x  # (2, 3) @ (2, 3)


BAD = {
    "no argument": (square, square_vjp, (), "No argument was given"),
    "f is an array": (X, square_vjp, (X,), "f is ndarray, not a function"),
    "gradient is an array": (square, 2 * X, (X,), "f_vjp is ndarray, not a function"),
    "objects": (square, square_vjp, (np.array([1, "a"], object),), "Python objects"),
    "text": (square, square_vjp, ("abc",), "holds text"),
    "booleans": (square, square_vjp, (X > 0,), "holds booleans"),
    "None": (square, square_vjp, (None,), "Python objects"),
    "ragged": (square, square_vjp, ([[1.0], [1.0, 2.0]],), "cannot make an array of"),
    "nan": (square, square_vjp, (np.array([1.0, np.nan]),), "NaN at [1]"),
    "huge": (square, square_vjp, (np.zeros((300, 300)),), "has 90000 entries"),
    "too many arguments": (square, square_vjp, (X, X), "f raises TypeError"),
    "backward takes fewer": (square, lambda g: g, (X,), "f_vjp raises TypeError"),
    "backward raises": (square, raising, (X,), "f_vjp raises ValueError"),
    "forward raises": (lambda x: x @ x, square_vjp, (X,), "f raises ValueError"),
    "backward returns None": (square, lambda g, x: None, (X,), "f_vjp returns None"),
    "backward returns text": (square, lambda g, x: "x", (X,), "f_vjp returns a str"),
    "two gradients for one": (
        square,
        lambda g, x: (g, g),
        (X,),
        "returns 2 gradients for 1 argument",
    ),
    "f returns None": (lambda x: None, square_vjp, (X,), "f returns NoneType"),
    "f returns the pullback": (
        lambda x: (x**2, lambda g: 2 * g * x),
        square_vjp,
        (X,),
        "f returns function",
    ),
    "wrong shape": (square, lambda g, x: g[0], (X,), "has the shape (3,)"),
    "ragged gradient": (
        square,
        lambda g, x: [[1.0], [1.0, 2.0]],
        (X,),
        "f_vjp returns",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_a_sentence(name):
    f, f_vjp, x, words = BAD[name]
    report = diagnose(f, f_vjp, *x)
    assert not report.ok
    assert words in report.findings[0].evidence, str(report)
    assert str(report)


@pytest.mark.parametrize("wrt", [3, -2, "w", 1.5, None])
def test_wrt_that_chooses_nothing(wrt):
    report = diagnose(square, square_vjp, X, wrt=wrt)
    assert "chooses none" in report.findings[0].evidence


def test_y_bar_of_another_shape():
    report = diagnose(square, square_vjp, X, y_bar=np.ones(3))
    assert "y_bar has the shapes" in report.findings[0].evidence


OPTIONS = {
    "dims a list": ({"dims": [2, 3]}, "dims is a list"),
    "dims of words": ({"dims": {"N": "two"}}, "the size N is 'two'"),
    "context a list": ({"context": [X]}, "context is a list"),
    "terms an array": ({"terms": X}, "terms is a ndarray"),
    "terms that raise": ({"terms": lambda g, x: 1 / 0}, "terms raises ZeroDivision"),
    "terms in a list": ({"terms": lambda g, x: [g, x]}, "terms does not return"),
    "terms of a shape": ({"terms": lambda g, x: {"a": g[0, :2]}}, "does not return"),
    "reference a number": ({"reference": 3}, "reference is a int"),
    "remake alone": ({"remake": lambda N: (X,)}, "dims is not"),
    "remake raises": (
        {"dims": {"N": 2}, "remake": lambda N: X[5]},
        "remake raises IndexError",
    ),
    "remake of None": (
        {"dims": {"N": 2}, "remake": lambda N: None},
        "remake returns 1 thing",
    ),
    "y_bar of words": ({"y_bar": "ones"}, "y_bar has the shapes"),
    "y_bar of NaN": ({"y_bar": X * np.nan}, "y_bar holds NaN"),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_bad_option_gets_a_sentence(name):
    options, words = OPTIONS[name]
    report = diagnose(square, lambda g, x: g * x, X, **options)
    assert words in report.findings[0].evidence, str(report)


@pytest.mark.parametrize("size", [1e-100, 1e-8, 1e8])
def test_numbers_of_any_size(size):
    assert diagnose(square, square_vjp, size * X).ok
    report = diagnose(square, lambda g, x: g * x, size * X)
    assert report.findings[0].code == "constant-factor"


def test_remake_of_another_form():
    more = {"dims": {"N": 2, "D": 3}, "remake": lambda N, D: (X, X)}
    report = diagnose(square, lambda g, x: g * x, X, **more)
    assert "remake returns 2 things" in report.findings[0].evidence


def test_the_line_that_raises_is_quoted():
    report = diagnose(square, raising, X)
    assert "return g @ x" in report.findings[0].evidence
    assert "(2, 3), (2, 3)" in report.findings[0].meaning


def test_size_zero_and_scalars_are_fine():
    assert diagnose(square, square_vjp, np.zeros((0, 3))).ok
    assert diagnose(square, square_vjp, 3.0).ok
    assert not diagnose(square, lambda g, x: g * x, 3.0).ok


def test_single_precision_input_is_checked_in_double():
    assert diagnose(square, square_vjp, X.astype(np.float32)).ok


def test_lists_and_wrt_by_name():
    def scale(x, w):
        return x * w

    report = diagnose(scale, lambda g, x, w: g * w, [1.0, 2.0], [3.0, 5.0], wrt="w")
    assert report.findings[0].argument == "w" and not report.ok


def test_tuples_go_in_and_out():
    def both(x):
        return x**2, x.sum()

    def right(g, x):
        return 2 * g[0] * x + g[1]

    assert diagnose(both, right, X).ok
    assert not diagnose(both, lambda g, x: 2 * g[0] * x, X).ok


def test_uniform_upstream_hides_nothing():
    """The reader's own y_bar of ones passes; a random one is tried as well."""
    report = diagnose(square, lambda g, x: 2 * x, X, y_bar=np.ones((2, 3)))
    assert report.findings[0].code == "upstream-ignored"
    flip = diagnose(lambda x: x[::-1], lambda g, x: g, X, y_bar=np.ones((2, 3)))
    assert flip.findings[0].code == "flipped" and "passes" in str(flip)


def test_a_name_is_not_given_for_chance():
    """2 at this input and 3 at another is no factor 2."""
    report = diagnose(square, lambda g, x: g * x * x.sum(), X)
    assert report.findings[0].code == "point-dependent"
    assert "constant-factor" not in [hit.code for hit in report.findings]


def test_sizes_are_followed():
    """3 rows of 3: only other sizes tell which of the two it is."""

    def remake(N, D):
        return (np.random.default_rng(N + D).normal(size=(N, D)),)

    more = {"dims": {"N": 3, "D": 3}, "remake": remake}
    for size, axis in (("N", 1), ("D", 0)):

        def by_one_size(g, x, axis=axis):
            return g * 2 * x / x.shape[axis]

        report = diagnose(lambda x: (x**2).mean(), by_one_size, *remake(3, 3), **more)
        assert f"; 3 is {size}." in report.findings[0].evidence, str(report)


def test_the_second_input_stays_in_the_domain():
    """Probabilities that grow beyond 1 would leave nothing to compare."""

    def loss(t, p):
        return -(t * np.log(p) + (1 - t) * np.log1p(-p)).mean()

    def twice(g, t, p):
        return g * 2 * (np.log1p(-p) - np.log(p)) / t.size

    t, p = np.array([0.3, 0.6, 0.1, 0.8]), np.array([0.9, 0.95, 0.2, 0.99])
    report = diagnose(loss, twice, t, p)
    assert report.findings[0].code == "constant-factor", str(report)

    def area(t, p):  # and here the numbers must not shrink
        return t * np.arccosh(p)

    report = diagnose(area, lambda g, t, p: 2 * g * np.arccosh(p), t, 1 + p / 10)
    assert report.findings[0].code == "constant-factor", str(report)


def test_what_is_true_of_the_right_gradient_too_is_no_finding():
    """Rows of the right gradient are constant, so of course the residual's are."""

    def wrong(g, x):
        return np.outer(g * [1.0, 3.0], np.ones(3))

    report = diagnose(lambda x: x.sum(1), wrong, X)
    codes = [hit.code for hit in report.findings]
    assert "factor-per-axis" in codes
    assert "residual-constant-along-axis" not in codes


def test_a_point_is_not_wrong_where_any_point_would_do():
    """softmax(x) lies between 0 and 1, where a clamp is open; so does much else."""
    x = np.array([0.4, -0.6, 1.8, -1.9, 0.2])
    report = diagnose(
        lambda x: np.clip(x, -1, 1), lambda g, x: np.where(np.abs(x) < 9, g, 0), x
    )
    assert "wrong-point" not in [hit.code for hit in report.findings]


def test_held_arrays_are_handed_out_as_copies():
    def careless(x, *, mask):
        y = x * mask
        mask[...] = 0
        return y

    assert diagnose(careless, lambda g, x, *, mask: g * mask, X, mask=1.0 * (X > 0)).ok


def test_two_mistakes_are_not_named():
    def two(g, x):
        return np.array([1.3, 1.0, 0.8]) * np.tanh(g) + 2 * g * x * (x > 0.1)

    assert diagnose(square, two, X).findings[0].code == "not-linear-in-upstream"
    report = diagnose(np.sin, lambda g, x: g * (x + 0.3 * np.cos(2 * x)), X)
    assert report.findings[0].code == "unexplained"
    assert "cosine" in report.findings[0].evidence


# -- reports


def test_report_has_data_for_a_picture():
    def tail(g, x):
        return 2 * g * x * np.array([1.0, 1.0, 0.0])

    report = diagnose(square, tail, X)
    assert report.findings[0].code == "error-in-tail"
    assert report.picture() == ". . #\n. . #"
    assert report.error.shape == X.shape and report.error[:, :2].max() < 1e-8
    assert report.findings[0].where == ((0, 2), (1, 2))
    assert "yours" in report.numbers()


def test_report_reads_in_three_lines():
    report = diagnose(square, lambda g, x: -2 * g * x, X)
    lines = str(report).split("\n")
    assert lines[0] == "constant-factor, gradient of x"
    notes = [line for line in lines[1 : lines.index("")] if line[0] != " "]
    assert [line.split()[0] for line in notes] == ["Seen", "Means", "Do"]
    assert max(map(len, lines)) <= 76
    assert str(report.findings[0]).startswith("constant-factor: Your gradient is")


def test_kink_is_told_from_mistake():
    at = np.array([0.0, 1.0, -2.0, 3.0])
    relu = {"f": lambda x: np.maximum(x, 0), "x": at}
    for choice in (0.0, 0.5, 1.0):
        report = diagnose(
            relu["f"], lambda g, x, c=choice: g * np.where(x == 0, c, x > 0), at
        )
        assert report.findings[0].code == "ok-but-kink"
        assert report.marks.tolist() == ["~", ".", ".", "."]
    wrong = diagnose(relu["f"], lambda g, x: g * (x > 0) * (x < 2), at)
    assert wrong.findings[0].where and wrong.marks.tolist() == ["~", ".", ".", "#"]


def test_at_a_jump_nothing_is_judged():
    report = diagnose(np.sign, lambda g, x: 0 * g, np.array([0.0, 1.0, -1.0]))
    assert report.findings[0].code == "ok-but-kink" and "jumps" in str(report)


def test_near_a_kink_nothing_is_wrong():
    x = np.array([1e-3, -1e-4, 3e-5, 0.02, -0.3])
    report = diagnose(lambda x: np.abs(x), lambda g, x: g * np.sign(x), x)
    assert report.findings[0].code in FINE, str(report)


# -- dialects


def affine(x, w):
    def pullback(g):
        return g * w, g * x

    return x * w, pullback


def test_pullback():
    f, f_vjp = from_pullback(affine)
    assert diagnose(f, f_vjp, X, X + 1, wrt=1).ok


def test_cs231n():
    def forward(x, w, b):
        return x @ w + b, (x, w, b)

    def backward(dout, cache):
        x, w, _ = cache
        return dout @ w.T, x.T @ dout, dout  # db is not summed

    f, f_vjp = from_cs231n(forward, backward)
    x, w, b = X, X.T[:, :1] * np.arange(1.0, 5.0), np.arange(4.0)
    assert diagnose(f, f_vjp, x, w, b, wrt="w").ok
    report = diagnose(f, f_vjp, x, w, b, wrt="b")
    assert report.findings[0].code == "missing-unbroadcast-sum"
    assert report.findings[0].argument == "b"


def test_gradient_of_a_scalar_loss():
    def loss(x):
        return (x**2).sum()

    assert diagnose(*from_gradient(loss, lambda x: 2 * x), X).ok
    assert diagnose(*from_gradient(loss, 2 * X), X).ok
    report = diagnose(*from_gradient(loss, X), X)
    assert report.findings[0].code == "constant-factor"


# -- fingerprints


def matmul(x, w):
    return x @ w


@pytest.mark.parametrize(
    ("wrong", "line", "said"),
    [
        (lambda g, x, w: g @ w, 4, "`.T` dropped"),
        (lambda g, x, w: -(g @ w.T), 4, "minus `g @ W.T`"),
        (lambda g, x, w: w.T @ g, 4, "operands swapped"),
        (lambda g, x, w: x @ w.T, 4, "`x` for `g`"),
    ],
)
def test_edit_is_shown_on_its_line(wrong, line, said):
    x, w = np.random.default_rng(0).normal(size=(2, 3, 3))
    report = diagnose(matmul, wrong, x, w, reference=MATMUL)
    edit = next(hit for hit in report.findings if hit.code == "edit")
    assert f"line {line}: " in edit.evidence and said in edit.evidence


def test_two_edits():
    x, w = np.random.default_rng(0).normal(size=(2, 3, 3))
    report = diagnose(matmul, lambda g, x, w: x @ w, x, w, reference=MATMUL, budget=20)
    edit = next(hit for hit in report.findings if hit.code == "edit")
    assert "these two edits" in edit.evidence and len(edit.claim) == 2


@pytest.mark.parametrize(
    ("reference", "note"),
    [("def f(x, w): return x +", "does not run"), (MATMUL.replace("@", "+"), "not")],
)
def test_reference_of_no_use_is_said(reference, note):
    x, w = np.random.default_rng(0).normal(size=(2, 3, 3))
    report = diagnose(matmul, lambda g, x, w: g @ w, x, w, reference=reference)
    assert "edit" not in [hit.code for hit in report.findings]
    assert note in report.notes[0]


def test_reference_may_be_a_function():
    f, _ = from_pullback(affine)
    report = diagnose(f, lambda g, x, w: g * x, X, X + 1, reference=affine)
    edit = next(hit for hit in report.findings if hit.code == "edit")
    assert "results 0 and 1 swapped" in edit.evidence


def test_pairs_of_edits_keep_to_the_budget(monkeypatch):
    clock, made = iter(range(10_000)), []
    gradient = doctor.Reference.gradient
    monkeypatch.setattr(doctor.time, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(
        doctor.Reference, "gradient", lambda *a: made.append(1) or gradient(*a)
    )
    f, _ = from_pullback(affine)
    single = len(list(doctor.Reference(affine).edits()))
    diagnose(f, lambda g, x, w: g * np.cos(w), X, X + 1, reference=affine, budget=5)
    assert single + 1 <= len(made) <= single + 6
