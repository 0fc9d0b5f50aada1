"""Markdown extension: blocks that Markdown does not have.

On the page of a rule:

    /// rule | softmax/softmax          the rule's id, its source, its record, its names
        also: [tf.nn.softmax]
    ///

    /// jacobian | softmax/softmax      its Jacobian, computed from the snippet
        wrt: 0
        caption: Diagonal minus rank one.
    ///

On the scratch page:

    /// snippets                        links to the files of snippets/, by family
    ///

On the page about the proof:

    /// proof | table                   what the record says of all rules: its table,
    ///                                 `equivalent` mutants or `disagreements`, or at a
                                        glance, `figures`

On the doctor's page:

    /// mistakes | 2 5 10               these of the forty mistakes, with their threads
    ///

Options are indented by four spaces; text that is not would be lost, so it fails.
"""

import datetime
import functools
import json
import re
import xml.etree.ElementTree as etree
from pathlib import Path
from typing import ClassVar

import yaml
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block, type_integer, type_string

from handbook import mistakes, pictures, record, structure
from handbook.maths import page_of
from handbook.structure import ROOT, headings

HERE = Path(__file__).parent


class UnknownRuleError(ValueError):
    """A block names a rule that the catalogue does not have."""


class StrayTextError(ValueError):
    """A block holds text; most likely an option that is not indented."""


@functools.cache
def catalogue():
    """Return {family: {id: entry}}, both with underscores, from the catalogue."""
    text = (HERE / "catalogue" / "catalog.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {
        family["family"].replace("-", "_"): {
            rule["id"].replace("-", "_"): rule for rule in family["rules"]
        }
        for family in yaml.load(text, loader)
    }


def entry(name):
    """Return the catalogue's entry of a rule written `family/rule`."""
    family, _, rule = name.partition("/")
    try:
        return catalogue()[family][rule]
    except KeyError:
        raise UnknownRuleError(
            f"'{name}' is not family/rule of the catalogue; "
            "see handbook/catalogue/catalog.yaml for the ids"
        ) from None


def public(names):
    """Drop dunder methods and dispatch details, which nobody looks up."""
    return [n for n in names if not n.startswith("_") and ":" not in n]


def torch_name(key):
    """Turn a key of PyTorch's operator table into the name that is called."""
    # A name follows its module; what follows the name is a variant, which nobody calls.
    parts = key.split(".")
    modules = {"nn": 2, "linalg": 1, "special": 1, "fft": 1}
    return ".".join(["torch", *parts[: modules.get(parts[0], 0) + 1]])


def peer_names(rule):
    """Return {peer: names a reader may know the rule by}."""
    torch = [torch_name(n) for n in public(rule["opinfo"])] + rule.get("torch", [])
    numpy = public(rule.get("numpy", []))
    numpy += [n for n in public(rule["autograd"]) if n not in numpy]
    return {
        "PyTorch": list(dict.fromkeys(torch)),
        "JAX": rule["jax"],
        "NumPy and SciPy": numpy,
        "ChainRules": [n for n in rule["chainrules"] if not n.startswith("_")],
        # What profiles and traces print.
        "ATen": [f"aten::{n}" for n in rule["derivatives"]],
        "JAX primitives": [n for n in rule.get("jax_rules", []) if "/" not in n],
    }


def add(parent, tag, text=None, **attributes):
    attributes = {k.rstrip("_").replace("_", "-"): v for k, v in attributes.items()}
    child = etree.SubElement(parent, tag, attributes)
    if text is not None:
        child.text = AtomicString(text)
    return child


# -- the record of a rule, in one line that unfolds

PEERS = {"jax": "JAX", "torch": "PyTorch", "autograd": "HIPS autograd"}
LAWS = ["value", "adjoint", "tangent", *PEERS, "form", "single", "kinks"]


def count(n, thing):
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def day(iso):
    """2026-11-25 is 25 November 2026."""
    date = datetime.date.fromisoformat(iso)
    return f"{date.day} {date:%B %Y}"


def errors_of(law):
    """Say the largest error of a law beside each bar that it was held to."""
    return [
        "exact" if bar == "exact" else f"{short(error)} of {short(float(bar))}"
        for bar, error in sorted(law["errors"].items())
    ]


