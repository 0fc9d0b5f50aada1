"""Keep the addresses that were published once.

    python -m handbook.addresses site              (`make build` does)
    python -m handbook.addresses site --write      (`make addresses` does)

addresses.txt lists every page and every heading's anchor that has been published.  Each
has to lead somewhere for good, or the build fails.  A page that has moved has a line in
moved.txt, and a page that sends its readers on is written at its old address.
"""

import json
import re
import sys
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROMISED, MOVED = HERE / "addresses.txt", HERE / "moved.txt"
HEADING = re.compile(r"<h[1-6]\b[^>]*?\bid=\"?([^\s\">]+)")

# Without JavaScript a reader loses the anchor, but not the page.
REDIRECT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Moved</title>
<meta name="robots" content="noindex">
<link rel="canonical" href="{to}">
<script>
const moved = {anchors};
location.replace(moved[location.hash] ?? "{to}" + location.hash);
</script>
<meta http-equiv="refresh" content="1; url={to}">
</head>
<body><p>This page has moved: <a href="{to}">{to}</a></p></body>
</html>
"""


def lines(file):
    text = file.read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line and line[0] != "#"]


def headings(site):
    """Return {address of a page: anchors of its headings}, of a built site."""
    found = {}
    for file in sorted(Path(site).rglob("index.html")):
        folder = file.parent.relative_to(site).as_posix()
        address = "" if folder == "." else folder + "/"
        found[address] = set(HEADING.findall(file.read_text(encoding="utf-8")))
    return found


def written(found):
    """Return the lines of addresses.txt, as in `./`, `notation/`, `notation/#bar`."""
    pages = [page or "./" for page in found]
    anchors = [f"{page or './'}#{name}" for page in found for name in found[page]]
    return sorted(pages + anchors)


def problems(found, promised, moved):
    """Say which promised address would be lost, and which redirect leads nowhere."""
    have = set(written(found))
    out = []
    for old, new in moved.items():
        if old in have:
            out.append(f"moved.txt: {old} still stands, so nothing can redirect it")
        if new not in have:
            out.append(f"moved.txt: {old} is sent to {new}, which does not exist")
        if "#" in old and old.split("#")[0] not in moved:
            out.append(
                f"moved.txt: the page of {old} still stands; leave an empty anchor "
                "there instead, as in <span id=...></span>"
            )
    for address in promised:
        page, _, anchor = address.partition("#")
        to = moved.get(address) or (moved[page] + "#" + anchor if page in moved else "")
        if address in have or address in moved or to in have:
            continue
        if to:
            way = (
                f"{to} does not exist: give it a line of its own in handbook/moved.txt"
            )
        elif anchor:
            way = f"give its heading the anchor back, as in `## Title {{ #{anchor} }}`"
        else:
            way = "add a line to handbook/moved.txt: the old address and the new one"
        out.append(f"the published address {address} would be lost; {way}")
    return out


def redirect(site, moved):
    """Write a page at each old address, with addresses that hold under any host."""
    for old, new in moved.items():
        if "#" in old:
            continue
        up = "../" * old.count("/")
        own = {
            "#" + a.partition("#")[2]: up + to
            for a, to in moved.items()
            if a.startswith(old + "#")
        }
        file = Path(site) / old / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = REDIRECT.format(to=escape(up + new), anchors=json.dumps(own))
        file.write_text(text, encoding="utf-8")


def keep(site, promised=PROMISED, moved=MOVED):
    """Write the redirects of a built site; raise ValueError for what would be lost."""
    table = dict(lines(moved))
    found = problems(headings(site), [a for (a,) in lines(promised)], table)
    if found:
        raise ValueError("\n".join(found))
    redirect(site, table)


def promise(site, promised=PROMISED):
    """Add to addresses.txt what the built site has more."""
    text = promised.read_text(encoding="utf-8")
    comment = [line for line in text.splitlines() if line.startswith("#")]
    have = {address for (address,) in lines(promised)}
    every = sorted(have | set(written(headings(site))))
    promised.write_text("\n".join([*comment, *every, ""]), encoding="utf-8")


if __name__ == "__main__":
    folder, *options = sys.argv[1:]
    if options == ["--write"]:
        promise(folder)
    try:
        keep(folder)
    except ValueError as error:
        raise SystemExit(str(error)) from None
