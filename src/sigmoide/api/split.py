"""A fit on one part of the data, judged on every part."""

from __future__ import annotations

from dataclasses import dataclass, field

from sigmoide.api.incompatible import refuse_incompatible
from sigmoide.api.logit import fit_source, result_of
from sigmoide.api.options import FitOptions
from sigmoide.api.result import Result
from sigmoide.design.prepare import Request, follow, prepare
from sigmoide.design.split import TRAIN, VALIDATION, split_rows
from sigmoide.errors import UsageError
from sigmoide.evaluation.metrics import Scored
from sigmoide.evaluation.ridge_path import RidgePath, stop_early
from sigmoide.fit.progress import Progress
from sigmoide.results.records import Settings
from sigmoide.sources.formats import in_memory
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


def fit_split(
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
    asked: Settings,
    patience: int,
    progress: Progress | None,
) -> tuple[Result, RidgePath]:
    ready = prepare(in_memory(parts[TRAIN]), request)
    held_out = follow(in_memory(parts[VALIDATION]), ready.design, ready.target, ready.roles)
    blocks, intercept = (ready.blocks, held_out.blocks), ready.design.intercept
    fit, chosen, path = stop_early(*blocks, intercept, asked, patience, progress)
    return result_of(ready, parts[TRAIN].name, chosen, fit), path


def _choice(path: RidgePath) -> str:
    """Say how the penalty was chosen, and what that means for inference."""
    first, chosen = (repr(path.points[k].l2).removesuffix(".0") for k in (0, path.best))
    return (
        f"l2 = {chosen} was chosen on the validation rows, by early stopping along the ridge path: "
        f"penalties from {first} down by halves, patience {path.patience}. Standard errors, tests "
        "and intervals made for this penalty are conditional on the choice: they do not count it."
    )
