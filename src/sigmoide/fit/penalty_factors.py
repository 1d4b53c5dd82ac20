"""Penalty factors: how much of the ridge each coefficient bears, as glmnet's penalty.factor."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import numpy as np

from sigmoide.arguments.arrays import finite_number
from sigmoide.arguments.words import shown
from sigmoide.blocks.block import Array
from sigmoide.design.design import Design
from sigmoide.errors import UsageError
from sigmoide.results.records import Settings

Factors = tuple[tuple[str, float], ...]


def checked_factors(given: Mapping[str, Any] | None, l2: float) -> Factors:
    """Return penalty factors as they were given, each of them a finite number of zero or more.

    Raises
    ------
    UsageError
        If one is not, or if its product with the penalty is no float.
    """
    if given is None:
        return ()
    if not isinstance(given, Mapping):
        raise UsageError(
            f"penalty_factors={shown(given)} was given; it is a mapping from terms or columns of "
            "the model to numbers, such as {'age': 0.0}."
        )
    factors = tuple(
        (str(name), finite_number(f"penalty_factors[{name!r}]", factor))
        for name, factor in given.items()
    )
    for name, factor in factors:
        if not math.isfinite(l2 * factor):
            raise UsageError(
                f"penalty_factors[{name!r}]={factor!r} times l2={l2!r} is beyond what floating "
                "point holds. Give smaller ones."
            )
    return factors


def resolved(settings: Settings, design: Design) -> Settings:
    """Return settings whose factors name columns of the design, in its order.

    A term stands for all its columns.

    Raises
    ------
    UsageError
        If a name is neither a term nor a column, or a column is named twice.
    """
    if not settings.penalty_factors:
        return settings
    groups = design.groups
    given: dict[str, tuple[str, float]] = {}
    for name, factor in settings.penalty_factors:
        columns = groups.get(name, (name,) if name in design.names else ())
        if not columns:
            raise UsageError(_unknown(name, design))
        for column in columns:
            if column in given:
                raise UsageError(
                    f"{column!r} has two penalty factors, by {given[column][0]!r} and by "
                    f"{name!r}. Give it one: name the columns of a term one by one."
                )
            given[column] = name, factor
    factors = tuple((name, given[name][1]) for name in design.names if name in given)
    return replace(settings, penalty_factors=factors)


def _unknown(name: str, design: Design) -> str:
    if name == "Intercept" and design.intercept:
        return (
            "a penalty factor was given for the intercept, which is never penalised. Leave it out."
        )
    known = list(dict.fromkeys((*design.groups, *design.names)))
    near = get_close_matches(name, known, n=1)
    meant = (
        f"Did you mean {near[0]!r}? Mend the name."
        if near
        else f"There are: {', '.join(known[:10])}."
    )
    return f"a penalty factor was given for {name!r}, which is no term or column. {meant}"


def penalties(settings: Settings, names: tuple[str, ...], deviation: Array) -> Array:
    """Return the penalty of each coefficient in the user's units, shape (d,).

    Parameters
    ----------
    settings : Settings
        Whose factors name columns.
    names : tuple of str
        The columns.
    deviation : ndarray, shape (d,)
        Their standard deviations.
    """
    factors = dict(settings.penalty_factors)
    alpha = settings.l2 * np.array([factors.get(name, 1.0) for name in names], dtype=np.float64)
    return alpha * deviation**2 if settings.standardize else alpha


def every_column(settings: Settings) -> bool:
    """Return whether every column is to be penalised."""
    return settings.l2 > 0.0 and all(factor > 0.0 for _, factor in settings.penalty_factors)


def with_penalties(settings: Settings, names: tuple[str, ...], alpha: Array) -> Settings:
    """Return settings of these very penalties, whatever the rows: for a fit of some of them."""
    if not settings.l2:
        return settings
    fixed = tuple((name, float(a)) for name, a in zip(names, alpha, strict=True))
    return replace(settings, l2=1.0, standardize=False, penalty_factors=fixed)
