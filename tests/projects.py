"""Projects made of this one for the benchmarks: with other settings, with more pages.

Each is laid out in a folder of its own and built there.
"""

import itertools
import json
import re
import shutil
import subprocess
import sys

from handbook import structure
from handbook.blocks import catalogue
from tests import built

ROOT = structure.ROOT


def settings():
    return (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def changed(pattern, new, text):
    """Replace what must be there."""
    text, times = re.subn(pattern, new, text, flags=re.MULTILINE)
    if not times:
        raise ValueError(f"mkdocs.yml has nothing like '{pattern}': see tests/projects")
    return text


def without_notebooks(config):
    """Drop the notebooks, whose kernels cost more than all other pages together."""
    config = changed(r"^  - mkdocs-jupyter:\n(?:      .*\n|\n)*", "", config)
    config = changed(r"^      - worked/\w+\.ipynb\n", "", config)
    return changed(r"^strict: true$", "strict: false", config)  # links to notebooks


def bare(config):
    """Drop what the handbook adds to the theme: its extensions, and the typesetting."""
    config = changed(r"^  - handbook\.\w+\n", "", without_notebooks(config))
    return changed(r"^  - pymdownx\.arithmatex:\n(?:      .*\n)*", "", config)


def lay_out(folder, config):
    """Copy the project into a folder, with these settings."""
    for name in ("docs", "handbook", "overrides"):
        shutil.copytree(ROOT / name, folder / name, symlinks=True)
    for name in ("snippets", "node_modules"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    return folder


def rule_pages(folder):
    found = (folder / "docs" / "rules").glob("*/*.md")
    return [page for page in found if page.stem != "index"]


def add_rules(folder, number=None):
    """Add pages of rules that are not written, up to a number of all, and to the nav.

    Each is a written page's text under another title and other names.  By default each
    rule of the catalogue has a page then; for more of them the catalogue comes again.
    """
    places = structure.places(ROOT)
    models = itertools.cycle(place for place in places if place.heading.level == 1)
    have = {place.rule for place in places}
    rules = [
        (family, name, rule)
        for family, some in catalogue().items()
        for name, rule in some.items()
        if family != "foundations"
    ]
    missing = [rule for rule in rules if "/".join(rule[:2]) not in have]
    wanted = itertools.chain(
        ((*rule, "") for rule in missing),
        ((*rule, f"-{n}") for n in itertools.count(2) for rule in rules),
    )
    more = len(missing) if number is None else number - len(rule_pages(folder))
    added = {}
    for family, name, rule, again in itertools.islice(wanted, more):
        home = folder / "docs" / "rules" / family
        home.mkdir(exist_ok=True)
        if not (home / "index.md").exists():
            (home / "index.md").write_text(f"# {family.replace('_', ' ')}\n")
        model = next(models)
        text = model.page.read_text(encoding="utf-8")
        heading = f"# {rule['title']} {{ #{rule['id']} }}"
        text = re.sub(r"(?m)^# .*$", lambda _, h=heading: h, text, count=1)
        text = re.sub(r"(?m)^title: .*$", f"title: {family}", text, count=1)
        text = text.replace(f"/// rule | {model.rule}", f"/// rule | {family}/{name}")
        text = re.sub(r"(?m)^    also: .*\n", "", text)
        page = home / f"{name}{again.replace('-', '_')}.md"
        page.write_text(text, encoding="utf-8")
        added.setdefault(family, []).append(page.relative_to(folder / "docs"))
    file = folder / "mkdocs.yml"
    file.write_text(with_nav(file.read_text(encoding="utf-8"), added), encoding="utf-8")


def with_nav(config, added):
    """Put pages into the nav: under their family, or under a new one."""
    for family, pages in added.items():
        lines = "".join(f"          - {page.as_posix()}\n" for page in pages)
        index = f"          - rules/{family}/index.md\n"
        if index in config:
            config = config.replace(index, index + lines)
        else:
            whole = f"      - {family}:\n{index}{lines}"
            config = changed(r"^  - Doctor:$", whole + "  - Doctor:", config)
    return config


def run(command, folder, **more):
    """Run a build in a folder; its output is shown only if it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=built.environment(SITE_URL=built.ORIGIN, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stdout)
    return done.stdout


def build(folder, **more):
    return run([sys.executable, "-m", "mkdocs", "build", "--quiet"], folder, **more)


MATHJAX = ROOT / ".cache" / "mathjax" / "node_modules"  # `make bench-site` fetches it
# As the theme's manual has it, with this site's macros and MathJax's files from here.
# A macro that it lacks is an error, as it is to KaTeX, instead of red letters.
MATHJAX_SETTINGS = """window.MathJax = {
  tex: {
    inlineMath: [["\\\\(", "\\\\)"]],
    displayMath: [["\\\\[", "\\\\]"]],
    processEscapes: true,
    processEnvironments: true,
    macros: MACROS,
    packages: { "[-]": ["noundefined"] },
  },
  options: { ignoreHtmlClass: ".*|", processHtmlClass: "arithmatex" },
  loader: { paths: { fonts: "/assets/mathjax/@mathjax" } },
  output: { fontPath: "[fonts]/%%FONT%%-font" },
};
"""


def mathjax_macros():
    """Return the macros as MathJax wants them: named without the backslash."""
    text = (ROOT / "handbook" / "macros.json").read_text(encoding="utf-8")
    found = {}
    for name, meaning in json.loads(text).items():
        arguments = len(set(re.findall(r"#\d", meaning)))
        found[name.removeprefix("\\")] = [meaning, arguments] if arguments else meaning
    return found


def lay_out_mathjax(folder):
    """Lay out the same pages in the same theme, typeset by MathJax in the browser."""
    config = changed(r"^  - handbook\.maths\n", "", without_notebooks(settings()))
    config = changed(r"^  - assets/katex/katex\.min\.css\n", "", config)
    scripts = ["assets/mathjax_settings.js", "assets/mathjax/mathjax/tex-mml-chtml.js"]
    more = "".join(f"  - {script}\n" for script in scripts)
    config = changed(r"^extra_javascript:\n", f"extra_javascript:\n{more}", config)
    lay_out(folder, config)
    script = MATHJAX_SETTINGS.replace("MACROS", json.dumps(mathjax_macros()))
    (folder / "docs" / scripts[0]).write_text(script, encoding="utf-8")
    # Fonts that its pages do not use need not be fetched early.
    template = folder / "overrides" / "main.html"
    text = changed(r'^<link rel="preload".*\n', "", template.read_text("utf-8"))
    template.write_text(text, encoding="utf-8")


def serve_mathjax(site):
    """Put MathJax's own files into a built site."""
    (site / "assets" / "mathjax").symlink_to(MATHJAX)
