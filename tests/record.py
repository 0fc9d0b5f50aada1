"""Write the record of proof that the rules' pages show: handbook/record.json.

    python -m tests.record              the rules whose record is missing or stale
    python -m tests.record --all        every rule
    python -m tests.record --check      only say which are stale

Each rule is held to every law and all its mutants are made.  What was seen is written
down: at how many places a law held, the largest error against each of its bars, the
versions of the peers, the fate of the mutants.  A rule that fails gets no record.
"""

import argparse
import datetime
import importlib.metadata
import multiprocessing
import platform
import subprocess
import sys
import time

from handbook import record
from tests import kinks, laws, mutants, peers, rules
from tests.compare import measured

SEED = 0
PROCESSES = 2


def examine(name):
    """Return (family/rule, its entry or None, what is wrong or "")."""
    try:
        rule = rules.load(name)
        held = {law: hold(rule, law) for law in laws.LAWS}
    except Exception as error:
        return name, None, f"{name} has no record: {type(error).__name__}: {error}"
    verdict = mutants.examine(name)
    if verdict.complaint:
        return name, None, f"{name} has no record: {verdict.complaint}"
    entry = {
        "proof": record.proof(name),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "commit": commit(name),
        "seed": SEED,
        "versions": versions(rule),
        "cases": len(rule.cases(SEED)),
        # A law that compared nothing, as at the kinks of a smooth rule, held nothing.
        "laws": {law: seen for law, seen in held.items() if seen["places"]},
        "lacking": lacking(rule),
        "mutants": fates(verdict),
        "disagreements": disagreements(rule),
    }
    return name, entry, ""


def hold(rule, law):
    """Hold a rule to a law; return what was compared on the way.

    A place is a case or a kink; an error belongs to the bar it was held to.
    """
    with measured() as seen:
        laws.LAWS[law](rule, SEED)
    errors = {}
    for _, error, bar in seen:
        key = f"{bar:.0e}" if bar else "exact"
        errors[key] = max(errors.get(key, 0.0), float(f"{error:.1e}"))
    return {"places": len({where for where, _, _ in seen}), "errors": errors}


def lacking(rule):
    """Return {peer: sentence} for the peers that have no such rule."""
    found = {peer: peers.function_of(rule, peer) for peer in peers.TITLES}
    return {peer: why for peer, why in found.items() if isinstance(why, str)}


def versions(rule):
    asked = [peer for peer in peers.TITLES if peer not in lacking(rule)]
    found = {"python": platform.python_version()}
    for name in ("numpy", *asked):
        found[name] = importlib.metadata.version(name).split("+")[0]  # 2.13.0+cpu
    return found


def fates(verdict):
    return {
        "made": verdict.made,
        "killed": dict(verdict.killed),
        "crashed": verdict.crashed,
        "equivalent": [
            {"where": mutant.region, "edit": mutant.edit, "reason": reason}
            for mutant, reason in verdict.equivalent
        ],
    }


def disagreements(rule):
    """Return the rows of the rule's kinks table whose answers differ."""
    head, *rows = kinks.table(rule) or [[]]
    return [
        {"at": row[0], "answers": dict(zip(head[1:], row[1:], strict=True))}
        for row in rows
        if len({cell for cell in row[1:] if cell != kinks.LACKS}) > 1
    ]


def commit(name):
    """The commit of the run; a + where files of the proof differed from it."""
    files = record.proof_files(name)
    changed = _git("status", "--porcelain", "--", *files)
    return _git("rev-parse", "--short=10", "HEAD") + ("+" if changed else "")


def _git(*arguments):
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=rules.ROOT, capture_output=True, text=True
        )
    except FileNotFoundError:
        return ""  # a copy of the project outside git has no commit
    return done.stdout.strip() if done.returncode == 0 else ""


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m tests.record",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    stale = record.stale()
    if options.check:
        print("\n".join(stale) or "Every rule has a record that holds.")
        return 1 if stale else 0
    missing = [title for p, title in peers.TITLES.items() if not peers.installed(p)]
    if missing:
        print(f"To write the record, install {', '.join(missing)}.")
        return 1
    entries = {n: e for n, e in record.read().items() if n in rules.names()}
    wanted = rules.names() if options.all else stale
    started, problems = time.perf_counter(), []
    # Not forked: a process that has run JAX must not be, and a rule starts afresh.
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        for name, entry, problem in pool.imap(examine, wanted):
            entries.pop(name, None)
            if entry:
                entries[name] = entry
            problems += [problem] if problem else []
            print(problem or f"{name}: {len(entry['laws'])} laws", flush=True)
    record.write(entries)
    took = time.perf_counter() - started
    print(f"{len(wanted)} rules run in {took:.0f} s, {len(entries)} have a record.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
