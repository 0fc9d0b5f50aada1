"""The gradient doctor: say what kind of mistake a backward pass makes.

    from gradient_doctor import diagnose

    def f(x):                       # the forward pass
        return x ** 2

    def f_vjp(y_bar, x):            # the backward pass under suspicion
        return y_bar * x

    print(diagnose(f, f_vjp, np.array([1.0, -2.0, 3.5])))

One file, NumPy alone.  The doctor differentiates f numerically, in every entry,
compares, and then asks a fixed list of questions (TESTS, below), each a small
function.  A name is given only if the numbers bear it out at this input and, where
the functions can be called elsewhere, at a second input too.  What no question
explains is reported as `unexplained`: the doctor does not guess.

Words: y_bar is the upstream gradient (dout, grad_output).  Your gradient is what
f_vjp returns for x[wrt]; the right one is what differences of f say.
"""

import ast
import inspect
import itertools
import math
import textwrap
import time
import traceback
import warnings
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

EPS = np.finfo(np.float64).eps
STEPS = 2.0 ** -np.arange(5, 13)  # from 0.03 down to 0.0002, times the input's scale
TOLERANCE = 1e-6  # of the largest entry of the right gradient
LARGEST = 4000  # entries of x: each costs 16 calls of f
LARGEST_JACOBIAN = 300_000  # entries of the Jacobian that is kept


# --- 1. What the reader gets -------------------------------------------------


@dataclass
class Finding:
    """One thing that the numbers say."""

    code: str
    evidence: str  # one sentence: what was seen
    meaning: str = ""  # what it means
    hint: str = ""  # what to change
    argument: str = ""  # whose gradient
    where: tuple = ()  # indices of wrong entries
    claim: tuple = ()  # must be the same at a second input

    def __str__(self):
        return wrapped(f"{self.code}: {self.evidence}")

    def lines(self):
        """Three notes: what was seen, what it means, what to do."""
        said = [("Seen", self.evidence), ("Means", self.meaning), ("Do", self.hint)]
        return [wrapped(f"{label:6} {text}", 7) for label, text in said if text]


@dataclass
class Report:
    """The findings, best first; print it to read it."""

    findings: list
    yours: np.ndarray | None = None  # your gradient
    right: np.ndarray | None = None  # the one by differences
    error: np.ndarray | None = None  # |yours - right| / the largest |right|
    marks: np.ndarray | None = None  # "." right, "#" wrong, "~" kink, "?" not finite
    notes: list = field(default_factory=list)

    @property
    def ok(self):
        return self.findings[0].code in ("ok", "ok-but-kink")

    def picture(self, rows=12, columns=40):
        """Where the error sits: the last two axes, the first slices of the others."""
        if self.marks is None or self.marks.size < 2 or self.ok:
            return ""
        marks = self.marks.reshape(-1, self.marks.shape[-1])
        lines = [" ".join(row[:columns]) for row in marks[:rows]]
        if marks.shape[0] > rows or marks.shape[1] > columns:
            lines.append(f"(the first of {marks.shape[0]} x {marks.shape[1]})")
        return "\n".join(lines)

    def numbers(self, most=4):
        """The worst entries, in three columns."""
        if self.ok or self.error is None or not self.error.size:
            return ""
        order = np.argsort(-np.nan_to_num(self.error.ravel(), nan=np.inf))
        lines = [f"{'entry':14} {'yours':>12} {'right':>12}"]
        for k in order[:most]:
            at = np.unravel_index(k, self.error.shape)
            if self.marks[at] != ".":
                yours, right = short(self.yours[at]), short(self.right[at])
                lines.append(f"{index(at):14} {yours:>12} {right:>12}")
        return "\n".join(lines) if len(lines) > 1 else ""

    def __str__(self):
        first, *others = self.findings
        about = f", gradient of {first.argument}" if first.argument else ""
        parts = ["\n".join([f"{first.code}{about}", *first.lines()])]
        parts += [self.numbers(), self.picture()]
        also = [f"also   {hit.code}: {hit.evidence}" for hit in others]
        also += [f"note   {note}" for note in self.notes]
        parts.append("\n".join(wrapped(text, 7) for text in also))
        return "\n\n".join(part for part in parts if part)


def short(value):
    """A number in at most six digits."""
    if isinstance(value, complex | np.complexfloating):
        return f"{complex(value):.4g}"
    return f"{float(value) + 0.0:.6g}"


def wrapped(text, indent=0):
    """Lines of at most 76 columns; what follows the first is indented."""
    return textwrap.fill(
        text,
        76,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def index(at):
    return "[" + ", ".join(str(int(i)) for i in at) + "]"


def listed(values, most=6):
    values = np.ravel(values)
    values = np.where(np.abs(values) < 1e-9 * np.abs(values).max(), 0, values)
    said = [short(v) for v in values[:most]]
    return ", ".join(said) + (", ..." if np.size(values) > most else "")


def counted(n, one, many=None):
    return f"{n} {one if n == 1 else many or one + 's'}"


def entries(n):
    return counted(int(n), "entry", "entries")


# --- 2. Calling what the reader gave ------------------------------------------


class TroubleError(Exception):
    """What ends an examination early; it carries the finding."""

    def __init__(self, code, evidence, meaning="", hint=""):
        super().__init__(evidence)
        self.finding = Finding(code, evidence, meaning, hint)


def call(who, code, function, *arguments, **named):
    """Call the reader's function; an exception becomes a sentence."""
    try:
        with np.errstate(all="ignore"):
            return function(*arguments, **named)
    except TroubleError:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)[1:]
        line = f", at `{frames[-1].line}`" if frames and frames[-1].line else ""
        shapes = ", ".join(str(np.shape(a)) for a in flatten(arguments))
        raise TroubleError(
            code,
            f"{who} raises {type(error).__name__}: {error}{line}.",
            f"It was called with arguments of the shapes {shapes}.",
            f"Call {who} by hand with these arguments until it returns.",
        ) from None


def flatten(arguments):
    for a in arguments:
        yield from flatten(a) if isinstance(a, tuple | list) else [a]


def as_tuple(value):
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def to_real(arrays):
    """One vector of all entries; a complex entry counts as two."""
    parts = []
    for a in map(np.asarray, arrays):
        halves = (a.real, a.imag) if a.dtype.kind == "c" else (a,)
        parts += [np.ravel(half).astype(np.float64) for half in halves]
    return np.concatenate(parts) if parts else np.zeros(0)


def from_real(vector, like):
    """Cut a vector into arrays like these."""
    arrays, start = [], 0
    for a in map(np.asarray, like):
        made = vector[start : start + a.size].reshape(a.shape)
        start += a.size
        if a.dtype.kind == "c":
            made = made + 1j * vector[start : start + a.size].reshape(a.shape)
            start += a.size
        arrays.append(made)
    return tuple(arrays)


def double(a):
    """A float array in double precision; integers and everything else as it is."""
    a = np.array(a)
    return a.astype(np.result_type(a, np.float64)) if a.dtype.kind in "fc" else a


# --- 3. The right gradient, by differences -----------------------------------


@dataclass
class Slopes:
    """Differences of a vector y by a vector x; row j belongs to entry j of x."""

    slope: np.ndarray  # (entries of x, entries of y)
    error: np.ndarray  # what the slopes may be off by
    y: np.ndarray
    ups: np.ndarray  # f at x + h for each step: (entries of x, steps, entries of y)
    downs: np.ndarray
    widths: np.ndarray  # (entries of x, steps), the distance of the two points

    def or_else(self, other):
        """Take the rows of the other that are surer."""
        surer = other.error.sum(axis=1) < self.error.sum(axis=1)
        for name in ("slope", "error", "ups", "downs", "widths"):
            getattr(self, name)[surer] = getattr(other, name)[surer]
        return self


def differences(value, x, units):
    """Central differences in every entry of x, for several steps, extrapolated.

    value maps a real vector to a real vector.
    """
    y = value(x)
    steps = STEPS if x.size <= 64 else STEPS[1:6]
    ups = np.empty((x.size, steps.size, y.size))
    downs, widths = np.empty_like(ups), np.empty((x.size, steps.size))
    for j, k in np.ndindex(widths.shape):
        up, down = x.copy(), x.copy()
        up[j] += steps[k] * units[j]
        down[j] -= steps[k] * units[j]
        ups[j, k], downs[j, k] = value(up), value(down)
        widths[j, k] = up[j] - down[j] if np.isfinite(x[j]) else 1.0
    with np.errstate(all="ignore"):
        slope, error = extrapolate(ups, downs, widths[..., None])
    return Slopes(slope, error, y, ups, downs, widths)


def extrapolate(ups, downs, widths):
    """Richardson: of the table in h^2, keep the entry that its neighbours confirm."""
    column = (ups - downs) / widths
    noise = 4 * EPS * np.maximum(np.abs(ups), np.abs(downs)) / widths
    best, least = column[:, -1], np.full(column[:, -1].shape, np.inf)
    for order in range(1, 5):
        coarse, fine = column[:, :-1], column[:, 1:]
        column = fine + (fine - coarse) / (4.0**order - 1)
        noise = np.maximum(noise[:, :-1], noise[:, 1:])
        error = np.maximum(np.abs(column - fine), np.abs(column - coarse)) + noise
        error[~np.isfinite(error)] = np.inf
        k = error.argmin(axis=1)[:, None]
        found, its_error = (np.take_along_axis(a, k, 1)[:, 0] for a in (column, error))
        better = its_error < least
        best, least = np.where(better, found, best), np.where(better, its_error, least)
    return best, least


def scales(x):
    """The unit in which each entry is moved: 1, unless the numbers are far from it."""
    reach = np.abs(x[np.isfinite(x)]).max(initial=0.0)
    unit = min(1.0, reach) or 1.0
    far = np.where(np.isfinite(x), np.abs(x), 1.0) / 2**20
    return np.maximum(unit, far)


# --- 4. The exam: all that the tests look at ----------------------------------


