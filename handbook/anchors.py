"""Markdown extension: stable anchors for the headings under each rule of a page.

On a page of several small rules every rule is an H2 with an anchor of its own and
the fixed headings are H3.  Without help those would become `rule`, `rule_1`, ...
and change meaning when a rule is inserted; here `Derivation` under `{ #exp }` is
`exp-derivation`, for good.
"""

from markdown import Extension
from markdown.extensions.toc import slugify
from markdown.treeprocessors import Treeprocessor


class PrefixAnchors(Treeprocessor):
    def run(self, root):
        above = None
        for element in root.iter():
            if element.tag == "h2":
                above = element.get("id")  # set by attr_list: { #exp }
            elif element.tag == "h3" and above and not element.get("id"):
                words = "".join(element.itertext())
                element.set("id", f"{above}-{slugify(words, '-')}")


class AnchorsExtension(Extension):
    def extendMarkdown(self, md):  # noqa: N802, the name is Python-Markdown's
        # After attr_list (8), before toc (5), which keeps an id that is there.
        md.treeprocessors.register(PrefixAnchors(md), "handbook-anchors", 6)


def makeExtension(**options):  # noqa: N802, the name is Python-Markdown's
    return AnchorsExtension(**options)
