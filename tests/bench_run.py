"""How fast a block runs in the page, against bare Pyodide: make bench-run.

    .venv/bin/python -m tests.bench_run [rounds]

Both are measured in one run and in turns, because machines differ and get busy.

start   from the click on Run to the first output, against loadPyodide, loadPackage
        and `import numpy` in an empty page: what nobody can do without
again   a block that has run, run once more: from the click to its verdict, against
        the same code in a bare worker, from its message to the answer
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from handbook import vendor
from tests import browsing, built, pages

PAGE = "rules/softmax/softmax.md"
BARE = """<!doctype html><title>bare</title><script type="module">
const begin = performance.now();
const { loadPyodide } = await import("/python/pyodide.mjs");
const pyodide = await loadPyodide({ indexURL: "/python/" });
await pyodide.loadPackage("numpy");
pyodide.runPython("import numpy; print(numpy.ones(1))");
window.took = performance.now() - begin;
</script>"""
WORKER = """
const { loadPyodide } = await import("/python/pyodide.mjs");
const pyodide = await loadPyodide({ indexURL: "/python/", stdout() {} });
await pyodide.loadPackage("numpy");
self.onmessage = ({ data }) => { pyodide.runPython(data); postMessage("done"); };
postMessage("ready");
"""
BARE_AGAIN = """async ([above, code]) => {
  const worker = new Worker("/worker.mjs", { type: "module" });
  const answer = () => new Promise((go) => (worker.onmessage = go));
  await answer();
  worker.postMessage(above);
  await answer();
  const took = [];
  for (let i = 0; i < 30; i++) {
    const begin = performance.now();
    worker.postMessage(code);
    await answer();
    took.push(performance.now() - begin);
  }
  worker.terminate();
  return took;
}"""
# The clock starts at the click and stops when the page has changed.
START = """async () => {
  const bar = document.querySelectorAll(".run")[2];
  const begin = performance.now();
  bar.querySelector("button").click();
  const pre = bar.querySelector("pre");
  while (!pre.textContent) await new Promise((go) => setTimeout(go, 1));
  return performance.now() - begin;
}"""
AGAIN = """async () => {
  const bar = document.querySelectorAll(".run")[2];
  const ended = () => new Promise((go) => new MutationObserver((_, observer) => {
    if (bar.dataset.state === "busy") return;
    observer.disconnect();
    go();
  }).observe(bar, { attributes: true }));
  const took = [];
  for (let i = 0; i < 30; i++) {
    const begin = performance.now();
    bar.querySelector("button").click();
    await ended();
    took.push(performance.now() - begin);
  }
  return took;
}"""


def measure(browser, site, rounds):
    bare, ours, bare_again, ours_again = [], [], [], []
    blocks = pages.blocks(built.ROOT / "docs" / PAGE)
    for number in range(rounds):
        # Contexts of their own: each pays for the download, from a server next door.
        with browser.new_context() as context:
            tab = context.new_page()
            tab.goto(site.origin + "bare.html")
            bare.append(tab.wait_for_function("window.took").json_value())
            if number == 0:
                above = "\n".join(block.code for block in blocks[:2])
                bare_again = tab.evaluate(BARE_AGAIN, [above, blocks[2].code])
        with browser.new_context() as context:
            tab = context.new_page()
            tab.goto(built.Site(site.folder, site.origin).address(PAGE))
            tab.locator(".run").first.wait_for()
            tab.wait_for_load_state("networkidle")  # who clicks has read something
            tab.wait_for_timeout(2000)
            ours.append(tab.evaluate(START))
            if number == 0:
                ours_again = tab.evaluate(AGAIN)
        print(f"round {number + 1}: bare {bare[-1]:.0f} ms, page {ours[-1]:.0f} ms")
    return bare, ours, bare_again, ours_again


def report(bare, ours, bare_again, ours_again):
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    print(
        f"start: {statistics.median(ours):.0f} ms, bare "
        f"{statistics.median(bare):.0f} ms, ratio {ratio:.2f} (aim: at most 1.10)"
    )
    ours_ms, bare_ms = statistics.median(ours_again), statistics.median(bare_again)
    print(
        f"again: {ours_ms:.1f} ms, bare {bare_ms:.1f} ms, "
        f"{ours_ms - bare_ms:.1f} ms on top (aim: under 10)"
    )


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        problem = built.build(root, built.ORIGIN)
        if problem:
            sys.exit(problem)
        vendor.vendor(root / "python", source=str(built.WHEEL))
        (root / "bare.html").write_text(BARE)
        (root / "worker.mjs").write_text(WORKER)
        browser = playwright.chromium.launch(
            executable_path=browsing.chromium(), args=browsing.FLAGS
        )
        with browsing.serve(root) as server:
            server.words |= {built.ORIGIN: server.origin, built.RUNTIME: "/python/"}
            site = built.Site(root, server.origin)
            report(*measure(browser, site, rounds))
        browser.close()


if __name__ == "__main__":
    main()
