"""The blocks of the built site run in a real browser, with real Pyodide and NumPy.

Every page first: all its blocks are run in the page, and print what the page says.
Then what a reader may do to them.
"""

import itertools
import re

import pytest

from tests import browsing, built, pages
from tests.browsing import PHONE, SCHEMES, SIDEWAYS, WIDE, Watched, axe, open_page

PAGES = built.source_pages()
SOFTMAX = "rules/softmax/softmax.md"
ABSENT = re.compile(
    r"^\s*(?:import|from)\s+"
    r"(?:autograd|jax|matplotlib|pydoc_data|scipy|sklearn|torch)\b",
    re.M,
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
        # Instant navigation works as soon as the page knows its sitemap.
        with self.tab.expect_response("**/sitemap.xml"):
            open_page(self.tab, self.served.address(page))
        self.tab.wait_for_load_state("networkidle")
        self.tab.evaluate(
            "document$.subscribe(() => (window.shown = location.pathname))"
        )
        self.wait_for(page)

    def follow(self, page):
        """Go to a page by a link, as Material's instant navigation does it."""
        if self.tab.url.split("#")[0] == self.served.address(
            page
        ):  # a link to itself does nothing
            self.follow("rules/index.md")
        self.tab.evaluate(
            """(address) => {
              const link = document.createElement("a");
              link.href = address;
              document.querySelector("article").append(link);
              link.click();
            }""",
            self.served.address(page),
        )
        self.wait_for(page)

    def wait_for(self, page):
        self.tab.wait_for_function(
            "(address) => window.shown === new URL(address).pathname"
            " && (document.querySelector('.run')"
            " || !document.querySelector('.language-python'))",
            arg=self.served.address(page),
        )

    def bar(self, name):
        return self.tab.get_by_role("group", name=name, exact=True)

    def button(self, name):
        """A button by its name, whether or not it also says what it downloads."""
        return self.tab.get_by_role(
            "button",
            name=re.compile(
                f"^{re.escape(name)}"
                r"( \(downloads .*)?$"
            ),
        )

    def press(self, name):
        """Press Run and return what the block says when it has ended."""
        self.button(f"Run {name}").click()
        return self.ended(name)

    def ended(self, name):
        bar = self.bar(name)
        bar.and_(self.tab.locator("[data-state]:not([data-state=busy])")).wait_for()
        return bar.get_by_role("status").text_content()

    def output(self, name):
        return self.bar(name).get_by_role("log").text_content()

    def write(self, name, code):
        self.button(f"Edit {name}").click()
        self.tab.get_by_label(f"Code of {name}", exact=True).fill(code)

    def code(self, name):
        """Return the text of a block, opening its editor."""
        self.button(f"Edit {name}").click()
        return self.tab.get_by_label(f"Code of {name}", exact=True).input_value()

    def close(self):
        self.tab.context.close()

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
    walker.close()


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


@pytest.mark.parametrize("page", [page for page in PAGES if page.endswith(".ipynb")])
def test_notebook(page, walker):
    """Notebooks time things, and run elsewhere: numbers differ, the words do not."""
    walker.follow(page)
    shown = walker.run_all()
    codes = [
        code
        for language, code in built.read(walker.served.file(page)).codes
        if language in built.PYTHON
    ]
    needs = [bool(ABSENT.search(code)) for code in codes]
    assert len(shown) == (needs.index(True) if True in needs else len(codes))
    texts = walker.tab.evaluate(
        """() => [...document.querySelectorAll(".run:has(button)")].map((bar) =>
          bar.nextElementSibling?.matches(".language-text")
            ? bar.nextElementSibling.textContent : "")"""
    )
    for ran, text in zip(shown, texts, strict=True):
        assert ran["state"] == "done", (ran["name"], ran["stderr"])
        assert words(ran["stdout"] + ran["value"]) == words(text), ran["name"]
    # The others say why they have no buttons.
    notes = walker.tab.locator(".run:not(:has(button))").all_inner_texts()
    assert len(notes) == len(codes) - len(shown)
    assert all("o browser has " in note for note in notes), notes


def words(text):
    return re.sub(r"-?\d[\d.,e+-]*", "#", text).split()


# -- one block


def test_a_block_runs_those_above_it(walker):
    walker.follow(SOFTMAX)
    assert walker.press("softmax.py (use)") == "Done; matches the page."
    assert "0.6652" in walker.output("softmax.py (use)")
    assert walker.output("softmax.py") == ""


def test_the_last_expression_is_shown(walker):
    walker.follow(SOFTMAX)
    walker.write("block 4", "import sys\nprint('warned', file=sys.stderr)\ns.shape")
    walker.press("block 4")
    assert walker.output("block 4") == "stderr:\nwarned\n(2, 3)\n"
    label = walker.bar("block 4").locator(".run-word")
    text = walker.bar("block 4").locator(".run-value")
    colour = "e => getComputedStyle(e).color"
    assert label.evaluate(colour) != text.evaluate(colour)
    walker.button("Reset block 4").click()


def test_edit_see_the_check_fail_and_reset(walker):
    walker.follow(SOFTMAX)
    checks = "block 4"
    assert walker.press(checks) == "Done; matches the page."
    code = walker.code("softmax.py")
    walker.write("softmax.py", code.replace("s * (s_bar - (", "s * (s_bar + ("))
    # The sign is wrong, and nothing between was edited: it has to run again.
    assert walker.press(checks).startswith("Done; differs from the page")
    assert walker.output(checks) == "True\nFalse\n"
    printed = walker.tab.locator(".language-text:visible").get_by_text("True\nTrue")
    assert printed.count() == 1, "what the page prints is not shown beside it"
    walker.button("Reset softmax.py").click()
    assert walker.tab.locator(".run-editor").count() == 0
    assert walker.press(checks) == "Done; matches the page."


def test_blocks_share_the_variables_of_their_page_alone(walker):
    walker.follow(SOFTMAX)
    walker.write("block 4", "mine = 1")
    walker.press("block 4")
    walker.write(
        "block 5", "import sys\nnp.seterr(all='raise')\nsys.stdout = None\nmine"
    )
    walker.press("block 5")
    assert walker.output("block 5") == "1\n"
    walker.button("Reset block 4").click()
    for page in ("rules/activations/relu.md", SOFTMAX):
        walker.follow(page)
        walker.write("block 5", "print('mine' in globals())\nnp.geterr()['divide']")
        walker.press("block 5")
        assert walker.output("block 5") == "False\n'warn'\n"
        walker.button("Reset block 5").click()


def test_a_traceback_is_shown_whole(walker):
    walker.follow(SOFTMAX)
    walker.write("softmax.py (jvp)", "def f(z):\n    return softmax(z[:, :0])\n")
    walker.write("block 4", "import numpy.linalg\n\nf(z)")
    assert walker.press("block 4") == "Ended with an error."
    assert walker.output("block 4") == (
        "stderr:\nTraceback (most recent call last):\n"
        '  File "block 4", line 3, in <module>\n    f(z)\n    ~^^^\n'
        '  File "softmax.py (jvp)", line 2, in f\n    return softmax(z[:, :0])\n'
        '  File "softmax.py", line 10, in softmax\n'
        '    raise ValueError(f"no entry along axis {axis} of shape {z.shape}")\n'
        "ValueError: no entry along axis -1 of shape (2, 0)\n"
    )
    walker.write("block 4", "x = (1,\ny = 2")
    walker.press("block 4")
    assert walker.output("block 4") == (
        'stderr:\n  File "block 4", line 1\n    x = (1,\n        ^\n'
        "SyntaxError: '(' was never closed\n"
    )
    walker.button("Reset block 4").click()
    walker.button("Reset softmax.py (jvp)").click()


def test_an_error_above_is_shown_where_it_was_met(walker):
    walker.follow(SOFTMAX)
    walker.write("softmax.py", "1 / 0")
    said = walker.press("block 4")
    assert said == "softmax.py, which runs first, ended with an error."
    assert "ZeroDivisionError" in walker.output("block 4")
    walker.button("Reset softmax.py").click()


def test_what_is_printed_is_text(walker):
    walker.follow(SOFTMAX)
    printed = (
        "<b>bold</b> <script>window.pwned = 1</script> <img src=x onerror=pwned()>"
    )
    walker.write("block 4", f"print({printed!r})\nnp.array(['a']).dtype, str, f'&lt;'")
    walker.press("block 4")
    assert walker.output("block 4") == (
        printed + "\n(dtype('<U1'), <class 'str'>, '&lt;')\n"
    )
    walker.write("block 4", f"raise ValueError({printed!r})")
    walker.press("block 4")
    assert f"<module>\n    raise ValueError({printed!r})" in walker.output("block 4")
    assert f"ValueError: {printed}" in walker.output("block 4")
    bar = walker.bar("block 4")
    assert bar.locator("pre :is(b, script, img)").count() == 0
    assert walker.tab.evaluate("window.pwned") is None
    walker.button("Reset block 4").click()
    assert not walker.take()


# -- what runs too long, prints too much, wants too much


# The longest time for which the page did nothing else, and how often it was free.
GAPS = """() => {
  clearInterval(window.gaps);
  window.gap = window.ticks = 0;
  let before = performance.now();
  window.gaps = setInterval(() => {
    const now = performance.now();
    window.gap = Math.max(window.gap, now - before);
    window.ticks += 1;
    before = now;
  }, 5);
}"""
FROZEN = 1500  # milliseconds; a busy machine may well keep a page waiting for some


def test_stop_ends_a_loop_that_prints_for_ever(walker):
    walker.follow(SOFTMAX)
    walker.press("block 4")
    walker.tab.evaluate(GAPS)
    walker.write("block 4", "while True: print(1)")
    walker.button("Run block 4").click()
    walker.tab.get_by_text("only the first 10,000 characters").wait_for()
    walker.tab.wait_for_function(
        "(seen) => window.ticks > seen + 100", arg=walker.tab.evaluate("window.ticks")
    )
    assert walker.tab.evaluate("window.gap") < FROZEN
    workers = walker.tab.evaluate("window.workers")
    stop = walker.button("Stop block 4")
    assert walker.tab.evaluate("document.activeElement.textContent") == "Stop block 4"
    stop.click()
    assert walker.ended("block 4") == "Stopped; variables were cleared."
    shown = walker.output("block 4")
    assert shown.startswith("1\n" * 5000 + "\n… only") and len(shown) < 10_100
    walker.button("Reset block 4").click()
    # A fresh Python has been started, and knows nothing of the old one.
    assert walker.tab.evaluate("window.workers") == workers + 1
    assert walker.press("block 4") == "Done; matches the page."


def test_what_was_printed_before_a_stop_is_kept(walker):
    walker.follow(SOFTMAX)
    walker.write("block 4", "print('a', end='')\nprint('b', end='')\nwhile True: pass")
    walker.button("Run block 4").click()
    walker.bar("block 4").get_by_text("ab").wait_for()
    walker.button("Stop block 4").click()
    assert walker.ended("block 4") == "Stopped; variables were cleared."
    assert walker.output("block 4") == "ab"
    walker.button("Reset block 4").click()


def test_a_million_prints(walker):
    walker.follow(SOFTMAX)
    walker.press("block 4")
    walker.tab.evaluate(GAPS)
    walker.write("block 4", "for i in range(10**6): print(i)\nlast = i")
    assert walker.press("block 4") == "Done."
    assert walker.tab.evaluate("window.gap") < FROZEN
    shown = walker.output("block 4")
    assert shown.startswith("0\n1\n") and 10_000 < len(shown) < 10_100
    walker.write("block 5", "print(last)")
    walker.press("block 5")
    assert walker.output("block 5") == "999999\n"
    for name in ("block 4", "block 5"):
        walker.button(f"Reset {name}").click()


def test_the_page_is_written_at_most_every_50_ms(walker):
    walker.follow(SOFTMAX)
    walker.press("block 4")
    walker.tab.evaluate(
        """() => { window.writes = [];
          new MutationObserver(() => window.writes.push(performance.now())).observe(
            document.querySelectorAll(".run > pre")[3], { childList: true,
            subtree: true }); }"""
    )
    code = "import time\nfor i in range(200): print(i); time.sleep(0.003)"
    walker.write("block 4", code)
    walker.press("block 4")
    writes = walker.tab.evaluate("window.writes")
    assert len(writes) > 5
    # The first is the old output that is taken away, the last the end of the run.
    inner = [b - a for a, b in itertools.pairwise(writes[1:-1])]
    assert min(inner) > 45
    walker.button("Reset block 4").click()


def test_two_gigabytes(walker):
    """More than an array may hold here is an error like any other."""
    walker.follow(SOFTMAX)
    walker.write("block 4", "big = np.ones(2**28)")
    assert walker.press("block 4") == "Ended with an error."
    assert "array is too big" in walker.output("block 4")
    walker.write("block 4", "big = []\nwhile True: big.append(np.empty(2**27))")
    said = walker.press("block 4")
    assert said == "Python ended (out of memory); variables were cleared."
    assert "Unable to allocate" in walker.output("block 4")
    walker.button("Reset block 4").click()
    assert walker.press("block 4") == "Done; matches the page."


def test_a_python_that_dies_is_replaced(walker):
    walker.follow(SOFTMAX)
    walker.write(
        "block 4",
        "import ctypes\nctypes.string_at(0xFFFFFFF0)",  # outside of its memory
    )
    said = walker.press("block 4")
    assert said.startswith("Python ended (") and "cleared" in said
    walker.button("Reset block 4").click()
    assert walker.press("block 4") == "Done; matches the page."
    walker.take()  # Pyodide reports to the console


def test_half_a_minute(browser, served_with_python, runtime):
    reader = new_reader(browser, served_with_python, runtime)
    reader.open(SOFTMAX)
    reader.press("softmax.py")
    reader.tab.clock.install()
    reader.write("block 4", "print('begun')\nwhile True: pass")
    reader.tab.evaluate("window.begun = Date.now()")
    reader.button("Run block 4").click()
    reader.bar("block 4").get_by_text("begun").wait_for()
    notice = reader.bar("block 4").get_by_text("Still running after 30 seconds.")
    # The clock runs on between these, as long as a busy machine takes.
    reader.tab.clock.fast_forward(20_000)
    shown = "document.querySelectorAll('.run > p')[3].textContent.startsWith('Still')"
    early, passed = reader.tab.evaluate(f"[{shown}, Date.now() - window.begun]")
    assert passed >= 30_000 or not early
    reader.tab.clock.fast_forward(10_000)
    notice.wait_for(timeout=10_000)
    reader.button("Stop block 4").click()
    assert reader.ended("block 4") == "Stopped; variables were cleared."
    reader.close()


# -- several clicks, several pages


def test_a_double_click_runs_once(walker):
    walker.follow(SOFTMAX)
    walker.write("block 4", "import time\ntime.sleep(0.5)\nprint('once')")
    walker.button("Run block 4").dblclick()
    assert walker.ended("block 4").startswith("Done")
    assert walker.output("block 4") == "once\n"
    walker.button("Reset block 4").click()


def test_two_blocks_take_turns(walker):
    walker.follow(SOFTMAX)
    walker.write("softmax.py (jvp)", "import time\ntime.sleep(0.3)\nturns = []")
    walker.write("block 4", "turns.append(4)\nprint(turns)")
    walker.write("block 5", "turns.append(5)\nprint(turns)")
    walker.button("Run block 5").click()
    walker.button("Run block 4").click()
    walker.ended("block 5")
    walker.ended("block 4")
    assert walker.output("block 5") == "[4, 5]\n"
    assert walker.output("block 4") == "[4, 5, 4]\n"
    # Stop is meant for what waits, too.
    walker.write("block 4", "while True: pass")
    walker.button("Run block 4").click()
    walker.button("Run block 5").click()
    walker.button("Stop block 5").click()
    assert walker.ended("block 4") == "Stopped; variables were cleared."
    assert walker.ended("block 5") == "Stopped before it ran."
    for name in ("softmax.py (jvp)", "block 4", "block 5"):
        walker.button(f"Reset {name}").click()


def test_leaving_in_the_middle_of_a_run(walker):
    walker.follow(SOFTMAX)
    walker.write("softmax.py", "while True: print('for ever')")
    walker.button("Run softmax.py").first.click()
    walker.bar("softmax.py").get_by_text("for ever").wait_for()
    walker.follow("rules/activations/relu.md")
    assert walker.press("relu.py (use)") == "Done; matches the page."
    walker.tab.go_back()
    walker.wait_for(SOFTMAX)
    assert walker.code("softmax.py") == "while True: print('for ever')"
    walker.button("Reset softmax.py").click()
    assert walker.press("softmax.py (use)") == "Done; matches the page."
    walker.tab.go_forward()
    walker.wait_for("rules/activations/relu.md")
    assert walker.press("relu.py (use)") == "Done; matches the page."
    assert walker.tab.evaluate("window.workers") >= 1, "a page was loaded anew"
    assert not walker.take()


def test_leaving_while_python_is_on_its_way(browser, served_with_python, runtime):
    reader = new_reader(browser, served_with_python, runtime)
    reader.open(SOFTMAX)
    reader.button("Run softmax.py (use)").click()
    reader.follow("rules/activations/relu.md")
    assert reader.press("relu.py (use)") == "Done; matches the page."
    assert reader.tab.evaluate("window.workers") == 1, "the download began anew"
    assert not reader.take()
    reader.close()


def test_edits_stay_in_a_visit_until_reset(walker):
    walker.follow(SOFTMAX)
    walker.write("block 4", "print('mine')")
    walker.follow("rules/activations/relu.md")
    assert walker.tab.locator(".run-editor").count() == 0
    walker.follow(SOFTMAX)
    assert walker.code("block 4") == "print('mine')"
    walker.press("block 4")
    assert walker.output("block 4") == "mine\n"
    walker.button("Reset block 4").click()
    assert walker.output("block 4") == ""
    walker.follow("rules/activations/relu.md")
    walker.follow(SOFTMAX)
    assert walker.tab.locator(".run-editor").count() == 0


# -- the network


def test_nothing_is_fetched_before_a_click(
    browser, served_with_python, server, runtime
):
    reader = new_reader(browser, served_with_python, runtime)
    runtime.asked.clear()
    server.asked.clear()
    for page in (SOFTMAX, "scratch.md", "index.md"):
        reader.open(page)
        reader.tab.wait_for_load_state("networkidle")
    assert runtime.asked == []
    assert not [p for p in server.asked if "worker" in p and "search" not in p]
    host = runtime.origin.split("/")[2]
    bar = reader.tab.locator(".run").first
    text = f"(downloads Python, 9 MB from {host})"
    assert text in bar.locator(".run-run").inner_text()
    reader.tab.locator(".run-run").first.click()
    reader.tab.locator(".run[data-state=done]").wait_for()
    assert len(runtime.asked) == len(set(runtime.asked)) == 6
    assert "downloads" not in bar.inner_text()
    assert not reader.take()
    reader.close()


def test_offline(browser, served_with_python, runtime):
    reader = new_reader(browser, served_with_python, runtime)
    reader.open(SOFTMAX)
    reader.tab.context.set_offline(True)
    said = reader.press("softmax.py (use)")
    assert said.startswith("This browser is offline") and "copy the code" in said
    reader.tab.context.set_offline(False)
    assert reader.press("softmax.py (use)") == "Done; matches the page."
    reader.tab.context.set_offline(True)
    assert reader.press("block 4") == "Done; matches the page."
    reader.write("block 5", "import snippets.activations.relu")
    assert reader.press("block 5") == "Ended with an error."
    assert "is this page offline?" in reader.output("block 5")
    reader.close()


DOWNLOADS = ["pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm"]
DOWNLOADS += ["python_stdlib", "pyodide-lock", "numpy"]


@pytest.mark.parametrize("file", DOWNLOADS)
def test_a_download_that_fails_can_be_tried_again(
    file, browser, served_with_python, runtime, runtime_folder
):
    (found,) = [path.name for path in runtime_folder.glob(file + "*") if path.is_file()]
    reader = new_reader(browser, served_with_python, runtime)
    reader.open(SOFTMAX)
    runtime.refused.add("/" + found)
    try:
        said = reader.press("softmax.py (use)")
    finally:
        runtime.refused.clear()
    assert said.startswith("Python could not be downloaded (") and found in said
    assert "Press Run to try again. Or copy the code" in said
    assert reader.press("softmax.py (use)") == "Done; matches the page."
    reader.close()


@pytest.mark.parametrize("file", ["numpy*.whl", "pyodide.asm.wasm"])
def test_a_file_that_was_altered_is_refused(
    file, browser, served_with_python, runtime, runtime_folder
):
    """By its checksum, or, cut off in the middle, by the browser."""
    (path,) = runtime_folder.glob(file)
    right = path.read_bytes()
    reader = new_reader(browser, served_with_python, runtime)
    reader.open(SOFTMAX)
    path.write_bytes(right[:-1000])
    try:
        said = reader.press("softmax.py (use)")
    finally:
        path.write_bytes(right)
    assert said.startswith("Python could not be downloaded (")
    assert "Press Run to try again" in said
    reader.close()


def test_no_webassembly(browser, served_with_python, runtime):
    reader = new_reader(browser, served_with_python, runtime)
    reader.tab.add_init_script("delete window.WebAssembly")
    reader.open(SOFTMAX)
    said = reader.press("softmax.py")
    assert (
        said.startswith("This browser has no WebAssembly") and "copy the code" in said
    )
    reader.close()


def test_a_blocked_worker(browser, served_with_python, server, runtime):
    reader = new_reader(browser, served_with_python, runtime)
    server.headers.append(("Content-Security-Policy", "worker-src 'none'"))
    try:
        reader.open(SOFTMAX)
        said = reader.press("softmax.py")
    finally:
        server.headers.clear()
    assert said.startswith("The browser did not start the worker")
    assert "copy the code" in said
    reader.close()


def test_a_site_of_its_own_under_a_path(browser, served, runtime_folder, tmp_path):
    """No third party even after the click, no headers, not at the root of a host."""
    root = tmp_path / "gradient-handbook"
    root.symlink_to(served.folder)
    (tmp_path / "python").symlink_to(runtime_folder)
    with browsing.serve(tmp_path) as server:
        site = built.Site(served.folder, server.origin + "gradient-handbook/")
        server.words |= {built.ORIGIN: site.origin, built.RUNTIME: "/python/"}
        reader = new_reader(browser, site, server)
        reader.open("index.md")
        reader.follow(SOFTMAX)
        assert (
            reader.bar("softmax.py").get_by_text("(downloads Python, 9 MB)").count()
            == 1
        )
        assert reader.press("softmax.py (use)") == "Done; matches the page."
        reader.follow("scratch.md")
        assert reader.press("block 1") == "Done; matches the page."
        assert reader.tab.evaluate("window.workers") == 1, "a page was loaded anew"
        assert not reader.take()
        reader.close()


# -- keyboard, names, looks


def test_keyboard(walker):
    walker.follow(SOFTMAX)
    tab = walker.tab
    walker.press("softmax.py")
    walker.button("Run softmax.py (jvp)").focus()
    order = []
    for _ in range(3):
        order.append(
            tab.evaluate(
                "document.activeElement.ariaLabel ?? document.activeElement.textContent"
            )
        )
        tab.keyboard.press("Tab")
    name = "softmax.py (jvp)"
    assert order == [f"Run {name}", f"Edit {name}", f"Reset {name}"]
    walker.button("Edit block 4").focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.ariaLabel") == "Code of block 4"
    tab.keyboard.press("Control+a")
    tab.keyboard.type("for i in range(2):\nx = i\nprint(x)")
    assert walker.code("block 4") == "for i in range(2):\n    x = i\n    print(x)"
    tab.keyboard.press("Control+Enter")
    walker.ended("block 4")
    assert walker.output("block 4") == "0\n1\n"
    assert tab.evaluate("document.activeElement.ariaLabel") == "Code of block 4"
    tab.keyboard.press("Control+z")
    assert walker.code("block 4") != "for i in range(2):\n    x = i\n    print(x)"
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Run block 4"
    for _ in range(2):
        tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")  # Reset
    assert tab.locator(".run-editor").count() == 0
    assert tab.evaluate("document.activeElement.ariaLabel") == "Reset block 4"


def test_what_a_screen_reader_is_told(walker):
    walker.follow(SOFTMAX)
    walker.press("softmax.py (use)")
    assert walker.bar("softmax.py (use)").aria_snapshot() == (
        '- group "softmax.py (use)":\n'
        '  - button "Run softmax.py (use)"\n'
        '  - button "Edit softmax.py (use)": Edit\n'
        '  - button "Reset softmax.py (use)": Reset\n'
        "  - status: Done; matches the page.\n"
        '  - log "Output of softmax.py (use)": '
        '"[[0.09 0.2447 0.6652] [0.09 0.2447 0.6652]] [[ 0.0819 -0.022 -0.0599] '
        '[-0.1198 -0.3256 0.4454]]"'
    )
    log = walker.bar("softmax.py (use)").get_by_role("log")
    assert log.get_attribute("aria-live") == "polite"
    assert log.get_attribute("tabindex") == "0"
    # What printed once and prints no more is no stop for the keyboard.
    walker.write("softmax.py (use)", "pass")
    walker.press("softmax.py (use)")
    assert log.get_attribute("tabindex") is None
    walker.button("Reset softmax.py (use)").click()
    # The live regions are there before there is something to say.
    assert walker.bar("block 5").get_by_role("log").count() == 1
    assert walker.bar("block 5").get_by_role("status").count() == 1


def test_focus_is_left_alone(walker):
    walker.follow("scratch.md")
    assert walker.tab.evaluate("document.activeElement.tagName") not in (
        "TEXTAREA",
        "BUTTON",
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing(scheme, browser, served_with_python, runtime):
    reader = new_reader(browser, served_with_python, runtime)
    reader.tab.emulate_media(color_scheme=scheme)
    reader.open(SOFTMAX)
    shown = reader.tab.evaluate("document.body.dataset.mdColorScheme")
    assert shown == SCHEMES[scheme]
    assert axe(reader.tab, context=".md-content") == []
    reader.write("block 4", "import sys\nprint(s)\nprint('x', file=sys.stderr)\n1 / 0")
    reader.press("block 4")
    reader.press("block 5")
    assert axe(reader.tab, context=".md-content") == []
    reader.follow("scratch.md")
    assert axe(reader.tab, context=".md-content") == []
    reader.follow("foundations/adapters.md")
    assert axe(reader.tab, context=".md-content") == []
    # The check itself: a text in the colour of its ground.
    reader.tab.add_style_tag(content=".run button { color: var(--md-code-bg-color) }")
    found = axe(reader.tab, context=".md-content")
    assert any("color-contrast" in fault for fault in found)
    reader.close()


def test_on_a_phone_nothing_is_wider_than_the_page(walker):
    walker.follow(SOFTMAX)
    walker.write("block 4", "print('x' * 500)\n" + "#" * 300)
    walker.press("block 4")
    walker.tab.set_viewport_size(PHONE)
    try:
        assert walker.tab.evaluate(SIDEWAYS) == []
        walker.button("Reset block 4").click()
        walker.follow("scratch.md")
        assert walker.tab.evaluate(SIDEWAYS) == []
    finally:
        walker.tab.set_viewport_size(WIDE)


def test_without_javascript_the_block_is_as_written(without_javascript, served):
    tab = without_javascript.tab
    tab.goto(served.address(SOFTMAX))
    assert tab.locator(".run, .run-editor").count() == 0
    gaps = tab.locator(".language-python").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).paddingBottom)"
    )
    assert set(gaps) == {"0px"}, "room is kept for buttons that never come"
    tab.goto(served.address("scratch.md"))
    files = len(list((built.ROOT / "snippets").glob("*/*.py")))
    assert tab.locator(".snippet-list a:visible").count() == files


