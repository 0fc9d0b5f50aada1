"""Search on a site of 600 rules: bytes and milliseconds.

    .venv/bin/python -m tests.bench_search [--folder /tmp/six-hundred]

Every rule of the catalogue that is not written gets a page made of a written page's
text under its own title and names, so the words repeat more than on a real site.
Printed for a name, for a query that names no rule and is looked up in the text, and for
the theme's own search, which would fetch its index on every page.  The bytes are those
of the first query, gzipped.  A folder that holds a built site is used again.
"""

import argparse
import gzip
import itertools
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from handbook import structure, text_index
from handbook.blocks import catalogue
from tests import browsing, built

ROOT = structure.ROOT
# Milliseconds to the first result of a new worker, and of 20 further queries.
OURS = """async ([address, first, words]) => {
  const start = performance.now();
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
  const found = (await ask(first)).items.length;
  const cold = performance.now() - start;
  const warm = [];
  for (const word of words) {
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
    """Lay out a project with a page for each rule of the catalogue."""
    for name in ("docs", "handbook", "overrides"):
        shutil.copytree(ROOT / name, folder / name, symlinks=True)
    for name in ("snippets", "node_modules"):
        (folder / name).symlink_to(ROOT / name)
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    # Without notebooks, which cost minutes and add nothing here.
    config = re.sub(r"  - mkdocs-jupyter:\n(?:      .*\n|\n)*", "", config)
    config = re.sub(r"      - worked/\w+\.ipynb\n", "", config)
    config = config.replace("strict: true", "strict: false")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    places = structure.places(ROOT)
    models = itertools.cycle(place for place in places if place.heading.level == 1)
    have = {place.rule for place in places}
    for family, rules in catalogue().items():
        home = folder / "docs" / "rules" / family
        if family == "foundations":
            continue
        home.mkdir(exist_ok=True)
        if not (home / "index.md").exists():
            (home / "index.md").write_text(f"# {family.replace('_', ' ')}\n")
        for name, rule in rules.items():
            if f"{family}/{name}" in have:
                continue
            model = next(models)
            text = model.page.read_text(encoding="utf-8")
            heading = f"# {rule['title']} {{ #{rule['id']} }}"
            text = re.sub(r"(?m)^# .*$", lambda _, h=heading: h, text, count=1)
            text = re.sub(r"(?m)^title: .*$", f"title: {family}", text, count=1)
            text = text.replace(
                f"/// rule | {model.rule}", f"/// rule | {family}/{name}"
            )
            text = re.sub(r"(?m)^    also: .*\n", "", text)
            (home / f"{name}.md").write_text(text, encoding="utf-8")


def build(folder):
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet"],
        cwd=folder,
        env=built.environment(SITE_URL=built.ORIGIN),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stdout)
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
        "a name": (OURS, ours, "softmax", WORDS),
        "in the text": (OURS, ours, PROSE[0], PROSE),
        "the theme's own": (THEMES, theme, "softmax", WORDS),
    }
    with browsing.serve(site) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browsing.chromium(), args=browsing.FLAGS
        )

        def run(script, address, first, words):
            """Ask in a new profile, where nothing is cached; return the files too."""
            context = chromium.new_context()
            tab = context.new_page()
            tab.goto(server.origin + "rules/softmax/softmax/")
            tab.wait_for_load_state("networkidle")
            files = set()
            context.on(
                "request", lambda r: files.add(r.url.removeprefix(server.origin))
            )
            answer = tab.evaluate(script, [address, first, words])
            context.close()
            files = {file.partition("?")[0] for file in files}
            return answer, {f + "index.html" if f.endswith("/") else f for f in files}

        for what, (script, address, first, words) in runs.items():
            _, files = run(script, address, first, [])
            found = [run(script, address, first, words)[0] for _ in range(3)]
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
        folder.mkdir(parents=True, exist_ok=True)
        generate(folder)
        build(folder)
    pages = len(list((site / "rules").glob("*/*/index.html")))
    print(f"{pages} pages of rules in {site}")
    measure(site)


if __name__ == "__main__":
    main()
