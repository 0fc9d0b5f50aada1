"""Options and fixtures shared by all tests."""

import os

import pytest
from playwright.sync_api import sync_playwright

from handbook import exports, vendor
from tests import browsing, built


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


@pytest.fixture(scope="session")
def browser():
    path = browsing.chromium()
    if path is None:
        browsing.missing(
            "no Chromium was found; install one (Debian: apt-get install chromium), or "
            "say where it is: CHROMIUM=/path/to/chrome"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=browsing.FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def runtime_folder(tmp_path_factory):
    """Python and NumPy for the browser, as `make vendor` lays them out."""
    if not (vendor.CORE.is_dir() and built.WHEEL.is_file()):
        browsing.missing("Pyodide is not in node_modules; `make test` puts it there")
    folder = tmp_path_factory.mktemp("runtime")
    vendor.vendor(folder, source=str(built.WHEEL))
    return folder


@pytest.fixture(scope="session")
def runtime(runtime_folder):
    """The host of the Python runtime: another origin than the site's, as by default."""
    with browsing.serve(runtime_folder) as server:
        server.headers.append(("Access-Control-Allow-Origin", "*"))
        yield server


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The site on a server of its own, at the address that it believes to have."""
    with browsing.serve(built.site(tmp_path_factory).folder) as server:
        server.words[built.ORIGIN] = server.origin
        yield server


@pytest.fixture(scope="session")
def served(server, tmp_path_factory):
    return built.Site(built.site(tmp_path_factory).folder, server.origin)


@pytest.fixture(scope="session")
def reader(browser, served):
    """A reader's tab, used for one page after the other."""
    context = browser.new_context(viewport=browsing.WIDE, color_scheme="light")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched = browsing.Watched(context.new_page(), served.origin)
    yield watched
    context.close()


@pytest.fixture(scope="session")
def without_javascript(browser, served):
    context = browser.new_context(viewport=browsing.WIDE, java_script_enabled=False)
    watched = browsing.Watched(context.new_page(), served.origin)
    yield watched
    context.close()


@pytest.fixture
def tab(reader, served):
    """The same tab, wide again, for the tests of the controls."""
    reader.tab.set_viewport_size(browsing.WIDE)
    yield reader.tab
    found = reader.take()
    assert not found, found


def pytest_sessionstart():
    """A page links to what is generated, and one of them reads it: have it there."""
    exports.bring_up_to_date()
