"""Train-test split: a fit on one part of the data, judged on every part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sigmoide.api.incompatible import refuse_incompatible
from sigmoide.api.logit import fit_source, result_of, warn
from sigmoide.api.options import (
    FitOptions,
    RowRoles,
    covariance_options,
    refuse_unknown,
    request_by_formula,
    settings,
)
from sigmoide.api.result import Result
from sigmoide.design.design import Missing, Policies, Unseen
from sigmoide.design.prepare import Request, follow, prepare
from sigmoide.design.split import TRAIN, VALIDATION, parse_split, split_rows
from sigmoide.errors import UsageError
from sigmoide.evaluation.metrics import Scored
from sigmoide.evaluation.ridge_path import RidgePath, stop_early
from sigmoide.fit.progress import Progress
from sigmoide.report.scores import render_parts, render_path
from sigmoide.results.covariance_kinds import Kind
from sigmoide.results.records import Settings
from sigmoide.results.small_sample import Method
from sigmoide.sources.formats import in_memory, open_data, table_of
from sigmoide.sources.options import ReadOptions
from sigmoide.sources.source import Source


@dataclass(frozen=True, slots=True)
class SplitFit:
    """What came of a split.

    Attributes
    ----------
    result : Result
        The fit of the training rows.
    parts : dict of str to Source
        The rows of each part, ``train`` first.
    scored : dict of str to Scored
        Each part as the model judges it, for :meth:`sigmoide.Result.evaluate`; empty where
        nothing was split.
    path : RidgePath, optional
        How the penalty was chosen, where it was.
    """

    result: Result
    parts: dict[str, Source]
    scored: dict[str, Scored] = field(default_factory=dict)
    path: RidgePath | None = None

    def evaluate(self, threshold: float = 0.5) -> dict[str, dict[str, Any]]:
        """Return the scores of each part, as :meth:`sigmoide.Result.evaluate` has them."""
        parts = self.scored.items()
        return {name: self.result.evaluate(rows, threshold=threshold) for name, rows in parts}

    def __str__(self) -> str:
        """Lay the scores of the parts side by side, and the path of penalties below them."""
        scores = render_parts(self.evaluate())
        return scores if self.path is None else f"{scores}\n\n{render_path(self.path)}"


def fit_split(
    formula: str,
    data: Any,
    split: str,
    *,
    patience: int | None = None,
    seed: int | None = None,
    split_key: str | None = None,
    event: Any = None,
    frequency: str | None = None,
    weights: str | None = None,
    offset: str | None = None,
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
    options: ReadOptions | None = None,
    on_read: Progress | None = None,
) -> SplitFit:
    """Fit a logistic regression to training rows, and score it on the rows held out.

    A row's part follows from its own number or key, so that it stays where it is when rows are
    added below it. The parts are learned from and judged as if each were a file of its own.

    Parameters
    ----------
    formula, data
        As for :func:`sigmoide.logit`; the data have to fit into memory.
    split : str
        ``"random:0.2"`` (a fifth is the test), ``"random:0.2,0.1"`` (and a tenth the validation),
        ``"stratified:0.2"``, ``"every:3"``, or ``"column:NAME=TRAIN"``.
    patience : int, optional
        Choose the ridge penalty on the validation rows: weaken it by halves until so many in a row
        are no better. Inference is then conditional on that choice.
    seed : int, optional
        Of a random or stratified split; 0 by default.
    split_key : str, optional
        A column whose rows of one value stay together, in a random split.
    frequency, weights, offset, cluster : str, optional
        Names of columns (of two, in a list, for ``cluster``): arrays are not split.
    event, missing, unseen, aliased, l2, standardize, penalty_factors, tol, method, cov
        As for :func:`sigmoide.logit`, as are ``options`` and ``on_read``.

    Returns
    -------
    SplitFit
        ``result`` is the fit of the training rows; ``evaluate()`` has the scores of every part,
        and ``print`` shows them; ``path`` is that of the penalties, where there was patience.

    Raises
    ------
    UsageError
        For arguments that cannot be meant, and for data beyond memory.
    DataError
        For data that cannot be used, or a split that leaves a part without rows.

    Warns
    -----
    SigmoideWarning
        As :func:`sigmoide.logit` does.

    Examples
    --------
    >>> import sigmoide
    >>> data = {"y": [0, 1, 0, 1, 1, 0, 1, 0, 1, 1], "x": [1, 2, 4, 3, 5, 6, 7, 9, 8, 9]}
    >>> found = sigmoide.fit_split("y ~ x", data, "every:5")
    >>> found.result.nobs, found.evaluate()["test"]["n"]
    (8.0, 2.0)
    """
    chosen = settings(l2, standardize, tol, aliased, method, penalty_factors)
    errors = covariance_options(cov, cluster)
    refuse_incompatible(cov=errors.kind, patience=patience)
    refuse_incompatible(cov=errors.kind, l2=chosen.l2, method=chosen.method)
    parts, policies = parse_split(split, seed, split_key), Policies(missing, unseen)
    roles = RowRoles(frequency, weights, offset, errors.cluster, (parts.column, parts.key))
    _refuse_arrays(roles)
    fit_options = FitOptions(chosen, errors, policies, None, parts, patience)
    source = table_of(open_data(data, options), "a split")
    refuse_unknown(errors.cluster, source)
    request = request_by_formula(formula, source, roles, policies, event)
    split_fit = fit_parts(source, request, fit_options, on_read)
    warn(split_fit.result)
    if errors.kind == "nonrobust":
        return split_fit
    return replace(split_fit, result=split_fit.result.with_errors(errors, on_read))


def _refuse_arrays(roles: RowRoles) -> None:
    given = {"frequency": roles.frequency, "weights": roles.weights, "offset": roles.offset}
    for name, value in (*given.items(), *(("cluster", each) for each in roles.clusters)):
        if value is not None and not isinstance(value, str):
            raise UsageError(
                f"{name} was given as values, of type {type(value).__name__}, to a fit that splits "
                "the rows: they are split with their columns only. Make them a column of the data, "
                "and give its name."
            )


def fit_parts(
    source: Source, request: Request, options: FitOptions, progress: Progress | None = None
) -> SplitFit:
    """Fit the training rows, and judge the rows of all parts.

    The parts are learned from and judged as if each were a file of its own: levels and means are
    those of the training rows. Rows keep the numbers that they have in the whole source.

    Parameters
    ----------
    source, request
        The data, and what is modelled.
    options : FitOptions
        How it is fitted, and which rows; with patience, the penalty is chosen by the validation
        rows, by early stopping along the ridge path (:mod:`sigmoide.evaluation.ridge_path`).
    progress : callable, optional
        Told of the reads.

    Raises
    ------
    UsageError
        If there is patience and the split has no validation rows, or a penalty was asked for.
    """
    split, patience = options.split, options.patience
    if split is None:
        return SplitFit(fit_source(in_memory(source), request, options, progress), {TRAIN: source})
    rows = split_rows(split, source, request.target)
    if patience is not None and VALIDATION not in rows:
        raise UsageError(
            f"patience={patience} was given, and the split {split.text!r} has no validation rows "
            "to stop by. Give a second share, as in 'random:0.2,0.2', or split by a column "
            f"that says {VALIDATION!r}."
        )
    refuse_incompatible(patience=patience, method=options.settings.method)
    parts = {name: source.part(numbers) for name, numbers in rows.items()}
    path = None
    if patience is None:
        result = fit_source(in_memory(parts[TRAIN]), request, options, progress)
    else:
        result, path = _fit_with_patience(parts, request, options.settings, patience, progress)
    said = ", ".join(f"{name} {len(numbers):,}" for name, numbers in rows.items())
    notes = [f"fitted on a part of the rows, split {split.described}: {said}"]
    if path is not None:
        notes.append(_choice(path))
    result = result.noted(*notes)
    scored = {name: result.scored(part) for name, part in parts.items()}
    return SplitFit(result, parts, scored, path)


def _fit_with_patience(
    parts: dict[str, Source],
    request: Request,
    fit_settings: Settings,
    patience: int,
    progress: Progress | None,
) -> tuple[Result, RidgePath]:
    ready = prepare(in_memory(parts[TRAIN]), request)
    held_out = follow(in_memory(parts[VALIDATION]), ready.design, ready.target, ready.roles)
    blocks, intercept = (ready.blocks, held_out.blocks), ready.design.intercept
    fit, chosen, path = stop_early(*blocks, intercept, fit_settings, patience, progress)
    return result_of(ready, parts[TRAIN].name, chosen, fit), path


def _choice(path: RidgePath) -> str:
    """Say how the penalty was chosen, and what that means for inference."""
    first, chosen = (repr(path.points[k].l2).removesuffix(".0") for k in (0, path.best))
    return (
        f"l2 = {chosen} was chosen on the validation rows, by early stopping along the ridge path: "
        f"penalties from {first} down by halves, patience {path.patience}. Standard errors, tests "
        "and intervals made for this penalty are conditional on the choice: they do not count it."
    )
