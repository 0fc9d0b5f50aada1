"""Hold the catalogue against the peers' own rule tables, and measure coverage.

    python -m handbook.catalogue.check                  is every name accounted for?
    python -m handbook.catalogue.check --have ids.txt   how much do these ids cover?

Every name in a peer's table is mapped to a rule (catalog.yaml) or excluded with a
reason (excluded.yaml).  anchors.json holds the tables as they were extracted from
the versions it names, so that nothing needs PyTorch, JAX or Julia here.
"""

import argparse
import functools
import json
import re
import sys
from collections import Counter
from pathlib import Path

import yaml

HERE = Path(__file__).parent
# table: (the catalogue's field, what it is)
TABLES = {
    "opinfo": ("opinfo", "PyTorch OpInfo, float64 autograd"),
    "derivatives": ("derivatives", "PyTorch derivatives.yaml, base names"),
    "autograd": ("autograd", "HIPS autograd, defvjp and defjvp names"),
    "autograd_nograd": ("numpy", "HIPS autograd, nograd_functions"),
    "chainrules": ("chainrules", "ChainRules.jl and NNlib.jl rules"),
    "jax_rules": ("jax_rules", "JAX primitives and custom rules"),
    "jax": ("jax", "JAX public functions"),
    "torch": ("torch", "torch.nn.functional, special, linalg, fft, distributions"),
}
# What makes a rule one that a peer has, so that it cannot be tier 4.
RULE_FIELDS = ("opinfo", "derivatives", "autograd", "chainrules", "jax_rules")
NEEDED = {"id", "title", "tier", *RULE_FIELDS[:4], "jax"}
ALLOWED = {*NEEDED, "jax_rules", "numpy", "torch", "note"}


@functools.cache
def load():
    """Return the families, the exclusions and the frozen tables."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    families, excluded = (
        yaml.load((HERE / file).read_text(encoding="utf-8"), loader)
        for file in ("catalog.yaml", "excluded.yaml")
    )
    frozen = json.loads((HERE / "anchors.json").read_text(encoding="utf-8"))
    return families, excluded, frozen


def rules():
    """Return the entries of all rules, in the catalogue's order."""
    return [rule for family in load()[0] for rule in family["rules"]]


def names(table, entries):
    """Return the names of a peer's table that these rules cover."""
    field, _ = TABLES[table]
    src = set(load()[2]["tables"][table])
    have = {name for rule in entries for name in rule.get(field, [])}
    if table == "torch":  # an OpInfo key stands for the public function of its name
        keys = {key for rule in entries for key in rule["opinfo"]}
        keys |= {k.rsplit(".", n)[0] for k in keys for n in (1, 2) if k.count(".") >= n}
        have |= {name for name in src if name.removeprefix("torch.") in keys}
    return have


def repeated(values):
    return sorted(value for value, n in Counter(values).items() if n > 1)


def rule_problems():
    """Say what is wrong with the catalogue itself."""
    families, _, _ = load()
    out = []
    for what, values in (
        ("family", [family["family"] for family in families]),
        ("id", [rule["id"] for rule in rules()]),
        ("title", [rule["title"] for rule in rules()]),
    ):
        out += [f"the {what} {value!r} comes twice" for value in repeated(values)]
    for family in families:
        for rule in family["rules"]:
            i, tier = rule["id"], rule["tier"]
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i):
                out.append(f"{i}: an id is written in kebab-case")
            if not NEEDED <= set(rule) <= ALLOWED:
                wrong = (NEEDED - set(rule)) | (set(rule) - ALLOWED)
                out.append(f"{i}: missing or unknown fields {sorted(wrong)}")
            for key in set(rule) - {"id", "title", "tier", "note"}:
                for name in repeated(rule[key]):
                    out.append(f"{i}: {name!r} comes twice in {key}")
            has = {key for key in (*RULE_FIELDS, "jax", "torch") if rule.get(key)}
            if tier not in (1, 2, 3, 4):
                out.append(f"{i}: there is no tier {tier}")
            if tier == 4 and has & set(RULE_FIELDS):
                out.append(f"{i}: tier 4, but a peer has the rule")
            peerless = family["family"] in ("foundations", "matrix-identities")
            if tier == 3 and not has and not peerless:
                out.append(f"{i}: tier 3, but no peer has the rule")
            if tier > 2 and (
                any(n.startswith("nn.functional.") for n in rule["opinfo"])
                or any(n.startswith("jax.nn.") for n in rule["jax"])
                or any(
                    n.startswith("torch.nn.functional.") for n in rule.get("torch", [])
                )
            ):
                out.append(f"{i}: in a peer's nn module, but tier {tier}")
    return out


def table_problems():
    """Say which names are neither mapped nor excluded, or both, or unknown."""
    _, excluded, frozen = load()
    out = [f"excluded.yaml: there is no table {t!r}" for t in set(excluded) - {*TABLES}]
    for table in TABLES:
        src = set(frozen["tables"][table])
        have = names(table, rules())
        groups = excluded.get(table) or []
        gone = [name for group in groups for name in group["names"]]
        if not all(group.get("reason") for group in groups):
            out.append(f"{table}: an exclusion has no reason")
        wrong = {
            "neither mapped nor excluded": src - have - set(gone),
            "mapped and excluded": have & set(gone),
            "excluded twice": set(repeated(gone)),
            "excluded, but not in the table": set(gone) - src,
        }
        if table not in ("autograd_nograd", "torch"):  # these fields hold more
            more = set(frozen["more"].get(table, []))
            wrong["mapped, but not in the table"] = have - src - more
        out += [f"{table}: {w}: {', '.join(sorted(n))}" for w, n in wrong.items() if n]
    return out


def coverage(ids):
    """Return {what: (covered, of)} for the tiers and for the peers' tables."""
    unknown = set(ids) - {rule["id"] for rule in rules()}
    if unknown:
        raise ValueError(f"not in the catalogue: {', '.join(sorted(unknown))}")
    written = [rule for rule in rules() if rule["id"] in ids]
    out = {
        f"tier {tier}": tuple(
            sum(rule["tier"] == tier for rule in some) for some in (written, rules())
        )
        for tier in (1, 2, 3, 4)
    }
    for table, (_, label) in TABLES.items():
        src = set(load()[2]["tables"][table]) & names(table, rules())
        out[label] = len(src & names(table, written)), len(src)
    return out


def print_coverage(ids):
    rows = coverage(ids)
    print(f"{len(ids)} of {len(rules())} rules are written")
    for what, (covered, of) in rows.items():
        print(f"  {what:56s}{covered:5d} / {of:3d} {covered / of:8.1%}")


def main():
    parser = argparse.ArgumentParser(
        prog="python -m handbook.catalogue.check",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--have", type=Path, help="a file of ids, one per line")
    options = parser.parse_args()
    problems = rule_problems() + table_problems()
    families, excluded, frozen = load()
    print(f"{len(rules())} rules in {len(families)} families")
    for table, (_, label) in TABLES.items():
        src = frozen["tables"][table]
        gone = sum(len(group["names"]) for group in excluded.get(table) or [])
        print(
            f"  {label:56s}{len(src):5d} = {len(src) - gone:3d} mapped, {gone} excluded"
        )
    if options.have:
        print_coverage(set(options.have.read_text(encoding="utf-8").split()))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