def test_the_copy_button_copies_what_the_page_says(walker):
    walker.tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    walker.follow(SOFTMAX)
    walker.press("softmax.py (use)")
    walker.tab.evaluate("navigator.clipboard.writeText('nothing yet')")
    block = walker.tab.locator(".language-python", has_text="z = np.array([[1.0, 2.0")
    block.first.hover()
    block.first.locator(".md-code__button").click()
    walker.tab.wait_for_function(
        "async () => (await navigator.clipboard.readText()) !== 'nothing yet'"
    )
    copied = walker.tab.evaluate("navigator.clipboard.readText()")
    assert (
        copied.rstrip() == pages.blocks(built.ROOT / "docs" / SOFTMAX)[2].code.rstrip()
    )


def test_on_paper_the_page_is_as_written(walker):
    walker.follow(SOFTMAX)
    walker.write("block 4", "print(1)")
    walker.press("block 4")
    walker.tab.emulate_media(media="print")
    try:
        assert walker.tab.locator(":is(.run, .run-editor):visible").count() == 0
        blocks = walker.tab.locator(".language-python pre")
        shown = [block.is_visible() for block in blocks.all()]
        assert shown and all(shown)
    finally:
        walker.tab.emulate_media(media="null")
    walker.button("Reset block 4").click()


