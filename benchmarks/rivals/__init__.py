"""The rivals: one file per package. Nothing of theirs is loaded before it is used."""

from __future__ import annotations

from benchmarks.names import matches
from benchmarks.rivals import (
    adelie,
    glum,
    intelex,
    liblinear,
    ours_to,
    scikit_learn,
    snapml,
    statsmodels,
    torch_lbfgs,
)
from benchmarks.rivals.base import Rival

RIVALS: tuple[Rival, ...] = (
    ours_to.RIVAL,
    *scikit_learn.RIVALS,
    liblinear.RIVAL,
    intelex.RIVAL,
    glum.RIVAL,
    statsmodels.RIVAL,
    torch_lbfgs.RIVAL,
    snapml.RIVAL,
    adelie.RIVAL,
)

# Those of the five-minute selection: the best of each of the three packages that targets name.
QUICK = (
    ours_to.RIVAL.name,
    "scikit-learn lbfgs",
    "scikit-learn newton-cholesky",
    "intelex lbfgs",
    "glum",
)


def chosen(pattern: str | None, *, quick: bool = False) -> tuple[Rival, ...]:
    """Return the rivals that globs name, of all; without one, all or the quick ones."""
    if pattern is not None:
        return tuple(rival for rival in RIVALS if matches(rival.name, pattern))
    return tuple(rival for rival in RIVALS if not quick or rival.name in QUICK)


def named(name: str) -> Rival:
    """Return the rival of a name."""
    return next(rival for rival in RIVALS if rival.name == name)
