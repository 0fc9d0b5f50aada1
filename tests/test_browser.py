"""The built site in a real browser: what it requests, and what a reader sees.

Without a Chromium (tests/browsing.py) the tests are skipped, except in CI.
"""

import pytest
from playwright.sync_api import Error

from tests import built, pages
from tests.browsing import PHONE, SCHEMES, SIDEWAYS, WIDE, Watched

PAGES = built.source_pages()
SOFTMAX = "rules/softmax/softmax.md"


# A formula may be wider than the screen only inside something that scrolls.
CLIPPED = """() => [...document.querySelectorAll(".katex-html")].filter((e) => {
  const box = e.getBoundingClientRect();
  if (box.width === 0 || box.right <= window.innerWidth + 1) return false;
  for (let up = e; up && up !== document.body; up = up.parentElement) {
    const overflow = getComputedStyle(up).overflowX;
    if (["auto", "scroll"].includes(overflow)) return false;
  }
  return true;
}).map((e) => e.parentElement.textContent.slice(0, 60))"""


@pytest.mark.parametrize("page", PAGES)
def test_page(page, reader, served):
    """No other host, no error, and on a phone no sideways scroll or clipped formula."""
    tab = reader.tab
    tab.set_viewport_size(WIDE)
    tab.goto(served.address(page))
    tab.evaluate("document.fonts.ready.then(() => null)")
    found = reader.take()
    tab.set_viewport_size(PHONE)
    for scheme, name in SCHEMES.items():
        tab.evaluate(f"document.body.dataset.mdColorScheme = '{name}'")
        found += [f"{scheme}, 360 pixels: {what}" for what in tab.evaluate(SIDEWAYS)]
        found += [f"{scheme}, clipped: ${tex}$" for tex in tab.evaluate(CLIPPED)]
    found += reader.take()
    if found:
        pytest.fail(f"docs/{page}\n" + "\n".join(found), pytrace=False)


# Of each formula that is not in a closed <details>: its text, and whether it shows.
SHOWN = """() => [...document.querySelectorAll(".katex")]
  .filter((e) => !e.closest("details:not([open])"))
  .map((e) => {
    const html = e.querySelector(".katex-html");
    const box = html && html.getBoundingClientRect();
    return [e.textContent.slice(0, 40), Boolean(html && box.width > 0 && box.height > 0
      && getComputedStyle(html).visibility === "visible"
      && getComputedStyle(html).fontFamily.includes("KaTeX"))];
  })"""


@pytest.mark.parametrize("page", PAGES)
def test_formulas_show_without_javascript(page, without_javascript, served):
    tab = without_javascript.tab
    tab.goto(served.address(page))
    shown = tab.evaluate(SHOWN)
    assert len(shown) >= min(served.read(page).formulas, 1)
    assert not [text for text, ok in shown if not ok], f"docs/{page}: formulas hidden"
    assert not without_javascript.take()
    assert tab.evaluate("document.querySelectorAll('.latex-source').length") == 0


# -- what the page offers to a reader with JavaScript


def test_latex_source_by_a_click(tab, served):
    tab.goto(served.address(SOFTMAX))
    control = tab.get_by_role("button", name="Show the LaTeX source").first
    assert control.get_attribute("aria-expanded") == "false"
    control.click()
    assert control.get_attribute("aria-expanded") == "true"
    source = tab.locator(".latex-source pre").first.inner_text()
    written = (built.ROOT / "docs" / SOFTMAX).read_text(encoding="utf-8")
    assert source.split() == written.split("$$")[1].split()
    assert tab.evaluate("getSelection().toString()").strip() == source.strip()
    control.click()
    assert tab.locator(".latex-source pre").count() == 0


def test_every_display_formula_has_the_control(tab, served):
    tab.goto(served.address(SOFTMAX))
    formulas = tab.locator("x-maths.display").count()
    assert formulas > 0
    assert tab.locator(".latex-source").count() == formulas


def test_copied_code_is_the_page_as_a_program(tab, served, tmp_path):
    tab.goto(served.address(SOFTMAX))
    tab.get_by_role("button", name="Copy the code of softmax").click()
    tab.get_by_text("Copied", exact=True).wait_for()
    copied = tab.evaluate("navigator.clipboard.readText()")
    blocks = pages.blocks(built.ROOT / "docs" / SOFTMAX)
    assert built.plain(copied) == "\n\n\n".join(built.plain(b.code) for b in blocks)
    compile(copied, "softmax.py", "exec")


def test_instant_navigation_keeps_the_controls(tab, served):
    tab.goto(served.address("index.md"))
    tab.evaluate("window.sameDocument = true")
    tab.locator("article").get_by_role("link", name="softmax").first.click()
    tab.wait_for_url(served.address(SOFTMAX) + "**")
    tab.locator(".rule-head .copy-page").wait_for()
    assert tab.evaluate("window.sameDocument"), "the link loaded the page anew"
    formulas = tab.locator("x-maths.display").count()
    assert tab.locator(".latex-source").count() == formulas


def test_the_scheme_is_the_readers(browser, served):
    """Light or dark as the system says, until the reader presses the button."""
    for scheme, name in SCHEMES.items():
        context = browser.new_context(viewport=WIDE, color_scheme=scheme)
        tab = context.new_page()
        tab.goto(served.address("index.md"))
        shown = "document.body.dataset.mdColorScheme"
        assert tab.evaluate(shown) == name
        before = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        tab.locator("label[title^='Switch to']:visible").click()
        assert {tab.evaluate(shown), name} == set(SCHEMES.values())
        after = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        assert before != after
        context.close()


# -- the checks themselves


BAD = """<!doctype html><meta name=viewport content="width=device-width"><body>
<x-maths><span class=katex><span class=katex-html
style="display:inline-block;width:900px">a + b</span></span></x-maths>
<script>console.error("broken")</script><img src="https://192.0.2.1/x.png">
<img src="missing.png">"""


def test_a_bad_page_is_seen(browser, served):
    context = browser.new_context(viewport=PHONE)
    watched = Watched(context.new_page(), served.origin)
    # No packet leaves: the request is seen, then refused.
    watched.tab.route("https://192.0.2.1/**", lambda route: route.abort())
    address = served.origin + "bad.html"
    watched.tab.route(address, lambda r: r.fulfill(body=BAD, content_type="text/html"))
    try:
        watched.tab.goto(address)
    except Error as error:
        pytest.fail(str(error))
    said = "\n".join(watched.take())
    assert "asks another host: https://192.0.2.1/x.png" in said
    assert "console: broken" in said
    assert f"404: {served.origin}missing.png" in said
    assert watched.tab.evaluate(SIDEWAYS)[0].startswith("the page is 9")
    assert watched.tab.evaluate(CLIPPED) == ["a + b"]
    assert watched.tab.evaluate(SHOWN) == [["a + b", False]]
    context.close()
