"""Options and fixtures shared by all tests."""

import os

import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--seed",
        type=int,
        default=int(os.environ.get("HANDBOOK_SEED", "0")),
        help="seed of the numbers at which the laws hold (default 0)",
    )


@pytest.fixture(scope="session")
def seed(request):
    return request.config.getoption("--seed")