class Exam:
    """One backward pass at one input, with the numbers that the tests share."""

    def __init__(self, f, f_vjp, x, held, wrt=0, y_bar=None, **more):
        self.f, self.f_vjp, self.x, self.held, self.wrt = f, f_vjp, x, held, wrt
        self.more = more
        self.context, self.terms = more.get("context") or {}, more.get("terms")
        self.notes = []
        self.rng = np.random.default_rng((more.get("seed", 0), 1729))
        self.y = self.value(x)
        self.single = not isinstance(self.y, tuple)
        self.g = self.upstream() if y_bar is None else self.given(y_bar)

    # -- the two functions

    def value(self, x):
        y = call("f", "forward-raises", self.f, *map(np.array, x), **self.kept())
        for part in as_tuple(y):
            if np.asarray(part).dtype.kind not in "fciub":
                raise TroubleError(
                    "bad-input",
                    f"f returns {type(part).__name__}, which is not an array of "
                    "numbers.",
                    hint="Return the value alone: an array, or a tuple of arrays. A "
                    "function that returns (y, pullback) goes through from_pullback.",
                )
        return tuple(map(np.asarray, y)) if isinstance(y, tuple) else np.asarray(y)

    def kept(self):
        """The held arguments; copies, so that no call spoils the next."""
        return {
            name: v.copy() if isinstance(v, np.ndarray) else v
            for name, v in self.held.items()
        }

    def given(self, y_bar):
        y, y_bar = as_tuple(self.y), as_tuple(y_bar)
        shapes = [[np.shape(a) for a in arrays] for arrays in (y_bar, y)]
        if shapes[0] != shapes[1]:
            raise TroubleError(
                "bad-input",
                f"y_bar has the shapes {shapes[0]}, and f returns {shapes[1]}.",
                hint="Give y_bar the shape of y, or leave it out.",
            )
        if not all(np.asarray(a).dtype.kind in "fciub" for a in y_bar):
            raise TroubleError("bad-input", "y_bar does not hold numbers.")
        if not np.isfinite(to_real(y_bar)).all():
            raise TroubleError("bad-input", "y_bar holds NaN or infinity.")
        return to_real(y_bar)

    def upstream(self):
        """Random, not uniform, of non-zero mean; 0 where the value is not finite."""
        y = to_real(as_tuple(self.y))
        return np.where(np.isfinite(y), 0.5 + self.rng.normal(size=y.size), 0.0)

    def shape_upstream(self, g):
        parts = from_real(g, as_tuple(self.y))
        return parts[0] if self.single else parts

    def raw_pull(self, y_bar, x=None):
        x = self.x if x is None else x
        return call(
            "f_vjp",
            "backward-raises",
            self.f_vjp,
            y_bar,
            *map(np.array, x),
            **self.kept(),
        )

    def pull(self, g):
        """The reader's gradient of x[wrt] for the upstream g, a real vector."""
        return self.chosen(self.raw_pull(self.shape_upstream(g)))

    def chosen(self, answer):
        if isinstance(answer, tuple | list):
            if len(answer) not in (1, len(self.x)):
                raise TroubleError(
                    "bad-input",
                    f"f_vjp returns {counted(len(answer), 'gradient')} for "
                    f"{counted(len(self.x), 'argument')}.",
                    hint="Return the gradient of x[wrt] alone, as an array (a list "
                    "counts as several), or one for each argument, in their order.",
                )
            answer = answer[self.wrt if len(answer) > 1 else 0]
        a = np.array(answer)  # a copy: the next call may overwrite it
        if a.dtype.kind not in "fciub":
            what = "None" if answer is None else f"a {type(answer).__name__}"
            raise TroubleError(
                "bad-input",
                f"f_vjp returns {what} for {self.name}, not an array of numbers.",
                hint="Return an array of the shape of the argument. A missing "
                "`return` gives None.",
            )
        return a if a.dtype.kind in "fc" else a.astype(np.float64)

    # -- other inputs

    def moved(self, point):
        """The arguments with x[wrt] replaced."""
        return (*self.x[: self.wrt], point, *self.x[self.wrt + 1 :])

    def projected(self, x):
        """<y_bar, f(x)>; outputs that are not finite carry no upstream."""
        y = to_real(as_tuple(self.value(x)))
        return self.g @ np.where(self.g != 0, y, 0.0)

    def along(self, way):
        """The slope of <y_bar, f> along a direction."""
        h = 1e-3 * scales(self.point).min()
        wide, narrow = (
            (
                self.projected(self.moved(self.point + s * way))
                - self.projected(self.moved(self.point - s * way))
            )
            / (2 * s)
            for s in (h, h / 2)
        )
        return (4 * narrow - wide) / 3

    @property
    def fixed(self):
        """A bare array was given: it cannot be asked again."""
        return getattr(self.f_vjp, "fixed", False)

    # -- names

    @cached_property
    def names(self):
        """The names of the arguments, from f's signature where it has them."""
        try:
            found = [
                p.name
                for p in inspect.signature(self.f).parameters.values()
                if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
            ]
        except (TypeError, ValueError):
            found = []
        enough = len(found) >= len(self.x)
        return [found[i] if enough else f"x[{i}]" for i in range(len(self.x))]

    @property
    def name(self):
        return self.names[self.wrt]

    @property
    def point(self):
        return self.x[self.wrt]

    # -- the numbers

    @cached_property
    def a(self):
        return self.pull(self.g)

    @cached_property
    def measured(self):
        """Differences of every output, or of <y_bar, y> alone where y is large."""
        start = to_real([self.point])
        whole = start.size * self.g.size <= LARGEST_JACOBIAN
        finite = np.isfinite(to_real(as_tuple(self.y)))

        def value(vector):
            x = list(self.x)
            (x[self.wrt],) = from_real(vector, [self.point])
            y = to_real(as_tuple(self.value(tuple(x))))
            y = np.where(finite, y, 0.0) if y.size == finite.size else y
            return y if whole else np.array([self.g @ y])

        units = scales(start)
        found = differences(value, start, units)
        weights = self.g if whole else np.ones(1)
        unsure = found.error @ np.abs(weights)
        size = np.abs(found.slope @ weights)
        near = (start != 0) & (np.abs(start) < units)  # a pole at 0, say log's?
        if (near & ~(unsure < 1e-8 * size.max(initial=0.0))).any():
            closer = np.where(near, np.abs(start), units)
            found = found.or_else(differences(value, start, closer))
        return found, weights

    @property
    def slopes(self):
        return self.measured[0]

    @property
    def weights(self):
        """What contracts the measured outputs: y_bar, or (1,) where it is done."""
        return self.measured[1]

    @cached_property
    def jacobian(self):
        """(entries of x, entries of y), or None where it would be too large."""
        return self.slopes.slope if self.weights is self.g else None

    def as_point(self, vector):
        return from_real(vector, [self.point])[0]

    @cached_property
    def n(self):
        """The right gradient."""
        return self.as_point(self.slopes.slope @ self.weights)

    @cached_property
    def noise(self):
        """What the differences may be off by."""
        return np.abs(self.as_point(self.slopes.error @ np.abs(self.weights)))

    @cached_property
    def one_sided(self):
        """Slopes to the left and to the right, (entries of x, steps)."""
        s = self.slopes
        with np.errstate(all="ignore"):
            left = 2 * ((s.y - s.downs) @ self.weights) / s.widths
            right = 2 * ((s.ups - s.y) @ self.weights) / s.widths
        return left, right

    @cached_property
    def kinks(self):
        """Where left and right slopes differ, and go on differing as h falls."""
        left, right = self.one_sided
        n = to_real([self.n])
        rounding = EPS * np.abs(self.slopes.y) @ np.abs(self.weights)
        with np.errstate(all="ignore"):
            gap = np.abs(right - left)
            size = np.maximum(np.abs(right[:, -1]), np.abs(left[:, -1]))
            size = np.maximum(size, np.abs(n[np.isfinite(n)]).max(initial=0.0))
            least = np.maximum(1e-4 * size, 100 * rounding / self.slopes.widths[:, -1])
            # Two halvings of h take a smooth gap to a quarter.
            kinked = (gap[:, -1] > 0.6 * gap[:, -3]) & (gap[:, -1] > least)
        kinked |= ~np.isfinite(n)
        return self.jumps | (np.abs(self.as_point(kinked.astype(float))) > 0)

    @cached_property
    def jumps(self):
        """Where the slope grows as 1/h: f jumps there."""
        s = self.slopes
        with np.errstate(all="ignore"):
            steep = np.abs((s.ups - s.downs) @ self.weights) / s.widths
            rounding = EPS * np.abs(s.y) @ np.abs(self.weights) / s.widths[:, -1]
            jumping = steep[:, -1] > np.maximum(3 * steep[:, -3], 1e6 * rounding)
        return np.abs(self.as_point(jumping.astype(float))) > 0

    @property
    def loose(self):
        """How many times more a gradient in less than double precision is allowed."""
        return 100 if self.a.dtype.itemsize < 8 and self.a.dtype.kind == "f" else 1

    @cached_property
    def bar(self):
        """The allowance for each entry."""
        finite = np.abs(self.n[np.isfinite(self.n)])
        noise = np.where(np.isfinite(self.noise), self.noise, 0.0)
        return self.loose * TOLERANCE * finite.max(initial=0.0) + 10 * noise + 1e-300

    def same(self, p, q, stretch=1.0):
        """Whether p agrees with q at every entry without a kink."""
        if np.shape(p) != np.shape(q):
            return False
        return bool((np.abs(p - q) <= stretch * self.bar)[~self.kinks].all())

    @cached_property
    def wrong(self):
        """The entries, kinks apart, at which the gradient is wrong."""
        return ~(np.abs(self.a - self.n) <= self.bar) & ~self.kinks

    @property
    def right(self):
        return not self.wrong.any()

    @cached_property
    def e(self):
        """The residual, 0 at kinks."""
        return np.where(self.kinks, 0.0, self.a - self.n)

    @cached_property
    def own_jacobian(self):
        """The Jacobian that the reader's pullback multiplies with, or None."""
        if self.jacobian is None or self.g.size > 400:
            return None
        rows = [to_real([self.pull(unit)]) for unit in np.eye(self.g.size)]
        return np.array(rows).T.reshape(-1, self.g.size)

    @cached_property
    def known(self):
        """Named arrays of the problem that fit the gradient's shape."""
        named = dict(zip(self.names, self.x, strict=True))
        if self.single:
            named["y"], named["y_bar"] = self.y, self.shape_upstream(self.g)
        named |= {k: v for k, v in self.held.items() if np.ndim(v)} | self.context
        fits = {}
        for name, v in named.items():
            v = np.asarray(v)
            if v.dtype.kind in "fiub" and np.isfinite(v).all() and v.size > 1:
                try:
                    v = np.broadcast_to(v.astype(float), self.n.shape)
                except ValueError:
                    continue
                fits[name] = v
        return fits

    @cached_property
    def elsewhere(self):
        """The same exam at another input of the same shapes, or None."""
        if self.fixed or self.more.get("second"):
            return None
        rng = np.random.default_rng(self.more.get("seed", 0) + 1)
        for move in MOVES:
            try:
                x = tuple(
                    a if a.dtype.kind not in "fc" else move(a, i == self.wrt, rng)
                    for i, a in enumerate(self.x)
                )
                other = Exam(
                    self.f,
                    self.f_vjp,
                    x,
                    self.held,
                    self.wrt,
                    None,
                    **{**self.more, "second": True},
                )
                sizes = [list(map(np.shape, as_tuple(e.y))) for e in (self, other)]
                finite = [np.isfinite(to_real(as_tuple(e.y))) for e in (self, other)]
                usable = sizes[0] == sizes[1] and (finite[1] >= finite[0]).all()
                if usable and other.a.shape == other.n.shape and not other.kinks.all():
                    return other
            except (TroubleError, ValueError):
                continue
        return None

    @cached_property
    def again(self):
        """The same exam with another upstream."""
        more = {**self.more, "second": True, "seed": self.more.get("seed", 0) + 1}
        return Exam(self.f, self.f_vjp, self.x, self.held, self.wrt, **more)


def shuffled(a, chosen, rng):
    """Other places for the entries of x[wrt], and every number a little smaller."""
    keep_symmetric(a)
    moved = rng.permutation(a.ravel()).reshape(a.shape) if chosen else a
    return moved * (1 - 0.2 * rng.random(a.shape))


def nudged(a, chosen, rng):
    keep_symmetric(a)
    return a * (1 - 0.1 * rng.random(a.shape))


def grown(a, chosen, rng):
    keep_symmetric(a)
    return a * (1 + 0.2 * rng.random(a.shape))


def scaled(a, chosen, rng):
    return 1.25 * a if chosen else a


def keep_symmetric(a):
    if is_symmetric(a):
        raise ValueError("a symmetric argument stays symmetric: see scaled")


def is_symmetric(a):
    square = a.ndim >= 2 and a.shape[-1] == a.shape[-2] and a.shape[-1] > 1
    return square and np.allclose(a, a.swapaxes(-1, -2))


MOVES = (shuffled, nudged, grown, scaled)


# --- 5. Tools of the tests ----------------------------------------------------


def multiple(exam, p, v, axis=None, least=3):
    """k with p = k v: one number, or one for each slice along an axis; or None.

    least: the entries that must be explained beyond the numbers that are fitted.
    """
    use = ~exam.kinks & (np.abs(v) > 0)
    with np.errstate(all="ignore"):
        top = np.where(use, p * np.conj(v), 0.0).sum(axis=axis, keepdims=True)
        below = np.where(use, np.abs(v) ** 2, 0.0).sum(axis=axis, keepdims=True)
        k = np.where(below > 0, top / below, 0.0)
        close = np.abs(p - k * v) <= np.maximum(1, np.abs(k)) * exam.bar
    if not close[~exam.kinks].all() or not np.any(np.abs(p) > exam.bar):
        return None
    if use.sum() - (below > 0).sum() < least:
        return None
    return k if axis is not None else k.ravel()[0]


NUMBERS = {
    "-1": -1.0,
    "2": 2.0,
    "1/2": 0.5,
    "3": 3.0,
    "1/3": 1 / 3,
    "4": 4.0,
    "1/4": 0.25,
    "ln 2": math.log(2),
    "1/ln 2": 1 / math.log(2),
    "ln 10": math.log(10),
    "1/ln 10": 1 / math.log(10),
    "pi": math.pi,
    "2 pi": 2 * math.pi,
}
OF_ONE_SIZE = {
    "{0}": lambda n: n,
    "1/{0}": lambda n: 1 / n,
    "sqrt({0})": lambda n: n**0.5,
    "1/sqrt({0})": lambda n: n**-0.5,
    "{0}/({0} - 1)": lambda n: n / (n - 1),
    "({0} - 1)/{0}": lambda n: (n - 1) / n,
    "sqrt(({0} - 1)/{0})": lambda n: ((n - 1) / n) ** 0.5,
    "sqrt({0}/({0} - 1))": lambda n: (n / (n - 1)) ** 0.5,
}
OF_ONE_NUMBER = {
    "{0}": lambda v: v,
    "1/{0}": lambda v: 1 / v,
    "1 - {0}": lambda v: 1 - v,
    "1/(1 - {0})": lambda v: 1 / (1 - v),
    "sqrt({0})": lambda v: v**0.5,
    "{0}^2": lambda v: v * v,
    "2 {0}": lambda v: 2 * v,
    "{0}/2": lambda v: v / 2,
}


def sizes(exam):
    """The named sizes: those given, or else the axes of the arrays."""
    if exam.more.get("dims"):
        return dict(exam.more["dims"])
    arrays = dict(zip(exam.names, exam.x, strict=True))
    if exam.single:
        arrays["y"] = exam.y
    found = {}
    for name, a in arrays.items():
        for axis, n in enumerate(np.shape(a)):
            if n not in found.values():
                found[f"the size of axis {axis} of {name}"] = n
        total = f"the number of entries of {name}"
        if np.ndim(a) > 1 and np.size(a) not in found.values():
            found[total] = np.size(a)
    return found


