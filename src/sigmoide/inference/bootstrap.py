r"""The bootstrap: errors from fits of samples drawn from the rows, or from the clusters.

Sample r holds each unit k_i times, k_i an independent Poisson number of mean 1 (Hanley and
MacGibbon 2006, Computer Methods and Programs in Biomedicine 83, 57-62; Chamandy, Muralidharan,
Najmi and Naidu 2012, "Estimating uncertainty for massive data streams", Google). Efron's numbers
are multinomial, Poisson given that they add up to n; that the sum is let go changes the covariance
of the estimates by a share of the order of 1/n, and makes every row's number its own affair: it is
hashed from the seed, r and the row's place in the source. No block boundary, thread or order of
reading changes it, and nothing has to be kept.

Every sample is fitted from the estimate of all rows on, and proved as any fit is. Samples in which
the classes are separated, or a level was not drawn, have no estimate. They are counted, never
dropped in silence: the ends of the intervals take such a coefficient for infinite, in both
directions where none is known; the covariance is of the other samples, and says so.

The covariance has the limit HC0 (CR0 by clusters) as samples and rows grow.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import partial

import numpy as np

from sigmoide.arguments.arrays import open_probability
from sigmoide.blocks.block import Array, depth
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.errors import NotProvedError, UsageError
from sigmoide.fit.progress import Progress, ProgressMonitor
from sigmoide.inference.batched_searches import advance
from sigmoide.inference.clusters import Clusters, cluster_keys
from sigmoide.inference.replicate import Drawing, Replicate, Start, replicate, start_at
from sigmoide.inference.robust import UNITS, Unit, observations, one_of
from sigmoide.inference.scores import footing, refuse_penalised
from sigmoide.results.covariance import described, estimates
from sigmoide.results.covariance_kinds import CLUSTER_BOOTSTRAP
from sigmoide.results.records import Covariance, Fit, Reading

# Samples that share their reads: as many as so many numbers of their Hessians allow.
_MOST_NUMBERS = 1 << 21
_MOST_TOGETHER = 128


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The bootstrap estimates: what came of all samples.

    Attributes
    ----------
    covariance : Covariance
        Of the samples that have an estimate.
    params : ndarray, shape (p,)
        The estimates of all rows.
    replicates : ndarray, shape (B, p)
        Those of the samples, in order; infinite under separation, NaN where nothing is known.
    statuses : dict
        From ``"proved"``, ``"separated"``, ``"one class"``, ``"aliased"``, ``"undetermined"`` and
        ``"not converged"`` to the number of such samples; those of which there is none left out.
    distance : float
        Every proved sample's estimates lie within so many of its standard errors of its maximum.
    seed : int
        The seed.
    reads : int
        Reads of the data.
    """

    covariance: Covariance
    params: Array
    replicates: Array
    statuses: dict[str, int]
    distance: float
    seed: int
    reads: int


@single_threaded_arithmetic()
def bootstrap(
    blocks: Blocks,
    fit: Fit,
    intercept: bool,
    *,
    replicates: int = 999,
    seed: int = 0,
    unit: Unit = "row",
    clusters: Clusters | None = None,
    progress: Progress | None = None,
) -> Bootstrap:
    """Fit samples of the rows, or of the clusters.

    Parameters
    ----------
    blocks : Blocks
        The rows that were fitted.
    fit : Fit
        The fit: proved, without a penalty.
    intercept : bool
        Whether the model has one.
    replicates : int
        B, the number of samples: 999 for intervals of 95%, whose ends are then the 25th and the
        975th of them.
    seed : int
        Another seed, other samples; the same seed, the same samples, wherever the rows live.
    unit : {"row", "trial", "line"}
        What is drawn: a row with its weight; each of the f observations of a row of frequency f; a
        line of counts as a whole. See :mod:`sigmoide.inference.robust`.
    clusters : Clusters, optional
        Draw these instead, with all their rows.
    progress : callable, optional
        Told, after each read, how many there were and which samples are under way; its answers
        change nothing.

    Raises
    ------
    UsageError
        If there are fewer than 2 samples, seed or unit mean nothing, or the fit is penalised.
    NotProvedError
        If the fit is not proved: separated data stay so in every sample.
    ColumnError
        If the column of the clusters misses values or makes one only.
    """
    one_of("unit", unit, UNITS)
    _whole_number("replicates", replicates, 2)
    _whole_number("seed", seed, 0)
    replicates, seed = int(replicates), int(seed)
    refuse_penalised(fit, "the bootstrap")
    watch = ProgressMonitor(progress, blocks, blocks.reads)
    kind, each = "bootstrap", tuple[tuple[str, int], ...]()
    if clusters is not None:
        distinct = cluster_keys(blocks, (clusters,))
        kind, each = CLUSTER_BOOTSTRAP, ((clusters.name, len(distinct.keys)),)
    start = _start(blocks, fit, intercept)
    every = _fitted(start, Drawing(seed, unit, clusters), replicates, watch)
    n = observations(blocks, fit, unit)
    degrees = float(each[0][1] - 1) if each else n - len(start.theta)
    statuses = Counter[str](one.status for one in every)
    proved = [one for one in every if one.status == "proved"]
    # A covariance of fewer samples than that is singular, or none at all.
    central = _covariance(np.array([one.around for one in proved])) if len(proved) > 1 else None
    notes = _notes(statuses, replicates)
    return Bootstrap(
        described(kind, central, fit, intercept, n, degrees, each, notes),
        estimates(fit, intercept).params,
        np.array([one.params for one in every]),
        dict(statuses.most_common()),
        max((one.distance for one in proved), default=math.inf),
        seed,
        watch.reads,
    )