def short(x):
    """0.0001 and 1e-07 are 1e-4 and 1e-7."""
    return re.sub(r"(\.0)?e-0?", "e-", f"{x:.1e}") if x else "0"


def mutants_of(entry):
    """37 of 43 mutants killed, 5 crash, 1 equivalent."""
    fates = entry["mutants"]
    words = [f"{sum(fates['killed'].values())} of {fates['made']} mutants killed"]
    if fates["crashed"]:
        words.append(f"{fates['crashed']} crash")
    if fates["equivalent"]:
        words.append(f"{len(fates['equivalent'])} equivalent")
    return ", ".join(words)


def add_record(head, entry):
    held = entry["laws"]
    laws = count(len(set(held) - set(PEERS)), "law")
    agree = [title for peer, title in PEERS.items() if peer in held]
    known = add(head, "details", class_="rule-record", data_search_exclude="")
    add(
        known,
        "summary",
        f"Proved {day(entry['date'])}: {laws} at {count(entry['cases'], 'case')}, "
        f"{count(len(agree), 'peer')}, {mutants_of(entry)}",
    )
    body = add_table(known, ["Law", "Holds at", "Largest error, of its bar"])
    for law in LAWS:
        if law in held:
            line = add(body, "tr")
            name = law
            if law in PEERS:
                name = f"{PEERS[law]} {entry['versions'][law]}"
            add(line, "td", name)
            where = count(held[law]["places"], "point" if law == "kinks" else "case")
            add(line, "td", where)
            cell = add(line, "td")
            for error in errors_of(held[law]):
                add(cell, "span", error).tail = " "
        elif law in entry["lacking"]:
            line = add(body, "tr")
            add(line, "td", PEERS[law])
            add(line, "td", entry["lacking"][law], colspan="2")
    line = add(body, "tr")
    add(line, "td", "mutants")
    add(line, "td", mutants_of(entry), colspan="2")
    versions = entry["versions"]
    add(
        known,
        "p",
        f"Run at commit {entry['commit'] or 'unknown'} with seed {entry['seed']}, "
        f"Python {versions['python']}, NumPy {versions['numpy']}. ",
    )
    add(known[-1], "a", "How we know", href="../../how_we_know.md#record")


def has_vectors(rule):
    """Return the address of a rule's test vectors; handbook/exports.py makes them."""
    name = f"assets/vectors/{rule}.npz"
    return f"../../{name}" if (ROOT / "docs" / name).is_file() else None


# -- the record of all rules


def add_table(parent, titles):
    table = add(parent, "table")
    line = add(add(table, "thead"), "tr")
    for title in titles:
        add(line, "th", title)
    return add(table, "tbody")


def add_rule(parent, place):
    """Link a rule by its id from a page at the root of docs/."""
    page = place.page.relative_to(ROOT / "docs").as_posix()
    name = place.rule.split("/")[1]
    add(add(parent, "a", href=f"{page}#{place.heading.anchor}"), "code", name)


def figures(section, entries, places):
    """What all rules have in common, at a glance."""
    fates = [entry["mutants"] for entry in entries.values()]
    made = sum(fate["made"] for fate in fates)
    excused = sum(len(fate["equivalent"]) for fate in fates)
    laws = [law for entry in entries.values() for law in entry["laws"].items()]
    held = sum(law["places"] for _, law in laws)
    off = [max(law["errors"].values()) for name, law in laws if name in PEERS]
    peers = ", ".join(PEERS.values())
    shown = add(section, "dl", class_="figures")
    for figure, words in [
        (f"{len(entries)} of {len(places)}", "rules have a record of proof that holds"),
        (f"{held:,}", "times a law held, each at one input"),
        (short(max(off, default=0)), f"is the largest error against {peers}"),
        (f"{made - excused:,} of {made:,}", "wrong versions caught, the rest excused"),
    ]:
        pair = add(shown, "div")
        add(pair, "dt", words)
        add(pair, "dd", figure)