def candidates(exam):
    """{name: number}: what a factor may be called here."""
    named = dict(NUMBERS)
    scalars = {**exam.held, **exam.context}
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, v in scalars.items():
            if isinstance(v, int | float) and not isinstance(v, bool) and v > 0:
                for text, of in OF_ONE_NUMBER.items():
                    if v != 1:
                        named[text.format(name)] = of(v)
        for name, n in sizes(exam).items():
            if n > 1:
                for text, of in OF_ONE_SIZE.items():
                    named[text.format(name)] = of(n)
        pairs = sizes(exam).items() if exam.more.get("dims") else ()
        for (one, n), (two, m) in itertools.combinations(pairs, 2):
            if n > 1 and m > 1:
                named[f"{one} * {two}"] = n * m
                named[f"1/({one} * {two})"] = 1 / (n * m)
    for name, number in list(named.items()):
        named.setdefault(f"-{name}" if number > 0 else name[1:], -number)
    return {k: v for k, v in named.items() if np.isfinite(v) and v not in (0, 1)}


def called(exam, k):
    """The names that a factor may have beside its digits, most familiar first."""
    named = candidates(exam).items()
    fits = [name for name, value in named if abs(k - value) < 1e-5 * abs(k)]
    if not exam.more.get("dims") and any(name in NUMBERS for name in fits):
        # 2 is 2, not the root of an axis of 4.
        fits = [n for n in fits if not any(part in n for part in ("sqrt", " - 1", "*"))]
    return [name for name in fits if name != short(np.real(k))]


def resized(exam):
    """Exams with one named size larger by one, where the caller says how."""
    remake, dims = exam.more.get("remake"), exam.more.get("dims")
    if not remake or not dims:
        return
    for name in dims:
        larger = {**dims, name: dims[name] + 1}
        made = as_tuple(call("remake", "bad-input", remake, **larger))
        x, held = made if isinstance(made[-1], dict) and len(made) == 2 else (made, {})
        x = tuple(double(a) for a in as_tuple(x))
        if len(x) != len(exam.x) or any(a.dtype.kind == "O" for a in x):
            raise TroubleError(
                "bad-input",
                f"remake returns {counted(len(x), 'thing')}, and f takes "
                f"{counted(len(exam.x), 'array')}.",
                hint="Return a tuple with the arguments of f in their order; or that "
                "and a dict of held ones.",
            )
        more = {**exam.more, "dims": larger, "second": True}
        yield Exam(exam.f, exam.f_vjp, x, {**exam.held, **held}, exam.wrt, None, **more)


def follow(exam, names):
    """Keep the names that still fit when the sizes change."""
    for other in resized(exam):
        if other.a.shape != other.n.shape:
            return names
        k = multiple(other, other.a, other.n, least=0)
        names = [] if k is None else [n for n in names if n in called(other, k)]
    return names


def variants(named):
    """{text: array}: each known array, and what is commonly made of it."""
    out = {}
    makers = {
        "{0}": lambda v: v,
        "1/{0}": lambda v: 1 / v,
        "1 - {0}": lambda v: 1 - v,
        "2 {0}": lambda v: 2 * v,
        "{0}/2": lambda v: v / 2,
        "{0}^2": lambda v: v * v,
        "1/{0}^2": lambda v: 1 / (v * v),
        "{0}^3": lambda v: v**3,
        "1/{0}^3": lambda v: 1 / v**3,
        "sqrt({0})": np.sqrt,
        "1/sqrt({0})": lambda v: 1 / np.sqrt(v),
        "{0} (1 - {0})": lambda v: v * (1 - v),
        "1/({0} (1 - {0}))": lambda v: 1 / (v * (1 - v)),
        "1 - {0}^2": lambda v: 1 - v * v,
        "1/(1 - {0}^2)": lambda v: 1 / (1 - v * v),
        "1/(1 - {0})": lambda v: 1 / (1 - v),
        "exp({0})": np.exp,
        "exp(-{0})": lambda v: np.exp(-v),
        "sign({0})": np.sign,
        "sin({0})": np.sin,
        "cos({0})": np.cos,
    }
    for text, make in makers.items():
        for name, v in named.items():
            with np.errstate(all="ignore"):
                out[text.format(name)] = make(v)
    return out


def statistics(exam):
    """Mean, variance, standard deviation, sum and norm of the argument, by axis."""
    x, out = exam.point, {}
    if x.dtype.kind != "f" or not np.isfinite(x).all():
        return {}
    eps = [v for k, v in exam.held.items() if k.startswith("eps") and np.ndim(v) == 0]
    for axis in range(x.ndim):
        if x.shape[axis] < 2:
            continue
        over = {"axis": axis, "keepdims": True}
        tail = f" of {exam.name} along axis {axis}"
        made = {
            "std": x.std(**over),
            "var": x.var(**over),
            "mean": x.mean(**over),
            "sum": x.sum(**over),
            "norm": np.sqrt((x * x).sum(**over)),
        }
        for number in eps:
            made["sqrt(var + eps)"] = np.sqrt(x.var(**over) + number)
            made["rms"] = np.sqrt((x * x).mean(**over) + number)
        out |= {f"({k}{tail})": np.broadcast_to(v, x.shape) for k, v in made.items()}
    return out


def integer_arrays(exam):
    """{name: indices}: held, in the context, or among the arguments."""
    named = dict(zip(exam.names, exam.x, strict=True)) | exam.held | exam.context
    arrays = {k: np.asarray(v) for k, v in named.items() if np.ndim(v)}
    return {k: v for k, v in arrays.items() if v.dtype.kind in "iu" and v.size > 1}


def mixing_axes(jacobian, error, shape):
    """The axes along which some output depends on an entry of another index."""
    large = np.abs(jacobian) > 1e-6 * np.abs(jacobian).max(initial=0.0) + 10 * error
    i, j = np.nonzero(large)
    places = np.indices(shape).reshape(len(shape), -1)
    return tuple(k for k in range(len(shape)) if (places[k, i] != places[k, j]).any())


def axes_said(axes):
    if not axes:
        return "no axis"
    return ("axis " if len(axes) == 1 else "axes ") + " and ".join(map(str, axes))


def upstream_moves(y_bar):
    """(code, text, array): the upstream with its entries in other places."""
    for axis in range(y_bar.ndim):
        if y_bar.shape[axis] > 1:
            yield "flipped", f"reversed along axis {axis}", np.flip(y_bar, axis)
    if y_bar.ndim > 1:
        yield "flipped", "reversed along every axis", np.flip(y_bar)
    for order in list(itertools.permutations(range(y_bar.ndim)))[1:24]:
        moved = y_bar.transpose(order)
        if moved.shape == y_bar.shape:
            yield "transposed", f"with its axes in the order {order}", moved
    for axis, by in itertools.product(range(y_bar.ndim), (1, -1)):
        if y_bar.shape[axis] > 2:
            rolled = np.roll(y_bar, by, axis)
            yield "shifted", f"shifted by {by} along axis {axis}, wrapped", rolled
            cut = rolled.copy()
            edge = [slice(None)] * y_bar.ndim
            edge[axis] = 0 if by == 1 else -1
            cut[tuple(edge)] = 0
            yield "shifted", f"shifted by {by} along axis {axis}", cut


# --- 6. The tests, in order: hygiene ------------------------------------------
# Each takes an exam and returns a Finding, or None where it has nothing to say.


def forward_is_random(exam):
    again = exam.value(exam.x)
    one, two = to_real(as_tuple(exam.y)), to_real(as_tuple(again))
    if one.size == two.size and np.array_equal(one, two, equal_nan=True):
        return None
    gap = np.abs(one - two).max() if one.size == two.size else np.inf
    return Finding(
        "nondeterministic-forward",
        f"f was called twice with the same input and its values differ by up to "
        f"{short(gap)}.",
        "No difference of f means anything while f draws new numbers, as dropout does.",
        "Draw the mask once, outside, and pass it to f and f_vjp as a keyword.",
    )


def somebody_writes(exam):
    """f or f_vjp writes into an argument, or f_vjp into its upstream."""
    y_bar = exam.shape_upstream(exam.g.copy())
    before_g = to_real(as_tuple(y_bar))
    for who in ("f", "f_vjp"):
        x, held = tuple(map(np.array, exam.x)), exam.kept()
        if who == "f":
            call(who, "forward-raises", exam.f, *x, **held)
        else:
            call(who, "backward-raises", exam.f_vjp, y_bar, *x, **held)
        for name, now, was in zip(exam.names, x, exam.x, strict=True):
            if now.tobytes() != was.tobytes():
                return Finding(
                    "mutates-input",
                    f"{who} changed its argument {name}.",
                    "The second call sees another input than the first, so forward, "
                    "backward and differences are not about the same point.",
                    f"Replace the in-place operation on {name} (+=, [...] =, out=) by "
                    "one that makes a new array, or copy first.",
                )
    if not np.array_equal(before_g, to_real(as_tuple(y_bar)), equal_nan=True):
        return Finding(
            "mutates-upstream",
            "f_vjp changed y_bar, the gradient that was handed to it.",
            "Another branch of the graph may still need that array; its gradient "
            "becomes wrong, and yours looks right.",
            "Copy y_bar before you write into it.",
        )
    return None


def backward_remembers(exam):
    first, second = exam.pull(exam.g), exam.pull(exam.g)
    if first.shape == second.shape:
        if np.array_equal(first, second, equal_nan=True):
            return None
        with np.errstate(all="ignore"):
            same = np.abs(first - second) <= 1e-12 * np.abs(first).max(initial=0.0)
        if same.all():
            return None  # rounding: a parallel sum
        grows = np.allclose(second - first, exam.pull(exam.g) - second)
    else:
        grows = False
    return Finding(
        "stateful-accumulation",
        "f_vjp was called twice with the same arguments and "
        + (
            "the second answer is the first plus one more gradient."
            if grows
            else "answered differently."
        ),
        "It keeps something between calls: a gradient that is added to, or numbers "
        "drawn anew.",
        "Start from zeros in every call; clear the stored gradient before a check.",
    )


def shape_is_wrong(exam):
    a, n = exam.a, exam.n
    if a.shape == n.shape:
        return None
    for look in (only_reshaped, summed_too_little, axes_reordered, summed_too_much):
        if found := look(exam, a, n):
            return found
    return Finding(
        "shape",
        f"Your gradient has the shape {a.shape}; {exam.name} has {n.shape}.",
        "A gradient has one entry for each entry of its argument.",
        "Write down the shape of every factor of the last line of f_vjp.",
    )


def close(exam, p):
    """Whether p, reshaped, is the right gradient."""
    return p.size == exam.n.size and exam.same(p.reshape(exam.n.shape), exam.n)


def only_reshaped(exam, a, n):
    """The values are right; the shape is not."""
    if close(exam, a):
        return Finding(
            "shape-only",
            f"The values are right, but the shape is {a.shape} and not {n.shape}.",
            "Adding such an array to another broadcasts in silence, and the mistake "
            "shows up far from here.",
            "Keep the axes (keepdims=True), or reshape to the argument's shape.",
        )
    return None


def summed_too_little(exam, a, n):
    """The argument was broadcast, or shared by a group, and nobody summed."""
    for many in range(1, a.ndim + 1):
        for axes in itertools.combinations(range(a.ndim), many):
            if close(exam, a.sum(axis=axes)):
                return unsummed(exam, f"over {axes_said(axes)}")
    for axis in range(min(a.ndim, n.ndim)):
        group, rest = divmod(a.shape[axis], max(n.shape[axis], 1))
        if group > 1 and not rest:
            kept, inner = a.shape[:axis], a.shape[axis + 1 :]
            for order, at in (((-1, group), 1), ((group, -1), 0)):
                split = a.reshape(*kept, *order, *inner)
                if close(exam, split.sum(axis=axis + at)):
                    said = f"over the {group} members of each group of axis {axis}"
                    return unsummed(exam, said)
    return None


def unsummed(exam, over):
    return Finding(
        "missing-unbroadcast-sum",
        f"Your gradient has the shape {exam.a.shape}; summed {over} it is right, of "
        f"shape {exam.n.shape}.",
        f"{exam.name} was used once for each index there, and the gradient of "
        "something used many times is the sum over its uses.",
        f"Sum {over}; keep an axis of length 1 where the argument has one.",
    )


def axes_reordered(exam, a, n):
    for order in list(itertools.permutations(range(a.ndim)))[1:120]:
        if a.transpose(order).shape == n.shape and exam.same(a.transpose(order), n):
            return transposed(exam, order)
    return None


def transposed(exam, order):
    return Finding(
        "transposed",
        "Your gradient, transposed"
        + (f" to the axes {order}" if len(order) > 2 else "")
        + ", is the right one.",
        "The factors stand in the layout of another convention, or in the wrong order.",
        "Match shapes: a gradient is laid out like its argument. Reverse the product, "
        "(A B)^T = B^T A^T.",
        claim=(order,),
    )


