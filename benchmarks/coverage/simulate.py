"""Samples, their intervals, and how many of those cover."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from benchmarks.coverage.worlds import Sample, World
from benchmarks.seeds import generator
from sigmoide.blocks.blocks import Blocks, array_blocks
from sigmoide.fit.driver import fit_blocks
from sigmoide.inference.clustered import clustered
from sigmoide.inference.clusters import clusters_of_source
from sigmoide.inference.firth import fit_firth
from sigmoide.inference.firth_tests import penalised_profile
from sigmoide.inference.hypothesis import wald
from sigmoide.inference.profile import profile_intervals
from sigmoide.inference.robust import heteroskedastic
from sigmoide.results.covariance import estimates
from sigmoide.results.records import Fit, Settings

# The coefficient of the first column.
AT = 1
_BLOCK_ROWS = 128

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Count:
    """How often one interval covered.

    Attributes
    ----------
    world, method : str
        Of what, by what.
    rows, samples : int
        Rows of a sample, and samples.
    covered : int
        Samples whose interval holds the estimand.
    infinite : int
        Samples whose interval is infinite on a side or on both.
    redrawn : int
        Samples of a single class, that others were drawn for.
    """

    world: str
    method: str
    rows: int
    samples: int
    covered: int
    infinite: int
    redrawn: int

    @property
    def coverage(self) -> float:
        """The share that covered."""
        return self.covered / self.samples

    def entries(self) -> dict[str, object]:
        """Return what is written down."""
        return asdict(self)


def simulate(world: World, rows: int, samples: int, seed: int, alpha: float = 0.05) -> list[Count]:
    """Draw samples and count how many intervals of each method cover.

    Parameters
    ----------
    world : World
        What is drawn from.
    rows, samples : int
        How much.
    seed : int
        Of the whole measurement.
    alpha : float
        One minus what the intervals say.
    """
    rng = generator(seed, f"coverage of {world.name}, {rows} rows")
    covered, infinite = dict.fromkeys(world.methods, 0), dict.fromkeys(world.methods, 0)
    redrawn = 0
    for _ in range(samples):
        while len(np.unique((sample := world.draw(rng, rows)).y)) < 2:
            redrawn += 1
        for method, (low, high) in intervals(sample, world.methods, alpha).items():
            covered[method] += low <= world.estimand <= high
            infinite[method] += not (np.isfinite(low) and np.isfinite(high))
    return [
        Count(world.name, method, rows, samples, covered[method], infinite[method], redrawn)
        for method in world.methods
    ]


def intervals(sample: Sample, methods: tuple[str, ...], alpha: float) -> dict[str, Interval]:
    """Return the intervals of the first column's coefficient, by method.

    Where the coefficient is infinite its errors are withheld: the interval is the whole line.

    Raises
    ------
    RuntimeError
        If a fit is neither proved nor separated, or a search did not end.
    """
    names = tuple(f"x{j}" for j in range(sample.X.shape[1]))
    blocks = array_blocks(sample.X, sample.y, None, None, names, block_rows=_BLOCK_ROWS, threads=1)
    fit = fit_blocks(blocks, True, Settings())
    if fit.status not in ("proved", "separated"):
        raise RuntimeError(f"a sample's fit is {fit.status}")
    return {method: _INTERVALS[method](blocks, fit, sample, alpha) for method in methods}


def _of_errors(fit: Fit, errors: np.ndarray, alpha: float) -> Interval:
    low, high = wald(estimates(fit, True).params, errors, alpha)[AT]
    if fit.separation.signs[AT] != 0.0:
        return -np.inf, np.inf
    return _known(low, high)


def _wald(_blocks: Blocks, fit: Fit, _sample: Sample, alpha: float) -> Interval:
    return _of_errors(fit, estimates(fit, True).standard_errors, alpha)


def _hc1(blocks: Blocks, fit: Fit, _sample: Sample, alpha: float) -> Interval:
    return _of_errors(fit, heteroskedastic(blocks, fit, True, "HC1").standard_errors, alpha)


def _hc3(blocks: Blocks, fit: Fit, _sample: Sample, alpha: float) -> Interval:
    return _of_errors(fit, heteroskedastic(blocks, fit, True, "HC3").standard_errors, alpha)


def _cr1(blocks: Blocks, fit: Fit, sample: Sample, alpha: float) -> Interval:
    assert sample.clusters is not None  # noqa: S101
    by = (clusters_of_source("cluster", sample.clusters),)
    return _of_errors(fit, clustered(blocks, fit, True, "CR1", by).standard_errors, alpha)


def _profile(blocks: Blocks, fit: Fit, _sample: Sample, alpha: float) -> Interval:
    return _known(*profile_intervals(blocks, fit, True, alpha, terms=[AT]).ends[AT])


def _firth(blocks: Blocks, _fit: Fit, _sample: Sample, alpha: float) -> Interval:
    firth = fit_firth(blocks, True)
    return _known(*penalised_profile(blocks, firth, alpha, terms=[AT]).ends[AT])


def _known(low: float, high: float) -> Interval:
    if np.isnan(low) or np.isnan(high):
        raise RuntimeError("a sample's interval has no end")
    return float(low), float(high)


_INTERVALS: dict[str, Callable[[Blocks, Fit, Sample, float], Interval]] = {
    "Wald": _wald,
    "profile": _profile,
    "HC1": _hc1,
    "HC3": _hc3,
    "CR1": _cr1,
    "Firth": _firth,
}
