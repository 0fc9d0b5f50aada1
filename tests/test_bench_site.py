"""The measures of `make bench-site`: what is compared is what it says it is."""

import re
import shutil

import markdown
import pytest
import yaml

from handbook import maths, notebooks
from tests import bench_site, browsing, built, projects


class Settings(yaml.SafeLoader):
    """Reads mkdocs.yml, whose tags are only read by MkDocs."""


Settings.add_multi_constructor("!", lambda *_: None)


def settings(config):
    return yaml.load(config, Settings)


def extensions(config):
    return {
        next(iter(one)) if isinstance(one, dict) else one
        for one in settings(config)["markdown_extensions"]
    }


def test_the_command_measures_every_part_unless_told():
    assert bench_site.asked([]).parts == bench_site.EVERY
    assert bench_site.asked(["page", "build"]).parts == ["page", "build"]


def test_the_bare_site_has_the_same_pages_in_the_same_theme():
    ours = projects.without_notebooks(projects.settings())
    bare = projects.bare(projects.settings())
    dropped = extensions(ours) - extensions(bare)
    handbook = {one for one in extensions(ours) if one.startswith("handbook.")}
    assert handbook and dropped == handbook | {"pymdownx.arithmatex"}
    ours, bare = settings(ours), settings(bare)
    for config in (ours, bare):
        del config["markdown_extensions"]
    assert ours == bare
    assert ours["plugins"] == ["search"]


def test_without_notebooks():
    whole = settings(projects.settings())
    less = settings(projects.without_notebooks(projects.settings()))
    assert len(str(whole["nav"])) > len(str(less["nav"]))
    assert "ipynb" in str(whole["nav"]) and "ipynb" not in str(less)
    assert extensions(projects.settings()) == extensions(
        projects.without_notebooks(projects.settings())
    )


def test_settings_that_have_gone_are_missed():
    with pytest.raises(ValueError, match="has nothing like"):
        projects.bare("theme:\n  name: material\n")


@pytest.mark.parametrize("more", [3, 700])
def test_rules_are_added_to_pages_and_nav(more, tmp_path):
    project = tmp_path / "project"
    projects.lay_out(project, projects.without_notebooks(projects.settings()))
    before = {page.name for page in projects.rule_pages(project)}
    number = len(projects.rule_pages(project)) + more
    projects.add_rules(project, number)
    pages = projects.rule_pages(project)
    assert len(pages) == number and before <= {page.name for page in pages}
    nav = str(settings((project / "mkdocs.yml").read_text(encoding="utf-8"))["nav"])
    for page in pages:
        assert nav.count(f"'{page.relative_to(project / 'docs').as_posix()}'") == 1
        assert "/// rule | " in page.read_text(encoding="utf-8")


def test_mathjax_knows_the_macros():
    found = projects.mathjax_macros()
    assert found["d"] == "\\mathrm{d}"
    assert found["pd"] == ["\\frac{\\partial #1}{\\partial #2}", 2]


def page(formulas, errors=0):
    return {"formulas": formulas, "errors": errors}


@pytest.mark.parametrize(
    "katex, mathjax",
    [
        (page(3), page(2)),  # one was not found by MathJax
        (page(0), page(0)),  # neither: the wrong page
        (page(3), page(3, errors=1)),
    ],
)
def test_pages_that_show_other_formulas_are_not_compared(katex, mathjax):
    with pytest.raises(SystemExit, match=r"x\.md"):
        bench_site.check("x.md", katex, mathjax)
    bench_site.check("x.md", page(3), page(3))


def test_ratios_are_of_rounds():
    """One disturbed round changes nothing, nor does a machine that becomes slower."""
    assert bench_site.ratio([2.0, 90.0, 8.0], [1.0, 3.0, 4.0]) == 2.0


