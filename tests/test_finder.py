"""The finder lists every rule, its properties are those of the code, and it filters."""

import json

import pytest

from handbook import finder, structure
from handbook.catalogue import check
from tests import built, properties
from tests.browsing import PHONE, open_page

RULES = "rules/index.md"
TABLES = {
    "PyTorch": "peers/pytorch.md",
    "JAX": "peers/jax.md",
    "HIPS autograd": "peers/autograd.md",
    "ChainRules": "peers/chainrules.md",
}


def test_every_rule_has_a_row():
    ids = {row.id for row in finder.rows()}
    assert ids == structure.written()


def test_properties_are_those_of_the_code():
    kept = json.loads(finder.PROPERTIES.read_text(encoding="utf-8"))
    assert kept == properties.all_properties(), (
        "handbook/properties.json is not what the rules do; run `make tables`"
    )


@pytest.mark.parametrize(
    ("rule", "wanted"),
    {
        "activations/relu": {"elementwise", "has kinks", "keeps the output only"},
        "elementwise_arithmetic/multiply": {"elementwise"},
        "elementwise_arithmetic/negative": {"elementwise", "linear"},
        "exponential_logarithm/exp": {"elementwise", "keeps the output only"},
        "matrix_products/matmul": set(),
        "reductions/sum": {"linear"},
        "reductions/max_reduction": {"has kinks"},
        "shape_operations/transpose": {"linear"},
        "softmax/softmax": {"keeps the output only"},
    }.items(),
)
def test_properties_that_everybody_knows(rule, wanted):
    kept = json.loads(finder.PROPERTIES.read_text(encoding="utf-8"))
    assert set(kept[rule]) == wanted


@pytest.mark.parametrize("peer", finder.PEERS)
def test_a_peers_table_has_each_of_its_names(peer):
    shown = {name for some in finder.peer_table(peer).values() for name in some}
    for table, written_as in finder.PEERS[peer]:
        assert {written_as(n) for n in check.load()[2]["tables"][table]} <= shown
    for some in finder.peer_table(peer).values():
        for name, (rules, reason) in some.items():
            assert rules or reason, f"{name} has neither a rule nor a reason"


def test_an_unknown_peer_is_refused():
    with pytest.raises(ValueError, match="none of PyTorch, JAX"):
        import markdown

        markdown.markdown("/// peer | Torch\n///", extensions=["handbook.finder"])


def test_whole_without_javascript(without_javascript, served):
    tab = without_javascript.tab
    tab.goto(served.address(RULES))
    assert tab.locator(".finder-table tbody tr").count() == len(finder.rows())
    assert not tab.locator(".finder-form").is_visible()
    for page in TABLES.values():
        tab.goto(served.address(page))
        assert tab.locator("td:text-is('not yet')").count() > 0
    assert not without_javascript.take()


def rows(tab):
    # What is not yet laid out has no inner text.
    shown = tab.locator(".finder-table tbody tr:visible td:first-child")
    return [text.strip() for text in shown.all_text_contents()]


