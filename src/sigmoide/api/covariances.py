"""The covariance that was asked for, over the rows of the fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from sigmoide.api.options import CovarianceOptions
from sigmoide.api.rows import Opened, Rows, reopened, reopened_whole
from sigmoide.design.labels import labels_of_array, labels_of_column
from sigmoide.design.roles import GIVEN, Roles
from sigmoide.fit.progress import Progress
from sigmoide.inference.bootstrap import Bootstrap, bootstrap
from sigmoide.inference.clustered import clustered
from sigmoide.inference.clusters import Clusters
from sigmoide.inference.robust import Unit, heteroskedastic
from sigmoide.inference.scores import refuse_penalised
from sigmoide.results.covariance_kinds import CR_KINDS, HC_KINDS
from sigmoide.results.records import Covariance, Model


def covariance_of(
    model: Model, rows: Rows | None, options: CovarianceOptions, progress: Progress | None = None
) -> tuple[Covariance | None, Bootstrap | None]:
    """Return the covariance asked for, over the rows of the fit; None for Fisher's.

    Parameters
    ----------
    model, rows
        The fit, and where its rows are.
    options : CovarianceOptions
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
    if options.kind == "nonrobust":
        return None, None
    what = f"{options.kind} errors"
    refuse_penalised(model.fit, what)
    unit = options.unit or _unit_of(model.roles)
    fit, intercept = model.fit, model.design.intercept
    with ExitStack() as stack:
        by: tuple[Clusters, ...] = ()
        if options.cluster:
            opened = stack.enter_context(reopened_whole(model, rows, what))
            blocks = opened.blocks
            by = tuple(stack.enter_context(_clusters(c, opened, model)) for c in options.cluster)
        else:
            blocks = stack.enter_context(reopened(model, rows, what))
        if options.kind in HC_KINDS:
            return heteroskedastic(blocks, fit, intercept, options.kind, unit), None  # type: ignore[arg-type]
        if options.kind in CR_KINDS:
            return clustered(blocks, fit, intercept, options.kind, by, unit), None  # type: ignore[arg-type]
        samples = bootstrap(
            blocks,
            fit,
            intercept,
            replicates=options.replicates,
            seed=options.seed,
            unit=unit,
            clusters=by[0] if by else None,
            progress=progress,
        )
    return samples.covariance, samples


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
