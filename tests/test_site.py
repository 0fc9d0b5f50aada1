"""The built site is whole: code, maths, links, and nothing from another host."""

import json
import re

import pytest

from handbook import structure
from handbook.blocks import entry, peer_names
from tests import built, pages

PAGES = built.source_pages()
PLACES = {place.rule: place for place in structure.places()}
# Addresses in the theme's own scripts, and why no page of ours asks for them.  That
# none is asked for is also seen in a browser: test_browser.py.
THEME = {
    "https://clipboardjs.com/": "a comment",
    "https://bit.ly/": "in the words of a warning",
    "https://unpkg.com/mermaid": "only for a diagram in an element of class mermaid",
    "https://unpkg.com/resize-observer-polyfill": "only in browsers before 2020",
    "https://api.github.com/": "only where mkdocs.yml has a repo_url",
    "https://${e}/api/v4/projects/": "only where mkdocs.yml has a repo_url",
    "https://example.com$": "Pagefind's, to take a relative address apart",
    "https:\\/\\/example": "the same, in a regular expression",
}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return built.site(tmp_path_factory)


def nothing(found):
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_site_builds(tmp_path_factory):
    """`mkdocs build --strict` succeeds, and so every notebook and formula did."""
    _, problem = built.attempt(tmp_path_factory)
    if problem:
        pytest.fail(problem, pytrace=False)


@pytest.mark.parametrize("page", PAGES)
def test_page_is_whole(page, site):
    """Each page is there; its formulas are typeset and none is left raw."""
    html = site.read(page)
    nothing(built.raw_latex(page, html))
    if page.endswith(".md"):
        source = (built.ROOT / "docs" / page).read_text(encoding="utf-8")
        written = [t for _, t in structure.prose(source) if re.search(r"\$.+\$", t)]
        assert bool(html.formulas) >= bool(written), f"docs/{page} has lost its maths"


@pytest.mark.parametrize("page", PAGES)
def test_formulas_and_pictures_are_for_screen_readers_too(page, site):
    """A formula is read from its MathML, once; a picture has a text."""
    html = site.read(page)
    assert html.formulas == html.spoken == html.unspoken
    assert not html.mute, f"docs/{page}: pictures without a text: {html.mute}"


def test_pages_have_pictures(site):
    """Else the check above looks at nothing."""
    texts = [site.file(page).read_text(encoding="utf-8") for page in PAGES]
    assert sum("<img" in text for text in texts) >= 1
    assert sum('<svg role="img"' in text for text in texts) > 30


@pytest.mark.parametrize("rule", PLACES)
def test_rule_has_code_and_maths(rule, site):
    place = PLACES[rule]
    page = site.read(place.page.relative_to(built.ROOT / "docs"))
    nothing(built.rule_problems(rule, page))


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page, site):
    here = site.file(page)
    found = []
    for link in site.read(page).links:
        if re.match(r"[a-z]+:|//", link):
            continue
        path, _, anchor = link.partition("#")
        target = (here.parent / path).resolve() if path else here
        if target.is_dir():
            target /= "index.html"
        if not target.is_file():
            found.append(f"docs/{page}: the link {link} leads nowhere")
        elif (
            anchor and target.suffix == ".html" and anchor not in built.read(target).ids
        ):
            found.append(f"docs/{page}: no anchor at the end of the link {link}")
    nothing(found)


@pytest.mark.parametrize("page", [page for page in PAGES if page.endswith(".md")])
def test_headings_have_the_anchors_that_we_expect(page, site):
    """handbook.structure and handbook.anchors agree, so that coverage is right."""
    wanted = {h.anchor for h in structure.headings(built.ROOT / "docs" / page)}
    assert not wanted - site.read(page).ids


@pytest.mark.parametrize("page", PAGES)
def test_page_loads_nothing_from_another_host(page, site):
    html = site.read(page)
    nothing(built.third_parties(f"docs/{page}", html, site.origin))
    assert not html.classes & {"mermaid", "md-source"}, THEME


def test_stylesheets_load_nothing_from_another_host(site):
    files = sorted(site.folder.rglob("*.css"))
    assert files
    nothing(
        [
            f"{file.relative_to(site.folder)}: loads {url} from another host"
            for file in files
            for url in built.FETCHED.findall(file.read_text(encoding="utf-8"))
        ]
    )


def test_scripts_name_no_other_host(site):
    scripts = [*site.folder.rglob("*.js"), *site.folder.rglob("*.mjs")]
    # lunr's languages are comments and never asked for: the site is English.
    scripts = [file for file in scripts if "lunr" not in file.parts]
    assert scripts
    found = []
    for file in scripts:
        text = file.read_text(encoding="utf-8")
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        for url in built.ADDRESS.findall(text):
            if not url.startswith(tuple(THEME)):
                found.append(f"{file.relative_to(site.folder)}: names {url}")
    nothing(found)


