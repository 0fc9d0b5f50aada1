"""The measure of `make bench`, on work whose cost is known."""

import numpy as np
import pytest

from tests import bench, rules
from tests.mini import ORACLE, SNIPPET


@pytest.fixture(scope="module")
def negative():
    oracle = type(rules)("mini_oracle")
    exec(ORACLE, oracle.__dict__)
    return rules.build("elementwise_arithmetic/negative", SNIPPET, oracle)


@pytest.fixture
def slow_clock(monkeypatch):
    """A clock that only the contenders move."""
    now = [0.0]
    monkeypatch.setattr(bench, "clock", lambda: now[0])
    return now


def test_ratios_are_medians_of_the_rounds(negative, slow_clock, monkeypatch):
    def takes(seconds, forward=None):
        slow = iter([10.0] + 100 * [1.0])  # one disturbed round changes no median

        def work():
            slow_clock[0] += seconds * next(slow)
            return forward

        return work

    works = {"handbook": takes(3.0, 1.0), "jax": takes(6.0), "torch": takes(1.5)}
    monkeypatch.setattr(bench, "contenders", lambda rule, dtype: works)
    monkeypatch.setattr(bench, "PATIENCE", 1e9)
    found = bench.measure(negative, np.float64)
    assert found == {"forward": 2.0, "jax": 0.5, "torch": 2.0}


def test_every_contender_does_the_work(negative, monkeypatch):
    copied = []
    monkeypatch.setattr(bench, "materialised", lambda a, _: copied.extend(a) or list(a))
    found = bench.contenders(negative, np.float32)
    installed = {p for p in bench.PEERS if bench.peers.installed(p)}
    assert set(found) == {"handbook"} | installed
    copied.clear()
    found["handbook"]()
    y, x_bar = copied
    x, _, (y_bar,) = bench.problem(negative, np.float32)
    np.testing.assert_array_equal(y, -x[0])
    np.testing.assert_array_equal(x_bar, -y_bar)
    assert x[0].dtype == y.dtype == x_bar.dtype == np.float32
    copied.clear()
    found["autograd"]()
    np.testing.assert_array_equal(copied[1], -y_bar)


def test_what_shares_memory_is_copied():
    a, given = np.arange(6.0), np.arange(3.0)
    repeated = np.broadcast_to(a, (3, 6))
    view, whole, argument = bench.materialised([repeated, a, given], [given])
    assert view.flags.owndata and view.strides == (48, 8)
    assert whole is a
    assert argument is not given and (argument == given).all()


def test_the_summary_names_what_is_dear():
    results = {
        "softmax/softmax": {"forward": 1.0, "jax": 2.0},
        "hyperbolic/tanh": {"forward": 9.0, "jax": 0.5},
        "indexing/slicing": {"forward": 100.0, "jax": 1.0},  # reads a part
    }
    mean, *dear = bench.summary(results, np.float64)
    assert mean.split()[-4:] == ["3.00", "-", "1.00", "-"]
    assert dear == ["  above 4 forwards: hyperbolic/tanh 9.00"]