def summed_too_much(exam, a, n):
    for many in range(1, n.ndim + 1):
        for axes in itertools.combinations(range(n.ndim), many):
            total = n.sum(axis=axes)
            spread = exam.bar.sum(axis=axes)
            if total.size == a.size and np.all(
                np.abs(a.reshape(total.shape) - total) <= spread
            ):
                return Finding(
                    "shape",
                    f"Your gradient has the shape {a.shape} and is the right one "
                    f"summed over {axes_said(axes)}.",
                    f"{exam.name} is not shared along {axes_said(axes)}: each entry "
                    "has a gradient of its own.",
                    "Leave that sum out.",
                )
    return None


def not_finite(exam):
    """NaN or infinity where f has a slope."""
    if exam.a.shape != exam.n.shape:
        return None
    left, right = (exam.as_point(side[:, -1]) for side in exam.one_sided)
    slopes = np.isfinite(exam.n) & np.isfinite(left) & np.isfinite(right)
    bad = ~np.isfinite(exam.a) & slopes
    if not bad.any():
        return None
    zero = (exam.point == 0) & slopes
    at = "exactly where the argument is 0" if (zero == bad).all() else ""
    at = at or f"at {entries(bad.sum())}"
    return Finding(
        "nonfinite",
        f"Your gradient is NaN or infinite {at}, where f has finite slopes.",
        "A branch that is not taken is still computed: 0 * inf and 0 / 0 are NaN, and "
        "np.where does not stop them.",
        "Replace the argument by a harmless number before the dangerous operation, as "
        "well as after it: np.where(ok, h(np.where(ok, x, 1)), 0).",
        where=tuple(map(tuple, np.argwhere(bad).tolist())),
    )


# --- 7. Is the check itself at fault? -----------------------------------------


def check_is_at_fault(exam):
    kinds = {np.asarray(part).dtype for part in as_tuple(exam.y)}
    low = [kind for kind in kinds if kind in (np.float16, np.float32, np.complex64)]
    if low and any(a.dtype == np.float64 for a in exam.x):
        return single_precision(f"f gets float64 numbers and returns {low[0]}.")
    return rounds_inside(exam)


def single_precision(evidence):
    return Finding(
        "check-at-fault",
        evidence,
        "Differences of numbers that are rounded to seven digits are mostly rounding "
        "error. They say nothing against a gradient.",
        "Run f in float64 for the check: look for astype, float32 constants and "
        "buffers. Compare the float32 gradient with the float64 one.",
    )


def rounds_inside(exam):
    """A step of 1e-8 gives the slope too, roughly, unless f rounds on its way."""
    if exam.point.dtype.kind != "f" or exam.kinks.all():
        return None
    slopes = np.where(exam.kinks, 0.0, exam.n)
    steepest = np.abs(slopes) >= np.sort(np.abs(slopes), axis=None)[-8:][0]
    way = np.where(steepest, 1e-8 * np.sign(slopes), 0.0) * scales(exam.point)
    up, down = (exam.projected(exam.moved(exam.point + s * way)) for s in (1, -1))
    narrow, wide = (up - down) / 2, (slopes * way).sum()
    rounding = 1e5 * EPS * (np.abs(exam.g) @ np.abs(to_real(as_tuple(exam.y))))
    if not np.abs(narrow - wide) > 0.05 * wide + rounding:
        return None
    return single_precision(
        f"Along one direction a step of 1e-8 changes <y_bar, f> by {short(narrow)}; "
        f"the slope from wider steps says {short(wide)}."
    )


# --- 8. Probing with other upstream gradients ---------------------------------


def all_zero(exam):
    if np.any(exam.a) or not exam.wrong.any():
        return None
    return Finding(
        "all-zero",
        "Your gradient is 0 in every entry, and the right one is not.",
        "Nothing of the upstream arrives: a step function, an integer array, or an "
        "expression such as s * 1 - s, which Python reads as (s * 1) - s.",
        "Print each factor of f_vjp; write s * (1 - s) with its brackets.",
    )


def upstream_ignored(exam):
    if exam.fixed or not np.any(exam.a):
        return None
    if not np.array_equal(exam.pull(2 * exam.g), exam.a, equal_nan=True):
        return None
    ones = exam.jacobian is not None and exam.same(
        exam.a, exam.as_point(exam.jacobian @ np.ones(exam.g.size)), 10
    )
    return Finding(
        "upstream-ignored",
        "Twice the upstream gives the same gradient, not twice the gradient"
        + ("; yours is the one for an upstream of ones." if ones else "."),
        "f_vjp returns the derivative of f itself. The chain rule multiplies it with "
        "what arrives from above.",
        "Multiply by y_bar (dout, grad_output), in the place where it belongs.",
    )


def upstream_as_scalar(exam):
    """The gradient looks at one number made of y_bar."""
    if exam.fixed or exam.g.size < 3 or np.ptp(exam.g) == 0:
        return None
    others = exam.g.copy()
    others[1:] = others[1:][::-1] + 0.25
    looks = (
        (others, "its first entry: all others may change and your gradient stays"),
        (np.roll(exam.g, 1), "its sum or mean: moving its entries changes nothing"),
    )
    for changed, only in looks:
        moves = exam.jacobian is None or not exam.same(
            exam.as_point(exam.jacobian @ changed), exam.n
        )
        if moves and exam.same(exam.pull(changed), exam.a, 1e-3):
            return Finding(
                "upstream-scalar",
                f"Of y_bar, only one number plays a part, {only}.",
                "y_bar has one entry for each entry of y. As a scalar it is right only "
                "where the loss is the plain sum or mean.",
                "Use the whole array y_bar, in its shape.",
            )
    return None


def not_linear_in_upstream(exam):
    if exam.fixed:
        return None
    g, h = exam.g, exam.rng.normal(size=exam.g.size)
    parts = exam.pull(g), exam.pull(h), exam.pull(g + h)
    gap = np.abs(parts[2] - parts[0] - parts[1])
    size = max(np.abs(part).max(initial=0.0) for part in parts)
    loose = 1e-9 if exam.a.dtype.itemsize >= 8 else 1e-4
    if not gap.max(initial=0.0) > loose * size:
        return None
    rest = exam.pull(0 * g)
    if np.any(rest):
        why = f"For y_bar = 0 it is not 0: {listed(rest)}"
        change = "Every term of f_vjp carries y_bar once; find the one without it."
    elif exam.same(1e4 * exam.pull(1e-4 * g), exam.n, 10):
        why = "It is right for a small upstream"
        change = "Do not clip or threshold y_bar inside f_vjp."
    else:
        why = "The gradient for g + h is not the sum of the gradients for g and h"
        change = "Masks and branches depend on x, not on y_bar; y_bar enters once."
    return Finding(
        "not-linear-in-upstream",
        f"{why}; the sum of two upstreams is off by {short(gap.max())}.",
        "A pullback is a linear map of y_bar, whatever f is.",
        change,
    )


# --- 9. The whole array -------------------------------------------------------


def unbroadcast_by_mean(exam):
    """A broadcast argument whose gradient was averaged instead of summed."""
    if not exam.single or exam.point.size >= exam.y.size or not exam.point.size:
        return None
    try:
        np.broadcast_to(exam.point, exam.y.shape)
    except ValueError:
        return None
    k, uses = multiple(exam, exam.a, exam.n, least=0), exam.y.size // exam.point.size
    if k is None or abs(k * uses - 1) > 1e-5:
        return None
    return Finding(
        "unbroadcast-mean",
        f"Your gradient is 1/{uses} of the right one, and {exam.name} of shape "
        f"{exam.point.shape} is used {uses} times in y of shape {exam.y.shape}.",
        "The uses were averaged. Gradients of one thing used many times add up.",
        "Use sum, not mean, over the broadcast axes.",
        claim=(uses,),
    )


def one_slice_only(exam):
    """The gradient is what one index of the upstream contributes."""
    if exam.jacobian is None or not exam.single:
        return None
    y_bar = exam.shape_upstream(exam.g)
    for axis in range(y_bar.ndim):
        for i in (0, -1):
            part = np.zeros_like(y_bar)
            at = [slice(None)] * y_bar.ndim
            at[axis] = i
            part[tuple(at)] = y_bar[tuple(at)]
            if y_bar.shape[axis] > 1 and exam.same(
                exam.as_point(exam.jacobian @ to_real([part])), exam.a
            ):
                which = "first" if i == 0 else "last"
                return Finding(
                    "one-slice-only",
                    f"Your gradient is what the {which} index along axis {axis} of "
                    "y_bar contributes; the others are missing.",
                    "A loop overwrites where it should add, or one index was taken "
                    "where a sum belongs.",
                    "Start from zeros and use +=, or sum over the axis.",
                    claim=(axis, i),
                )
    return None


def constant_factor(exam):
    k = multiple(exam, exam.a, exam.n, least=0)
    alone = exam.elsewhere is None and exam.a.size < 2
    if k is None or alone:
        return None
    claim = (complex(np.round(k, 5)),)
    if abs(k + 1) < 1e-5:
        return Finding(
            "constant-factor",
            "Your gradient is minus the right one, in every entry.",
            "One sign is lost, or one too many.",
            "Look for a - b where b was differentiated, for 1/x and cos, and for a "
            "loss that is target minus output.",
            claim=claim,
        )
    names = follow(exam, called(exam, k))
    size, few = short(k), " or ".join(names[:3])
    means = (
        "One factor is missing, or one too many: a mean taken for a sum, the 2 of a "
        "square, a scale."
    )
    if len(names) > 1 and not exam.more.get("remake"):
        means += " More than one number fits: give sizes that all differ, or remake=."
    return Finding(
        "constant-factor",
        f"Your gradient is {size} times the right one, in every entry"
        + (f"; {size} is {few}." if names else "."),
        means,
        f"Find a factor of {size} that f_vjp has and f has not; or one of "
        f"{short(1 / k)} that f has and f_vjp lost.",
        claim=claim,
    )


def factor_depends_on_point(exam):
    """One factor here and another one elsewhere: a scalar made of the data."""
    other = exam.elsewhere
    here = multiple(exam, exam.a, exam.n, least=1)
    if here is None or other is None:
        return None
    there = multiple(other, other.a, other.n, least=1)
    if there is None or abs(here - there) < 1e-4 * abs(here):
        return None
    return Finding(
        "point-dependent",
        f"Your gradient is {short(here)} times the right one here, and {short(there)} "
        "times at another input.",
        "A scalar factor that is made of the data is missing, or stands there twice.",
        "Look for a norm, a standard deviation, or a weight of one entry.",
    )


def axes_exchanged(exam):
    """The right numbers in other places: transposed, flipped or shifted."""
    a, n = exam.a, exam.n
    if a.size < 3 or np.ptp(np.abs(a)) <= exam.bar.max():
        return None
    for order in list(itertools.permutations(range(n.ndim)))[1:24]:
        moved = n.transpose(order)
        if moved.shape == a.shape and exam.same(a, moved):
            return transposed(exam, order)
    for many in range(1, n.ndim + 1):
        for axes in itertools.combinations(range(n.ndim), many):
            if exam.same(a, np.flip(n, axes)):
                return Finding(
                    "flipped",
                    f"Your gradient, reversed along {axes_said(axes)}, is right.",
                    "Convolution and reversal turn around on the way back.",
                    f"Reverse along {axes_said(axes)}: [::-1], or take the kernel "
                    "unreversed.",
                    claim=axes,
                )
    for axis in range(n.ndim):
        for by in range(1, n.shape[axis]):
            if exam.same(a, np.roll(n, by, axis)):
                return Finding(
                    "shifted",
                    f"Your gradient is the right one shifted by {by} along axis "
                    f"{axis}.",
                    "An offset or a slice starts one place off.",
                    "Check padding, slice bounds and the direction of np.roll.",
                    claim=(axis, by),
                )
    return None


def upstream_out_of_place(exam):
    """The right rule, fed with an upstream in other places."""
    if exam.jacobian is None or not exam.single or exam.g.size < 3:
        return None
    y_bar = exam.shape_upstream(exam.g)
    if y_bar.dtype.kind == "c":
        return None
    for code, text, moved in upstream_moves(y_bar):
        there = exam.as_point(exam.jacobian @ to_real([moved]))
        if exam.same(exam.a, there):
            return Finding(
                code,
                f"Your gradient is the right one for y_bar {text}.",
                "f moves entries, and the way back must undo the move: the reverse of "
                "a shift is the opposite shift, of a permutation its inverse.",
                "Send each entry of y_bar back to where its y came from.",
                claim=(text,),
            )
    return None


def jacobian_not_transposed(exam):
    """J y_bar in place of J^T y_bar, where both have the same shape."""
    j = exam.jacobian
    if j is None or j.shape[0] != j.shape[1] or exam.g.size < 2:
        return None
    if not exam.same(exam.a, exam.as_point(j.T @ exam.g)):
        return None
    return Finding(
        "transposed",
        "Your gradient is J y_bar; the right one is J^T y_bar, with J the Jacobian "
        "of f.",
        "The backward pass multiplies as the forward pass does. A matrix comes back "
        "transposed, a rotation by the opposite angle, a running sum from the end.",
        "Transpose the matrix inside the product (g @ W.T, not g @ W), or turn the "
        "rotation around (minus the sine).",
        claim=("J",),
    )


