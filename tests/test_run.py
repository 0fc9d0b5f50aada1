"""The blocks of the built site run in a real browser, with real Pyodide and NumPy.

Every page first: all its blocks are run in the page, and print what the page says.
Then what a reader may do to them.
"""

import re

import pytest

from tests import built, pages
from tests.browsing import WIDE, Watched

PAGES = built.source_pages()
SOFTMAX = "rules/softmax/softmax.md"
ABSENT = re.compile(
    r"^\s*(?:import|from)\s+(?:autograd|jax|matplotlib|scipy|sklearn|torch)\b", re.M
)
# Counts the workers of a visit, and notices a page that was loaded anew.
COUNT = """
window.workers = 0;
window.Worker = class extends Worker {
  constructor(file, options) {
    super(file, options);
    window.workers += options?.type === "module";  // the search has one of its own
  }
};
"""
BUSY = "document.querySelector('.run[data-state=busy]')"
# Presses Run on one block after the other, as a quick reader would.
RUN_ALL = """async () => {
  const shown = [];
  for (const bar of document.querySelectorAll(".run:has(button)")) {
    bar.querySelector(".run-run").click();
    while (bar.dataset.state === "busy") await new Promise((go) => setTimeout(go, 4));
    const of = (stream) => [...bar.querySelectorAll(`pre > .run-${stream}`)]
      .map((part) => part.textContent).join("");
    shown.push({ name: bar.getAttribute("aria-label"), state: bar.dataset.state,
      status: bar.querySelector("[role=status]").textContent,
      stdout: of("stdout"), value: of("value"), stderr: of("stderr") });
  }
  return shown;
}"""


class Reader(Watched):
    """A reader's tab, and what the reader does with blocks."""

    def __init__(self, context, served, runtime):
        super().__init__(context.new_page(), served.origin, runtime.origin)
        self.served, self.runtime = served, runtime
        self.tab.add_init_script(COUNT)

    def open(self, page):
        self.tab.goto(self.served.address(page))
        self.tab.wait_for_function("window.workers !== undefined")

    def follow(self, page):
        """Go to a page by a link, as Material's instant navigation does it."""
        self.tab.evaluate(
            """(address) => {
              document.querySelector("article").dataset.left = "";
              const link = document.createElement("a");
              link.href = address;
              document.querySelector("article").append(link);
              link.click();
            }""",
            self.served.address(page),
        )
        self.tab.wait_for_function(
            "(address) => location.href === address"
            " && !document.querySelector('article').dataset.hasOwnProperty('left')"
            " && (document.querySelector('.run')"
            "     || !document.querySelector('.language-python'))",
            arg=self.served.address(page),
        )

    def run_all(self):
        return self.tab.evaluate(RUN_ALL)


@pytest.fixture(scope="session")
def served_with_python(server, served, runtime):
    server.words[built.RUNTIME] = runtime.origin
    return served


def new_reader(browser, served, runtime, **options):
    context = browser.new_context(viewport=WIDE, color_scheme="light", **options)
    context.set_default_timeout(60_000)
    return Reader(context, served, runtime)


@pytest.fixture(scope="session")
def walker(browser, served_with_python, runtime):
    """One tab that visits every page: one document, one worker."""
    walker = new_reader(browser, served_with_python, runtime)
    walker.open("index.md")
    yield walker
    walker.tab.context.close()


# -- every page


def offered(page):
    """Return the (number, code, expected) of the blocks that a browser can run."""
    out = []
    if page.endswith(".md"):
        blocks = [
            (block.code, block.expected, block.needs)
            for block in pages.blocks(built.ROOT / "docs" / page)
        ]
    else:
        blocks = []
    for number, (code, expected, needs) in enumerate(blocks, 1):
        if not ABSENT.search(code):
            out.append((number, code, expected))
        elif not needs:
            break  # what comes after may use what this block defines
    return out


@pytest.mark.parametrize("page", [page for page in PAGES if page.endswith(".md")])
def test_page(page, walker):
    walker.follow(page)
    shown = walker.run_all()
    wanted = offered(page)
    assert len(shown) == len(wanted)
    found = []
    for ran, (_, _, expected) in zip(shown, wanted, strict=True):
        where = f"docs/{page}, {ran['name']}"
        if ran["state"] != "done":
            found.append(f"{where}: {ran['status']}\n{ran['stderr']}")
        elif pages.visible(ran["stdout"]) != pages.visible(expected or ""):
            found.append(f"{where} prints\n{ran['stdout']}and not\n{expected}")
        elif expected and ran["status"] != "Done; matches the page.":
            found.append(f"{where}: {ran['status']}")
        elif ran["stderr"]:
            found.append(f"{where}: {ran['stderr']}")
    found += walker.take()
    if found:
        pytest.fail("\n".join(found), pytrace=False)
    assert walker.tab.evaluate("window.workers") <= 1, "a page was loaded anew"
