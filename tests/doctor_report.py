"""How often the gradient doctor names a wrong backward pass rightly.

    python -m tests.doctor_report            every rule
    python -m tests.doctor_report softmax    rules whose name contains this
    python -m tests.doctor_report --write    put the figures on the page

Every one-edit mutant that tests/mutants.py makes of a rule's pullback, and of what
only the pullback reads, is shown to the doctor at the first case of the rule at which
it is wrong, for the first argument whose gradient is wrong.  Twice: with the two
functions and nothing else, and with the source of the rule as `reference`.

A verdict without reference is *right* when the code of its first finding can follow
from the kind of edit that was made, by the table FOLLOWS below; it is *wrong* when it
cannot, or when the doctor says `ok`; and `unexplained` is neither.  With a reference it
is right when a finding `edit` names an edit on the line of the mutation (on any line,
where no single edit of that line alone gives those numbers, it would be wrong).
"""

import argparse
import ast
import multiprocessing
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from snippets.checking.gradient_doctor import diagnose, from_pullback
from tests import mutants, rules
