"""How fast the site is built and read: make bench-site.

    .venv/bin/python -m tests.bench_site [all | build growth serve page search]
        [--rounds 5] [--sizes 250 500 1000 2000] [--folder FOLDER]

By default every part.  What is compared is measured in one run and in turns, because
machines differ and get busy; read the ratios.  Times are medians.

build   the build beside a bare build: the same Markdown, nav and theme with the theme's
        usual extensions (superfences, highlight, snippets, tabs), but none of the
        handbook's, no arithmatex and so no typesetting.  Both without notebooks, whose
        kernels run for longer than all the rest and would hide the difference; they are
        told apart.  Then where the time goes, and the same two under Zensical.
growth  seconds a page on generated sites of so many pages of rules; the last figure is
        the ratio of the two largest: 1 where the cost of a page does not grow.
serve   a page is changed under `mkdocs serve` and `zensical serve`: seconds until the
        page that is served has the change.  MkDocs builds the whole site, with formulas
        and notebooks remembered; its --dirty would be quicker, but a page whose snippet
        has changed would stay as it was.
page    two pages of rules, and the same two typeset by MathJax 4 in the browser, each
        in a new profile, at full speed and with the processor slowed down fourfold:
        bytes as a host sends them, gzipped; milliseconds until every formula shows (the
        page laid out, nothing left to typeset, no font on its way, a frame painted);
        layout shift, as the browser sums it.
search  bytes and milliseconds of a search at 600 rules: make bench-search.
"""

import argparse
import contextlib
import functools
import json
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import bench_search, browsing, built, projects

ZENSICAL = [str(Path(sys.executable).parent / "zensical")]
MKDOCS = [sys.executable, "-m", "mkdocs"]
PAGES = ["rules/softmax/softmax.md", "rules/normalization/layer_norm.md"]


