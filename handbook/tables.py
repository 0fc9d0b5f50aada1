"""Markdown extension: tables in a box that scrolls, without headings that say nothing.

The theme puts each table without a class into such a box by a script, after the page is
drawn, and what is below moves.  Here the box is there from the start, and scripts are
not needed for it; docs/assets/css/handbook.css dresses `table.plain`.

Markdown makes every cell of the first line a <th>; a screen reader would announce an
empty corner as the heading of the column below it.
"""

import xml.etree.ElementTree as etree

from markdown import Extension
from markdown.treeprocessors import Treeprocessor


class Tables(Treeprocessor):
    def run(self, root):
        for cell in root.iter("th"):
            if len(cell) == 0 and not (cell.text or "").strip():
                cell.tag = "td"
        for parent in list(root.iter()):
            for place, table in enumerate(parent):
                if table.tag == "table" and not table.get("class"):
                    table.set("class", "plain")
                    box = etree.Element("div", {"class": "table-box"})
                    box.append(table)
                    box.tail, table.tail = table.tail, None
                    parent[place] = box


class TablesExtension(Extension):
    def extendMarkdown(self, md):  # noqa: N802, the name is Python-Markdown's
        # After the inline patterns, which put the cells' content in.
        md.treeprocessors.register(Tables(md), "tables_in_boxes", 1)


def makeExtension(**options):  # noqa: N802, the name is Python-Markdown's
    return TablesExtension(**options)
