"""A handbook of one rule, for tests that break a project and watch a check fail."""

SNIPPET = '''\
"""Negation: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def negative(x):
    """Return y = -x.  x, y: any shape."""

    def pullback(y_bar):
        return (np.negative(y_bar),)

    return np.negative(x), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def negative_jvp(x, x_dot):
    """Return y = -x and its tangent."""
    return -x, -x_dot
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(2, 3)),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    y, pullback = negative(np.array([1.0, 2.0]))
    print(y)
    # --8<-- [end:use]
'''

ORACLE = '''\
"""Negation by plain loops, and as the peers call it."""

import numpy as np


def value(x):
    return np.array([-entry for entry in x.flat]).reshape(x.shape)


def large(rng):
    return (rng.normal(size=(20, 30)),), {}


def by_jax(x):
    return -x


def by_torch(x):
    return -x


def by_autograd(x):
    return -x
'''

FRONT = """\
---
title: {title}
description: A page of a test.
reviewed: 2026-11-20
---

"""

PAGE = """\
# Negation { #negative }

/// rule | elementwise_arithmetic/negative
///

## Rule

$$
\\bar x = -\\bar y
$$

## Code

```python
--8<-- "elementwise_arithmetic/negative.py:rule"
```

```python
--8<-- "elementwise_arithmetic/negative.py:jvp"
```

## Try it

```python
--8<-- "elementwise_arithmetic/negative.py:use"
```
<!--pytest-codeblocks:expected-output-->
```text
[-1. -2.]
```

## Derivation

The map is linear.
"""

FOUNDATIONS = """\
# Derivative { #derivative }

```python
print(0.5)
```
<!--pytest-codeblocks:expected-output-->
```text
0.5
```

See [negation](../rules/elementwise_arithmetic/negative.md#negative).
"""

EXERCISES = """
## Exercises

**1.** What is 1 + 1?

### Solution 1

```python
print(1 + 1)
```
<!--pytest-codeblocks:expected-output-->
```text
2
```

Next: [{title}]({link}).
"""

BOOK = """\
# Foundations

| 1 | [Derivative](derivative.md) |
| 2 | [Layouts](layouts.md) |
"""

INDEX = """\
# Elementwise arithmetic

| rule | value |
|---|---|
| [negative](negative.md#negative) | $-x$ |
"""

RULES = """\
# Rules

Negation is in the family of
[elementwise arithmetic](elementwise_arithmetic/index.md).
"""

CONFIG = """\
site_name: A test
markdown_extensions:
  - pymdownx.snippets:
      base_path: [snippets]
      check_paths: true
      restrict_base_path: true
      dedent_subsections: true
"""

FILES = {
    "mkdocs.yml": CONFIG,
    "docs/index.md": FRONT.format(title="A test") + "# A test\n",
    "docs/foundations/index.md": FRONT.format(title="Foundations") + BOOK,
    "docs/foundations/derivative.md": FRONT.format(title="Derivative")
    + FOUNDATIONS
    + EXERCISES.format(title="Layouts", link="layouts.md"),
    "docs/foundations/layouts.md": FRONT.format(title="Layouts")
    + "# Layouts\n"
    + EXERCISES.format(title="Rules", link="../rules/index.md"),
    "docs/rules/index.md": FRONT.format(title="Rules") + RULES,
    "docs/rules/elementwise_arithmetic/index.md": FRONT.format(title="Arithmetic")
    + INDEX,
    "docs/rules/elementwise_arithmetic/negative.md": FRONT.format(title="Negation")
    + PAGE,
    "snippets/elementwise_arithmetic/negative.py": SNIPPET,
    "tests/oracles/elementwise_arithmetic/negative.py": ORACLE,
}

NEGATIVE = "docs/rules/elementwise_arithmetic/negative.md"
NEGATIVE_PY = "snippets/elementwise_arithmetic/negative.py"


def project(folder):
    """Write a small handbook in which everything is right; return its folder."""
    for file, text in FILES.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def edit(root, file, old, new):
    """Replace a text of a file; it must be there, or the test would prove nothing."""
    text = (root / file).read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old!r}"
    (root / file).write_text(text.replace(old, new), encoding="utf-8")


def line_of(root, file, text):
    """Return the number of the first line that holds a text."""
    lines = (root / file).read_text(encoding="utf-8").split("\n")
    return next(n for n, line in enumerate(lines, 1) if text in line)
