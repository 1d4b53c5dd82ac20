"""What is asked of the columns of a source, and what was learned of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sigmoide.data.values import Kind

Missing = Literal["drop", "error", "indicator"]
Unseen = Literal["error", "reference", "missing"]


@dataclass(frozen=True, slots=True)
class Term:
    """What the model is asked to use.

    Attributes
    ----------
    column : str
        A column of the source.
    label : str
        How the term is called in the tables.
    categorical : bool
        Whether to make levels even of numbers.
    reference : str, optional
        The level that the others are compared with; by default the first.
    """

    column: str
    label: str
    categorical: bool = False
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Coding:
    """One term, as learned from the data.

    Attributes
    ----------
    column, label : str
        As in :class:`Term`.
    kind : {"numeric", "boolean", "text"}
        What the column was when it was learned.
    levels : tuple of str
        Levels met; empty for a number used as it is.
    reference : str or None
        The level without a column; None for a number, and where there is no intercept to stand
        for it.
    fill : float or None
        What a missing number is replaced by.
    indicator : bool
        Whether a column says which values were missing.
    """

    column: str
    label: str
    kind: Kind
    levels: tuple[str, ...] = ()
    reference: str | None = None
    fill: float | None = None
    indicator: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of X, patsy's way."""
        extra = (f"{self.label}[missing]",) if self.indicator else ()
        if not self.levels:
            return (self.label, *extra)
        mark = "T." if self.reference is not None else ""
        shown = (level for level in self.levels if level != self.reference)
        return (*(f"{self.label}[{mark}{level}]" for level in shown), *extra)


@dataclass(frozen=True, slots=True)
class Policies:
    """What is done with what is not there."""

    missing: Missing = "drop"
    unseen: Unseen = "error"


@dataclass(frozen=True, slots=True)
class Design:
    """All terms, as learned.

    Attributes
    ----------
    codings : tuple of Coding
        In the order of the columns of X.
    intercept : bool
        Whether the model has one.
    policies : Policies
        For missing values and unseen levels, at the fit and at prediction.
    """

    codings: tuple[Coding, ...]
    intercept: bool
    policies: Policies

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of X, without the intercept."""
        return tuple(name for coding in self.codings for name in coding.names)

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """From the label of each term to the names of its columns of X, in their order."""
        return {coding.label: coding.names for coding in self.codings}
