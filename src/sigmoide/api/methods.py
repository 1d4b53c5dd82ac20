"""How a model is estimated: maximum likelihood, or a method for small samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from sigmoide.errors import UsageError
from sigmoide.fit.driver import fit_blocks
from sigmoide.results.small_sample import LABELS, Method

if TYPE_CHECKING:
    from sigmoide.blocks.blocks import Blocks
    from sigmoide.design.prepare import Request
    from sigmoide.fit.checkpoint import Keep
    from sigmoide.fit.progress import Progress, StepLog
    from sigmoide.results.records import Fit, Settings

METHODS: tuple[str, ...] = get_args(Method)


def checked_method(method: str, l2: float) -> Method:
    """Return a method that there is, and that goes with the penalty.

    Raises
    ------
    UsageError
        If there is no such method, or a ridge is asked for beside one that has its own penalty.
    """
    if method not in METHODS:
        raise UsageError(f"method={method!r} was given; it is one of {', '.join(METHODS)}.")
    if method != "ml" and l2:
        raise UsageError(
            f"l2={l2:g} was given with {LABELS[method]}, which has a penalty of its own. Choose "
            "one of them."
        )
    return method  # type: ignore[return-value]


def refuse_beside(request: Request, asked: Settings, keep: Keep | None) -> None:
    """Refuse, before the work, what a method for small samples does not go with.

    Raises
    ------
    UsageError
        For weights that are no frequencies, a checkpoint, and FLIC or FLAC without intercept.
    """
    if asked.method == "ml":
        return
    label = LABELS[asked.method]
    if request.weights is not None:
        raise UsageError(
            f"weights were given with {label}, whose penalty is worth as much as half an "
            "observation for each coefficient: how much that is would hang on the scale of the "
            "weights. If they are counts, give them as frequency; else leave them out."
        )
    if keep is not None:
        raise UsageError(
            f"a checkpoint was asked for with {label}; only fits of maximum likelihood are kept "
            "as they go. Leave it out."
        )
    if asked.method != "firth" and not request.intercept:
        raise UsageError(
            f"{label} corrects the intercept, and this model has none. Give it one, or stay with "
            "Firth's estimates (method='firth', --firth)."
        )


def refuse_errors(kind: str, method: str) -> None:
    """Refuse, before the fit, errors that a method has not: UsageError."""
    if method != "ml" and kind != "nonrobust":
        raise UsageError(
            f"cov={kind!r} was asked of {LABELS[method]}, whose errors are those of the inverse "
            "information, and whose intervals and tests are likelihood ratios. Leave cov out, or "
            "fit by maximum likelihood."
        )


def fit_by_method(
    blocks: Blocks,
    intercept: bool,
    asked: Settings,
    progress: Progress | None = None,
    log: StepLog | None = None,
) -> Fit:
    """Fit blocks by the method that is asked for; only by maximum likelihood is there a log."""
    if asked.method == "ml":
        return fit_blocks(blocks, intercept, asked, progress, log)
    from sigmoide.inference.small_samples import fit_small_samples

    return fit_small_samples(blocks, intercept, asked, progress)