def seconds(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def ratio(ours, others):
    """Return the median of the ratios of each round."""
    return statistics.median(a / b for a, b in zip(ours, others, strict=True))


def made(folder, name, lay_out):
    """Return the folder of a project, laid out at the first call."""
    project = folder / name
    if not project.is_dir():
        lay_out(project)
    return project


def ours(folder):
    config = projects.without_notebooks(projects.settings())
    return made(folder, "ours", lambda home: projects.lay_out(home, config))


# -- build


def stages(project):
    """Build with MkDocs and return the seconds of each stage."""
    command = [sys.executable, "-m", "tests.build_stages"]
    printed = projects.run(command, project, PYTHONPATH=str(projects.ROOT))
    return json.loads(printed.splitlines()[-1])


def zensical(project):
    projects.run([*ZENSICAL, "build", "--clean"], project)


def build(folder, rounds):
    bare = projects.bare(projects.settings())
    bare = made(folder, "bare", lambda home: projects.lay_out(home, bare))
    works = {
        "MkDocs": lambda: projects.build(ours(folder)),
        "MkDocs, bare": lambda: projects.build(bare),
        "Zensical": lambda: zensical(ours(folder)),
        "Zensical, bare": lambda: zensical(bare),
    }
    took = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            took[name].append(seconds(work))
    for name, times in took.items():
        print(f"{name:15s} {statistics.median(times):6.1f} s")
    for generator in ("MkDocs", "Zensical"):
        found = ratio(took[generator], took[f"{generator}, bare"])
        aim = " (aim: at most 1.50)" if generator == "MkDocs" else ""
        print(f"build of {generator} beside a bare one: {found:.2f}{aim}")
    found = ratio(took["Zensical"], took["MkDocs"])
    print(f"build of Zensical beside that of MkDocs: {found:.2f}")
    print(f"of which, in seconds:{'ours':>19s}   bare")
    less = stages(bare)
    for stage, more in stages(ours(folder)).items():
        print(f"  {stage:36s}{more:6.2f} {less[stage]:6.2f}")
    whole = made(
        folder, "whole", lambda home: projects.lay_out(home, projects.settings())
    )
    run = seconds(lambda: projects.build(whole, NOTEBOOK_CACHE="true"))
    kept = seconds(lambda: projects.build(whole, NOTEBOOK_CACHE="true"))
    plain = statistics.median(took["MkDocs"])
    print(
        f"notebooks: {run - plain:.1f} s on top, {kept - plain:.1f} s if they have run"
    )


# -- growth


def growth(folder, sizes):
    costs = []
    for size in sizes:
        config = projects.without_notebooks(projects.settings())
        project = folder / str(size)
        projects.lay_out(project, config)
        projects.add_rules(project, size)
        have = len(projects.rule_pages(project))
        if have != size:
            raise SystemExit(f"{have} pages of rules are written, more than {size}")
        took = stages(project)
        pages = len(list((project / "docs").rglob("*.md")))
        costs.append(1000 * sum(took.values()) / pages)
        print(f"{size} pages of rules, {pages} in all: {costs[-1]:.1f} ms a page")
        print("  " + ", ".join(f"{k} {1000 * v / pages:.1f}" for k, v in took.items()))
        shutil.rmtree(project)
    print(f"ratio of the last two: {costs[-1] / costs[-2]:.2f}")


# -- serve


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, text, process, patience=300):
    """Ask for a page until it holds a text."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"{process.args} has ended")
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(address, timeout=patience) as answer,
        ):
            if text in answer.read().decode():
                return
        time.sleep(0.02)
    raise SystemExit(f"{address} has not got {text} in {patience} s")


def rebuilds(command, project, rounds):
    """Return the seconds from each change of a page until it is served."""
    port = free_port()
    page = project / "docs" / PAGES[0]
    text = page.read_text(encoding="utf-8")
    origin = f"http://127.0.0.1:{port}/"
    address = built.Site(project / "site", origin).address(PAGES[0])
    process = subprocess.Popen(
        [*command, "serve", "--dev-addr", f"127.0.0.1:{port}"],
        cwd=project,
        env=built.environment(SITE_URL=origin, NOTEBOOK_CACHE="true"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    took = []
    try:
        wait_for(address, "</html>", process)
        for number in range(rounds):
            time.sleep(1)  # a reader of the page pauses, and so does what watches it
            word = f"change-{number}"
            changed = f"{text}\n\nA {word}.\n"
            page.write_text(changed, encoding="utf-8")
            took.append(seconds(lambda w=word: wait_for(address, f"{w}.", process)))
    finally:
        page.write_text(text, encoding="utf-8")
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
    return took


def serve(folder, rounds):
    whole = made(
        folder, "whole", lambda home: projects.lay_out(home, projects.settings())
    )
    found = {"MkDocs": (MKDOCS, whole), "Zensical": (ZENSICAL, ours(folder))}
    for name, (command, project) in found.items():
        took = rebuilds(command, project, rounds)
        print(
            f"one page changed under `{name.lower()} serve`: "
            f"{statistics.median(took):.1f} s until it is served"
        )


# -- page

# Set before a page's own scripts: what the page does is watched from its beginning.
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries())
    if (!hadRecentInput) window.shift += value;
}).observe({ type: "layout-shift", buffered: true });
const whole = () => {
  document.body.getBoundingClientRect(); // laid out, so that fonts are asked for
  return document.fonts.status === "loaded" && TYPESET;
};
const look = () => {
  if (document.readyState === "loading" || !whole()) requestAnimationFrame(look);
  else requestAnimationFrame(() => { // the frame is painted
    if (whole()) window.shown = performance.now();
    else look();
  });
};
requestAnimationFrame(look);
"""
TYPESET = {
    "KaTeX": "true",
    "MathJax": """document.querySelectorAll(".arithmatex:not(:has(mjx-container))")
        .length === 0""",
}
FORMULAS = {"KaTeX": "x-maths:has(.katex-html)", "MathJax": ".arithmatex mjx-container"}
KINDS = {
    "HTML": {".html"},
    "CSS": {".css"},
    "JS": {".js", ".mjs"},
    "fonts": {".woff2"},
}


def visit(browser, server, page, typesetter, slowdown=1):
    """Open a page in a new profile; return its times and the files that it fetched."""
    address = built.Site(Path(), server.origin).address(page)
    server.asked.clear()
    with browser.new_context(viewport=browsing.WIDE) as context:
        tab = context.new_page()
        if slowdown != 1:
            session = context.new_cdp_session(tab)
            session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
        tab.add_init_script(WATCH.replace("TYPESET", TYPESET[typesetter]))
        tab.goto(address)
        tab.wait_for_function("window.shown", timeout=120_000)
        tab.wait_for_load_state("networkidle")
        tab.wait_for_timeout(1000)
        found = {
            "shown": tab.evaluate("window.shown"),
            "shift": tab.evaluate("window.shift"),
            "formulas": tab.locator(FORMULAS[typesetter]).count(),
            "errors": tab.locator("mjx-merror, [data-mjx-error], .katex-error").count(),
        }
    paths = {path.partition("?")[0].lstrip("/") for path in server.asked}
    found["files"] = {
        path + "index.html" if path.endswith("/") or not path else path
        for path in paths
    }
    return found


