"""Markdown extension: the finder, and the tables from a peer's names to the rules.

    /// finder
    ///                        every written rule: family, names, properties

    /// peer | PyTorch         each name of the peer's tables: its rule, or "not yet"
    ///

Both read the pages and handbook/catalogue/ when the site is built.  The properties are
in handbook/properties.json, which `make tables` works out from the rules' own cases.
The search reads the finder's rows too: docs/assets/javascripts/search.js.
"""

import functools
import itertools
import json
import posixpath
import textwrap
from dataclasses import dataclass
from pathlib import Path

import yaml
from pymdownx.blocks import BlocksExtension

from handbook import structure
from handbook.blocks import HandbookBlock, add, catalogue, peer_names, torch_name
from handbook.catalogue import check
from handbook.maths import page_of

PROPERTIES = Path(__file__).parent / "properties.json"
PROPERTY_WORDS = ("elementwise", "linear", "has kinks", "keeps the output only")
KEYS = [
    (["r"], "to type, "),
    (["↓", "↑"], "to choose, "),
    (["Enter"], "to open, "),
    (["Esc"], "to clear"),
]


@dataclass
class Row:
    """A written rule, or an id of the foundations."""

    id: str
    title: str
    page: str  # as under docs/
    page_title: str
    anchor: str
    family: str
    family_page: str
    names: dict  # {peer: names}, and "Others"
    properties: list

    @property
    def address(self):
        return f"{self.page}#{self.anchor}"


def also(place):
    """Return the other names that a /// rule block gives."""
    lines = place.page.read_text(encoding="utf-8").split("\n")[place.line :]
    inside = itertools.takewhile(lambda line: line.strip() != "///", lines)
    options = yaml.safe_load(textwrap.dedent("\n".join(inside))) or {}
    return options.get("also", [])


def rows(root=structure.ROOT):
    """Return the rows of the finder: by family, and there as the catalogue has them."""
    stamps = [(path, path.stat().st_mtime_ns) for path in structure.pages(root)]
    return read_rows(root, (*stamps, PROPERTIES.stat().st_mtime_ns))


@functools.lru_cache(maxsize=1)
def read_rows(root, _stamp):
    docs = root / "docs"
    properties = json.loads(PROPERTIES.read_text(encoding="utf-8"))
    titles = {}

    def title(page):
        if page not in titles:
            titles[page] = structure.headings(page)[0].text
        return titles[page]

    def row(family, rule, page, heading, names):
        index = (docs / "rules" / family / "index.md").relative_to(docs)
        if family == "foundations":
            index = Path("foundations/index.md")
        return Row(
            id=rule["id"],
            title=heading.text,
            page=page.relative_to(docs).as_posix(),
            page_title=title(page),
            anchor=heading.anchor,
            family=title(docs / index),
            family_page=index.as_posix(),
            names=names,
            properties=properties.get(f"{family}/{rule['id'].replace('-', '_')}", []),
        )

    found = {}
    for place in structure.places(root):
        family, _, name = place.rule.partition("/")
        rule = catalogue().get(family, {}).get(name)
        if rule and place.heading:
            names = peer_names(rule) | {"Others": also(place)}
            found[place.rule] = row(family, rule, place.page, place.heading, names)
    ids = {structure.kebab(name): name for name in structure.foundations()}
    for page in sorted((docs / "foundations").glob("*.md")):
        for heading in structure.headings(page):
            if heading.anchor in ids and structure.has_code(page, heading):
                rule = catalogue()["foundations"][ids[heading.anchor]]
                key = f"foundations/{ids[heading.anchor]}"
                found[key] = row("foundations", rule, page, heading, peer_names(rule))
    order = [
        f"{family}/{rule}" for family, all_ in catalogue().items() for rule in all_
    ]
    listed = [found[name] for name in order if name in found]
    # A reader looks for a rule; the foundations come last.
    listed.sort(key=lambda row: (row.page.startswith("foundations/"), row.family))
    return listed


# -- the names of a peer


def operator_name(key):
    """Name an operator of PyTorch's tests: those of Python are the tensor's methods."""
    return f"torch.Tensor.{key}" if key.startswith("__") else torch_name(key)


# peer: [(table of the catalogue, how a name of it is written)]
PEERS = {
    "PyTorch": [
        ("opinfo", operator_name),
        ("torch", str),
        ("derivatives", lambda name: f"aten::{name}"),
    ],
    "JAX": [("jax", str), ("jax_rules", str)],
    "HIPS autograd": [("autograd", str), ("autograd_nograd", str)],
    "ChainRules": [("chainrules", str)],
}


def section(peer, table, name):
    """Return the heading under which a name stands: its module, mostly."""
    if peer == "ChainRules":
        return "NNlib.jl" if name.startswith("NNlib.") else "ChainRules.jl"
    if table == "derivatives":
        return "aten"
    if table == "jax_rules":
        return "Custom rules inside JAX" if "/" in name else "Primitives"
    if ":" in name:
        return name.partition(":")[0]
    return name.rpartition(".")[0] or "Operators"