def passed_through(exam):
    """y_bar comes back as it is, though f is not the identity."""
    if not exam.single or exam.a.shape != exam.y.shape or not exam.a.size:
        return None
    if not exam.same(exam.a, exam.shape_upstream(exam.g)):
        return None
    return Finding(
        "upstream-passed-through",
        "Your gradient is y_bar itself.",
        "That is the backward pass of the identity (or of a sum, for each term). The "
        "derivative of f is missing.",
        f"Multiply y_bar by the derivative of f, taken at {exam.name}.",
    )


def conjugated(exam):
    """Two conventions for complex numbers, both in use."""
    if exam.n.dtype.kind != "c":
        return None
    for scale, said in ((1, "the conjugate of"), (2, "twice the conjugate of")):
        if exam.same(exam.a, scale * exam.n.conj()):
            return Finding(
                "conjugate-convention",
                f"Your gradient is {said} the one here, which pairs as Re sum "
                "conj(x_bar) x_dot.",
                "This is a convention, not an error: JAX returns the conjugate of "
                "what PyTorch returns, and textbooks' d/dz differs by a factor 2.",
                "Say which one you return; conjugate it if you compare with PyTorch.",
                claim=(scale,),
            )
    return None


def symmetric_convention(exam):
    """A symmetric argument: its two halves may be counted in three ways."""
    x, a, n = exam.point, exam.a, exam.n
    if x.dtype.kind != "f" or not is_symmetric(x):
        return None
    across = n.swapaxes(-1, -2)
    diagonal = n * np.eye(x.shape[-1])
    lower = np.tril(np.ones(x.shape[-2:]))
    for name, low in (("lower", lower), ("upper", lower.T)):
        one = a * (1 - low) == 0
        if one.all() and exam.same(a + a.swapaxes(-1, -2), n + across, 4):
            return Finding(
                "triangular-not-symmetrized",
                f"Your gradient fills the {name} triangle, and spread over both "
                "halves it is right.",
                "This is a convention: f reads one triangle, so all of the slope is "
                "booked there. Others book half of it on either side.",
                "Keep it and say so; or return (G + G.T) / 2 where the matrix is "
                "symmetric as a whole.",
                claim=(name,),
            )
        folded = n * low + across * low - diagonal
        if exam.same(a, folded, 4):
            return double_counted(name)
    if exam.same(a, n + across - diagonal, 4):
        return double_counted("both")
    if exam.same(a, (n + across) / 2, 2) and not exam.same(n, across):
        return Finding(
            "symmetrized",
            "Your gradient is the symmetric part of the one for free entries.",
            "This is a convention: entries of a symmetric matrix move in pairs, and "
            "only the symmetric part of a gradient matters.",
            "Keep it where x stays symmetric; leave it out where entries are free.",
        )
    return None


def double_counted(name):
    return Finding(
        "symmetric-double-count",
        "Off the diagonal your gradient is the sum of the two mirrored entries of the "
        "one for free entries; on the diagonal it is the same.",
        "This is a convention, not an error: the slope of moving x_ij and x_ji "
        "together, as in G + G^T - diag(G). For entries that move alone it is G.",
        "For gradient descent and for backpropagation return G; quote the other form "
        "only with the words 'x symmetric'.",
        claim=(name,),
    )


# --- 10. Ratios along axes ----------------------------------------------------


def extra_factor(exam):
    """Entry by entry, the ratio is an array of the problem."""
    use = (np.abs(exam.n) > 1e-3 * np.abs(exam.n).max(initial=0.0)) & ~exam.kinks
    if exam.n.dtype.kind != "f" or exam.a.dtype.kind != "f":
        return None
    with np.errstate(all="ignore"):
        ratio = np.where(use, exam.a / exam.n, np.nan)
    if len(np.unique(np.round(ratio[use], 6))) < 3:
        return None
    for text, v in variants(exam.known | statistics(exam)).items():
        for sign in ("", "-"):
            v = -v if sign else v
            if np.isfinite(v[use]).all() and exam.same(exam.a, v * exam.n):
                return factor_named(exam, sign + text)
    return product_of_two(exam, ratio, use)


def product_of_two(exam, ratio, use):
    """The ratio is a product of two such arrays."""
    named = {
        text: v for text, v in variants(exam.known).items() if np.isfinite(v[use]).all()
    }
    texts = list(named)
    table = np.array([named[text][use] for text in texts])
    for k, (text, row) in enumerate(zip(texts, table, strict=True)):
        with np.errstate(all="ignore"):
            fits = np.abs(table[k:] * row / ratio[use] - 1).max(axis=1) < 1e-6
        for m in np.flatnonzero(fits):
            return factor_named(exam, f"{text} * {texts[k + m]}")
    return None


def factor_named(exam, text):
    return Finding(
        "extra-factor",
        f"Entry by entry, your gradient is the right one times {text}.",
        "A link of the chain is missing, or stands there twice, or is taken of the "
        "wrong array.",
        f"Find where {text} enters f_vjp, or where its reciprocal should.",
        claim=(text,),
    )


def factor_per_axis(exam):
    """One factor for each slice along an axis."""
    if exam.n.ndim < 2:
        return None
    for axis in range(exam.n.ndim):
        if exam.n.shape[axis] < 2:
            continue
        k = multiple(exam, exam.a, exam.n, axis)
        if k is None or np.ptp(np.abs(k)) < 1e-5 * np.abs(k).max():
            continue
        if (np.minimum(np.abs(k), np.abs(k - 1)) < 1e-5).all():
            continue  # slices that are there or not: a matter of where
        others = tuple(i for i in range(exam.n.ndim) if i != axis)
        return Finding(
            "factor-per-axis",
            f"Along axis {axis} your gradient is right up to a factor, one for each "
            f"index of {axes_said(others)}: {listed(k)}.",
            "A number that belongs to the slice is missing or misread: its scale, its "
            "standard deviation for its variance, its length.",
            "Compare these factors with the saved statistics, their squares and their "
            "reciprocals.",
            claim=(axis,),
        )
    return None


# --- 11. Where the error sits -------------------------------------------------


def partial(exam):
    """Some entries are wrong, and some that are not 0 are right."""
    fine = ~exam.wrong & ~exam.kinks
    return exam.wrong.any() and fine.any()


def places(exam, wrong):
    return tuple(map(tuple, np.argwhere(wrong)[:20].tolist()))


def duplicates_overwritten(exam):
    if not partial(exam):
        return None
    for name, idx in integer_arrays(exam).items():
        for axis, n in enumerate(exam.point.shape):
            if idx.min() < -n or idx.max() >= n:
                continue
            count = np.bincount(idx.ravel() % n, minlength=n)
            others = tuple(i for i in range(exam.point.ndim) if i != axis)
            hit = exam.wrong.any(axis=others)
            if (count > 1).any() and np.array_equal(hit, count > 1):
                return Finding(
                    "duplicate-index-overwrite",
                    f"The error sits at the indices {np.flatnonzero(hit).tolist()} of "
                    f"axis {axis}: exactly those that occur more than once in {name}.",
                    "d[idx] += g adds once for each *different* index; the last one "
                    "wins.",
                    f"Use np.add.at(d, {name}, g), which adds for each occurrence.",
                    where=places(exam, exam.wrong),
                    claim=(name, axis),
                )
    return None


def gathered_not_scattered(exam):
    """y_bar[idx] where the transpose of a gather, a scatter-add, belongs."""
    if not exam.single:
        return None
    y_bar = exam.shape_upstream(exam.g)
    for name, idx in integer_arrays(exam).items():
        if y_bar.ndim and idx.min() >= 0 and idx.max() < y_bar.shape[0]:
            gathered = y_bar[idx]
            if gathered.shape == exam.a.shape and exam.same(exam.a, gathered):
                return Finding(
                    "gather-for-scatter",
                    f"Your gradient is y_bar[{name}].",
                    "f gathers; its transpose scatters. Rows that were never chosen "
                    "must get 0, and rows chosen twice the sum.",
                    f"d = np.zeros_like({exam.name}); np.add.at(d, {name}, y_bar).",
                    claim=(name,),
                )
    return None


def error_on_mask(exam):
    if not partial(exam):
        return None
    for name, v in exam.known.items():
        if name in (exam.name, "y", "y_bar") or not np.isin(v, (0, 1)).all():
            continue
        for value in (0, 1):
            chosen = (v == value) & ~exam.kinks
            added = multiple(exam, exam.e, chosen.astype(float), least=0) is not None
            if chosen.any() and not added and np.array_equal(exam.wrong, chosen):
                return Finding(
                    "error-on-mask",
                    f"Your gradient is wrong exactly where {name} is "
                    f"{'true' if value else 'false'}.",
                    "The mask of the forward pass plays no part on the way back, or "
                    "plays it the other way round.",
                    f"Apply {name} to the gradient as f applies it to the value.",
                    where=places(exam, exam.wrong),
                    claim=(name, value),
                )
    return None


def error_by_value(exam):
    """Wrong exactly where the argument is 0, negative or positive."""
    if not partial(exam) or exam.point.dtype.kind == "c":
        return None
    x = exam.point
    for code, text, chosen in (
        ("error-where-x-zero", "0", x == 0),
        ("error-where-x-negative", "negative", x < 0),
        ("error-where-x-positive", "positive", x > 0),
    ):
        chosen = chosen & ~exam.kinks
        enough = chosen.sum() > (0 if text == "0" else 1)  # one sign is chance
        if enough and np.array_equal(exam.wrong, chosen):
            return Finding(
                code,
                f"Your gradient is wrong where {exam.name} is {text}, at "
                f"{entries(chosen.sum())} of {x.size}, and right at all others.",
                "One branch of f has the derivative of another.",
                "Write the derivative of each branch, and test with the comparison "
                "that f uses.",
                where=places(exam, exam.wrong),
            )
    return None


def error_on_triangle(exam):
    """Wrong only on the diagonal, or only on one side of it."""
    if not partial(exam) or exam.n.ndim < 2:
        return None
    i, j = np.indices(exam.n.shape)[-2:]
    if min(exam.n.shape[-2:]) < 3:
        return None
    for code, text, chosen in (
        ("error-on-diagonal", "on the diagonal", i == j),
        ("error-on-triangle", "above the diagonal", i < j),
        ("error-on-triangle", "below the diagonal", i > j),
        ("error-on-triangle", "on and above the diagonal", i <= j),
        ("error-on-triangle", "on and below the diagonal", i >= j),
        ("error-on-diagonal", "off the diagonal", i != j),
    ):
        if np.array_equal(exam.wrong, chosen & ~exam.kinks):
            return Finding(
                code,
                f"Your gradient is wrong exactly {text}.",
                "A triangle or a diagonal is counted twice, left out, or taken from "
                "the other side.",
                "Check tril and triu, their offset k, and the term that belongs to "
                "the diagonal alone.",
                where=places(exam, exam.wrong),
                claim=(text,),
            )
    return None


def error_at_edge(exam):
    """Wrong only in the last indices of an axis, the first, or at both ends."""
    if not partial(exam):
        return None
    for axis, n in enumerate(exam.n.shape):
        others = tuple(i for i in range(exam.n.ndim) if i != axis)
        hit = exam.wrong.any(axis=others)
        first, k = int(hit.argmax()), int(hit.sum())
        full = (exam.wrong | exam.kinks).all(axis=others)
        if n < 3 or k > n // 2 or not full[hit].all():
            continue
        both = hit[0] and hit[-1] and k == 2 and n > 3
        if both or (hit[0] and k == 1):
            ends = "first and the last index" if both else "first index"
            return Finding(
                "error-at-border",
                f"The error sits at the {ends} of axis {axis}, of {n}.",
                "The border has other neighbours than the inside: padding, or a "
                "difference that reaches over the edge.",
                "Write out the sum for the first entry by hand.",
                where=places(exam, exam.wrong),
                claim=(axis, k),
            )
        if first == n - k:
            return Finding(
                "error-in-tail",
                f"The error sits in the last {counted(k, 'index', 'indices')} of "
                f"axis {axis}, of {n}.",
                "What is left over when a loop takes blocks, strides or windows of a "
                f"fixed size; {n} leaves {k} for a block of {n - k}.",
                "Try sizes of one less and one more than the block, and size 1.",
                where=places(exam, exam.wrong),
                claim=(axis, k),
            )
    return None


