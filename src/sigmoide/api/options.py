"""How a fit is asked for, and which columns are no features: for ``logit`` and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any, get_args

import numpy as np

from sigmoide.api.incompatible import refuse_incompatible
from sigmoide.arguments.arrays import finite_number, is_sparse
from sigmoide.arguments.arrow import refuse_invalid_arrow
from sigmoide.arguments.words import shown
from sigmoide.design.design import Missing, Policies, Request, Unseen
from sigmoide.design.split import Split
from sigmoide.errors import UsageError
from sigmoide.fit.checkpoint import Keep
from sigmoide.fit.checkpoint_file import refuse_special
from sigmoide.fit.penalty_factors import checked_factors
from sigmoide.formula.algebra import parse
from sigmoide.inference.robust import UNITS, Unit, one_of
from sigmoide.results.covariance_kinds import KINDS
from sigmoide.results.records import Settings
from sigmoide.results.small_sample import Method
from sigmoide.sources.source import Source

# A longer list holds labels, not names.
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class CovarianceOptions:
    """Errors that are asked for.

    Attributes
    ----------
    kind : str
        One of ``KINDS``.
    cluster : tuple
        Columns that make the clusters: names, or arrays of labels.
    replicates, seed : int
        Of the bootstrap.
    unit : str, optional
        What is one observation; None for a line of counts, a trial of a frequency, else a row.
    """

    kind: str = "nonrobust"
    cluster: tuple[Any, ...] = ()
    replicates: int = 999
    seed: int = 0
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class FitOptions:
    """How to fit, whatever the data: checked as far as that can be without them.

    Attributes
    ----------
    settings : Settings
        The penalty, the method, and how near to the optimum.
    covariance : CovarianceOptions
        Which errors.
    policies : Policies
        For missing values and unseen levels.
    checkpoint : Keep, optional
        Where the fit is kept as it goes.
    split : Split, optional
        Which rows are fitted, and which are only scored.
    patience : int, optional
        Choose the penalty by the validation rows of the split: stop after so many without a better
        one.
    """

    settings: Settings = field(default_factory=Settings)
    covariance: CovarianceOptions = field(default_factory=CovarianceOptions)
    policies: Policies = field(default_factory=Policies)
    checkpoint: Keep | None = None
    split: Split | None = None
    patience: int | None = None


@dataclass(frozen=True, slots=True)
class RowRoles:
    """What weighs, shifts, groups and splits the rows, each a column's name or an array.

    Attributes
    ----------
    frequency, weights, offset
        A name, one value a row, or None.
    clusters, splitting : tuple
        Of what groups the rows, and of what says which are fitted; each likewise.
    """

    frequency: Any = None
    weights: Any = None
    offset: Any = None
    clusters: tuple[Any, ...] = ()
    splitting: tuple[str | None, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns among them: no features, unless they are named as such."""
        every = (self.frequency, self.weights, self.offset, *self.splitting, *self.clusters)
        return tuple(each for each in every if isinstance(each, str))


def settings(
    l2: float = 0.0,
    standardize: bool = False,
    tol: float = 1e-9,
    aliased: str = "drop",
    method: str = "ml",
    penalty_factors: Mapping[str, float] | None = None,
) -> Settings:
    """Check and gather the settings of a fit."""
    _one_of("aliased", aliased, ("drop", "error"))
    penalty, distance = finite_number("l2", l2), finite_number("tol", tol, above_zero=True)
    refuse_incompatible(standardize=standardize, l2=penalty)
    _one_of("method", method, get_args(Method))
    refuse_incompatible(method=method, factors=penalty_factors, l2=penalty)
    factors = checked_factors(penalty_factors, penalty)
    how: Any = {"aliased": aliased, "method": method, "penalty_factors": factors}
    return Settings(penalty, bool(standardize), distance, **how)


def covariance_options(
    kind: str | None,
    cluster: Any = None,
    replicates: int = 999,
    seed: int = 0,
    unit: Unit | None = None,
) -> CovarianceOptions:
    """Check and gather what is asked of the errors, before anything is computed.

    Parameters are those of :meth:`sigmoide.Result.with_cov`.
    """
    columns = _columns(cluster)
    if kind is None:
        kind = "CR1" if columns else "nonrobust"
    known = {each.casefold(): each for each in KINDS} | {"fisher": "nonrobust"}
    if not isinstance(kind, str) or kind.casefold() not in known:
        raise UsageError(f"cov={kind!r} was given; it is one of {', '.join(KINDS)}.")
    kind = known[kind.casefold()]
    refuse_incompatible(cov=kind, clusters=len(columns))
    if unit is not None:
        one_of("unit", unit, UNITS)
    return CovarianceOptions(kind, columns, replicates, seed, unit)


def checkpoint_of(
    path: str | PathLike[str] | None, resume: bool, any_machine: bool, tell: Callable[[str], object]
) -> Keep | None:
    """Return where a fit is kept, None for nowhere; CheckpointError if that is no file."""
    refuse_incompatible(any_machine=any_machine, resume=resume, checkpoint=path)
    if path is None:
        return None
    refuse_special(Path(path))
    return Keep(Path(path), resume, any_machine, tell)


def request_by_formula(
    formula: str, head: Source, roles: RowRoles, policies: Policies, event: Any = None
) -> Request:
    """Gather what a formula asks of data of these columns; FormulaError if it cannot be read."""
    parsed = parse(formula, head.names, roles.columns)
    refuse_incompatible(offset=roles.offset, offset_term=parsed.offset)
    _one_of("missing", policies.missing, get_args(Missing))
    _one_of("unseen", policies.unseen, get_args(Unseen))
    model = (parsed.target, parsed.terms, parsed.intercept, event)
    offset = roles.offset if parsed.offset is None else parsed.offset
    given = (roles.frequency, roles.weights, offset)
    return Request(*model, *given, policies, parsed.products, parsed.trials)


def refuse_unknown(columns: tuple[Any, ...], head: Source) -> None:
    """Refuse, before the fit, clusters by columns that the data have not: ColumnError."""
    for column in columns:
        if isinstance(column, str):
            head.column(column)


def _one_of(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise UsageError(f"{name}={value!r} was given; it is one of {', '.join(choices)}.")


def _columns(cluster: Any) -> tuple[Any, ...]:
    """Return the columns that were named or given, one by one."""
    if cluster is None:
        return ()
    if isinstance(cluster, str):
        return (cluster,)
    few = isinstance(cluster, list | tuple) and len(cluster) <= _MOST_NAMES
    for entry in cluster if few else (cluster,):
        refuse_invalid_arrow(entry, "clusters")
    if few and all(isinstance(entry, str) or _ndim(entry) == 1 for entry in cluster):
        return tuple(cluster)
    ndim = _ndim(cluster)
    if ndim not in (1, 2):
        raise UsageError(
            f"{shown(cluster)} was given as clusters; a column's name is needed, a list of two, or "
            "labels, one for each row."
        )
    if ndim == 1:
        return (cluster,)
    # A masked array must keep its mask, until it is refused by it.
    table = cluster if isinstance(cluster, np.ma.MaskedArray) else np.asarray(cluster)
    return tuple(table.T)


def _ndim(given: Any) -> int:
    """Return the dimensions of an array or a list; 0 of what is neither."""
    if is_sparse(given):
        return 0
    try:
        return np.ndim(given)
    except ValueError:
        # Lists of different lengths.
        return 0
