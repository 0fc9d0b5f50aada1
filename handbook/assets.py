"""Copy KaTeX's stylesheet and fonts from node_modules into docs/assets/katex.

Only woff2 is taken: every browser that the theme supports reads it.
"""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "node_modules" / "katex" / "dist"
TARGET = ROOT / "docs" / "assets" / "katex"


def main():
    if not SOURCE.is_dir():
        raise SystemExit("KaTeX is not installed; `make build` installs it.")
    (TARGET / "fonts").mkdir(parents=True, exist_ok=True)
    css = (SOURCE / "katex.min.css").read_text(encoding="utf-8")
    css = re.sub(r',url\([^)]*\) format\("(woff|truetype)"\)', "", css)
    (TARGET / "katex.min.css").write_text(css, encoding="utf-8")
    for font in (SOURCE / "fonts").glob("*.woff2"):
        shutil.copy(font, TARGET / "fonts")


if __name__ == "__main__":
    main()