def peer_table(peer):
    """Return {section: {name: (catalogue entries, reason to have none)}}."""
    _, excluded, frozen = check.load()
    out = {}
    for table, written_as in PEERS[peer]:
        field, _ = check.TABLES[table]
        rules = {}
        for rule in check.rules():
            for name in rule.get(field, []):
                rules.setdefault(name, []).append(rule)
        reasons = {
            name: group["reason"]
            for group in excluded.get(table) or []
            for name in group["names"]
        }
        # What is beyond the table counts where a rule has it.
        more = [name for name in frozen["more"].get(table, []) if name in rules]
        for name in [*frozen["tables"][table], *more]:
            shown = written_as(name)
            here = out.setdefault(section(peer, table, shown), {})
            entries, reason = here.get(shown, ([], ""))
            entries = entries + [r for r in rules.get(name, []) if r not in entries]
            here[shown] = entries, reason or reasons.get(name, "")
    inner = ("aten", "Primitives", "Custom rules inside JAX")  # after what is public
    order = sorted(out, key=lambda heading: (heading in inner, heading.lower()))
    return {
        heading: dict(sorted(out[heading].items(), key=lambda item: item[0].lower()))
        for heading in order
    }


# -- the blocks


def link(page, target):
    """Return the link from one page under docs/ to another."""
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


class Finder(HandbookBlock):
    NAME = "finder"
    ARGUMENT = None

    def build(self, parent):
        here = page_of(self.md)
        box = add(parent, "div", class_="finder", data_search_exclude="")
        self.form(box)
        table = add(box, "table", class_="finder-table")
        head = add(add(table, "thead"), "tr")
        for word in ("Rule", "Family", "Also known as", "Properties"):
            add(head, "th", word, scope="col")
        body = add(table, "tbody")
        for row in rows():
            line = add(body, "tr", data_page=row.page_title)
            add(add(line, "td"), "a", row.title, href=link(here, row.address))
            family = add(line, "td", class_="family")
            add(family, "a", row.family, href=link(here, row.family_page))
            self.names(add(line, "td", class_="names"), row)
            add(line, "td", ", ".join(row.properties), class_="properties")
        return box

    def form(self, box):
        """Add what the reader types into; without scripts it is not shown."""
        listed = rows()
        form = add(box, "div", class_="finder-form", role="search", aria_label="Finder")
        add(
            form,
            "input",
            type="search",
            placeholder="layer_norm, np.einsum, log loss, linear …",
            aria_label="Find a rule by name, family, peer or property",
            aria_describedby="finder-keys",
            aria_keyshortcuts="r",
            autocomplete="off",
            autocapitalize="off",
            spellcheck="false",
        )
        choices = add(form, "div", class_="finder-choices")
        families = add(choices, "select", aria_label="Family")
        add(families, "option", "all families", value="")
        for family in dict.fromkeys(row.family for row in listed):
            add(families, "option", family)
        for word in PROPERTY_WORDS:
            label = add(choices, "label")
            add(label, "input", type="checkbox", value=word).tail = f" {word}"
        add(form, "p", f"{len(listed)} rules", class_="finder-count", role="status")
        keys = add(form, "p", id="finder-keys", class_="finder-keys")
        for names, what in KEYS:
            for name in names:
                add(keys, "kbd", name).tail = " "
            keys[-1].tail = f" {what}"

    def names(self, cell, row):
        every = list(
            dict.fromkeys(name for some in row.names.values() for name in some)
        )
        few = [some[0] for some in row.names.values() if some][:2]
        rest = [name for name in every if name not in few]
        if rest:
            cell = add(cell, "details")
            shown = add(cell, "summary")
            for name in few:
                add(shown, "code", name).tail = " "
            shown[-1].tail = f" and {len(rest)} more"
        for name in rest or few:
            add(cell, "code", name).tail = " "


class Peer(HandbookBlock):
    NAME = "peer"

    def build(self, parent):
        here = page_of(self.md)
        if self.argument not in PEERS:
            raise ValueError(
                f"{here}: '/// peer | {self.argument}' is none of {', '.join(PEERS)}"
            )
        written = {row.id: row for row in rows()}
        table = peer_table(self.argument)
        names = [pair for some in table.values() for pair in some.values()]
        wanted = [rules for rules, _ in names if rules]
        have = [rules for rules in wanted if any(r["id"] in written for r in rules)]
        box = add(parent, "div", class_="peer")
        add(
            box,
            "p",
            f"{len(names)} names. Of the {len(wanted)} that belong to a rule, "
            f"{len(have)} have one here; the others are not yet written. "
            f"{len(names) - len(wanted)} get no rule, for the reason beside them.",
        )
        for heading, some in table.items():
            add(
                box, "h2", heading, id=structure.slugify(heading.replace(".", "-"), "-")
            )
            self.table(box, some, written, here)
        return box

    def table(self, box, some, written, here):
        table = add(box, "table", class_="peer-table")
        head = add(add(table, "thead"), "tr")
        for word in ("Name", "Rule", "Note"):
            add(head, "th", word, scope="col")
        body = add(table, "tbody")
        for name, (rules, reason) in some.items():
            # The name itself is the anchor: peers/pytorch/#torch.logsumexp.
            line = add(body, "tr", id=name)
            add(add(line, "td"), "code", name)
            cell = add(line, "td")
            done = [written[rule["id"]] for rule in rules if rule["id"] in written]
            for row in done:
                add(cell, "a", row.title, href=link(here, row.address)).tail = ", "
            if done:
                done_last = cell[-1]
                done_last.tail = ""
            else:
                cell.text = "not yet" if rules else "none"
            missing = [rule["title"] for rule in rules if rule["id"] not in written]
            notes = [f"not yet: {title}" if done else title for title in missing]
            add(line, "td", "; ".join(notes) if rules else reason)


class FinderBlocks(BlocksExtension):
    def extendMarkdownBlocks(self, md, block_mgr):  # noqa: N802, pymdownx's name
        block_mgr.register(Finder, self.getConfigs())
        block_mgr.register(Peer, self.getConfigs())


def makeExtension(**options):  # noqa: N802, the name is Python-Markdown's
    return FinderBlocks(**options)
