"""The built site in a real browser: what it requests, and what a reader sees.

Without a Chromium (tests/browsing.py) the tests are skipped, except in CI.
"""

import pytest
from playwright.sync_api import Error

from tests import built, pages
from tests.browsing import (
    OF_LOOK,
    PAPER,
    PHONE,
    SCHEMES,
    SIDEWAYS,
    THIN,
    WIDE,
    Watched,
    axe,
    dress,
    open_page,
)

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


# On paper nothing is pressed, nothing is cut off, and ink is dark.
ON_PAPER = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)].filter((e) =>
    e.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && e.getBoundingClientRect().width > 0);
  const what = (e) =>
    `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 60)}`;
  const pressed = all("button, input, select, textarea, label, nav, .headerlink");
  const cut = all("article *").filter((e) => !e.closest(".katex, svg")
    && e.scrollWidth > e.clientWidth + 1
    && getComputedStyle(e).overflowX !== "visible");
  const pale = all("article, article pre > code, article a").filter((e) =>
    getComputedStyle(e).color.match(/\\d+/g).slice(0, 3).every((c) => c > 140));
  return [
    ...pressed.map((e) => "nobody can press: " + what(e)),
    ...cut.map((e) => "cut off: " + what(e)),
    ...pale.map((e) => "pale: " + what(e)),
  ];
}"""


def on_paper(tab):
    """What is wrong with a page that is printed by a reader of the dark scheme."""
    tab.emulate_media(media="print")
    try:
        dress(tab, "dark", PAPER)
        over = tab.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        # A millimetre of the margin may be used.
        return (tab.evaluate(SIDEWAYS) if over > 4 else []) + tab.evaluate(ON_PAPER)
    finally:
        tab.emulate_media(media="null")


@pytest.mark.parametrize("page", PAGES)
def test_page(page, reader, served):
    """No other host and no error; whole on a phone and on paper; open to everybody."""
    tab = reader.tab
    tab.set_viewport_size(WIDE)
    open_page(tab, served.address(page))
    tab.evaluate("document.fonts.ready.then(() => null)")
    found = reader.take()
    for scheme in SCHEMES:
        dress(tab, scheme, PHONE)
        found += [f"{scheme}, 360 pixels: {what}" for what in tab.evaluate(SIDEWAYS)]
        found += [f"{scheme}, clipped: ${tex}$" for tex in tab.evaluate(CLIPPED)]
    found += [f"paper: {what}" for what in on_paper(tab)]
    tab.evaluate(THIN)
    dress(tab, "light")
    found += axe(tab)
    dress(tab, "dark", PHONE)
    found += [f"dark, 360 pixels: {what}" for what in axe(tab, OF_LOOK)]
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


# -- by keyboard alone

# All that keys should get to, as it is read; of two radio buttons, the one that shows.
STOPS = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((e) => e.tabIndex >= 0 && !e.disabled
    && !(e.type === "radio" && !e.nextElementSibling.checkVisibility())
    && e.checkVisibility({ visibilityProperty: true }))"""
NUMBER_STOPS = f"""() => {{
  document.activeElement.blur();
  const stops = ({STOPS})();
  stops.forEach((e, i) => {{ e.dataset.stop = i; }});
  return stops.map((e) => `${{e.tagName}} ${{e.className}} ${{e.textContent.trim()}}`);
}}"""
# The element in focus: its number, whether it is in view, and how the focus shows.
FOCUS = """async () => {
  await new Promise((done) => setTimeout(done, 20));  // the search opens a bit later
  const e = document.activeElement;
  if (e === document.body) return null;
  for (const change of document.getAnimations()) {
    if (change instanceof CSSTransition) change.finish();
  }
  const shown = e.type === "radio" ? e.nextElementSibling : e;
  const box = shown.getBoundingClientRect();
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  return {
    stop: Number(e.dataset.stop ?? -1),
    what: `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`,
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0
      && box.left < innerWidth && shown.checkVisibility({ opacityProperty: true }),
    marked: (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1)
      || e.matches(".md-search__input"),  // it opens, and has a caret
  };
}"""


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("page", [SOFTMAX, "rules/index.md"])
def test_keys_reach_everything(page, viewport, tab, served):
    """Tab goes through a page in reading order, is seen all the way, and gets out."""
    tab.set_viewport_size(viewport)
    open_page(tab, served.address(page))
    for finder in tab.locator(".finder-form [type=search]").all():
        # A few rows say as much as all.  Nothing takes the focus yet.
        finder.evaluate(
            "e => { e.value = 'pool'; e.dispatchEvent(new Event('input')) }"
        )
    wanted = tab.evaluate(NUMBER_STOPS)
    reached, found = [], []
    for _ in range(len(wanted) + 2):
        tab.keyboard.press("Tab")
        focus = tab.evaluate(FOCUS)
        if focus is None:
            break
        reached.append(focus["stop"])
        if not focus["seen"]:
            found.append(f"out of sight: {focus['what']}")
        if not focus["marked"]:
            found.append(f"focus does not show: {focus['what']}")
    else:
        found.append("Tab does not get out of the page")
    missed = [what for i, what in enumerate(wanted) if i not in reached]
    # "Back to top" is there while one scrolls up.
    missed = [what for what in missed if "md-top" not in what]
    found += [f"keys do not reach {what}" for what in missed]
    assert reached == sorted(reached), "the order is not that in which the page is read"
    assert len(wanted) > 20
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_skip_link(tab, served):
    open_page(tab, served.address(SOFTMAX))
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.matches('.md-skip')")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('article') !== null")