SLOW = """<!doctype html><title>slow</title>
<style>@font-face { font-family: late; src: url(late.woff2); }
p { font-family: late; }</style><body><p>x</p><div class="arithmatex">\\(x\\)</div>
<script>
setTimeout(() => {
  document.querySelector(".arithmatex").innerHTML = "<mjx-container>x</mjx-container>";
  window.typeset = performance.now();
}, 300);
</script>"""


def test_the_clock_stops_when_all_is_shown(browser, tmp_path):
    """Not before MathJax is through, and not before a font has come."""
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "index.html").write_text(SLOW)
    with browsing.serve(tmp_path) as server:
        shutil.copy(
            built.ROOT / "docs/assets/katex/fonts/KaTeX_Main-Regular.woff2",
            tmp_path / "slow" / "late.woff2",
        )
        found = bench_site.visit(browser, server, "slow.md", "MathJax")
        assert found["shown"] >= 300
        assert found["formulas"] == 1
        assert found["files"] >= {"slow/index.html", "slow/late.woff2"}


# -- what makes the site fast


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return built.site(tmp_path_factory)


FONTS = """() => {
  const name = (font) => font.family.replace(/"|KaTeX_/g, "") + "-" + (
    (font.weight === "700" ? "Bold" : "") + (font.style === "italic" ? "Italic" : "")
    || "Regular");
  const links = [...document.querySelectorAll("link[rel=preload][as=font]")];
  return {
    early: links.map((link) => link.href.match(/KaTeX_(.*)\\.woff2$/)[1]),
    used: [...document.fonts].filter((f) => f.status === "loaded").map(name),
  };
}"""


@pytest.mark.parametrize(
    "page",
    [*bench_site.PAGES, "index.md", "notation.md", "rules/pooling/pooling.md"],
)
def test_a_page_fetches_early_the_fonts_that_it_uses(page, browser, served):
    with browser.new_context(viewport=browsing.WIDE) as context:
        tab = context.new_page()
        tab.add_init_script(bench_site.WATCH.replace("TYPESET", "true"))
        browsing.open_page(tab, served.address(page))
        tab.wait_for_function("window.shown")
        found = tab.evaluate(FONTS)
        assert sorted(found["early"]) == sorted(found["used"])


def test_every_font_of_the_stylesheet_is_known():
    """Those that are not in the table are fetched late, so they are named here."""
    folder = built.ROOT / "docs/assets/katex/fonts"
    files = {path.stem.removeprefix("KaTeX_") for path in folder.glob("*.woff2")}
    rare = {"Caligraphic-Bold", "Fraktur-Bold", "Main-BoldItalic"}
    rare |= {"SansSerif-Bold", "SansSerif-Italic"}
    assert set(maths.FONTS.values()) == files - rare


SOURCE = re.compile(r"<annotation[^>]*>(.*?)</annotation>", re.DOTALL)
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@pytest.mark.parametrize("page", [p for p in built.source_pages() if p.endswith("md")])
def test_formulas_stand_where_they_were_written(page, site):
    """The template puts them in by their order; here Markdown itself does."""
    text = (built.ROOT / "docs" / page).read_text(encoding="utf-8")
    md = markdown.Markdown(**notebooks.site_markdown())
    md.page = page
    wanted = SOURCE.findall(md.convert(FRONT_MATTER.sub("", text)))
    found = site.file(page).read_text(encoding="utf-8")
    assert SOURCE.findall(found) == wanted
    assert maths.PLACE not in found


def test_a_formula_that_is_rejected_stops_the_build(tmp_path):
    """KaTeX works ahead of the template, and still the message names the page."""
    project = tmp_path / "project"
    config = projects.without_notebooks(projects.settings())
    projects.lay_out(project, config)
    for page in [*(project / "docs").rglob("*.md")]:
        if page.name != "notation.md":
            page.unlink()
    wrong = project / "docs" / "notation.md"
    wrong.write_text(wrong.read_text("utf-8") + "\n\n$\\frac{1}$\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"notation\.md: KaTeX rejects the formula"):
        projects.build(project)