def percentile(samples: Bootstrap, alpha: float = 0.05) -> Array:
    """Return the intervals between the samples' own quantiles (Efron 1979); shape (p, 2).

    The quantile of share q is the (B + 1) q-th of the samples in increasing order, or lies between
    its neighbours. A coefficient that a sample leaves undetermined counts as -infinity for the
    lower end, and as infinity for the upper one.

    Raises
    ------
    UsageError
        If alpha is not between 0 and 1, or asks for an end beyond all samples.
    """
    B = len(samples.replicates)
    alpha = open_probability("alpha", alpha)
    # The rank, of B + 1, that leaves alpha/2 outside; 25, not 24.999..., for 999 samples.
    rank = round((B + 1) * alpha / 2.0, 9)
    if rank < 1.0:
        least = math.ceil(round(2.0 / alpha, 9)) - 1
        raise UsageError(
            f"intervals of {100 * (1 - alpha):g}% from {B} samples were asked for: their ends lie "
            f"beyond all samples. Draw {least} or more."
        )
    unknown = np.isnan(samples.replicates)
    low = np.sort(np.where(unknown, -np.inf, samples.replicates), axis=0)
    high = np.sort(np.where(unknown, np.inf, samples.replicates), axis=0)
    return np.column_stack([_ranked(low, rank), -_ranked(-high[::-1], rank)])


def basic(samples: Bootstrap, alpha: float = 0.05) -> Array:
    """Return the estimates less the quantiles of (sample - estimate); shape (p, 2).

    2 estimate - percentile ends, in the other order (Davison and Hinkley 1997, "Bootstrap Methods
    and their Application", 5.2.1).

    Raises
    ------
    UsageError
        As :func:`percentile`.
    """
    return 2.0 * samples.params[:, None] - percentile(samples, alpha)[:, ::-1]


def _ranked(ordered: Array, rank: float) -> Array:
    """Return what has a rank, counted from 1, in increasing columns; an infinite neighbour wins."""
    whole = int(rank)
    below, share = ordered[whole - 1], rank - whole
    above = ordered[whole] if share else below
    finite = np.isfinite(below) & np.isfinite(above)
    with np.errstate(invalid="ignore"):
        between = below + share * (above - below)
    return np.asarray(np.where(finite, between, np.where(np.isfinite(below), above, below)))


def _start(blocks: Blocks, fit: Fit, intercept: bool) -> Start:
    at = footing(blocks, fit, intercept) if fit.status == "proved" else None
    start = start_at(blocks, at.frame, at.theta) if at is not None else None
    if start is None:
        raise NotProvedError(
            f"the bootstrap of a fit that is {fit.status} was asked for: there is no estimate that "
            "samples could be compared with, and separated classes are separated in every sample. "
            "Use Firth's method, whose estimates are finite."
        )
    return start


def _fitted(start: Start, drawing: Drawing, count: int, watch: ProgressMonitor) -> list[Replicate]:
    """Fit all samples, as many side by side as may be."""
    size, levels = start.frame.size, depth(start.blocks.n_blocks)
    abreast = max(min(_MOST_NUMBERS // (size**2 * (levels + 2)), _MOST_TOGETHER), 1)
    every: list[Replicate] = []
    for low in range(0, count, abreast):
        high = min(low + abreast, count)
        searches = [replicate(start, drawing.weights(number)) for number in range(low, high)]
        what = f"samples {low + 1:,} to {high:,} of {count:,}"
        every += advance(start.blocks, start.frame, searches, partial(_pass_on, watch), what)
    return every


def _pass_on(watch: ProgressMonitor, reading: Reading) -> None:
    """Tell of a read in the count of all samples, not of those side by side."""
    watch.say(reading.what)


def _covariance(around: Array) -> Array:
    """Return the covariance of samples in rows, around their mean, divisor their number less 1."""
    apart = around - around.mean(axis=0)
    return np.asarray(apart.T @ apart / (len(apart) - 1))


def _notes(statuses: Counter[str], count: int) -> tuple[str, ...]:
    """Say what samples have no estimate."""
    gone = {status: number for status, number in statuses.items() if status != "proved"}
    if not gone:
        return ()
    why = ", ".join(f"{number:,} {status}" for status, number in sorted(gone.items()))
    return (
        f"{sum(gone.values()):,} of {count:,} samples have no estimate ({why}): the covariance is "
        "of the others and too small; the intervals count them as infinite",
    )


def _whole_number(name: str, value: object, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise UsageError(f"{name}={value!r} was given; it is a whole number, {least} or more.")