def test_finder_by_keyboard(tab, served):
    open_page(tab, served.address(RULES))
    status = tab.get_by_role("status").filter(has_text="rule")
    assert status.inner_text() == f"{len(finder.rows())} rules"
    tab.keyboard.press("r")
    tab.keyboard.type("np.multiply")
    assert rows(tab) == ["Elementwise product"]
    assert status.inner_text() == "1 rule"
    tab.keyboard.press("Escape")
    assert len(rows(tab)) == len(finder.rows())
    tab.keyboard.type("softmax")
    assert rows(tab)[0] == "Softmax"
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    second = rows(tab)[1]
    assert tab.evaluate("document.activeElement.textContent") == second
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/rules/softmax/softmax/**")
    tab.locator(".rule-head .copy-page").wait_for()


def test_finder_by_property_and_family(tab, served):
    open_page(tab, served.address(RULES))
    form = tab.get_by_role("search", name="Finder")
    form.get_by_label("keeps the output only").check()
    form.get_by_label("elementwise").check()
    found = rows(tab)
    assert "ReLU" in found and "Softmax" not in found
    form.get_by_role("combobox").select_option("Activations")
    assert "ReLU" in rows(tab) and len(rows(tab)) < len(found)


def test_finder_is_instant_at_600_rules(tab, served):
    """Filtering five times as many rows stays within a frame or two."""
    open_page(tab, served.address(RULES))
    tab.set_viewport_size(PHONE)
    spent = tab.evaluate("""async () => {
      const old = document.querySelector(".finder");
      const form = old.querySelector(".finder-form");
      form.replaceWith(form.cloneNode(true)); // without its listeners
      delete old.dataset.ready;
      const body = old.querySelector("tbody");
      const rows = [...body.rows];
      while (body.rows.length < 600) {
        for (const row of rows) body.append(row.cloneNode(true));
      }
      document$.next(document);
      const field = old.querySelector("input");
      const times = [];
      for (const text of ["s", "so", "sof", "softmax", "", "torch.nn.f", "linear"]) {
        const start = performance.now();
        field.value = text;
        field.dispatchEvent(new Event("input"));
        body.getBoundingClientRect();  // the layout too
        times.push(performance.now() - start);
      }
      return times;
    }""")
    assert sorted(spent)[len(spent) // 2] < 100, spent


# -- the field on the home page


def test_field_by_keyboard(tab, served):
    open_page(tab, served.address("index.md"))
    field = tab.get_by_role("searchbox", name="Find a rule by any name")
    listed = tab.get_by_role("search", name="Rules").get_by_role("link")
    with tab.expect_request(served.address(RULES)):  # not sooner than it is used
        tab.keyboard.press("r")
    tab.keyboard.type("layer_norm")
    listed.first.wait_for()
    best = listed.first.inner_text()
    assert best == "Layer normalisation"
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate("document.activeElement.textContent") == best
    tab.keyboard.press("Escape")
    assert listed.count() == 0 and field.input_value() == ""
    tab.keyboard.type("aten::native_layer_norm")
    listed.first.wait_for()
    tab.evaluate("window.sameDocument = true")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/rules/normalization/layer_norm/**")
    tab.locator(".rule-head .copy-page").wait_for()
    assert tab.evaluate("window.sameDocument"), "the field loaded the page anew"


def test_field_without_a_hit_leads_to_the_finder(tab, served):
    open_page(tab, served.address("index.md"))
    tab.keyboard.press("r")
    tab.keyboard.type("no such rule")
    tab.get_by_role("status").get_by_text("No rules").wait_for()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/rules/?q=no+such+rule")
    tab.locator(".finder[data-ready]").wait_for()
    assert tab.get_by_role("searchbox").first.input_value() == "no such rule"
    assert rows(tab) == []


def early(tab, address, text):
    """Type into the page's field before any script of the theme or of ours has run."""
    held = []
    tab.route("**/bundle.*.js", lambda route: held.append(route))
    tab.goto(address, wait_until="commit")
    tab.get_by_role("main").get_by_role("searchbox").fill(text)
    tab.wait_for_timeout(500)
    assert held, "the theme's script was not asked for"
    for route in held:
        route.continue_()
    tab.unroute("**/bundle.*.js")


def test_what_is_typed_before_scripts_run_is_kept(tab, served):
    early(tab, served.address("index.md"), "softmax")
    found = tab.locator(".found-rules a")
    found.first.wait_for()
    assert found.first.inner_text() == "Softmax"
    early(tab, served.address(RULES), "log_softmax")
    tab.locator(".finder[data-ready]").wait_for()
    assert rows(tab)[0] == "Log-softmax"


def test_what_was_chosen_is_there_after_another_page(tab, served):
    """As the browser brings back what is in forms, so the rows have to follow."""
    open_page(tab, served.address(RULES))
    tab.get_by_role("search", name="Finder").get_by_label("elementwise").check()
    chosen = rows(tab)
    assert 0 < len(chosen) < len(finder.rows())
    tab.goto("about:blank")
    tab.go_back()
    tab.locator(".finder[data-ready]").wait_for()
    assert tab.get_by_label("elementwise").is_checked()
    assert rows(tab) == chosen


def test_field_without_javascript(without_javascript, served):
    tab = without_javascript.tab
    tab.goto(served.address("index.md"))
    tab.get_by_label("Find a rule by any name").fill("softmax")
    tab.get_by_role("button", name="Find").click()
    tab.wait_for_url("**/rules/?q=softmax")
    assert tab.locator(".finder-table tbody tr").count() == len(finder.rows())


def test_properties_are_seen_to_change():
    """The check of the properties tells a rule from one that keeps its input."""
    rule = properties.rules.build(
        "softmax/softmax",
        built.ROOT.joinpath("snippets/softmax/softmax.py")
        .read_text(encoding="utf-8")
        .replace("return (s * (", "return (np.exp(z * 0) * s * ("),
    )
    assert "keeps the output only" not in properties.of(rule)