def kind(file):
    suffix = Path(file).suffix
    return next((name for name, some in KINDS.items() if suffix in some), "other")


def page_sites(folder):
    """Build the site, and the same typeset by MathJax; return both folders."""
    found = {
        "KaTeX": ours(folder),
        "MathJax": made(folder, "mathjax", projects.lay_out_mathjax),
    }
    for project in found.values():
        projects.build(project)
    projects.serve_mathjax(found["MathJax"] / "site")
    return {name: project / "site" for name, project in found.items()}


def check(page, katex, mathjax):
    """Stop where the two pages do not show the same formulas."""
    if katex["formulas"] != mathjax["formulas"] or not katex["formulas"]:
        raise SystemExit(
            f"{page}: {katex['formulas']} formulas by KaTeX, "
            f"{mathjax['formulas']} by MathJax"
        )
    for found in (katex, mathjax):
        if found["errors"]:
            raise SystemExit(f"{page}: {found['errors']} formulas are in error")


def report_weight(page, sites, visits):
    total = {}
    for name, some in visits.items():
        files = some[0]["files"]
        by_kind = {
            what: bench_search.weight(
                sites[name], [f for f in files if kind(f) == what]
            )
            for what in [*KINDS, "other"]
        }
        total[name] = sum(by_kind.values())
        parts = ", ".join(f"{what} {n / 1000:.0f}" for what, n in by_kind.items())
        print(f"  {name:8s} {total[name] / 1000:5.0f} kB: {parts}")
    found = total["KaTeX"] / total["MathJax"]
    print(f"  weight, of MathJax's: {found:.2f} (aim: at most 0.33)")


def report_times(slowdown, visits):
    speed = "at full speed" if slowdown == 1 else f"slowed down by {slowdown}"
    shown = {name: [one["shown"] for one in some] for name, some in visits.items()}
    for name, some in visits.items():
        shift = statistics.median(one["shift"] for one in some)
        print(
            f"  {name:8s} {speed}: every formula shows after "
            f"{statistics.median(shown[name]):.0f} ms, layout shift {shift:.4f}"
        )
    found = ratio(shown["KaTeX"], shown["MathJax"])
    print(f"  time {speed}, of MathJax's: {found:.2f} (aim: at most 0.33)")


def page(folder, rounds):
    sites = page_sites(folder)
    with contextlib.ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=browsing.chromium(), args=browsing.FLAGS
        )
        servers = {
            name: stack.enter_context(browsing.serve(site))
            for name, site in sites.items()
        }
        for server in servers.values():
            server.words |= {built.ORIGIN: server.origin, built.RUNTIME: server.origin}
        for name in PAGES:
            for slowdown in (1, 4):
                visits = {typesetter: [] for typesetter in servers}
                for _ in range(rounds):
                    for typesetter, server in servers.items():
                        found = visit(browser, server, name, typesetter, slowdown)
                        visits[typesetter].append(found)
                    check(name, *(some[-1] for some in visits.values()))
                if slowdown == 1:
                    print(f"{name}, {visits['KaTeX'][0]['formulas']} formulas")
                    report_weight(name, sites, visits)
                report_times(slowdown, visits)
        browser.close()


def search(folder):
    project = folder / "search"
    if not project.is_dir():
        bench_search.generate(project)
    bench_search.measure(project / "site")


EVERY = ["build", "growth", "serve", "page", "search"]


def asked(arguments=None):
    """Return what the command line asks for: every part, unless some are named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", default="all", choices=["all", *EVERY])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="+", default=[250, 500, 1000, 2000])
    parser.add_argument("--folder", type=Path, help="keeps the projects that it makes")
    options = parser.parse_args(arguments)
    if "all" in options.parts:
        options.parts = EVERY
    return options


def main():
    options = asked()
    if "page" in options.parts and not projects.MATHJAX.is_dir():
        sys.exit("MathJax is not there: `make bench-site` fetches it")
    works = {
        "build": functools.partial(build, rounds=options.rounds),
        "growth": functools.partial(growth, sizes=options.sizes),
        "serve": functools.partial(serve, rounds=options.rounds),
        "page": functools.partial(page, rounds=options.rounds),
        "search": search,
    }
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for name in options.parts:
            print(f"-- {name}", flush=True)
            works[name](folder)


if __name__ == "__main__":
    main()