def diagonal_only(exam):
    """The Jacobians: which entries of y_bar reach which entry of x."""
    if not exam.single or exam.y.shape != exam.point.shape or exam.own_jacobian is None:
        return None
    shape = exam.point.shape
    if exam.n.dtype.kind != "f" or exam.y.dtype.kind not in "fiub" or not shape:
        return None
    true = mixing_axes(exam.jacobian, exam.slopes.error, shape)
    own = mixing_axes(exam.own_jacobian, 0.0, shape)
    if own == true:
        return None
    if not own:
        return Finding(
            "diagonal-only",
            "Each entry of your gradient uses one entry of y_bar, its own; f mixes "
            f"the entries along {axes_said(true)}.",
            "f was differentiated as if it worked entry by entry, y_i of x_i alone. "
            "A sum, a mean or a norm ties the others to it.",
            "Add the terms of i != j: most often minus something times a sum of "
            f"y_bar along {axes_said(true)}.",
            claim=(true,),
        )
    return Finding(
        "wrong-axis",
        f"Your gradient mixes y_bar along {axes_said(own)}; f mixes along "
        f"{axes_said(true)}.",
        "A sum, a mean or a product of the backward pass runs over other axes than "
        "in the forward pass.",
        f"Give every sum and mean of f_vjp the axis of f, {axes_said(true)}, with "
        "keepdims=True; see on which side the matrices stand.",
        claim=(own, true),
    )


# --- 12. The residual ---------------------------------------------------------


def residual_of_known(exam):
    """yours = right + k * an array of the problem: k one number, or one a slice."""
    arrays = {"1": np.ones(exam.n.shape)} | exam.known
    arrays |= {
        text: v
        for text, v in variants(exam.known).items()
        if text.endswith("^2") and not text.startswith("1")
    }
    for axis in (None, *range(exam.n.ndim)):
        for name, v in arrays.items():
            if found := residual_is(exam, name, v, axis):
                return found
    return None


def residual_is(exam, name, v, axis):
    k = multiple(exam, exam.e, v, axis, least=2 if axis is None else 3)
    if k is None or not np.isfinite(v).all():
        return None
    if multiple(exam, exam.n, v, axis, least=0) is not None:
        return None  # the right gradient has that form as well: it says nothing
    if name == "1":
        along = "in every entry" if axis is None else f"along axis {axis}"
        return Finding(
            "residual-constant-along-axis",
            f"Your gradient minus the right one is constant {along}: {listed(k)}.",
            "A term that all entries share is missing, or is there and should not be: "
            "the path through a mean or a sum.",
            "Differentiate the mean (or the sum) as well, and subtract its share.",
            claim=(axis,),
        )
    if axis is None:
        names = called(exam, k) if abs(k - 1) > 1e-5 and abs(k + 1) > 1e-5 else []
        size = short(k) + (f" ({names[0]})" if names else "")
        claim = (name,)
    else:
        size = f"a factor for each slice along axis {axis} ({listed(k)})"
        claim = (name, axis)
    sign = "missing" if axis is None and k.real < 0 else "missing or too many"
    return Finding(
        "residual-is-multiple-of",
        f"Your gradient minus the right one is {name} times {size}.",
        f"A whole term is {sign}: one that is a multiple of {name}.",
        f"Look for the path on which {name} reaches the result: a skip connection, a "
        "penalty, the product with a sum, a target.",
        claim=claim,
    )


def residual_rank_one(exam):
    if exam.n.ndim != 2 or min(exam.n.shape) < 3 or not exam.wrong.all():
        return None

    def rank(m):
        s = np.linalg.svd(m, compute_uv=False)
        return int((s > 1e-6 * s[0] + exam.bar.max()).sum())

    if rank(exam.e) != 1 or rank(exam.n) < 2 or rank(exam.a) < 2:
        return None
    if residual_of_known(exam):
        return None  # that said more
    return Finding(
        "residual-rank-one",
        "Your gradient minus the right one is an outer product u v^T.",
        "A term that is a product of a column and a row is missing or too many.",
        "Look for a product of two sums or of two vectors in the derivation.",
    )


# --- 13. Terms, and other points ----------------------------------------------


def term_coefficients(exam):
    """Least squares on the additive terms of the true rule, if the caller has them."""
    if exam.terms is None:
        return None
    y_bar = exam.shape_upstream(exam.g)
    made = call("terms", "bad-input", exam.terms, y_bar, *exam.x, **exam.kept())
    try:
        named = {k: np.broadcast_to(v, exam.n.shape) for k, v in made.items()}
        named = {k: v.astype(np.result_type(exam.n, 1.0)) for k, v in named.items()}
    except (AttributeError, TypeError, ValueError):
        raise TroubleError(
            "bad-input",
            "terms does not return {name: array}, with arrays that fit the shape "
            f"{exam.n.shape} of {exam.name}.",
        ) from None
    table = np.array([to_real([v]) for v in named.values()]).T
    if np.linalg.matrix_rank(table) < len(named):
        return None
    truth, yours = (
        np.linalg.lstsq(table, to_real([v]), rcond=None)[0] for v in (exam.n, exam.a)
    )
    fits = [
        exam.same(exam.as_point(table @ k), v, 10)
        for k, v in ((truth, exam.n), (yours, exam.a))
    ]
    off = np.abs(truth - yours) > 1e-5 * np.abs(truth).max()
    if not all(fits) or not off.any():
        return None
    said = [
        f"{name}: yours {coefficient(exam, yours[k])}, right "
        f"{short(round(float(truth[k]), 6))}"
        for k, name in enumerate(named)
        if off[k]
    ]
    return Finding(
        "term-coefficient",
        "Written as a sum of its terms, your gradient has other coefficients: "
        + "; ".join(said)
        + ".",
        "0 is a term that was forgotten, 2 one that was counted twice, a negative "
        "number a sign, a size a sum taken for a mean.",
        f"Correct the term {' and the term '.join(np.array(list(named))[off])}.",
        claim=tuple(np.flatnonzero(off).tolist()),
    )


def coefficient(exam, k):
    k = round(float(k), 6) + 0.0
    names = [] if k in (0, 1) else called(exam, k)
    return short(k) + (f" ({names[0]})" if names else "")


def substitutes(exam):
    """(argument, text, x, held): the problem with one argument replaced."""
    for i, v in enumerate(exam.x):
        if v.dtype.kind != "f" or not v.size:
            continue
        for text, other in replacements(exam, i, v):
            x = (*exam.x[:i], other, *exam.x[i + 1 :])
            yield exam.names[i], text, x, exam.held
    for name, v in exam.held.items():
        for text, other in held_replacements(exam, v):
            yield name, text, exam.x, {**exam.held, name: other}


def replacements(exam, i, v):
    """What people use in the place of an array."""
    if exam.single and exam.y.shape == v.shape and exam.y.dtype.kind == "f":
        yield "y", exam.y
    for name, other in zip(exam.names, exam.x, strict=True):
        if other is not v and other.shape == v.shape and other.dtype.kind == "f":
            yield name, other
    with np.errstate(all="ignore"):
        shifted = np.exp(v - v.max(axis=-1, keepdims=True)) if v.ndim else np.exp(v)
        yield "softmax of it", shifted / shifted.sum(axis=-1, keepdims=True)
        yield "its sigmoid", 1 / (1 + np.exp(-v))
        yield "its exponential", np.exp(v)
        yield "ones", np.ones_like(v)
        yield "zeros", np.zeros_like(v)
        yield "its square", v * v
        yield "its square root", np.sqrt(v)
        yield "its reciprocal", 1 / v
        yield "its negative", -v
        yield "1 minus it", 1 - v
        yield "its absolute value", np.abs(v)
        yield "its tanh", np.tanh(v)
    for axis in range(v.ndim):
        if v.shape[axis] > 1:
            yield f"it reversed along axis {axis}", np.flip(v, axis)
    if v.ndim > 1:
        yield "it reversed along every axis", np.flip(v)
        for order in list(itertools.permutations(range(v.ndim)))[1:24]:
            if v.transpose(order).shape == v.shape:
                yield f"it with its axes in the order {order}", v.transpose(order)


def held_replacements(exam, v):
    if isinstance(v, bool | np.bool_):
        yield str(not v), not v
    elif isinstance(v, int | np.integer):
        for other in range(-2, 4):
            if other != v:
                yield str(other), other
    elif isinstance(v, float | np.floating):
        for text, other in (("0", 0.0), ("1", 1.0), ("1 minus it", 1 - v)):
            if other != v:
                yield text, other
        if v:
            yield "its reciprocal", 1 / v
            yield "its square", v * v
            yield "its negative", -v
    elif isinstance(v, np.ndarray) and v.dtype.kind == "b":
        yield "its opposite", ~v
        yield "true everywhere", np.ones_like(v)
    elif isinstance(v, np.ndarray) and v.dtype.kind == "f":
        yield "ones", np.ones_like(v)
        yield "zeros", np.zeros_like(v)
        yield "its reciprocal", 1 / v


def wrong_point(exam):
    """The right rule with one argument replaced by something else."""
    way = exam.rng.normal(size=exam.point.shape)
    if exam.n.dtype.kind != "f" or exam.a.dtype.kind != "f":
        return None
    slope = float((exam.a * way).sum())
    size = float(np.abs(exam.a * way).sum())
    for argument, text, x, held in substitutes(exam):
        more = {**exam.more, "second": True}
        y_bar = exam.shape_upstream(exam.g)
        try:
            there = Exam(exam.f, exam.f_vjp, x, held, exam.wrt, y_bar, **more)
            if not abs(there.along(way) - slope) <= 1e-4 * size:
                continue  # one direction tells most apart, and costs little
            same = exam.same(exam.a, there.n) and not there.kinks.any()
            same = same and telling(exam, argument, text, x, held, way, slope)
        except (TroubleError, ValueError):
            continue
        if same:
            return Finding(
                "wrong-point",
                f"Your gradient is the right one of f with {argument} replaced by "
                f"{text}.",
                "The derivative was taken at another array than the one that went in, "
                "or a factor was left out.",
                f"Look where {argument} enters f_vjp: is it the array of the forward "
                "pass?",
                claim=(argument, text),
            )
    return None


def telling(exam, argument, text, x, held, way, slope):
    """Whether another array in that place would have given another gradient.

    Where only signs or shapes matter, softmax(x) fits as well as exp(x) does.
    """
    if argument not in exam.names or "axis" in text or "axes" in text:
        return True
    i = exam.names.index(argument)
    if text == "its negative":
        return True
    near = (*x[:i], x[i] + 0.05 * exam.rng.random(x[i].shape), *x[i + 1 :])
    y_bar = exam.shape_upstream(exam.g)
    there = Exam(exam.f, exam.f_vjp, near, held, exam.wrt, y_bar, **exam.more)
    return abs(there.along(way) - slope) > 1e-6 * np.abs(slope)


def point_dependent(exam):
    """Wrong here and right elsewhere."""
    other = exam.elsewhere
    if other is None or not other.right:
        return None
    return Finding(
        "point-dependent",
        "Your gradient is wrong at this input and right at another one.",
        "A branch, a tie, a zero or a special value of this input is treated wrongly.",
        "Compare the two inputs: equal entries, zeros, signs, lengths of 1.",
        where=places(exam, exam.wrong),
    )


# --- 14. Fingerprints: edits of a right backward pass --------------------------

OTHER_CALLS = {
    "sum": "mean",
    "mean": "sum",
    "max": "min",
    "min": "max",
    "argmax": "argmin",
    "argmin": "argmax",
    "maximum": "minimum",
    "minimum": "maximum",
    "sin": "cos",
    "cos": "sin",
    "sinh": "cosh",
    "cosh": "sinh",
    "tril": "triu",
    "triu": "tril",
    "zeros_like": "ones_like",
    "ones_like": "zeros_like",
    "cumsum": "cumprod",
}
OTHER_OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
}
SIGNS = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.MatMult: "@",
    ast.Pow: "**",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


@dataclass
class Edit:
    """Put `new` in the place of one node of the reference."""

    owner: ast.AST
    place: str
    position: int | None
    new: ast.AST
    said: str
    line: int

    def swap(self):
        """Put the new node in, and keep the old one for the way back."""
        holder = getattr(self.owner, self.place)
        if self.position is None:
            setattr(self.owner, self.place, self.new)
            self.new = holder
        else:
            self.new, holder[self.position] = holder[self.position], self.new


def sign(op):
    return SIGNS.get(type(op), "?")


def edits_of_binary(node):
    left, right = ast.unparse(node.left), ast.unparse(node.right)
    op = sign(node.op)
    yield node.left, f"`{op} {right}` dropped"
    yield node.right, f"`{left} {op}` dropped"
    for other in OTHER_OPERATORS.get(type(node.op), []):
        new = ast.BinOp(node.left, other(), node.right)
        yield new, f"`{sign(other())}` for `{op}` in `{ast.unparse(node)}`"
    if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        new = ast.BinOp(node.right, node.op, node.left)
        yield new, f"operands swapped in `{ast.unparse(node)}`"
    if isinstance(node.op, ast.MatMult):
        for name, one, two in (
            (left, ast.Attribute(node.left, "mT", ast.Load()), node.right),
            (right, node.left, ast.Attribute(node.right, "mT", ast.Load())),
        ):
            if not name.endswith("T"):  # that one is dropped below
                yield ast.BinOp(one, node.op, two), f"`{name}` transposed"


