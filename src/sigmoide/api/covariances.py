"""Which errors were asked for, and their covariance over the rows of the fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from sigmoide.api.rows import Opened, Rows, reopened, reopened_whole
from sigmoide.arguments.arrays import is_sparse
from sigmoide.arguments.arrow import refuse_invalid_arrow
from sigmoide.arguments.words import shown
from sigmoide.design.labels import labels_of_array, labels_of_column
from sigmoide.design.roles import GIVEN, Roles
from sigmoide.errors import UsageError
from sigmoide.fit.progress import Progress
from sigmoide.inference.bootstrap import Bootstrap, bootstrap
from sigmoide.inference.clustered import clustered
from sigmoide.inference.clusters import Clusters
from sigmoide.inference.robust import UNITS, Unit, heteroskedastic, one_of
from sigmoide.inference.scores import refuse_penalised
from sigmoide.results.covariance_kinds import CR_KINDS, HC_KINDS, KINDS
from sigmoide.results.records import Covariance, Model
from sigmoide.sources.source import Source

# A longer list holds labels, not names.
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Asked:
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


def ask(
    kind: str | None,
    cluster: Any = None,
    replicates: int = 999,
    seed: int = 0,
    unit: Unit | None = None,
) -> Asked:
    """Check and gather what is asked of the errors, before anything is computed.

    Parameters
    ----------
    kind : str or None
        One of ``KINDS``; None for ``"CR1"`` where there are clusters, else ``"nonrobust"``.
    cluster : str, array, or list of one or two of these, optional
        A column's name, or labels, one for each row of the data.
    replicates, seed : int
        Of the bootstrap.
    unit : {"row", "trial", "line"}, optional
        What is one observation: see :mod:`sigmoide.inference.robust`.

    Raises
    ------
    UsageError
        If there is no such kind, clusters are missing, or are given to what takes none.
    """
    columns = _columns(cluster)
    if kind is None:
        kind = "CR1" if columns else "nonrobust"
    known = {each.casefold(): each for each in KINDS} | {"fisher": "nonrobust"}
    if not isinstance(kind, str) or kind.casefold() not in known:
        raise UsageError(f"cov={kind!r} was given; it is one of {', '.join(KINDS)}.")
    kind = known[kind.casefold()]
    if kind in CR_KINDS and not columns:
        raise UsageError(
            f"cov={kind!r} was given without clusters; say which rows go together: cluster='id', "
            "--cluster id."
        )
    if columns and kind not in CR_KINDS and kind != "bootstrap":
        raise UsageError(
            f"cov={kind!r} was given with clusters, of which it knows nothing. Choose "
            f"{', '.join(CR_KINDS)} or bootstrap, or leave the clusters out."
        )
    if len(columns) > (1 if kind == "bootstrap" else 2):
        most = "one column" if kind == "bootstrap" else "one column, or two"
        raise UsageError(
            f"clusters by {len(columns)} columns were given; for cov={kind!r} {most} can make them."
        )
    if unit is not None:
        one_of("unit", unit, UNITS)
    return Asked(kind, columns, replicates, seed, unit)


def refuse_unknown(asked: Asked, head: Source) -> None:
    """Refuse, before the fit, columns that the data have not: ColumnError."""
    for column in asked.cluster:
        if isinstance(column, str):
            head.column(column)


def refuse_for_penalty(asked: Asked, l2: float) -> None:
    """Refuse, before the fit, errors that a penalised fit has not: UsageError."""
    if l2 and asked.kind != "nonrobust":
        raise UsageError(
            f"cov={asked.kind!r} was asked of a penalised fit (l2={l2:g}): the penalty moves the "
            "coefficients by an amount that no sampling error holds. Fit without a penalty."
        )


def covariance_of(
    model: Model, rows: Rows | None, asked: Asked, progress: Progress | None = None
) -> tuple[Covariance | None, Bootstrap | None]:
    """Return the covariance asked for, over the rows of the fit; None for Fisher's.

    Parameters
    ----------
    model, rows
        The fit, and where its rows are.
    asked : Asked
        Which.
    progress : callable, optional
        Told of each read of the bootstrap.

    Raises
    ------
    UsageError
        If the fit is penalised.
    NotProvedError
        If the bootstrap is asked of a fit that is not proved.
    RowsError
        If the rows of the fit are not there any more, or are others.
    ColumnError
        If a column of clusters is not there, misses values or makes one cluster only.
    """
    if asked.kind == "nonrobust":
        return None, None
    what = f"{asked.kind} errors"
    refuse_penalised(model.fit, what)
    unit = asked.unit or _unit_of(model.roles)
    fit, intercept = model.fit, model.design.intercept
    with ExitStack() as stack:
        by: tuple[Clusters, ...] = ()
        if asked.cluster:
            opened = stack.enter_context(reopened_whole(model, rows, what))
            blocks = opened.blocks
            by = tuple(stack.enter_context(_clusters(c, opened, model)) for c in asked.cluster)
        else:
            blocks = stack.enter_context(reopened(model, rows, what))
        if asked.kind in HC_KINDS:
            return heteroskedastic(blocks, fit, intercept, asked.kind, unit), None  # type: ignore[arg-type]
        if asked.kind in CR_KINDS:
            return clustered(blocks, fit, intercept, asked.kind, by, unit), None  # type: ignore[arg-type]
        found = bootstrap(
            blocks,
            fit,
            intercept,
            replicates=asked.replicates,
            seed=asked.seed,
            unit=unit,
            clusters=by[0] if by else None,
            progress=progress,
        )
    return found.covariance, found


def _unit_of(roles: Roles) -> Unit:
    """Return what is one observation: a line of counts, a trial of a frequency, else a row."""
    if roles.trials is not None:
        return "line"
    return "row" if roles.frequency is None else "trial"


@contextmanager
def _clusters(column: Any, opened: Opened, model: Model) -> Iterator[Clusters]:
    """Open a column that makes clusters, for as long as it is used."""
    if isinstance(column, str):
        with labels_of_column(opened.data, column) as labels:
            yield Clusters(column, labels.of)
        return
    part = opened.data.table
    rows = model.source_rows if part is None else part.n_rows
    name = getattr(column, "name", None)
    name = name if isinstance(name, str) else f"clusters {GIVEN}"
    given = labels_of_array(column, name, rows, None if part is None else part.numbers)
    yield Clusters(name, given.of)


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