SOURCES = [
    path
    for folder in ("docs/assets", "overrides", "handbook")
    for path in sorted((built.ROOT / folder).rglob("*"))
    if path.suffix in {".css", ".js", ".mjs", ".html", ".j2", ".py", ".svg"}
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_source_loads_nothing_from_another_host(path):
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(built.ROOT)
    found = [f"{name}: loads {url}" for url in built.FETCHED.findall(text)]
    if path.suffix in {".js", ".mjs"}:
        found += [f"{name}: names {url}" for url in built.ADDRESS.findall(text)]
    if path.suffix in {".html", ".j2", ".svg"}:
        found += built.third_parties(name, built.read_html(text))
    nothing(found)


def test_search_finds_a_rule_by_the_names_of_its_peers(site):
    index = json.loads((site.folder / "search/search_index.json").read_text("utf-8"))
    text = {}
    for document in index["docs"]:
        page = document["location"].split("#")[0]
        text[page] = text.get(page, "") + " " + document["text"]
    found = []
    for rule, place in PLACES.items():
        address = site.address(place.page.relative_to(built.ROOT / "docs"))
        words = text[address.removeprefix(site.origin)]
        for names in peer_names(entry(rule)).values():
            found += [
                f"{rule}: search misses {name}"
                for name in names[:1]
                if name not in words
            ]
    nothing(found)
    assert not re.search(r"katex|\\mathrm|\\frac", json.dumps(text)), (
        "the search index holds typeset formulas, which nobody can search for"
    )


# -- the checks themselves


def html(body):
    return built.read_html(f"<html><body>{body}</body></html>")


@pytest.mark.parametrize(
    "body",
    [
        "<p>the slope $\\frac{1}{2}$ of</p>",
        "<p>$$y = x$$</p>",
        "<li>\\(x\\)</li>",
        "<td>\\[x\\]</td>",
        "<p>where \\bar x is</p>",
        "<p>$x_i$</p>",
        '<p><span class="katex-error">x</span></p>',
    ],
)
def test_raw_latex_is_seen(body):
    assert built.raw_latex("x.md", html(body))


@pytest.mark.parametrize(
    "body",
    [
        "<p>It costs $5 or $6.</p>",
        "<p><code>$x_i$</code></p>",
        "<pre>\\frac{1}{2}</pre>",
        "<p><x-maths><annotation>\\frac{1}{2}</annotation></x-maths></p>",
        "<script>let a = `$x_i$`</script>",
    ],
)
def test_what_is_not_raw_latex(body):
    assert not built.raw_latex("x.md", html(body))


@pytest.mark.parametrize(
    ("body", "mute"),
    [
        ('<img src="x.png">', 1),
        ('<img src="x.png" alt="">', 1),
        ('<img src="x.png" alt="a">', 0),
        ("<article><svg><rect/></svg></article>", 1),
        ("<article><svg><g><title>a</title></g></svg></article>", 1),
        ("<article><svg><title>a</title></svg><svg></svg></article>", 1),
        ('<article><svg role="img"><title>a</title></svg></article>', 0),
        ('<article><svg aria-hidden="true"></svg></article>', 0),
        ("<article><x-maths><svg></svg></x-maths></article>", 0),
    ],
)
def test_a_picture_without_text_is_seen(body, mute):
    assert len(html(body).mute) == mute


def test_a_formula_that_is_read_twice_or_never_is_seen():
    drawn = '<span class="katex-html" aria-hidden="true">x</span>'
    whole = html(f'<span class="katex"><math>x</math>{drawn}</span>')
    assert whole.formulas == whole.spoken == whole.unspoken == 1
    assert html(f'<span class="katex">{drawn}</span>').spoken == 0
    bare = '<span class="katex"><math>x</math><span class="katex-html">x</span></span>'
    assert html(bare).unspoken == 0


FOREIGN = [
    '<script src="https://example.org/x.js"></script>',
    '<script src="//example.org/x.js"></script>',
    '<img src="http://example.org/x.png">',
    '<img srcset="https://example.org/x.png 2x">',
    '<link rel="stylesheet" href="https://example.org/x.css">',
    '<link rel="preconnect" href="https://example.org">',
    '<link rel="preload" as="font" href="//example.org/x.woff2">',
    '<iframe src="https://example.org"></iframe>',
    "<style>@import 'https://example.org/x.css';</style>",
    "<style>a { background: url(//example.org/x.png) }</style>",
    '<p style="background: url(https://example.org/x.png)">x</p>',
    "<script>fetch('https://example.org/x')</script>",
    '<script>import x from "https://example.org/x.js"</script>',
    '<script type="application/json">{"a": "https:\\/\\/example.org"}</script>',
    "<svg><use href='https://example.org/x.svg#a'/></svg>",
]


@pytest.mark.parametrize("body", FOREIGN)
def test_another_host_is_seen(body):
    assert built.third_parties("x.md", html(body))


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://example.org">a link to click</a>',
        '<link rel="canonical" href="https://example.org/x/">',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        '<img src="../x.png">',
        '<img src="data:image/png;base64,AAAA">',
        "<style>a { background: url(x.png) }</style>",
        "<p>write to https://example.org</p>",
    ],
)
def test_what_is_not_another_host(body):
    assert not built.third_parties("x.md", html(body))


def test_a_rule_without_code_or_maths_is_seen():
    code = '<div class="language-python"><pre><code>def relu(x):</code></pre></div>'
    maths = '<x-maths><span class="katex">x</span></x-maths>'
    rule = "activations/relu"
    page = f'<h1 id="relu">ReLU</h1>{code}{code.replace("relu", "relu_jvp")}{maths}'
    assert not built.rule_problems(rule, html(page))
    for part in (code, maths, 'id="relu"'):
        assert built.rule_problems(rule, html(page.replace(part, "")))


def test_links_of_sources_are_those_of_pages():
    """PAGES is what the folder holds: a page that is not there cannot be tested."""
    assert {f"docs/{page}" for page in PAGES if page.endswith(".md")} == {
        pages.name(path) for path in pages.pages()
    }