def edits_of_unary(node):
    yield node.operand, f"sign dropped in `{ast.unparse(node)}`"


def edits_of_attribute(node):
    if node.attr in ("T", "mT", "real"):
        yield node.value, f"`.{node.attr}` dropped"
    if node.attr in OTHER_CALLS:
        other = OTHER_CALLS[node.attr]
        new = ast.Attribute(node.value, other, node.ctx)
        yield new, f"`{other}` for `{node.attr}`"


def edits_of_call(node):
    method = isinstance(node.func, ast.Attribute)
    library = method and ast.unparse(node.func.value).split(".")[0] == "np"
    name = node.func.attr if method else ast.unparse(node.func)
    if method and not library:
        yield node.func.value, f"`.{name}(...)` dropped"
    elif node.args and not isinstance(node.args[0], ast.Starred):
        yield node.args[0], f"`{ast.unparse(node.func)}(...)` dropped"
    if len(node.args) >= 2 and name in ("matmul", "dot", "outer", "subtract", "divide"):
        new = ast.Call(node.func, [*node.args[1::-1], *node.args[2:]], node.keywords)
        yield new, f"operands swapped in `{ast.unparse(node)}`"
    if name == "where" and len(node.args) == 3:
        test, yes, no = node.args
        yield yes, "`np.where` dropped, its first branch kept"
        yield no, "`np.where` dropped, its second branch kept"
        yield ast.Call(node.func, [test, no, yes], []), "branches of `np.where` swapped"
    for k, keyword in enumerate(node.keywords):
        rest = [*node.keywords[:k], *node.keywords[k + 1 :]]
        if keyword.arg in ("axis", "keepdims"):
            said = f"`{ast.unparse(keyword)}` dropped"
            yield ast.Call(node.func, node.args, rest), said
        for axis in (0, 1, -1, -2) if keyword.arg == "axis" else ():
            new = ast.keyword("axis", ast.parse(str(axis), mode="eval").body)
            said = f"`axis={axis}` for `{ast.unparse(keyword)}`"
            yield ast.Call(node.func, node.args, [*rest, new]), said


def edits_of_subscript(node):
    if isinstance(node.ctx, ast.Load):
        yield node.value, f"`[{ast.unparse(node.slice)}]` dropped"


def edits_of_constant(node):
    v = node.value
    if isinstance(v, bool):
        yield ast.Constant(not v), f"`{not v}` for `{v}`"
    elif isinstance(v, int | float):
        for other in {0: [1], 1: [0, 2]}.get(v, [v - 1, v + 1, 2 * v, v / 2]):
            yield ast.Constant(other), f"`{other}` for `{v}`"
    elif isinstance(v, str) and "->" in v:
        left, right = v.split("->")
        new = f"{left}->{right[::-1]}"
        yield ast.Constant(new), f"`{new}` for `{v}`"


def edits_of_comparison(node):
    for other in OTHER_OPERATORS.get(type(node.ops[0]), []):
        new = ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)
        yield new, f"`{sign(other())}` for `{sign(node.ops[0])}`"


def edits_of_choice(node):
    yield node.body, "only the first branch of the `if` expression"
    yield node.orelse, "only the second branch of the `if` expression"


def edits_of_assignment(node):
    if isinstance(node.targets[0], ast.Name) and not isinstance(node.value, ast.Tuple):
        new = ast.Assign(node.targets, ast.UnaryOp(ast.USub(), node.value))
        yield new, f"minus `{ast.unparse(node.value)}`"


def edits_of_increment(node):
    target = ast.unparse(node.target)
    yield ast.Assign([node.target], node.value), f"`{target} =` for `+=`"
    yield ast.Pass(), f"`{ast.unparse(node)}` left out"
    for other in OTHER_OPERATORS.get(type(node.op), []):
        new = ast.AugAssign(node.target, other(), node.value)
        yield new, f"`{sign(other())}=` for `{sign(node.op)}=`"


def edits_of_statement(node):
    called_function = node.value.func if isinstance(node.value, ast.Call) else None
    if called_function is None:
        return
    if ast.unparse(called_function) == "np.add.at" and len(node.value.args) == 3:
        d, idx, g = node.value.args
        place = ast.Subscript(d, idx, ast.Store())
        said = f"`{ast.unparse(place)} %s {ast.unparse(g)}` for `np.add.at`"
        yield ast.AugAssign(place, ast.Add(), g), said % "+="
        yield ast.Assign([place], g), said % "="
    yield ast.Pass(), f"`{ast.unparse(node)}` left out"


def edits_of_return(node):
    several = isinstance(node.value, ast.Tuple)
    parts = node.value.elts if several else [node.value]
    for k, part in enumerate(parts):
        new = [*parts[:k], ast.UnaryOp(ast.USub(), part), *parts[k + 1 :]]
        said = f"minus `{ast.unparse(part)}` returned"
        yield ast.Return(ast.Tuple(new, ast.Load()) if several else new[0]), said
    for k in range(len(parts) - 1):
        new = [*parts[:k], parts[k + 1], parts[k], *parts[k + 2 :]]
        said = f"results {k} and {k + 1} swapped"
        yield ast.Return(ast.Tuple(new, ast.Load())), said


EDITS = {
    ast.BinOp: edits_of_binary,
    ast.UnaryOp: edits_of_unary,
    ast.Attribute: edits_of_attribute,
    ast.Call: edits_of_call,
    ast.Subscript: edits_of_subscript,
    ast.Constant: edits_of_constant,
    ast.Compare: edits_of_comparison,
    ast.IfExp: edits_of_choice,
    ast.Assign: edits_of_assignment,
    ast.AugAssign: edits_of_increment,
    ast.Expr: edits_of_statement,
    ast.Return: edits_of_return,
}


class Reference:
    """The source of a right backward pass, whose edits are tried.

    Two forms: a function that returns (y, pullback), with the pullback inside it, or
    f_vjp(y_bar, *x, **held).  More functions may stand beside it.
    """

    def __init__(self, source):
        self.source = source if isinstance(source, str) else inspect.getsource(source)
        self.tree = ast.parse(textwrap.dedent(self.source))
        self.functions = [n for n in self.tree.body if isinstance(n, ast.FunctionDef)]
        outer = [f for f in self.functions if self.inner(f)]
        self.main = (outer or self.functions)[0]
        self.is_rule = bool(outer)

    @staticmethod
    def inner(function):
        return [n for n in function.body if isinstance(n, ast.FunctionDef)]

    def helpers(self):
        """The other functions that the main one calls, directly or not."""
        named = {f.name: f for f in self.functions if f is not self.main}
        found, ahead = {}, [self.main]
        while ahead:
            names = {n.id for n in ast.walk(ahead.pop()) if isinstance(n, ast.Name)}
            for name in sorted(names & named.keys() - found.keys()):
                found[name] = named[name]
                ahead.append(named[name])
        return list(found.values())

    def gradient(self, exam, upstreams):
        """The gradients that this source, as it stands now, gives."""
        namespace = {"np": np, "numpy": np}
        tree = ast.fix_missing_locations(self.tree)
        exec(compile(tree, "<reference>", "exec"), namespace)
        function, found = namespace[self.main.name], []
        for g in upstreams:
            y_bar, x = exam.shape_upstream(g.copy()), tuple(map(np.array, exam.x))
            if self.is_rule:
                pullback = function(*x, **exam.kept())[1]
                answer = pullback(*as_tuple(y_bar))
            else:
                answer = function(y_bar, *x, **exam.kept())
            found.append(exam.chosen(answer))
        return found

    def edits(self):
        """Every single edit of the backward pass, its own lines first."""
        main = self.inner(self.main) if self.is_rule else [self.main]
        roots = [s for f in main for s in f.body]
        roots += [s for f in self.helpers() for s in f.body]
        if self.is_rule:
            roots += [s for s in self.main.body if isinstance(s, ast.Assign)]
        names = sorted(
            {n.id for n in ast.walk(self.main) if isinstance(n, ast.Name)}
            | {n.arg for n in ast.walk(self.main) if isinstance(n, ast.arg)}
        )
        names = [n for n in names if n not in ("np", "numpy", self.main.name)]
        owners = {
            child: (owner, place, k if isinstance(value, list) else None)
            for owner in ast.walk(self.tree)
            for place, value in ast.iter_fields(owner)
            for k, child in enumerate(value if isinstance(value, list) else [value])
            if isinstance(child, ast.expr | ast.stmt)
        }
        last = []
        for root in roots:
            for node in ast.walk(root):
                if node not in owners or isinstance(node, ast.While):
                    continue
                for new, said in EDITS.get(type(node), lambda _: ())(node):
                    yield Edit(*owners[node], new, said, node.lineno)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    for other in names:
                        if node.id in names and other != node.id:
                            said = f"`{other}` for `{node.id}`"
                            new = ast.Name(other, ast.Load())
                            last.append(Edit(*owners[node], new, said, node.lineno))
        yield from last


def fingerprint(exam):
    """The one edit of the reference, or two, that gives the reader's numbers."""
    reference, budget = exam.more.get("reference"), exam.more.get("budget", 1.0)
    if reference is None:
        return None
    upstreams = [exam.g] if exam.fixed else [exam.g, exam.rng.normal(size=exam.g.size)]
    yours = [exam.pull(g) for g in upstreams]
    try:
        source = Reference(reference)
        right = source.gradient(exam, upstreams)[0]
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        exam.notes.append(f"The reference does not run: {said}.")
        return None
    if not (right.shape == exam.n.shape and exam.same(right, exam.n)):
        exam.notes.append("The reference is not right here; no edit was tried.")
        return None

    def matches(*edits):
        for edit in edits:
            edit.swap()
        try:
            with np.errstate(all="ignore"):
                made = source.gradient(exam, upstreams)
            return all(equal(p, q) for p, q in zip(made, yours, strict=True))
        except Exception:
            return False  # an edit that does not run made nobody's numbers
        finally:
            for edit in reversed(edits):
                edit.swap()

    edits = list(source.edits())
    for edit in edits:
        if matches(edit):
            return edited(edit)
    until = time.perf_counter() + budget
    for pair in itertools.combinations(edits, 2):
        if time.perf_counter() > until:
            return None
        if matches(*pair):
            return edited(*pair)
    return None


def equal(p, q):
    if p.shape != q.shape:
        return False
    with np.errstate(all="ignore"):
        gap = np.abs(p - q)
    size = np.abs(q[np.isfinite(q)]).max(initial=0.0)
    return bool(((gap <= 1e-7 * size) | (np.isnan(p) & np.isnan(q)) | (p == q)).all())


def edited(*edits):
    said = " and ".join(f"line {edit.line}: {edit.said}" for edit in edits)
    return Finding(
        "edit",
        f"{said}: with {'this edit' if len(edits) == 1 else 'these two edits'} the "
        "reference gives exactly your numbers.",
        "Your code most likely differs from the right one in this place.",
        f"Compare your line with line {edits[0].line} of the reference.",
        claim=tuple(edit.said for edit in edits),
    )


# --- 15. The verdict ----------------------------------------------------------

HYGIENE = (
    forward_is_random,
    somebody_writes,
    backward_remembers,
    shape_is_wrong,
    not_finite,
    check_is_at_fault,
)
# After these an edit of the reference may still give the reader's numbers.
NUMBERS_ARE_FINE = (
    *("shape", "shape-only", "missing-unbroadcast-sum", "transposed"),
    *("mutates-upstream", "nonfinite"),
)
PROBES = (
    all_zero,
    upstream_ignored,
    upstream_as_scalar,
    not_linear_in_upstream,
)
# Each of these is asked at a second input as well, and must say the same there.
TESTS = (
    unbroadcast_by_mean,
    constant_factor,
    axes_exchanged,
    passed_through,
    symmetric_convention,
    conjugated,
    gathered_not_scattered,
    upstream_out_of_place,
    jacobian_not_transposed,
    one_slice_only,
    extra_factor,
    factor_per_axis,
    diagonal_only,
    duplicates_overwritten,
    error_on_mask,
    error_by_value,
    error_on_triangle,
    error_at_edge,
    residual_of_known,
    residual_rank_one,
    term_coefficients,
    wrong_point,
)
LAST = (factor_depends_on_point, fingerprint, point_dependent)


def verdict(exam):
    """The findings, best first."""
    if found := list(asked(HYGIENE, exam)):
        numbers = found[0].code in NUMBERS_ARE_FINE
        return found + [hit for hit in [numbers and fingerprint(exam)] if hit]
    if found := list(asked(PROBES, exam)):
        return found + [hit for hit in [fingerprint(exam)] if hit]
    if exam.right:
        return [kinked(exam) if exam.kinks.any() else agreed(exam)]
    found = [hit for test in TESTS if (hit := confirmed(test, exam))]
    found += asked(LAST, exam)
    return found or [unexplained(exam)]


def asked(tests, exam):
    """Ask in order; after a mistake of hygiene the numbers mean nothing more."""
    for test in tests:
        if hit := test(exam):
            yield hit
            if tests is HYGIENE:
                return


