"""From a source and a request to a result, and ``logit``."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from sigmoide.api.incompatible import refuse_incompatible
from sigmoide.api.options import (
    FitOptions,
    RowRoles,
    checkpoint_of,
    covariance_options,
    refuse_unknown,
    request_by_formula,
    settings,
)
from sigmoide.api.paths import Output, refuse_clashes
from sigmoide.api.result import Result
from sigmoide.api.rows import Origin, Rows, rows_of
from sigmoide.blocks.blocks import Blocks
from sigmoide.design.design import Missing, Policies, Unseen
from sigmoide.design.prepare import Prepared, Request, prepare
from sigmoide.errors import (
    AliasedWarning,
    CheckpointWarning,
    InferenceWarning,
    NotProvedWarning,
    SeparationWarning,
    UndeterminedWarning,
)
from sigmoide.fit.checkpoint import kept
from sigmoide.fit.driver import fit_blocks
from sigmoide.fit.penalty_factors import resolved
from sigmoide.fit.progress import Progress, StepLog
from sigmoide.modelfile.atomic import check_folder
from sigmoide.report.small_sample import lost_line
from sigmoide.report.warned import aliased_line, not_proved_line
from sigmoide.results.covariance_kinds import Kind
from sigmoide.results.records import Fit, Model, Reading, Settings
from sigmoide.results.small_sample import Method
from sigmoide.sources.formats import Data, open_data
from sigmoide.sources.options import ReadOptions


def logit(
    formula: str,
    data: Any,
    *,
    event: Any = None,
    frequency: Any = None,
    weights: Any = None,
    offset: Any = None,
    missing: Missing = "drop",
    unseen: Unseen = "error",
    aliased: Literal["drop", "error"] = "drop",
    l2: float = 0.0,
    standardize: bool = False,
    penalty_factors: Mapping[str, float] | None = None,
    tol: float = 1e-9,
    method: Method = "ml",
    cov: Kind | None = None,
    cluster: Any = None,
    memory: str | int | None = None,
    cache: str | PathLike[str] | None = None,
    options: ReadOptions | None = None,
    on_read: Progress | None = None,
    checkpoint: str | PathLike[str] | None = None,
    resume: bool = False,
    any_machine: bool = False,
) -> Result:
    """Fit a logistic regression by maximum likelihood, and prove it.

    The objective is minus the log-likelihood, a sum over rows, plus l2/2 times the sum of squared
    coefficients (see :mod:`sigmoide.problem.objective`); the intercept is never penalised.

    Parameters
    ----------
    formula : str
        ``"y ~ a*b + C(g, ref='x') + poly(c, 2) + log(d + 1)"``; ``y ~ .`` for all other columns;
        ``"successes / trials ~ a"`` for counts; names that are no identifiers in backticks. Text
        columns become levels by themselves. docs/formula.md lists all there is.
    data
        A path (CSV, gzipped CSV, Parquet, a folder or pattern of Parquet files, Arrow), a data
        frame of any kind with the Arrow C stream, a mapping of arrays, or a 2-D array (columns
        x0, x1, ...).
    event : optional
        Value of the target to model. By default the larger of {0, 1}, {-1, 1} and booleans, the
        last of an ordered category, the second of two texts in sorted order.
    frequency, weights, offset : str or array, optional
        A column's name or one value a row. A row of frequency f counts as f rows; weights
        multiply the log-likelihood of a row, and n stays the number of rows.
    missing : {"drop", "error", "indicator"}
        Drop rows with missing values (counted), refuse them, or put the mean in their place and
        add a column that says so.
    unseen : {"error", "reference", "missing"}
        What a level that the fit did not see is at prediction.
    aliased : {"drop", "error"}
        Leave out columns that are combinations of earlier ones, or refuse.
    l2 : float
        Ridge penalty alpha, 1/C in scikit-learn's terms.
    standardize : bool
        Penalise coefficients per standard deviation of their column instead of per unit.
    penalty_factors : mapping from str to float, optional
        What l2 is multiplied by for some terms or columns of the model: 0 leaves one unpenalised,
        1 is the factor of those not named.
    tol : float
        Wanted distance to the optimum, in standard errors; by Firth's method, wanted size of the
        modified score.
    method : {"ml", "firth", "flic", "flac"}
        Maximum likelihood; or, for small samples and separated classes, Firth's penalised
        likelihood, and its corrections FLIC and FLAC (docs/small-samples.md).
    cov : str, optional
        Which errors: ``"nonrobust"``, ``"HC0"`` to ``"HC3"``, ``"CR0"``, ``"CR_G"``, ``"CR1"``,
        ``"bootstrap"``; see :meth:`sigmoide.Result.with_cov`.
    cluster : str, array, or list of two of these, optional
        The column that says which rows go together; ``y ~ .`` leaves it out.
    memory : str or int, optional
        The most memory to take: ``"2GB"``, or bytes; half of what the machine has by default.
        Larger data are read in pieces, to the same bits (docs/beyond-memory.md).
    cache : path, optional
        Folder for the rows of data beyond memory, while they are fitted.
    options : ReadOptions, optional
        How a text file is read: encoding, delimiter, decimal sign, header.
    on_read : callable, optional
        Called after each read with a :class:`sigmoide.results.records.Reading`: reads, rows a
        second, objective, proved gap, time left. A true answer stops the fit where it is (by
        maximum likelihood; Firth's method goes on).
    checkpoint : path, optional
        File in which the fit is kept as it goes, and which is removed when it is done.
    resume : bool
        Go on with the checkpoint, if there is one; the bits are those of a fit that was never
        interrupted. One that was written on another kind of processor is begun anew.
    any_machine : bool
        Go on with such a checkpoint, too: to the same optimum, not to the same bits.

    Returns
    -------
    Result
        With statsmodels' names. ``result.certificate.proved`` says whether it is proved.

    Raises
    ------
    UsageError
        For arguments that cannot be meant (``FormulaError`` for the formula).
    DataError
        For data that cannot be used.
    AliasedError
        For aliased columns under ``aliased="error"``.
    CheckpointError
        If the checkpoint cannot be kept, or is of another fit.

    Warns
    -----
    SeparationWarning, UndeterminedWarning, NotProvedWarning
        If the fit is not proved; by Firth's method, if it did not converge.
    AliasedWarning
        If columns were left out.
    FewClustersWarning
        If there are no more clusters than coefficients.
    CheckpointWarning
        If a checkpoint is not gone on with, or not as far as it goes.
    InferenceWarning
        If ends of intervals of Firth's method could not be found; they are NaN.

    Examples
    --------
    >>> import sigmoide
    >>> data = {"y": [0, 0, 1, 0, 1, 1], "x": [1, 2, 3, 4, 5, 6]}
    >>> result = sigmoide.logit("y ~ x", data)
    >>> result.certificate.proved
    True
    """
    read = options or ReadOptions()
    cache = read.cache if cache is None else cache
    read = replace(read, memory=read.memory if memory is None else memory, cache=cache)
    keep = checkpoint_of(checkpoint, resume, any_machine, _warn_of_checkpoint)
    _check_paths(data, checkpoint, cache)
    chosen = settings(l2, standardize, tol, aliased, method, penalty_factors)
    errors = covariance_options(cov, cluster)
    refuse_incompatible(cov=errors.kind, l2=chosen.l2, method=chosen.method)
    fit_options = FitOptions(chosen, errors, Policies(missing, unseen), keep)
    roles = RowRoles(frequency, weights, offset, errors.cluster)
    opened = open_data(data, read)
    refuse_unknown(errors.cluster, opened.head)
    request = request_by_formula(formula, opened.head, roles, fit_options.policies, event)
    result = fit_source(opened, request, fit_options, on_read, Origin(data, read))
    if keep is not None:
        keep.remove()
    warn(result)
    return result if errors.kind == "nonrobust" else result.with_errors(errors, on_read)


def _check_paths(
    data: Any, checkpoint: str | PathLike[str] | None, cache: str | PathLike[str] | None
) -> None:
    """Refuse a checkpoint that would destroy what is read, and a cache where no folder can be."""
    refuse_clashes(
        [Path(data)] if isinstance(data, str | PathLike) else [],
        [
            Output("checkpoint", None if checkpoint is None else Path(checkpoint)),
            Output("cache", None if cache is None else Path(cache), ()),
        ],
    )
    if cache is not None:
        check_folder(Path(cache))


def fit_source(
    data: Data,
    request: Request,
    options: FitOptions | None = None,
    progress: Progress | None = None,
    origin: Origin | None = None,
) -> Result:
    """Prepare, fit and gather: what ``logit`` and the command line share."""
    options = options or FitOptions()
    keep, method = options.checkpoint, options.settings.method
    refuse_incompatible(
        weights=request.weights, checkpoint=keep, intercept=request.intercept, method=method
    )
    ready = prepare(data, request, _first_read(data.head.name, progress))
    try:
        fit_settings = resolved(options.settings, ready.design)
        with nullcontext() if keep is None else kept(ready, fit_settings, keep) as log:
            fit = fit_by_method(ready.blocks, ready.design.intercept, fit_settings, progress, log)
    finally:
        ready.close()
    given = (request.frequency, request.weights, request.offset)
    rows = rows_of(ready, data, origin or Origin(data), given)
    return result_of(ready, data.head.name, fit_settings, fit, rows)


def fit_by_method(
    blocks: Blocks,
    intercept: bool,
    fit_settings: Settings,
    progress: Progress | None = None,
    log: StepLog | None = None,
) -> Fit:
    """Fit blocks by the method that is asked for; only by maximum likelihood is there a log."""
    if fit_settings.method == "ml":
        return fit_blocks(blocks, intercept, fit_settings, progress, log)
    from sigmoide.inference.small_samples import fit_small_samples

    return fit_small_samples(blocks, intercept, fit_settings, progress)


def _first_read(name: str, progress: Progress | None) -> Callable[[int, int | None], object] | None:
    """Return what tells how far the read has come in which data beyond memory are understood."""
    if progress is None:
        return None
    began = time.perf_counter()

    def tell(rows: int, about: int | None) -> None:
        pace = rows / max(time.perf_counter() - began, 1e-9)
        of = f" of about {max(about, rows):,}" if about else ""
        progress(Reading(0, f"{name}, {rows:,}{of} rows, {pace / 1e6:.1f} M rows/s"))

    return tell


def result_of(
    ready: Prepared, name: str, fit_settings: Settings, fit: Fit, rows: Rows | None = None
) -> Result:
    """Gather what was asked of data of this name, what came out, and where its rows are."""
    learned = (ready.design, ready.target, ready.roles)
    rows_and_notes = (ready.source_rows, ready.dropped, ready.notes)
    return Result(Model(*learned, fit_settings, fit, name, *rows_and_notes), rows)


def _warn_of_checkpoint(line: str) -> None:
    warnings.warn(line, CheckpointWarning, stacklevel=2)


def warn(result: Result, stacklevel: int = 3) -> None:
    """Warn, by class, of what a reader of the numbers alone would miss."""
    classes = {
        "separated": SeparationWarning,
        "undetermined": UndeterminedWarning,
        "not converged": NotProvedWarning,
    }
    model, fit = result.model, result.model.fit
    if fit.status in classes:
        line = not_proved_line(fit, model.terms, fit.separation.signs, "See result.summary().")
        warnings.warn(line, classes[fit.status], stacklevel=stacklevel)
    if fit.small_sample is not None and (lost := lost_line(fit.small_sample, model.terms)):
        warnings.warn(lost, InferenceWarning, stacklevel=stacklevel)
    if fit.aliased:
        warnings.warn(aliased_line(fit), AliasedWarning, stacklevel=stacklevel)
