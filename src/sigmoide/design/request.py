"""What is asked of data: a target, columns, and what weighs and shifts the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sigmoide.design.design import Policies, Term


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