def confirmed(test, exam):
    """What the test finds, if it finds the same at another input.

    An array of the context belongs to this input; there another upstream must do.
    """
    hit = test(exam)
    if hit is None or exam.elsewhere is None:
        return hit
    local = any(name in str(part) for name in exam.context for part in hit.claim)
    again = test(exam.again if local else exam.elsewhere)
    return hit if again and (again.code, again.claim) == (hit.code, hit.claim) else None


def agreed(exam):
    if not exam.n.size:
        return Finding("ok", f"{exam.name} has no entries, so nothing was compared.")
    part = "millionth" if exam.loose == 1 else "ten-thousandth"
    return Finding(
        "ok",
        f"Yours and differences of f agree at {entries(exam.n.size)}, all there are, "
        f"to a {part} of the largest.",
    )


def kinked(exam):
    """Right wherever f is smooth; at kinks any slope between the two sides will do."""
    left, right = (exam.as_point(side[:, -1]) for side in exam.one_sided)
    with np.errstate(all="ignore"):
        low, high = np.minimum(left, right), np.maximum(left, right)
        slack = 1e-2 * (high - low) + exam.bar
        inside = (exam.a >= low - slack) & (exam.a <= high + slack)
    sided = np.isfinite(low) & np.isfinite(high) & ~exam.jumps
    outside = exam.kinks & sided & ~inside
    count = f"{int(exam.kinks.sum())} of {exam.kinks.size}"
    if outside.any():
        at = tuple(np.argwhere(outside)[0])
        return Finding(
            "at-kink",
            f"f has a kink at {count} entries. At {index(at)} its slopes are "
            f"{short(left[at])} to the left and {short(right[at])} to the right; yours "
            f"is {short(exam.a[at])}.",
            "A choice at a kink is a number between the two slopes. Yours is not; "
            "away from kinks your gradient is right.",
            "Choose a branch by the comparison that f uses; give tied entries shares "
            "that add up to one.",
            where=places(exam, outside),
        )
    at = tuple(np.argwhere(exam.kinks)[0])
    if exam.jumps[at]:
        return Finding(
            "ok-but-kink",
            f"Right wherever f is smooth. It jumps at {index(at)}, and yours is "
            f"{short(exam.a[at])} there.",
            "There is no derivative at a jump. What you return there is a convention.",
            where=places(exam, exam.kinks),
        )
    return Finding(
        "ok-but-kink",
        f"Right wherever f is smooth. It has a kink at {count} entries: at {index(at)} "
        f"the slope is {short(left[at])} to the left and {short(right[at])} to the "
        f"right, and yours is {short(exam.a[at])}.",
        "There is no derivative at a kink. What you return there is a convention.",
        where=places(exam, exam.kinks),
    )


def unexplained(exam):
    a, n = (np.where(exam.kinks, 0.0, v) for v in (exam.a, exam.n))
    of_a, of_n = float(np.linalg.norm(a)), float(np.linalg.norm(n))
    cosine = float(np.vdot(a, n).real / (of_a * of_n)) if of_a and of_n else 0.0
    ratio = short(round(of_a / of_n, 4)) if of_n else "infinite"
    fine = []
    for axis in range(n.ndim):
        others = tuple(i for i in range(n.ndim) if i != axis)
        whole = np.flatnonzero(~exam.wrong.any(axis=others))
        if whole.size:
            fine.append(f"indices {whole[:8].tolist()} of axis {axis}")
    return Finding(
        "unexplained",
        f"{int(exam.wrong.sum())} of {n.size} entries are wrong; the cosine with the "
        f"right gradient is {short(round(cosine, 4))}, the ratio of lengths {ratio}"
        + (f"; right throughout: {', '.join(fine)}." if fine else "."),
        "No test explains these numbers. Two mistakes at once look like this.",
        "Check f_vjp one factor at a time, on an input of two or three entries; pass "
        "terms= or reference= if you have them.",
        where=places(exam, exam.wrong),
    )


# --- 16. The front door -------------------------------------------------------


def diagnose(
    f,
    f_vjp,
    /,
    *x,
    wrt=0,
    y_bar=None,
    context=None,
    dims=None,
    terms=None,
    reference=None,
    remake=None,
    budget=1.0,
    seed=0,
    **held,
):
    """Compare a backward pass with its forward pass; say what kind of mistake it makes.

    f(*x, **held)             y, an array or a tuple of arrays
    f_vjp(y_bar, *x, **held)  the gradient of x[wrt], or a tuple with one for each x
    wrt        which argument: its position or its name
    y_bar      the upstream gradient; random if left out, which is best
    context    {name: array or number} that may play a part: indices, masks, labels
    dims       {name: size}, as in {"N": 4, "D": 5}: what a factor may be called
    remake     remake(**dims) returns the arguments x in other sizes (or x and a dict
               of held ones), so that the doctor can tell a factor N from a factor D
    terms      terms(y_bar, *x, **held) returns {name: additive term of the right rule}
    reference  source of a right backward pass, or the function: its edits are tried
    budget     seconds for pairs of edits, once every single one was tried
    Returns a Report: .ok, .findings, .error, .picture(); print it.
    """
    more = {
        "context": context,
        "dims": dims,
        "terms": terms,
        "reference": reference,
        "remake": remake,
        "budget": budget,
        "seed": seed,
    }
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            read_options(more)
            wrt, x, notes = admit(f, f_vjp, x, wrt, held)
            return examine(f, f_vjp, x, wrt, y_bar, held, more, notes)
        except TroubleError as trouble:
            return Report([trouble.finding])


def read_options(more):
    """Turn away options of another form."""
    for name, wanted in (
        ("context", lambda v: isinstance(v, dict)),
        ("dims", lambda v: isinstance(v, dict)),
        ("terms", callable),
        ("remake", callable),
        ("reference", lambda v: isinstance(v, str) or callable(v)),
    ):
        if more[name] is not None and not wanted(more[name]):
            form = {"context": "{name: array}", "dims": "{name: size}"}
            raise TroubleError(
                "bad-input",
                f"{name} is a {type(more[name]).__name__}.",
                hint=f"Give {form.get(name, 'a function')}"
                + (" or its source." if name == "reference" else "."),
            )
    for name, n in (more["dims"] or {}).items():
        if not isinstance(n, int | np.integer):
            raise TroubleError("bad-input", f"dims: the size {name} is {n!r}.")
    if more["remake"] and not more["dims"]:
        raise TroubleError(
            "bad-input",
            "remake is given and dims is not.",
            hint="Name the sizes that the arguments have now: dims={'N': 4, 'D': 5}.",
        )


def admit(f, f_vjp, x, wrt, held):
    """Turn away what cannot be checked, with a sentence; return wrt, x and notes."""
    for name, function in (("f", f), ("f_vjp", f_vjp)):
        if not callable(function):
            raise TroubleError(
                "bad-input",
                f"{name} is {type(function).__name__}, not a function.",
                hint="diagnose(f, f_vjp, x): the two functions first. A gradient that "
                "is an array goes through from_gradient.",
            )
    if not x:
        raise TroubleError(
            "bad-input",
            "No argument was given.",
            hint="Put the arrays after the functions: diagnose(f, f_vjp, x).",
        )
    if isinstance(wrt, str):
        names = [p.name for p in inspect.signature(f).parameters.values()]
        wrt = names.index(wrt) if wrt in names else len(x)
    if not isinstance(wrt, int | np.integer) or not -len(x) <= wrt < len(x):
        raise TroubleError(
            "bad-input",
            f"wrt={wrt} chooses none of the {counted(len(x), 'argument')}.",
            hint=f"Take 0 to {len(x) - 1}, or the name of an argument of f.",
        )
    wrt = int(wrt) % len(x)
    arrays = []
    for i, a in enumerate(x):
        try:
            arrays.append(double(a))
        except (ValueError, TypeError):
            raise TroubleError(
                "bad-input",
                f"x[{i}] is a {type(a).__name__} that NumPy cannot make an array of.",
                hint="Give arrays whose rows have equal lengths.",
            ) from None
    chosen, notes = arrays[wrt], []
    if chosen.dtype.kind not in "fciu":
        kind = {"O": "Python objects", "b": "booleans"}.get(chosen.dtype.kind, "text")
        raise TroubleError(
            "bad-input",
            f"x[{wrt}] holds {kind} (dtype {chosen.dtype}), which have no slope.",
            hint="Give an array of floats: np.asarray(x, dtype=float). Choose another "
            "argument with wrt=.",
        )
    if np.isnan(chosen).any():
        at = index(tuple(np.argwhere(np.isnan(chosen))[0]))
        raise TroubleError(
            "bad-input",
            f"x[{wrt}] is NaN at {at}: no difference can be taken there.",
            hint="Choose an input without NaN.",
        )
    if chosen.size > LARGEST:
        raise TroubleError(
            "bad-input",
            f"x[{wrt}] has {chosen.size} entries of shape {chosen.shape}. All entries "
            f"are checked, so {LARGEST} is the most.",
            hint="Use small sizes that all differ, (3, 4, 5): they show more mistakes "
            "than large ones.",
        )
    if chosen.dtype.kind in "iu":
        notes.append(f"x[{wrt}] holds integers; it was checked as floats.")
        arrays[wrt] = chosen.astype(float)
    return wrt, tuple(arrays), notes


def examine(f, f_vjp, x, wrt, y_bar, held, more, notes):
    exam = Exam(f, f_vjp, x, held, wrt, y_bar, **more)
    exam.notes = notes
    too_slow(exam)
    findings = verdict(exam)
    if findings[0].code in ("ok", "ok-but-kink") and notes:
        findings = truncating(exam) or findings
    if findings[0].code in ("ok", "ok-but-kink") and y_bar is not None:
        other = Exam(f, f_vjp, x, held, wrt, None, **more)
        other.notes = notes
        again = [] if exam.fixed else verdict(other)
        if again and again[0].code not in ("ok", "ok-but-kink"):
            notes.append("With the y_bar that you gave, your gradient passes.")
            exam, findings = other, again
    for hit in findings:
        hit.argument = exam.name
    return report(exam, findings)


def too_slow(exam):
    took = []
    for _ in range(3):
        started = time.perf_counter()
        exam.value(exam.x)
        took.append(time.perf_counter() - started)
    # The longer ones met a busy machine.
    needed = 2 * STEPS.size * exam.point.size * min(took)
    if needed > 300:
        raise TroubleError(
            "bad-input",
            f"f is called {2 * STEPS.size} times for each of {exam.point.size} "
            f"entries; that would take about {round(needed / 60)} minutes.",
            hint="Give a smaller input.",
        )


def truncating(exam):
    """Right for floats; and for the integers that were given?"""
    x = exam.moved(np.rint(exam.point).astype(np.int64))
    a = exam.chosen(exam.raw_pull(exam.shape_upstream(exam.g), x))
    if exam.same(a, exam.n):
        return None
    return [
        Finding(
            "integer-input",
            "Your gradient is right for floats and wrong for the integers given.",
            "An array made like an integer one (zeros_like, empty_like) cuts the "
            "fractions off.",
            "Give it dtype=float, or convert x first.",
        )
    ]


def report(exam, findings):
    whole = findings[0].code not in ("nondeterministic-forward", "mutates-input")
    if not whole or exam.a.shape != exam.n.shape:
        return Report(findings, notes=exam.notes)
    with np.errstate(all="ignore"):
        size = np.abs(exam.n[np.isfinite(exam.n)]).max(initial=0.0) or 1.0
        error = np.abs(exam.a - exam.n) / size
    marks = np.where(exam.wrong, "#", ".")
    marks = np.where(exam.kinks, "~", marks)
    marks = np.where(np.isfinite(exam.a), marks, "?")
    return Report(findings, exam.a, exam.n, error, marks, exam.notes)


# --- 17. Adapters: other dialects ----------------------------------------------


def from_pullback(rule):
    """For rule(*x, **held) -> (y, pullback): return f and f_vjp."""

    def f(*x, **held):
        return rule(*x, **held)[0]

    def f_vjp(y_bar, *x, **held):
        return rule(*x, **held)[1](*as_tuple(y_bar))

    f.__signature__ = inspect.signature(rule)
    return f, f_vjp


def from_cs231n(forward, backward):
    """For out, cache = forward(*x) and grads = backward(dout, cache)."""

    def f(*x, **held):
        return forward(*x, **held)[0]

    def f_vjp(y_bar, *x, **held):
        return backward(y_bar, forward(*x, **held)[1])

    f.__signature__ = inspect.signature(forward)
    return f, f_vjp


def from_gradient(loss, gradient):
    """For a scalar loss and its gradient: a function of its arguments, or an array.

    An array can be judged at one input only, and the doctor then says less.
    """

    def f_vjp(y_bar, *x, **held):
        found = gradient(*x, **held) if callable(gradient) else gradient
        if isinstance(found, tuple | list) and len(found) == len(x):
            return tuple(y_bar * np.asarray(part) for part in found)
        return y_bar * np.asarray(found)

    f_vjp.fixed = not callable(gradient)
    return loss, f_vjp
