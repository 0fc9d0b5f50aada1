"""Where a build of MkDocs spends its time: run in a project, as `mkdocs build`.

    cd PROJECT; python -m tests.build_stages        prints seconds by stage, as JSON

The time of a stage is without that of the stages within it.  A function is watched
where it is looked up, so this file knows names inside the theme and MkDocs.
"""

import concurrent.futures
import functools
import json
import sys
import time

import jinja2
import markdown
import pymdownx.highlight
import pymdownx.snippets
from material.plugins.search.plugin import SearchPlugin
from mkdocs import utils
from mkdocs.__main__ import cli
from mkdocs.structure.pages import Page

from handbook import blocks, finder, includes, maths

STAGES = {
    "waiting for KaTeX": [(concurrent.futures.Future, "result")],
    "formulas put in": [(maths.Typeset, "run")],
    "includes": [
        (includes.CheckIncludes, "run"),
        (pymdownx.snippets.SnippetPreprocessor, "run"),
    ],
    "heads of rules, with their records": [(blocks.Rule, "build")],
    "finder and peers' tables": [(finder.Finder, "build"), (finder.Peer, "build")],
    "tables of the whole record": [(blocks.Proof, "build")],
    "pictures of Jacobians": [(blocks.Jacobian, "build")],
    "highlighting": [(pymdownx.highlight.Highlight, "highlight")],
    "Markdown's extensions set up": [(markdown.Markdown, "__init__")],
    "the rest of Markdown": [(Page, "render")],
    "search indexer": [
        (SearchPlugin, "on_page_context"),
        (SearchPlugin, "on_post_build"),
    ],
    "templates": [(jinja2.Template, "render")],
    "files copied and written": [(utils, "copy_file"), (utils, "write_file")],
}


def watch(owner, name, stage, took, within):
    inner = getattr(owner, name)

    @functools.wraps(inner)
    def timed(*arguments, **named):
        begin = time.perf_counter()
        within.append(0.0)
        try:
            return inner(*arguments, **named)
        finally:
            whole = time.perf_counter() - begin
            took[stage] += whole - within.pop()
            if within:
                within[-1] += whole

    setattr(owner, name, timed)


def main():
    took, within = dict.fromkeys(STAGES, 0.0), []
    for stage, functions in STAGES.items():
        for owner, name in functions:
            watch(owner, name, stage, took, within)
    begin = time.perf_counter()
    sys.argv = ["mkdocs", "build", "--quiet"]
    cli(standalone_mode=False)
    took["start, files, nav, links"] = time.perf_counter() - begin - sum(took.values())
    print(json.dumps(took))


if __name__ == "__main__":
    main()
