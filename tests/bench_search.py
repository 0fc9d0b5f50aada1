"""Search on a site of 600 rules: bytes and milliseconds.

    .venv/bin/python -m tests.bench_search [--folder /tmp/six-hundred]

Every rule of the catalogue that is not written gets a page made of a written page's
text under its own title and names, so the words repeat more than on a real site.
Printed for a name, for a query that names no rule and is looked up in the text, pasted
and typed (eight letters a second), and for the theme's own search, which would fetch
its index on every page.  The bytes are those of the first query, gzipped.  A folder
that holds a built site is used again.
"""

import argparse
import gzip
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from handbook import text_index
from tests import browsing, projects

# Milliseconds to the first result of a new worker, and of further queries.  A first
# query that is pasted comes with the worker; one that is typed, letter by letter, and
# what counts is the time from the last one.
OURS = """async ([address, first, words, pause]) => {
  let start = performance.now();
  const worker = new Worker(address);
  const next = (type) => new Promise((done) => {
    worker.onmessage = ({ data }) => data.type === type && done(data.data);
  });
  const ask = (text) => {
    const answer = next(3);
    worker.postMessage({ type: 2, data: text });
    return answer;
  };
  await next(1);
  for (let i = 1; pause && i <= first.length; i++) {
    await new Promise((done) => setTimeout(done, pause));
    start = performance.now();
    if (i < first.length) worker.postMessage({ type: 2, data: first.slice(0, i) });
  }
  const found = (await ask(first)).items.length;
  const cold = performance.now() - start;
  const warm = [];
  for (const word of words) {
    await new Promise((done) => setTimeout(done, 500)); // nobody asks faster
    const asked = performance.now();
    await ask(word);
    warm.push(performance.now() - asked);
  }
  worker.terminate();
  return { found, cold, warm };
}"""
THEMES = OURS.replace(
    "await next(1);",
    """const index = await (await fetch("/search/search_index.json")).json();
  const ready = next(1);
  worker.postMessage({ type: 0, data: { ...index, options: { suggest: true } } });
  await ready;""",
)
WORDS = ["softmax", "norm", "torch.nn.functional.relu", "jax.numpy.dot", "conv"]
PROSE = ["overflow threshold", "catastrophic cancellation", "wrong step", "kept mask"]


def generate(folder):
    """Build a site with a page for each rule of the catalogue."""
    folder.mkdir(parents=True, exist_ok=True)
    projects.lay_out(folder, projects.without_notebooks(projects.settings()))
    projects.add_rules(folder)
    projects.build(folder)
    text_index.index(folder / "site")


def weight(site, names):
    """Return the bytes of files as a host sends them: gzipped, where that is less."""
    contents = [(site / name).read_bytes() for name in names]
    return sum(min(len(c), len(gzip.compress(c, 6))) for c in contents)


def median(times):
    return sorted(times)[len(times) // 2]


def measure(site):
    worker = next((site / "assets/javascripts/workers").glob("search.*.js"))
    theme = "/" + worker.relative_to(site).as_posix()
    ours = f"/assets/javascripts/search.js?theme={theme}"
    runs = {
        "a name": (OURS, ours, "softmax", WORDS, 0),
        "text, pasted": (OURS, ours, PROSE[0], PROSE, 0),
        "text, typed": (OURS, ours, PROSE[0], PROSE, 120),
        "the theme's own": (THEMES, theme, "softmax", WORDS, 0),
    }
    with browsing.serve(site) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browsing.chromium(), args=browsing.FLAGS
        )

        def run(script, *asked):
            """Ask in a new profile, where nothing is cached; return the files too."""
            context = chromium.new_context()
            tab = context.new_page()
            tab.goto(server.origin + "rules/softmax/softmax/")
            tab.wait_for_load_state("networkidle")
            files = set()
            context.on(
                "request", lambda r: files.add(r.url.removeprefix(server.origin))
            )
            answer = tab.evaluate(script, asked)
            context.close()
            files = {file.partition("?")[0] for file in files}
            return answer, {f + "index.html" if f.endswith("/") else f for f in files}

        for what, (script, address, first, words, pause) in runs.items():
            _, files = run(script, address, first, [], pause)
            found = [run(script, address, first, words, pause)[0] for _ in range(3)]
            cold = median([one["cold"] for one in found])
            warm = median([t for one in found for t in one["warm"]])
            assert all(one["found"] for one in found), f"{what}: nothing was found"
            print(
                f"{what:16s} {weight(site, files) / 1000:7.0f} kB gzipped, first "
                f"result after {cold:5.0f} ms, then {warm:4.0f} ms a query"
            )
        chromium.close()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path)
    folder = parser.parse_args().folder or Path(tempfile.mkdtemp())
    site = folder / "site"
    if not site.is_dir():
        generate(folder)
    pages = len(list((site / "rules").glob("*/*/index.html")))
    print(f"{pages} pages of rules in {site}")
    measure(site)


if __name__ == "__main__":
    main()
