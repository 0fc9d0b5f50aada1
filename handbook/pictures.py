"""Pictures of Jacobians, computed from the snippets and drawn as inline SVG.

Colours are CSS variables (docs/assets/css/handbook.css), so that one picture
serves the light and the dark scheme.
"""

import functools
import html
import importlib

import numpy as np

CELL = 22  # user units of one entry
LABEL = 20  # user units kept for an axis label
WORDS = 110  # user units that the longest axis label takes
WRITTEN = 12  # up to so many columns, the entries are written into the cells


class PictureError(ValueError):
    """A snippet has no PICTURE, or one that cannot be drawn."""


def jacobian(name, wrt):
    """Return J and the shapes of y and of x[wrt], from a snippet's own pullback.

    J[i, j] = dy_i / dx_j, shape (y.size, x.size): row i is the pullback of the
    i-th basis cotangent.
    """
    family, _, rule = name.partition("/")
    snippet = importlib.import_module(f"snippets.{family}.{rule}")
    if not hasattr(snippet, "PICTURE"):
        raise PictureError(
            f"snippets/{name}.py has no PICTURE = ((x, ...), {{held}}): the inputs "
            "at which the page's Jacobian is computed"
        )
    x, held = snippet.PICTURE
    f = getattr(snippet, rule, None) or getattr(snippet, rule + "_")
    y, pullback = f(*x, **held)
    y = np.asarray(y)
    rows = [pullback(e.reshape(y.shape)[()])[wrt] for e in np.eye(y.size)]
    return np.array(rows).reshape(y.size, -1), y.shape, np.shape(x[wrt])


def shade(value, largest):
    """Return the style of a cell: hue for the sign, opacity for the size."""
    if value == 0:
        return "fill:var(--jacobian-zero)"
    hue = "positive" if value > 0 else "negative"
    # The square root lifts small entries enough to be told from zero; at 0.7 at the
    # most the number in the cell can still be read.
    opacity = 0.1 + 0.6 * (abs(value) / largest) ** 0.5
    return f"fill:var(--jacobian-{hue});fill-opacity:{opacity:.2f}"


def number(value):
    """Write an entry in at most four characters."""
    if abs(value) >= 99.5:
        return f"{value:.0e}".replace("e+0", "e")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("0.", ".", 1)


def dividers(shape, length):
    """Return the positions between blocks of the last axis, within `length` rows."""
    step = shape[-1] if len(shape) > 1 else length
    return range(step, length, max(step, 1))


@functools.cache
def jacobian_svg(name, wrt):
    """Draw the Jacobian of a rule with respect to its wrt-th argument."""
    matrix, y_shape, x_shape = jacobian(name, wrt)
    rows, columns = matrix.shape
    largest = np.abs(matrix).max()
    if not largest > 0:
        raise PictureError(f"{name}: the Jacobian in PICTURE is zero or not finite")
    zeros = int((matrix == 0).sum())
    described = (
        f"Jacobian with {rows} rows for the entries of the value, shape "
        f"{list(y_shape)}, and {columns} columns for the entries of the argument, "
        f"shape {list(x_shape)}; {zeros} of {matrix.size} entries are zero."
    )
    width, height = columns * CELL, rows * CELL
    # Room for the labels, also where the matrix is narrower or lower than they are.
    spare = max(0, WORDS - width) / 2
    left, top = LABEL + spare, LABEL + max(0, WORDS / 2 - height) / 2
    box = f"{-left:g} {-top:g} {width + left + spare + 2:g} {height + 2 * top:g}"
    parts = [
        f'<svg role="img" viewBox="{box}" style="width:{(width + left) / 16:.1f}rem">'
        f"<title>{html.escape(described)}</title>"
    ]
    for i, row in enumerate(matrix):
        for j, value in enumerate(row):
            parts.append(
                f'<rect x="{j * CELL}" y="{i * CELL}" width="{CELL}" height="{CELL}" '
                f'style="{shade(value, largest)}"/>'
            )
            if columns <= WRITTEN and value != 0:
                parts.append(
                    f'<text x="{(j + 0.5) * CELL}" y="{(i + 0.5) * CELL}" '
                    f'class="entry">{number(value)}</text>'
                )
    for j in dividers(x_shape, columns):
        parts.append(f'<path d="M{j * CELL} 0V{height}" class="divider"/>')
    for i in dividers(y_shape, rows):
        parts.append(f'<path d="M0 {i * CELL}H{width}" class="divider"/>')
    parts.append(f'<path d="M0 0H{width}V{height}H0Z" class="frame"/>')
    parts.append(f'<text x="{width / 2}" y="-10">entry of the argument</text>')
    parts.append(
        f'<text transform="translate(-10 {height / 2}) rotate(-90)">entry of y</text>'
    )
    return "".join(parts) + "</svg>"