# -- nothing moves when the scripts put their controls in


STEADY = [
    "index.md",
    SOFTMAX,
    "rules/normalization/layer_norm.md",
    "rules/matrix_products/matmul.md",
    "foundations/adapters.md",  # some of its blocks cannot run
    "rules/index.md",  # the finder
    "scratch.md",
    "doctor.md",
]
# A page that is drawn while it is still arriving moves by itself, as when only half of
# a centred formula is there; scripts run after that.
SHIFTS = """
window.shifts = [];
window.shiftsOfScripts = () => {
  const [{ domInteractive }] = performance.getEntriesByType("navigation");
  return window.shifts.filter(([when]) => when > domInteractive);
};
const text = ({ node }) => (node?.textContent ?? "").trim().slice(0, 40);
new PerformanceObserver((list) => {
  for (const { startTime, value, sources } of list.getEntries())
    window.shifts.push([startTime, value, sources.map(text).join(" | ")]);
}).observe({ type: "layout-shift", buffered: true });
"""
# The page as it stays: fonts are there, and two frames have been drawn.
SETTLED = """async () => {
  await document.fonts.ready;
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
}"""
# Where each part of the text begins.
PLACES = """() => [...document.querySelectorAll(
    "article :is(p, h1, h2, h3, pre, table, ul, figure, x-maths.display)")]
  .filter((e) => e.getBoundingClientRect().height && !e.closest(
    ".run, .run-replaced, .latex-source, .snippet-list, .find-rule"))
  .map((e) => [`${e.tagName} ${e.textContent.trim().slice(0, 40)}`,
    Math.round(e.getBoundingClientRect().top + scrollY)])"""