def test_scheme_by_keyboard(tab, served):
    open_page(tab, served.address("index.md"))
    shown = "document.body.dataset.mdColorScheme"
    before = tab.evaluate(shown)
    tab.locator("[data-md-component=palette] input").first.focus()
    for key in ("Enter", "Space", "ArrowRight", "ArrowLeft"):
        tab.keyboard.press(key)
        tab.wait_for_function(f"{shown} !== '{before}'")
        before = tab.evaluate(shown)


def test_drawer_by_keyboard(tab, served):
    """On a phone, or in a window that is magnified, the pages are behind a button."""
    tab.set_viewport_size(PHONE)
    open_page(tab, served.address(SOFTMAX))
    menu = tab.get_by_role("button", name="Menu")
    tab.set_viewport_size(WIDE)
    menu.wait_for(state="hidden")  # the pages stand beside the text
    tab.set_viewport_size(PHONE)
    menu.focus()
    for key in ("Enter", "Space"):
        tab.keyboard.press(key)
        assert menu.get_attribute("aria-expanded") == "true"
        seen = []
        for _ in range(60):
            focus = tab.evaluate(FOCUS)
            inside = "document.activeElement.closest('.md-sidebar--primary') !== null"
            if not tab.evaluate(inside):
                break
            seen.append(focus["what"])
            tab.keyboard.press("Tab")
        assert any("Log-softmax" in what for what in seen)
        tab.keyboard.press("Escape")
        assert menu.get_attribute("aria-expanded") == "false"
        assert menu.evaluate("e => e === document.activeElement")
    # Up to the families, by the checkbox that holds the level open.
    tab.keyboard.press("Enter")
    tab.locator(".md-sidebar--primary .md-nav__toggle:checked").last.focus()
    tab.keyboard.press("Space")
    family = tab.locator(".md-sidebar--primary a", has_text="Losses").first
    family.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/rules/losses/**")


def test_search_by_keyboard_on_a_phone(tab, served):
    tab.set_viewport_size(PHONE)
    open_page(tab, served.address("index.md"))
    tab.keyboard.press("/")
    tab.keyboard.type("layer_norm")
    tab.locator(".md-search-result__item a").first.wait_for()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/rules/normalization/layer_norm/**")


# -- what is too wide for a phone

KINDS = {
    "x-maths.display": "Wide formula",
    ".table-box": "Wide table",
    ".md-typeset pre > code": "Wide code",
}
WIDE_BOXES = "rules/exponential_logarithm/exp_log.md"


def edges(tab, box):
    """Whether an edge shows at the left and at the right: pictures with and without."""
    place = box.bounding_box()
    strip = {"y": place["y"], "width": 4, "height": place["height"]}
    left = strip | {"x": place["x"]}
    right = strip | {"x": place["x"] + place["width"] - 4}
    shots = [tab.screenshot(clip=clip) for clip in (left, right)]
    box.evaluate("e => { e.style.backgroundImage = 'none'; }")
    bare = [tab.screenshot(clip=clip) for clip in (left, right)]
    box.evaluate("e => { e.style.backgroundImage = ''; }")
    return [a != b for a, b in zip(shots, bare, strict=True)]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_wide_box_shows_where_it_goes_on(kind, scheme, tab, served):
    tab.set_viewport_size(PHONE)
    open_page(tab, served.address(WIDE_BOXES))
    tab.evaluate("document.fonts.ready.then(() => null)")
    dress(tab, scheme, PHONE)
    boxes = tab.locator(kind).all()
    over = "e => e.scrollWidth - e.clientWidth"
    wide = next(box for box in boxes if box.evaluate(over) > 60)
    narrow = next(box for box in boxes if box.evaluate(over) <= 0)
    narrow.scroll_into_view_if_needed()
    assert edges(tab, narrow) == [False, False]
    assert narrow.get_attribute("tabindex") is None
    wide.scroll_into_view_if_needed()
    assert edges(tab, wide) == [False, True]
    assert wide.get_attribute("tabindex") == "0"
    assert wide.get_attribute("aria-label") == KINDS[kind]
    wide.evaluate("e => { e.scrollLeft = 30; }")
    assert edges(tab, wide) == [True, True]
    wide.evaluate("e => { e.scrollLeft = 1e6; }")
    assert edges(tab, wide) == [True, False]
    wide.evaluate("e => { e.scrollLeft = 0; }")
    wide.focus()
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("e => e.scrollLeft > 8", arg=wide.element_handle())


# -- axe, where a reader has opened something


def search(tab):
    tab.keyboard.press("/")
    tab.keyboard.type("softmax")
    tab.locator(".md-search-result__item a").first.wait_for()


def find(tab):
    tab.get_by_role("search", name="Finder").get_by_role("searchbox").fill("relu")
    tab.locator(".finder-table details:visible summary").first.click()


def unfold(tab):
    for kind in (".rule-names", ".rule-record"):
        tab.locator(f"{kind} summary").first.click()
    tab.get_by_role("button", name="Show the LaTeX source").first.click()
    tab.locator(".latex-source pre").first.wait_for()


def open_drawer(tab):
    tab.set_viewport_size(PHONE)
    tab.get_by_role("button", name="Menu").click()


STATES = {
    "the search with results": ("index.md", search),
    "the finder in use": ("rules/index.md", find),
    "names, record and LaTeX unfolded": (SOFTMAX, unfold),
    "the drawer": (SOFTMAX, open_drawer),
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in(state, tab, served):
    page, arrive = STATES[state]
    open_page(tab, served.address(page))
    arrive(tab)
    viewport = tab.viewport_size
    tab.evaluate(THIN)
    found = []
    for scheme in SCHEMES:
        dress(tab, scheme, viewport)
        found += [f"{scheme}: {what}" for what in axe(tab)]
    dress(tab, "dark", PHONE)
    found += [f"dark, 360 pixels: {what}" for what in axe(tab, OF_LOOK)]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_a_screen_reader_gets_each_formula_once(tab, served):
    """Chromium's tree for screen readers has the MathML and not what is drawn."""
    open_page(tab, served.address(SOFTMAX))
    session = tab.context.new_cdp_session(tab)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    roles = [node.get("role", {}).get("value") for node in nodes if not node["ignored"]]
    formulas = tab.locator(".katex").count()
    assert roles.count("MathMLMath") == formulas > 20


# -- what the page offers to a reader with JavaScript


def test_latex_source_by_a_click(tab, served):
    open_page(tab, served.address(SOFTMAX))
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
    open_page(tab, served.address(SOFTMAX))
    formulas = tab.locator("x-maths.display").count()
    assert formulas > 0
    assert tab.locator(".latex-source").count() == formulas


def test_copied_code_is_the_page_as_a_program(tab, served, tmp_path):
    open_page(tab, served.address(SOFTMAX))
    tab.get_by_role("button", name="Copy the code of softmax").click()
    tab.get_by_text("Copied", exact=True).wait_for()
    copied = tab.evaluate("navigator.clipboard.readText()")
    blocks = pages.blocks(built.ROOT / "docs" / SOFTMAX)
    assert built.plain(copied) == "\n\n\n".join(built.plain(b.code) for b in blocks)
    compile(copied, "softmax.py", "exec")


def test_instant_navigation_keeps_the_controls(tab, served):
    open_page(tab, served.address("index.md"))
    tab.evaluate("window.sameDocument = true")
    tab.locator("article").get_by_role("link", name="page of the rule").click()
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
        open_page(tab, served.address("index.md"))
        shown = "document.body.dataset.mdColorScheme"
        assert tab.evaluate(shown) == name
        before = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        tab.locator("label[title^='Switch to']:visible").click()
        assert {tab.evaluate(shown), name} == set(SCHEMES.values())
        after = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        assert before != after
        context.close()


# -- the checks themselves


SHUT = """<!doctype html><html lang=en><title>Shut</title><meta name=viewport
content="width=device-width"><body><main><h1>Shut</h1><img src="/x.png">
<p style="color:#999;background:#fff">pale</p><article style="color:#ddd">
<pre style="overflow:hidden">"""


def test_a_page_that_shuts_people_out_is_seen(browser, served):
    context = browser.new_context(viewport=WIDE)
    tab = context.new_page()
    address = served.origin + "shut.html"
    body = SHUT + "x" * 900 + "</pre><button>press</button></article></main>"
    tab.route(address, lambda r: r.fulfill(body=body, content_type="text/html"))
    tab.goto(address)
    tab.evaluate(THIN)
    found = "\n".join(axe(tab))
    assert "axe, image-alt" in found and "axe, color-contrast" in found
    assert "image-alt" not in "\n".join(axe(tab, OF_LOOK))
    found = "\n".join(on_paper(tab))
    for fault in ("nobody can press: BUTTON", "cut off: PRE", "pale: ARTICLE"):
        assert fault in found
    context.close()


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
