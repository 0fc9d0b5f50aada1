"""Print what is written of the catalogue, and of the peers' rule tables.

    make coverage
    .venv/bin/python -m handbook.coverage --ids     the ids that are written

The names of the peers' tables are in handbook/catalogue/.
"""

import argparse
import sys

from handbook.catalogue import check
from handbook.structure import ROOT, written


def main(arguments=None, root=ROOT):
    parser = argparse.ArgumentParser(
        prog="python -m handbook.coverage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--ids", action="store_true", help="print the written ids")
    options = parser.parse_args(arguments)
    ids = written(root)
    known = {rule["id"] for rule in check.rules()}
    for unknown in sorted(ids - known):
        print(f"{unknown}: not in handbook/catalogue/catalog.yaml, so not counted")
    if options.ids:
        print("\n".join(sorted(ids & known)))
    else:
        check.print_coverage(ids & known)
        print("`make coverage` counts; the tests prove what is counted.")
    return 1 if ids - known else 0


if __name__ == "__main__":
    sys.exit(main())
