"""What the browser tests share: Chromium, servers, a tab that is watched.

Chromium is found by name, or named by the variable CHROMIUM.
"""

import contextlib
import functools
import http.server
import os
import shutil
import threading
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PAPER = {"width": 673, "height": 986}  # A4 at 96 dots an inch, within our margins
SCHEMES = {"light": "default", "dark": "slate"}  # what the theme calls them


def chromium():
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in NAMES]
    return next(filter(None, found), None)


def missing(sentence):
    """Skip, or fail where nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serve a folder; a site as if it had been built for the address of this server."""

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path in self.server.refused:
            self.send_error(503)
            return
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if self.path.endswith("/") else file
        if file.suffix not in (".html", ".xml") or not file.is_file():
            super().do_GET()
            return
        body = file.read_text(encoding="utf-8")
        for written, here in self.server.words.items():
            body = body.replace(written, here)
        body = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self):
        for name, value in self.server.headers:
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    """It replaces `words` in pages, refuses some paths, and keeps all it was asked."""

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
        self.asked, self.words, self.headers, self.refused = [], {}, [], set()
        self.origin = f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, *_):
        """A browser that leaves in the middle of an answer is no error."""


@contextlib.contextmanager
def serve(folder):
    with Server(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def open_page(tab, address):
    """Open a page of the site and wait until its scripts have run."""
    tab.goto(address)
    tab.wait_for_function("performance.getEntriesByName('scripts').length")


class Watched:
    """A tab of which every request, failure and error is written down."""

    def __init__(self, tab, *origins):
        self.tab, self.problems = tab, []
        tab.on("request", lambda request: self.request(request.url, origins))
        tab.on("requestfailed", self.failed)
        tab.on("response", self.response)
        tab.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        tab.on("console", self.console)

    def request(self, url, origins):
        if not url.startswith((*origins, "data:", "blob:")):
            self.problems.append(f"asks another host: {url}")

    def failed(self, request):
        # What a page had not yet got when it was left is no fault of it.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"failed: {request.url}")

    def response(self, response):
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")

    def console(self, message):
        if message.type in ("error", "warning"):
            self.problems.append(f"console: {message.text}")

    def take(self):
        taken, self.problems = self.problems, []
        return taken


# -- axe-core, which looks for what shuts people out

AXE_CORE = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"
# What may differ between the schemes, or between a wide window and a phone.  The last
# is new in WCAG 2.2 and not among those that axe runs when it is not asked.
OF_LOOK = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]
OF_LOOK += ["target-size"]
AXE = """async ([context, rules]) => {
  const some = rules ? { runOnly: rules } : {};
  const found = await axe.run(context ?? document, {
    resultTypes: ["violations"],
    ...some,
  });
  return found.violations.map(({ id, nodes }) =>
    `axe, ${id}, ${nodes.length} times: ${nodes[0].html.slice(0, 120)} ` +
    nodes[0].failureSummary.split("\\n").join(" "));
}"""
# A page has thousands of elements that are formulas and coloured words of code, which
# make axe slow and tell it nothing new: axe reads no MathML (test_site.py sees that it
# is there), and words of one colour on one ground are as good as each other.  So a
# formula becomes a letter, and of each colour one word is kept.
THIN = """() => {
  for (const formula of document.querySelectorAll(".katex")) formula.textContent = "x";
  const seen = new Set();
  for (const word of document.querySelectorAll("pre span")) {
    const kind = [word.className, word.closest("[class*=language]")?.className].join();
    if (seen.has(kind) || !word.className) word.replaceWith(word.textContent);
    seen.add(kind);
  }
}"""


# A colour that is on its way to another is not what a reader sees, and neither is the
# size of what is off the screen and not yet laid out.
SETTLED = """() => {
  if (document.getElementById("settled")) return;
  const still = document.createElement("style");
  still.id = "settled";
  still.textContent = `*, ::before, ::after { transition: none !important;
    content-visibility: visible !important }`;
  document.head.append(still);
}"""


def dress(tab, scheme, viewport=WIDE):
    """Show the page in the one scheme or the other, at once."""
    tab.set_viewport_size(viewport)
    tab.evaluate(SETTLED)
    tab.evaluate(f"document.body.dataset.mdColorScheme = '{SCHEMES[scheme]}'")
    # Scripts that ask for the size of something are answered after the next frame.
    tab.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def axe(tab, rules=None, context=None):
    """Return what axe finds, of all its rules or of some."""
    tab.evaluate(SETTLED)
    if tab.evaluate("typeof axe") == "undefined":
        tab.evaluate(AXE_CORE.read_text(encoding="utf-8") + "; null")
    return tab.evaluate(AXE, [context, rules])


# Names what is wider than the page, so that its author finds it.
SIDEWAYS = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= window.innerWidth) return [];
  const wide = [...document.body.querySelectorAll("*")].filter(
    (e) => e.getBoundingClientRect().right > window.innerWidth + 0.5);
  const inner = wide.filter((e) => !wide.some((f) => f !== e && e.contains(f)));
  return [`the page is ${page.scrollWidth} pixels wide`, ...inner.slice(0, 3).map((e) =>
    `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 60)}`)];
}"""
