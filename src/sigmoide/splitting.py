"""A fit on one part of the data, judged on every part."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sigmoide.data.prepare import Request
from sigmoide.data.source import Source
from sigmoide.data.split import TRAIN, Split, split_rows
from sigmoide.evaluation.metrics import Scores
from sigmoide.fitting import fit_source
from sigmoide.model.fit import Progress
from sigmoide.model.records import Settings
from sigmoide.results import Result


@dataclass(frozen=True, slots=True)
class SplitFit:
    """What came of a split.

    Attributes
    ----------
    result : Result
        The fit of the training rows.
    parts : dict of str to Source
        The rows of each part, ``train`` first.
    scores : dict of str to dict
        The scores on each.
    """

    result: Result
    parts: dict[str, Source]
    scores: dict[str, Scores]


def fit_split(
    source: Source,
    request: Request,
    asked: Settings,
    split: Split,
    progress: Progress | None = None,
) -> SplitFit:
    """Fit the training rows, and evaluate all parts.

    The parts are learned from and judged as if each were a file of its own: levels and means are
    those of the training rows. Rows keep the numbers that they have in the whole source.
    """
    rows = split_rows(split, source, request.target)
    parts = {name: source.part(numbers) for name, numbers in rows.items()}
    fitted = fit_source(parts[TRAIN], request, asked, progress)
    said = ", ".join(f"{name} {len(numbers):,}" for name, numbers in rows.items())
    note = f"fitted on a part of the rows, split {split.text!r} (seed {split.seed}): {said}"
    result = Result(replace(fitted.model, notes=(*fitted.model.notes, note)))
    scores = {name: result.evaluate(part) for name, part in parts.items()}
    return SplitFit(result, parts, scores)