def proof_table(section, entries, places):
    fates = [entry["mutants"] for entry in entries.values()]
    killed = sum(sum(fate["killed"].values()) for fate in fates)
    add(
        section,
        "p",
        f"{len(entries)} of {len(places)} rules have a record that holds, at "
        f"{sum(entry['cases'] for entry in entries.values())} cases. Of "
        f"{sum(fate['made'] for fate in fates)} mutants {killed} are killed by laws, "
        f"{sum(fate['crashed'] for fate in fates)} crash and "
        f"{sum(len(fate['equivalent']) for fate in fates)} are equivalent.",
    )
    columns = [
        ("value", "1e-12"),
        ("adjoint", "1e-10"),
        ("tangent", "1e-07"),
        ("tangent", "1e-12"),
        *((peer, "1e-09") for peer in PEERS),
        ("single", "1e-04"),
    ]
    titles = [f"{PEERS.get(law, law)}, of {short(float(b))}" for law, b in columns]
    body = add_table(section, ["Rule", "Cases", *titles, "Kinks", "Mutants", "Killed"])
    for rule, entry in entries.items():
        line = add(body, "tr")
        add_rule(add(line, "td"), places[rule])
        laws, fate = entry["laws"], entry["mutants"]
        cells = [entry["cases"]]
        for law, bar in columns:
            error = laws.get(law, {"errors": {}})["errors"].get(bar)
            cells.append("–" if error is None else short(error))
        cells += [laws["kinks"]["places"] if "kinks" in laws else "–"]
        cells += [fate["made"], sum(fate["killed"].values())]
        for cell in cells:
            add(line, "td", str(cell))


def equivalent_mutants(section, entries, places):
    edits = add(section, "dl")
    for rule, entry in entries.items():
        for mutant in entry["mutants"]["equivalent"]:
            line = add(edits, "dt")
            add_rule(line, places[rule])
            line[-1].tail = f", in {mutant['where']}: "
            before, _, after = mutant["edit"].partition(" -> ")
            add(line, "code", " ".join(before.split())).tail = " becomes "
            add(line, "code", " ".join(after.split()))
            add(edits, "dd", mutant["reason"])


def disagreements(section, entries, places):
    for rule, entry in entries.items():
        if not entry["disagreements"]:
            continue
        known = add(section, "details")
        summary = add(known, "summary")
        add(summary, "code", rule.split("/")[1])
        summary[-1].tail = ": " + count(len(entry["disagreements"]), "point")
        body = add_table(known, ["At", "Answer", "Given by"])
        for point in entry["disagreements"]:
            answers = {}
            ours_first = sorted(
                point["answers"].items(), key=lambda pair: pair[0] != "This handbook"
            )
            for who, answer in ours_first:
                answers.setdefault(answer, []).append(who)
            for n, (answer, who) in enumerate(answers.items()):
                line = add(body, "tr")
                add(line, "td", "" if n else point["at"])
                add(line, "td", answer)
                # JAX, `mean, var`: what stands for the rule there is code.
                cell = add(line, "td")
                words = re.split("`", "; ".join(who))
                cell.text = AtomicString(words[0])
                for code, text in zip(words[1::2], words[2::2], strict=True):
                    add(cell, "code", code).tail = text
        line = add(known, "p")
        add_rule(line, places[rule])


class HandbookBlock(Block):
    ARGUMENT = True

    def on_create(self, parent):
        element = self.build(parent)
        self.own = len(element)
        return element

    def on_end(self, block):
        stray = block[self.own :]
        if stray:
            words = "".join(stray[0].itertext()).split("\n")[0]
            raise StrayTextError(
                f"{page_of(self.md)}: the block '/// {self.NAME} | {self.argument}' "
                f"holds the text '{words}'; indent its options by four spaces"
            )


