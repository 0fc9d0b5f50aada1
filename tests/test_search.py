"""The site's real search finds each rule by its peers' names, and fetches late."""

import re

import pytest
from playwright.sync_api import expect

from handbook import finder
from tests.browsing import WIDE, Watched, open_page

ROWS = finder.rows()
INDEX = "search/search_index.json"
# What people type who do not know the handbook's names.
SAID = {
    "torch.nn.functional.layer_norm": "layer-norm",
    "F.layer_norm": "layer-norm",
    "nn.LayerNorm": "layer-norm",
    "aten::native_layer_norm": "layer-norm",
    "jax.nn.softmax": "softmax",
    "lax.dot_general": "matmul",
    "jnp.matmul": "matmul",
    "np.einsum": "einsum",
    "scipy.special.logsumexp": "logsumexp",
    "tf.nn.softmax_cross_entropy_with_logits": "cross-entropy",
    "NNlib.softmax": "softmax",
    "dense layer": "linear-layer",
    "fully connected": "linear-layer",
    "log loss": "binary-cross-entropy",
    "bias gradient": "bias-add",
    "im2col": "convolution",
    "gradient of softmax": "softmax",
    "softmax backward": "softmax",
    "layer norm": "layer-norm",
    "batchnorm": "batch-norm",
    "log softmax": "log-softmax",
    "layer normalization": "layer-norm",
    "normalised exponential": "softmax",
    'np.einsum("ij,jk", a, b)': "einsum",
}
# Ask the page's own search worker, as the theme does: 2 is a query, 3 its result.
ASK = """async (names) => {
  const config = JSON.parse(document.getElementById("__config").textContent);
  const worker = new Worker(new URL(config.search, location));
  const next = (type) => new Promise((done) => {
    worker.onmessage = ({ data }) => data.type === type && done(data.data);
  });
  await next(1);
  const out = [];
  for (const name of names) {
    const answer = next(3);
    worker.postMessage({ type: 2, data: name });
    const found = (await answer).items.flat().filter((item) => item.score > 0);
    found.sort((a, b) => b.score - a.score);
    out.push(found.slice(0, 10).map((item) => new URL(item.location, location).href));
  }
  worker.terminate();
  return out;
}"""


def ask(tab, served, names):
    open_page(tab, served.address("index.md"))
    return tab.evaluate(ASK, names)


def place(row, found, served):
    """Return at which place the rule of a row is found, from 1; None if nowhere."""
    page = served.address(row.page)
    several = sum(other.page == row.page for other in ROWS) > 1
    own = page + "#" + row.anchor if several else page
    for number, address in enumerate(found, 1):
        if address == own or address.startswith(own + ("-" if several else "#")):
            return number
    return None


def by_name():
    """Return {name: rows}, for every name of every row."""
    out = {}
    for row in ROWS:
        for names in row.names.values():
            for name in names:
                rows = out.setdefault(name, [])
                if row not in rows:
                    rows.append(row)
    return out


def test_every_name_of_every_rule(tab, served, capsys):
    names = by_name()
    answers = dict(zip(names, ask(tab, served, list(names)), strict=True))
    own = {n: rows[0] for n, rows in names.items() if len(rows) == 1}
    lettered = {n: row for n, row in own.items() if re.search(r"[A-Za-z]", n)}
    places = {n: place(row, answers[n], served) for n, row in lettered.items()}
    first = sum(p == 1 for p in places.values())
    third = sum(p is not None and p <= 3 for p in places.values())
    shared = {n: rows for n, rows in names.items() if len(rows) > 1}
    missed = {
        n: [
            row.id for row in rows if (place(row, answers[n], served) or 99) > len(rows)
        ]
        for n, rows in shared.items()
    }
    signs = [n for n in own if n not in lettered]
    with capsys.disabled():
        print(
            f"\n{len(lettered)} names of one rule: {first} at 1 "
            f"({first / len(lettered):.1%}), {third} within 3 "
            f"({third / len(lettered):.1%})"
        )
        print("not at 1:", ", ".join(f"{n} ({p})" for n, p in places.items() if p != 1))
        print(
            f"{len(shared)} names of several rules, {sum(map(bool, missed.values()))} "
            "with a rule outside of the first places:",
            {n: ids for n, ids in missed.items() if ids},
        )
        at = {n: place(own[n], answers[n], served) for n in signs}
        print(f"{len(signs)} names without a letter:", at)
    assert first >= 0.95 * len(lettered)
    assert third == len(lettered)


