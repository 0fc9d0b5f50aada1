"""What a pullback costs: beside its own forward, and beside the peers.

    python -m tests.bench                    every rule
    python -m tests.bench softmax norms/     rules whose name contains one of these

Each rule runs at the input large(rng) of its oracle, which leaves the cache, in
float64 and float32. Everything is a ratio of times taken in this run: in each round
every contender does the work once, and the median over the rounds counts. The peers
do the same work: the value and all cotangents, from inputs of their own that are
ready, JAX compiled. A result that shares its memory, with an argument or by being a
view, is copied before the clock stops: a transpose or an identity is not free.

CORES=1 in the environment compares on one core, and then in processor time, which other
programs do not disturb.
"""

import argparse
import math
import os
import statistics
import sys
import time
import warnings

import numpy as np

from tests import peers, rules
from tests.compare import as_tuple, random_like

ROUNDS = 7
PATIENCE = 4.0  # seconds for one contender of one rule: fewer rounds if it is slow
DTYPES = (np.float64, np.float32)
CORES = int(os.environ.get("CORES", os.cpu_count()))
# Memory that was freed is used again, for all contenders: otherwise the kernel clears
# fresh pages for every large array, which takes longer than filling it. (glibc)
SETTINGS = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": str(2**40),
    "OMP_NUM_THREADS": str(CORES),
    "OPENBLAS_NUM_THREADS": str(CORES),
}
clock = time.process_time if CORES == 1 else time.perf_counter
MOST = 4.0  # the bound of a single pullback, in forwards
# A gradient is as large as its input, and these values read a few entries of it.
READ_A_PART = {
    "indexing/embedding",
    "indexing/slicing",
    "losses/nll_loss",
    "matrix_products/trace",
    "matrix_identities/single_entry_matrix",
}


def materialised(arrays, given):
    """Copy what is a view, and what is one of the given arrays itself."""
    ours = {id(a) for a in given}
    made = []
    for a in arrays:
        a = np.asarray(a)
        alone = a.flags.owndata and id(a) not in ours
        made.append(a if alone else np.array(a, order="C"))
    return made


def problem(rule, dtype):
    """(x, held, y_bar) at the large input of the rule's oracle."""
    large = getattr(rule.oracle, "large", None)
    assert callable(large), (
        f"tests/oracles/{rule.name}.py has no large(rng): it returns (x, held) as a "
        f"case does, at a size that leaves the cache (some million entries)."
    )
    x, held = large(np.random.default_rng(0))
    x = tuple(np.asarray(a, dtype) for a in x)
    held = {name: _cast(a, dtype) for name, a in held.items()}
    y, _ = rule.f(*x, **held)
    y_bar = tuple(random_like(part, 0, k) for k, part in enumerate(as_tuple(y)))
    return x, held, y_bar


def _cast(a, dtype):
    floating = isinstance(a, np.ndarray) and a.dtype.kind == "f"
    return a.astype(dtype) if floating else a


# --- the contenders: each returns a function that does the whole work once -----


def by_handbook(rule, x, held, y_bar):
    """The work also returns the seconds that the forward took."""

    def work():
        start = clock()
        y, pullback = rule.f(*x, **held)
        y = materialised(as_tuple(y), x)
        forward = clock() - start
        materialised(pullback(*y_bar), y_bar)
        return forward

    return work


def by_autograd(function, x, held, y_bar):
    from autograd import make_vjp
    from autograd.builtins import tuple as traced_tuple

    def value(*x):
        y = function(*x, **held)
        return traced_tuple(y) if isinstance(y, tuple) else y

    several = make_vjp(value, argnum=tuple(range(len(x))))

    def work():
        vjp, y = several(*x)
        x_bar = vjp(y_bar if len(y_bar) > 1 else y_bar[0])
        materialised((*as_tuple(y), *x_bar), (*x, *y_bar))

    return work


def by_jax(function, x, held, y_bar):
    jax = peers.import_jax()

    @jax.jit
    def both(x, y_bar):
        y, vjp = jax.vjp(lambda *x: as_tuple(function(*x, **held)), *x)
        return y, vjp(y_bar)

    x, y_bar = jax.block_until_ready(jax.device_put((x, y_bar)))
    return lambda: jax.block_until_ready(both(x, y_bar))