class Rule(HandbookBlock):
    NAME = "rule"
    OPTIONS: ClassVar = {"also": ([], lambda names: [type_string(n) for n in names])}

    def build(self, parent):
        rule = entry(self.argument)
        head = add(parent, "div", class_="rule-head")
        line = add(head, "p")
        add(line, "code", rule["id"].replace("-", "_"))
        # Relative to docs/rules/<family>/, where every rule page lives.
        source = f"../../snippets/{self.argument}.py"
        add(line, "a", "View source", href=source, class_="rule-source")
        if vectors := has_vectors(self.argument):
            add(line, "a", "Test vectors", href=vectors, class_="rule-source")
        # doctor.js puts the rule into the link; in Markdown that would be no anchor.
        practise = {"href": "../../doctor.md#browser", "data_rule": self.argument}
        add(line, "a", "Practise this rule", class_="rule-source", **practise)
        names = {k: v for k, v in peer_names(rule).items() if v}
        if self.options["also"]:
            names["Others"] = self.options["also"]
        if names:
            known = add(head, "details", class_="rule-names")
            few = [v[0] for v in names.values()][:3]
            add(known, "summary", "Also known as " + ", ".join(few) + " …")
            table = add(known, "dl")
            for peer, list_ in names.items():
                add(table, "dt", peer)
                cell = add(table, "dd")
                for n in list_:
                    add(cell, "code", n).tail = " "
        if held := record.current(self.argument):
            add_record(head, held)
        return head


class Proof(HandbookBlock):
    """The whole record, for pages at the root of docs/."""

    NAME = "proof"

    def build(self, parent):
        # Figures by the hundred are of no use to a search for a rule.
        section = add(parent, "section", class_="proof", data_search_exclude="")
        places = {place.rule: place for place in structure.places()}
        held = {rule: record.current(rule) for rule in places}
        entries = {rule: entry for rule, entry in sorted(held.items()) if entry}
        make = {
            "figures": figures,
            "table": proof_table,
            "equivalent": equivalent_mutants,
            "disagreements": disagreements,
        }
        if self.argument not in make:
            raise UnknownRuleError(
                f"{page_of(self.md)}: '/// proof | {self.argument}' should be one of "
                f"{', '.join(make)}"
            )
        make[self.argument](section, entries, places)
        return section


class Jacobian(HandbookBlock):
    NAME = "jacobian"
    OPTIONS: ClassVar = {"wrt": (0, type_integer), "caption": ("", type_string)}

    def build(self, parent):
        entry(self.argument)  # a misspelt name fails with the catalogue's sentence
        figure = add(parent, "figure", class_="jacobian")
        svg = pictures.jacobian_svg(self.argument, self.options["wrt"])
        figure.text = self.md.htmlStash.store(svg)
        if self.options["caption"]:
            # The caption's own formulas are typeset like any other text's.
            add(figure, "figcaption").text = self.options["caption"]
        return figure


class Snippets(HandbookBlock):
    NAME = "snippets"
    ARGUMENT = False

    def build(self, parent):
        folders = sorted((ROOT / "snippets").glob("*/"))
        listed = add(parent, "ul", class_="snippet-list")
        for folder in folders:
            files = sorted(folder.glob("*.py"))
            page = ROOT / "docs" / "rules" / folder.name / "index.md"
            title = folder.name.replace("_", " ").capitalize()
            if page.is_file():
                title = headings(page)[0].text
            if files:
                family = add(listed, "li", title)
                links = add(family, "ul")
                for file in files:
                    # Relative to docs/, where the scratch page lives.
                    href = f"snippets/{folder.name}/{file.name}"
                    add(add(links, "li"), "a", file.stem, href=href)
        return listed


class Mistakes(HandbookBlock):
    NAME = "mistakes"

    def build(self, parent):
        listed = add(parent, "ul", class_="mistake-list")
        for number in map(int, self.argument.split()):
            texts = json.dumps(mistakes.texts(number))
            title, (name, thread) = mistakes.title_and_thread(number)
            item = add(listed, "li", data_texts=texts)
            # Relative to docs/, where the doctor's page lives.
            address = f"forty_mistakes.md#mistake-{number}"
            add(item, "a", title, href=address).tail = ", met in "
            add(item, "a", name, href=thread)
        return listed


class HandbookBlocks(BlocksExtension):
    def extendMarkdownBlocks(self, md, block_mgr):  # noqa: N802, pymdownx's name
        block_mgr.register(Rule, self.getConfigs())
        block_mgr.register(Jacobian, self.getConfigs())
        block_mgr.register(Snippets, self.getConfigs())
        block_mgr.register(Proof, self.getConfigs())
        block_mgr.register(Mistakes, self.getConfigs())


def makeExtension(**options):  # noqa: N802, the name is Python-Markdown's
    return HandbookBlocks(**options)
