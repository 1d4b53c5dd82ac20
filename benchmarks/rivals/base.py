"""What a rival is to the runner."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from benchmarks.records import Answer, Problem
from sigmoide import __version__

# From the rival's own tolerance to its answer. Only this is timed.
Fit = Callable[[float], Answer]


@dataclass(frozen=True, slots=True)
class Rival:
    """A solver of somebody else's.

    Attributes
    ----------
    name : str
        As it is printed.
    package, module : str
        The distribution, and what of it is imported.
    prepare : callable
        From a problem and a number of threads to the fit: lays the data out as the rival likes
        them best, once, outside of what is timed.
    tolerances : tuple of float
        Settings of the rival's own tolerance that are tried, the loosest first.
    layout : str
        How the data are laid out.
    penalty : {"any", "needed", "none"}
        Whether it needs a penalty, or cannot have one.
    largest : float
        Most numbers of X that it is tried on unless it is asked for by name: beyond, it takes
        minutes.
    note : str
        What a reader should know of the comparison.
    """

    name: str
    package: str
    module: str
    prepare: Callable[[Problem, int], Fit]
    tolerances: tuple[float, ...]
    layout: Literal["row-major", "column-major"] = "row-major"
    penalty: Literal["any", "needed", "none"] = "any"
    largest: float = float("inf")
    note: str = ""

    def version(self) -> str | None:
        """Return the version that is installed; None where it is absent."""
        if self.module == "sigmoide":
            # It may be run from its source, and be no distribution.
            return __version__
        try:
            found = importlib.util.find_spec(self.module.split(".")[0])
            return None if found is None else version(self.package)
        except PackageNotFoundError:
            return None

    def unsuited(self, penalised: bool, numbers: float) -> str:
        """Return why it is not tried on a problem; empty if it is."""
        if self.penalty == "needed" and not penalised:
            return "needs a penalty"
        if self.penalty == "none" and penalised:
            return "has no ridge penalty"
        if numbers > self.largest:
            return f"not tried above {self.largest:.1e} numbers"
        return ""


def powers(first: int, last: int) -> tuple[float, ...]:
    """Return 10^-first, ..., 10^-last."""
    return tuple(10.0**-k for k in range(first, last + 1))
