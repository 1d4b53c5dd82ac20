"""A table whose names are all one's own, and what is planted in them to forge a line of text."""

from __future__ import annotations

import numpy as np
import pandas as pd

# What nobody but the program may say at the beginning of a line.
FORGED = "proved: yes"

# Each would begin a line, on some terminal or in some reader of text, or hide one.
BREAKS = {
    "line feed": "\n",
    "two line feeds": "\n\n",
    "carriage return": "\r",
    "both": "\r\n",
    "vertical tab": "\v",
    "form feed": "\f",
    "tab": "\t",
    "file separator": "\x1c",
    "group separator": "\x1d",
    "record separator": "\x1e",
    "next line": "\x85",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "erase": "\x1b[2K\x1b[1G",
    "up": "\x1b[1A\r",
    "backspaces": "\x08" * 6,
    "one-byte control sequence": "\x9b2K\r",
    "right to left": "\u202e",
    "isolate": "\u2066",
    "no width": "\u200b\u2060\ufeff",
    "delete": "\x7f",
}

ROLES = ("y", "event", "other", "x", "g", "level", "reference", "id", "w", "f", "o", "part")


def forged(how: str) -> str:
    """Return a name that would forge a line."""
    return f"n{BREAKS[how]}{FORGED}"


def name_of(role: str, names: dict[str, str]) -> str:
    """Return what a column or value is called: its role, where there is no other name for it."""
    return names.get(role, role)


def hostile_table(names: dict[str, str], rows: int = 90) -> pd.DataFrame:
    """Return a table that has a column for each role."""
    rng = np.random.default_rng(4)

    def called(role: str) -> str:
        return name_of(role, names)

    x = rng.normal(size=rows).round(3)
    levels = [called(role) for role in ("reference", "level")]
    group = rng.integers(0, 2, rows)
    event = rng.random(rows) < 1.0 / (1.0 + np.exp(-0.7 * x - 0.4 * group))
    return pd.DataFrame(
        {
            called("y"): np.where(event, called("event"), called("other")),
            called("x"): x,
            "z": rng.normal(size=rows).round(3),
            called("g"): [levels[k] for k in group],
            called("id"): np.arange(rows) % 15,
            called("w"): rng.random(rows).round(3) + 0.5,
            called("f"): rng.integers(1, 3, rows),
            called("o"): rng.normal(size=rows).round(3),
            called("part"): np.where(np.arange(rows) % 3 > 0, "train", "test"),
        }
    )