def by_torch(function, x, held, y_bar):
    import torch

    leaves = [torch.tensor(a, requires_grad=True) for a in x]
    upstream = [torch.tensor(g) for g in y_bar]
    given = {part.data_ptr() for part in (*leaves, *upstream)}

    def work():
        y = as_tuple(function(*leaves, **held))
        x_bar = torch.autograd.grad(y, leaves, upstream, materialize_grads=True)
        for part in (*y, *x_bar):
            whole = part.detach().contiguous()
            if whole.data_ptr() in given:
                whole.clone()

    return work


PEERS = {"autograd": by_autograd, "jax": by_jax, "torch": by_torch}


def contenders(rule, dtype):
    """{name: work}, the handbook first, then the peers that have the rule."""
    x, held, y_bar = problem(rule, dtype)
    found = {"handbook": by_handbook(rule, x, held, y_bar)}
    for peer, by_peer in PEERS.items():
        function = peers.function_of(rule, peer)
        if not callable(function) or not peers.installed(peer):
            continue
        work = by_peer(function, x, held, y_bar)
        try:
            work()  # compiles
        except NotImplementedError:
            continue
        found[peer] = work
    return found


# --- the measure -----------------------------------------------------------------


def measure(rule, dtype):
    """{"forward": pullback / forward, peer: handbook / peer}, medians over rounds."""
    works = contenders(rule, dtype)
    taken = {name: [] for name in works}
    forwards, spent = [], dict.fromkeys(works, 0.0)
    for _ in range(ROUNDS):
        for name, work in works.items():
            if spent[name] > PATIENCE:
                continue
            start = clock()
            forward = work()
            seconds = clock() - start
            taken[name].append(seconds)
            spent[name] += seconds
            if name == "handbook":
                forwards.append(forward)
    ours = taken.pop("handbook")
    ratio = [(total - f) / f for total, f in zip(ours, forwards, strict=True)]
    found = {"forward": statistics.median(ratio)}
    for peer, theirs in taken.items():
        pairs = zip(ours, theirs, strict=False)
        found[peer] = statistics.median(a / b for a, b in pairs)
    return found


def geometric_mean(values):
    return math.exp(statistics.fmean(map(math.log, values)))


COLUMNS = ("forward", *PEERS)
HEAD = ("pullback / forward", *(f"/ {peers.TITLES[p]}" for p in PEERS))


def line(title, found):
    cells = [f"{found[c]:10.2f}" if c in found else f"{'-':>10}" for c in COLUMNS]
    return f"{title:44}" + "".join(cells)


def summary(results, dtype):
    """The means over the rules, and what breaks the cheap-gradient bound."""
    whole = {n: r for n, r in results.items() if n not in READ_A_PART}
    means = {}
    for column in COLUMNS:
        of = whole if column == "forward" else results
        values = [r[column] for r in of.values() if column in r]
        if values:
            means[column] = geometric_mean(values)
    yield line(f"geometric mean, {np.dtype(dtype).name}", means)
    dear = {n: r["forward"] for n, r in whole.items() if r["forward"] > MOST}
    for name, ratio in sorted(dear.items(), key=lambda item: -item[1]):
        yield f"  above {MOST:g} forwards: {name} {ratio:.2f}"


def main(arguments):
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("parts", nargs="*", help="parts of names of rules")
    parts = parser.parse_args(arguments).parts
    names = [n for n in rules.names() if not parts or any(p in n for p in parts)]
    if not names:
        sys.exit(f"No rule's name contains {' or '.join(parts)}.")
    print(f"{CORES} cores, NumPy {np.__version__}; ratios of times, smaller is faster")
    for dtype in DTYPES:
        print(
            f"\n{np.dtype(dtype).name:44}"
            + "".join(f"{h.split()[-1]:>10}" for h in HEAD)
        )
        results = {}
        for name in names:
            results[name] = measure(rules.load(name), dtype)
            print(line(name, results[name]), flush=True)
        print(*summary(results, dtype), sep="\n")


if __name__ == "__main__":
    if not SETTINGS.items() <= os.environ.items():  # read once, when a process starts
        again = [sys.executable, "-m", "tests.bench", *sys.argv[1:]]
        os.execve(sys.executable, again, os.environ | SETTINGS)
    if os.cpu_count() > CORES:
        assert hasattr(os, "sched_setaffinity"), "CORES= works on Linux alone."
        os.sched_setaffinity(0, range(CORES))
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    main(sys.argv[1:])
