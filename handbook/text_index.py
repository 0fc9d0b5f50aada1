"""Index the text of a built site for its search, with Pagefind.

    python -m handbook.text_index site       (`make build` does)

Pagefind cuts the index into small files, of which a query fetches a few; the theme's
own index is one file that grows with the site.  docs/assets/javascripts/search.js uses
what is here, and the theme's index where it is missing, as under `make serve`.
"""

import subprocess
import sys
from pathlib import Path

# Formulas, permalinks, and tables of names, which are searched by another way.
LEFT_OUT = "x-maths, .headerlink, .latex-source, .finder, .peer"
USED = {
    "pagefind.js",
    "pagefind-entry.json",
    "wasm.en.pagefind",
    "wasm.unknown.pagefind",
}


def index(site):
    """Write site/pagefind/, without the parts that show results: the theme does."""
    options = ["--root-selector", "article", "--exclude-selectors", LEFT_OUT]
    done = subprocess.run(
        [sys.executable, "-m", "pagefind", "--site", site, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"Pagefind cannot index {site}:\n{done.stdout}")
    for file in (Path(site) / "pagefind").iterdir():
        if file.is_file() and file.name not in USED and file.suffix in {".js", ".css"}:
            file.unlink()


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "index.html").is_file():
        raise SystemExit("usage: python -m handbook.text_index FOLDER_OF_A_BUILT_SITE")
    index(sys.argv[1])
