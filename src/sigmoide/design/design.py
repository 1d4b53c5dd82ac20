"""What is asked of the columns of a source, and what was learned of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any, Literal

from sigmoide.columns.values import Kind
from sigmoide.design.functions.transform import RequestedFunction, Transform

# More columns than this are not made of products.
MOST_COLUMNS = 1_000_000

Missing = Literal["drop", "error", "indicator"]
Unseen = Literal["error", "reference", "missing"]
Contrast = Literal["treatment", "sum"]


@dataclass(frozen=True, slots=True)
class Term:
    """What the model is asked to use: by itself, or as a factor of products.

    Attributes
    ----------
    column : str
        A column of the source; of a transform, its label.
    label : str
        How the term is called in the tables.
    categorical : bool
        Whether to make levels even of numbers.
    reference : str, optional
        The level that the others are compared with; by default the first. Of sum contrasts the
        level that has no column; by default the last.
    contrast : {"treatment", "sum"}
        How levels become columns.
    asked : RequestedFunction, optional
        The function of columns that it is, where it is none of them as it stands.
    named : bool
        Whether a formula names it, and it is not one of all columns.
    """

    column: str
    label: str
    categorical: bool = False
    reference: str | None = None
    contrast: Contrast = "treatment"
    asked: RequestedFunction | None = None
    named: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the source that it needs."""
        return (self.column,) if self.asked is None else self.asked.columns


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
    contrast : {"treatment", "sum"}
        With ``"sum"`` the level without a column is -1 in all of them.
    transform : Transform, optional
        The function of columns that it is.
    """

    column: str
    label: str
    kind: Kind
    levels: tuple[str, ...] = ()
    reference: str | None = None
    fill: float | None = None
    indicator: bool = False
    contrast: Contrast = "treatment"
    transform: Transform | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the source that it needs."""
        return (self.column,) if self.transform is None else self.transform.sources

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of X, patsy's way."""
        return self.names_of(full=self.reference is None)

    def names_of(self, *, full: bool) -> tuple[str, ...]:
        """Return the names of the columns, of all levels or of those but the reference."""
        extra = (f"{self.label}[missing]",) if self.indicator else ()
        if not self.levels:
            if self.transform is None or self.transform.basis is None:
                return (self.label, *extra)
            return tuple(f"{self.label}[{k}]" for k in range(1, self.transform.width + 1))
        if full:
            return (*(f"{self.label}[{level}]" for level in self.levels), *extra)
        mark = "S." if self.contrast == "sum" else "T."
        shown = (level for level in self.levels if level != self.reference)
        return (*(f"{self.label}[{mark}{level}]" for level in shown), *extra)


@dataclass(frozen=True, slots=True)
class Product:
    """Columns that are products of those of factors, the first factor's changing fastest.

    Attributes
    ----------
    label : str
        The term that they belong to.
    parts : tuple of (int, bool)
        For each factor its number among the codings, and whether all its levels have a column.
    """

    label: str
    parts: tuple[tuple[int, bool], ...]


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
    products : tuple of Product
        Where the codings are factors: what the columns of X are. Empty where each coding stands
        for itself.
    """

    codings: tuple[Coding, ...]
    intercept: bool
    policies: Policies
    products: tuple[Product, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of X, without the intercept."""
        if self.products:
            return tuple(name for made in self.products for name in self._names_of(made))
        return tuple(name for coding in self.codings for name in coding.names)

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """From the label of each term to the names of its columns of X, in their order."""
        if not self.products:
            return {coding.label: coding.names for coding in self.codings}
        names: dict[str, tuple[str, ...]] = {}
        for made in self.products:
            names[made.label] = (*names.get(made.label, ()), *self._names_of(made))
        return names

    @property
    def sources(self) -> dict[str, Kind]:
        """The columns of the source that are needed, and what they were when they were learned."""
        return {name: coding.kind for coding in self.codings for name in coding.columns}

    @property
    def references(self) -> dict[str, str]:
        """From a column to the level that each of the others is compared with, where one is."""
        compared = {number for made in self.products for number, full in made.parts if not full}
        return {
            coding.column: coding.reference
            for number, coding in enumerate(self.codings)
            if coding.reference is not None
            and coding.contrast == "treatment"
            and (not self.products or number in compared)
        }

    def _names_of(self, made: Product) -> tuple[str, ...]:
        parts = [self.codings[number].names_of(full=full) for number, full in made.parts]
        return tuple(":".join(names[::-1]) for names in product(*parts[::-1]))


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the data.

    Attributes
    ----------
    target : str
        Column of the target.
    terms : tuple of Term
        Columns of the model, and functions of them.
    intercept : bool
        Whether it has one.
    event
        Value of the target to model, None to choose by convention.
    frequency, weights, offset
        A column's name, an array, or None.
    policies : Policies
        For missing values and unseen levels.
    products : tuple of tuple of int
        Where the terms are factors: the numbers of those that are multiplied. Empty where each
        stands for itself.
    trials : str, optional
        Column of the trials, where that of the target counts successes.
    """

    target: str
    terms: tuple[Term, ...]
    intercept: bool = True
    event: Any = None
    frequency: Any = None
    weights: Any = None
    offset: Any = None
    policies: Policies = field(default_factory=Policies)
    products: tuple[tuple[int, ...], ...] = ()
    trials: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the source that the terms need, each once."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term.columns))