ENHANCED = """() => document.querySelector(".run, .doctor, .finder[data-ready]") &&
  !document.querySelector(".find-rule:not([data-ready])") &&
  document.querySelectorAll(".latex-source").length ===
  document.querySelectorAll("x-maths.display").length"""


@pytest.fixture(scope="module", params=[WIDE, PHONE], ids=["wide", "phone"])
def steady(request, browser, served_with_python, runtime):
    reader = new_reader(browser, served_with_python, runtime)
    reader.tab.set_viewport_size(request.param)
    reader.tab.add_init_script(SHIFTS)
    # The fonts, so that what is counted is not how late they come on a busy machine.
    open_page(
        reader.tab, served_with_python.address("rules/normalization/layer_norm.md")
    )
    reader.tab.evaluate(SETTLED)
    yield reader
    reader.close()


@pytest.mark.parametrize("page", STEADY)
def test_nothing_shifts_at_load(page, steady):
    open_page(steady.tab, steady.served.address(page))
    steady.tab.wait_for_function(ENHANCED)
    steady.tab.evaluate(SETTLED)
    shifts = steady.tab.evaluate("window.shiftsOfScripts()")
    assert sum(value for _, value, _ in shifts) < 0.001, shifts


@pytest.mark.parametrize("page", [p for p in STEADY if p != "doctor.md"])
def test_the_text_keeps_its_place(page, steady):
    """Below the fold as well, where no shift is counted until somebody is there."""
    tab = steady.tab

    def places():
        # How many rows of the finder Chromium lays out before they are seen is chance.
        tab.evaluate(browsing.SETTLED)
        tab.evaluate(SETTLED)
        return tab.evaluate(PLACES)

    scripts = re.compile(r"/(run|doctor|handbook|finder)\.js$")
    tab.route(scripts, lambda route: route.abort())
    try:
        open_page(tab, steady.served.address(page))
        before = places()
    finally:
        tab.unroute(scripts)
    open_page(tab, steady.served.address(page))
    tab.wait_for_function(ENHANCED)
    after = places()
    if page == "scratch.md":  # its first block is an editor by now
        (first,) = (place for place in before if place[0].startswith("PRE import"))
        before.remove(first)
        editor = tab.locator(".run-editor").bounding_box()
        assert abs(editor["y"] + tab.evaluate("scrollY") - first[1]) <= 1
    assert [name for name, _ in before] == [name for name, _ in after]
    moved = [
        (name, old, new)
        for (name, old), (_, new) in zip(before, after, strict=True)
        if abs(old - new) > 2  # rounding adds up over a long page
    ]
    assert not moved, moved