def test_what_people_say(tab, served):
    rows = {row.id: row for row in ROWS}
    found = ask(tab, served, list(SAID))
    wrong = [
        f"{said}: {id_} is not first, but {answer[:3]}"
        for (said, id_), answer in zip(SAID.items(), found, strict=True)
        if place(rows[id_], answer, served) != 1
    ]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def test_a_name_of_nothing_is_not_found(tab, served):
    row = next(row for row in ROWS if row.id == "softmax")
    (found,) = ask(tab, served, ["torch.qwertyuiop"])
    assert place(row, found, served) is None


@pytest.fixture
def asked(browser, served):
    """A new tab, and the addresses that it asks for."""
    context = browser.new_context(viewport=WIDE)
    watched = Watched(context.new_page(), served.origin)
    requests = []
    context.on("request", lambda r: requests.append(r.url.removeprefix(served.origin)))
    yield watched.tab, requests
    assert not watched.take()
    context.close()


def test_no_index_before_the_field_is_used(asked, served):
    tab, requests = asked
    open_page(tab, served.address("notation.md"))
    tab.wait_for_load_state("networkidle")
    assert not [url for url in requests if url in (INDEX, "rules/")]
    assert [url for url in requests if "javascripts/search.js" in url]
    tab.keyboard.press("/")
    tab.wait_for_timeout(200)
    assert "rules/" in requests
    tab.keyboard.type("softmax")
    tab.locator(".md-search-result__link").first.wait_for()
    assert INDEX not in requests, "a name needs the names only"


def find_cancellation(tab, served, address):
    """Search the text from the home page, and wait for a result at an address."""
    open_page(tab, served.address("index.md"))
    tab.keyboard.press("s")
    tab.keyboard.type("cancellation")
    tab.locator(f".md-search-result__link[href*='{address}']").first.wait_for()


def test_the_text_is_searched_for_what_names_no_rule(asked, served):
    tab, requests = asked
    find_cancellation(tab, served, "foundations/stability/#")
    assert [url for url in requests if url.startswith("pagefind/index/")]
    assert INDEX not in requests
    tab.get_by_role("textbox", name="Search").fill('"softmax"')
    tab.keyboard.press("Shift")  # the theme reads the field when a key comes up
    named = ".md-search-result__link[href$='/rules/softmax/softmax/#softmax']"
    tab.locator(named).wait_for()


def test_the_themes_index_serves_where_the_other_is_missing(browser, served):
    """As while `make serve` runs, which has no step after the build."""
    context = browser.new_context(viewport=WIDE)
    context.route("**/pagefind/**", lambda route: route.fulfill(status=404))
    tab = context.new_page()
    requests = []
    context.on("request", lambda r: requests.append(r.url.removeprefix(served.origin)))
    find_cancellation(tab, served, "foundations/stability/")
    assert INDEX in requests
    context.close()


def test_the_keys_are_the_themes(tab, served):
    open_page(tab, served.address("index.md"))
    field = tab.get_by_role("textbox", name="Search")
    opened = tab.locator("#__search")  # the theme's own state of the search
    for key in ("/", "s", "f"):
        tab.keyboard.press(key)
        expect(field, key).to_be_focused()
        expect(opened).to_be_checked()
        tab.keyboard.press("Escape")
        expect(field, key).not_to_be_focused()
        expect(opened).not_to_be_checked()
        # The theme waits a millisecond before it believes that the focus has gone; its
        # timer was set before this one.
        tab.evaluate("new Promise((done) => setTimeout(done, 20))")
    tab.keyboard.press("/")
    expect(opened).to_be_checked()
    tab.keyboard.type("np.multiply")
    best = tab.locator(".md-search-result__item").first  # of the whole word
    best.filter(has_text="Elementwise product").wait_for()
    tab.keyboard.press("ArrowDown")
    link = "document.activeElement.matches('.md-search-result__link')"
    tab.wait_for_function(link)
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/rules/elementwise_arithmetic/arithmetic/#multiply")
