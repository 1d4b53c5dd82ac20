"""Early stopping along the ridge path: ever weaker penalties, until rows held out say enough.

A descent that starts at zero and is stopped after a time t (steps times learning rate, on the
mean of n losses) has about the coefficients of a ridge penalty of n / t: near it all the way
(Suggala, Prasad and Ravikumar 2018, "Connecting optimization and regularization paths", NeurIPS
31), and with at most 1.69 times its risk in least squares (Ali, Kolter and Tibshirani 2019, "A
continuous-time view of early stopping for least squares regression", AISTATS 22). To train on is
to penalise less, and what stops the one stops the other: a loss on rows held out that no longer
falls. But a point of a descent is the optimum of nothing, so that nothing can be proved of it.
Each point of this path is the one optimum of its objective, finite even where the classes are
separated, and is proved like any other fit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from sigmoide.blocks.block import Array, Block
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import moments
from sigmoide.errors import NotProvedError, UsageError
from sigmoide.evaluation.metrics import log_loss
from sigmoide.fit.driver import fit_blocks
from sigmoide.fit.progress import Progress
from sigmoide.results.predict import predict
from sigmoide.results.records import Fit, Reading, Settings

# The path begins where coefficients per standard deviation have together at most this length...
_NOTHING = 0.01
_FAR = 25.0
# ...goes on by halves, so that every penalty is a power of two and can be typed again...
_FACTOR = 0.5
# ...and ends at this share of its beginning.
SMALLEST = 1e-8

Ended = Literal["patience", "end", "not proved", "stopped"]


@dataclass(frozen=True, slots=True)
class PathPoint:
    """One penalty of the path, and what came of it.

    Attributes
    ----------
    l2 : float
        The penalty, of coefficients per standard deviation.
    validation, train : float
        Mean log loss on the rows held out and on those that were fitted.
    distance : float
        Proved distance to the optimum of this penalty, in square roots of diag(H^-1).
    """

    l2: float
    validation: float
    train: float
    distance: float


@dataclass(frozen=True, slots=True)
class RidgePath:
    """The way that was gone.

    Attributes
    ----------
    points : tuple of PathPoint
        The strongest penalty first.
    best : int
        Position of the one with the smallest validation loss, the first of equals.
    patience : int
        Penalties without a better one after which to stop.
    ended : {"patience", "end", "not proved", "stopped"}
        Why it ended: the patience was out; the smallest penalty was reached; the next fit could
        not be proved; whoever was told of the progress said so.
    reads : int
        Reads of the training rows, all told.
    """

    points: tuple[PathPoint, ...]
    best: int
    patience: int
    ended: Ended
    reads: int


def stop_early(
    blocks: Blocks,
    held_out: Blocks,
    intercept: bool,
    settings: Settings,
    patience: int,
    progress: Progress | None = None,
) -> tuple[Fit, Settings, RidgePath]:
    """Walk down the ridge path, and return the fit that does best on rows held out.

    Parameters
    ----------
    blocks, held_out : Blocks
        Rows to fit, and rows to judge by.
    intercept : bool
        Whether the model has one.
    settings : Settings
        Of every fit, but for the penalty, which is chosen here.
    patience : int
        Penalties in a row without a smaller validation loss after which to stop, 1 or more.
    progress : callable, optional
        Told, after each fit, how many reads there were and what was found; a true answer ends the
        path there.

    Returns
    -------
    fit : Fit
        The best one, restored.
    settings : Settings
        With its penalty.
    path : RidgePath
        All of them.

    Raises
    ------
    UsageError
        If a penalty was asked for, the patience is no count, or there is nothing to penalise.
    NotProvedError
        If not even the strongest penalty gives a proved fit.
    """
    _check(blocks, settings, patience)
    before = blocks.reads
    start, best, chosen = _start(blocks, intercept, settings), -1, None
    y, weight = held_out.map(lambda block: block.y), held_out.map(lambda block: block.weight)
    points: list[PathPoint] = []
    ended: Ended = "end"
    l2 = start
    while l2 >= SMALLEST * start:
        penalised = replace(settings, l2=l2, standardize=True)
        fit = fit_blocks(blocks, intercept, penalised)
        if fit.status != "proved":
            ended = "not proved"
            break
        eta = held_out.map(partial(_eta, fit=fit, intercept=intercept))
        train = -fit.totals.loglik / fit.totals.weight
        point = PathPoint(l2, log_loss(eta, y, weight), train, fit.certificate.distance)
        points.append(point)
        if chosen is None or point.validation < points[best].validation:
            best, chosen = len(points) - 1, (fit, penalised)
        what = f"l2 = {l2:g}: validation log loss {point.validation:.6f}"
        reading = Reading(blocks.reads - before, what, blocks.n_rows)
        stop = progress is not None and progress(reading)
        if stop or len(points) - 1 - best >= patience:
            ended = "stopped" if stop else "patience"
            break
        l2 *= _FACTOR
    if chosen is None:
        raise NotProvedError(
            f"not even the strongest penalty of the ridge path, l2 = {start:g}, gave a proved "
            f"fit: {fit.certificate.reason or fit.status}. Fit without patience to see why."
        )
    path = RidgePath(tuple(points), best, patience, ended, blocks.reads - before)
    return *chosen, path


def _eta(block: Block, fit: Fit, intercept: bool) -> Array:
    return predict(block.X, block.offset, fit, intercept).eta


def _check(blocks: Blocks, settings: Settings, patience: int) -> None:
    if patience < 1:
        raise UsageError(f"patience={patience} was given; it is a number of penalties, 1 or more.")
    if settings.l2 or settings.standardize:
        raise UsageError(
            f"patience={patience} was given together with l2={settings.l2:g}: early stopping "
            "chooses the penalty itself, per standard deviation. Leave out one of them."
        )
    if not blocks.names:
        raise UsageError(
            f"patience={patience} was given for a model without columns, which has nothing to "
            "penalise. Leave patience out."
        )


def _start(blocks: Blocks, intercept: bool, settings: Settings) -> float:
    """Return the penalty that leaves next to nothing of the coefficients: a power of two.

    The minimiser u of f(u) + alpha |u|^2 / 2, f convex, has alpha |u| <= |grad f(0)|. Far above
    the curvature of f, which for centred columns is at most a quarter of the weight each, the two
    sides are nearly equal: one fit there tells the gradient.
    """
    weight = blocks.reduce(moments).total
    strong = 2.0 ** math.ceil(math.log2(_FAR * len(blocks.names) * weight))
    fit = fit_blocks(blocks, intercept, replace(settings, l2=strong, standardize=True))
    u = fit.coefficients.coef * np.sqrt(fit.alpha / strong)
    gradient = strong * float(np.linalg.norm(u))
    return 2.0 ** math.ceil(math.log2(gradient / _NOTHING)) if gradient else strong