def test_a_run_moves_no_other_block(steady):
    """When Python is there, no button says any more what it will download."""
    steady.open(SOFTMAX)
    before = steady.tab.evaluate(PLACES)
    assert steady.press("softmax.py") == "Done; it printed nothing."
    assert steady.tab.evaluate(PLACES) == before


# -- the scratch page


def test_every_snippet_runs_on_the_scratch_page(walker):
    """Chosen from the list, as its pages show it, and imported by its name."""
    walker.follow("scratch.md")
    select = walker.tab.get_by_label("Load the code of")
    values = select.locator("option").evaluate_all("all => all.map((o) => o.value)")[1:]
    files = sorted((built.ROOT / "snippets").glob("*/*.py"))
    assert len(values) == len(files)
    found = []
    for value in values:
        assert value.split("/snippets/")[1].count("/") == 1
        before = walker.code("block 1")
        select.select_option(value)
        walker.tab.wait_for_function(
            "(before) => document.querySelector('.run-editor').value !== before",
            arg=before,
        )
        code = walker.code("block 1")
        if "8<" in code or "def cases" in code:
            found.append(f"{value}: shows what no page shows")
        walker.press("block 1")
        state = walker.bar("block 1").get_attribute("data-state")
        if state != "done":
            found.append(f"{value}: {walker.output('block 1')}")
    walker.write(
        "block 1",
        "import importlib\n"
        + "\n".join(
            f"importlib.import_module('snippets.{file.parent.name}.{file.stem}')"
            for file in files
        )
        + "\nprint('all')",
    )
    walker.press("block 1")
    if not walker.output("block 1").startswith("all\n"):
        found.append(walker.output("block 1"))
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_a_rule_that_cannot_be_fetched(walker):
    walker.follow("scratch.md")
    before = walker.code("block 1")
    walker.tab.route("**/relu.py", lambda route: route.fulfill(status=503))
    try:
        walker.tab.get_by_label("Load the code of").select_option(label="relu")
        walker.bar("block 1").get_by_text(
            "could not be fetched; choose it again"
        ).wait_for()
    finally:
        walker.tab.unroute("**/relu.py")
    assert walker.code("block 1") == before
    walker.tab.get_by_label("Load the code of").select_option(label="sigmoid")
    walker.tab.wait_for_function(
        "document.querySelector('.run-editor').value.includes('def sigmoid')"
    )
    # It stays, like all that a reader has in an editor.
    walker.follow("index.md")
    walker.follow("scratch.md")
    assert "def sigmoid" in walker.code("block 1")
    walker.button("Reset block 1").click()
    walker.take()  # the console says 503


def test_a_snippet_that_does_not_exist(walker):
    walker.follow("scratch.md")
    walker.write("block 1", "import snippets.softmax.softmin")
    walker.press("block 1")
    assert walker.output("block 1").endswith(
        "ModuleNotFoundError: No module named 'snippets.softmax.softmin'\n"
    )
    walker.take()  # the console says 404


# -- for pages with a program of their own


def test_the_interface(walker):
    walker.follow("index.md")
    got = walker.tab.evaluate(
        """async () => {
          const file = document.querySelector("script[src$='run/run.js']").src;
          const { run } = await import(new URL("python.js", file));
          const said = [];
          const options = { file: "mine.py", page: "mine",
            onOutput: (...word) => said.push(word), onState: () => {} };
          const first = await run("x = 6\\nprint(x)\\nx * 7", options);
          const second = await run("x", options);
          const error = await run("1 / 0", { page: "mine" });
          return [said, first.status, second.status, error.status];
        }"""
    )
    said = [["stdout", "6"], ["stdout", "\n"], ["value", "42\n"], ["value", "6\n"]]
    assert got == [said, "done", "done", "error"]
