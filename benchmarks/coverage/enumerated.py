r"""Exact coverage of intervals for the log odds ratio of two groups: every table is gone through.

A model with a group column is saturated: its intervals have closed forms in the four cells, written
down here without sigmoide. With cells a, b (events and others of the group), c, d (of the rest):

- Wald: ln(ad/bc), variance 1/a + 1/b + 1/c + 1/d (Woolf 1955, Annals of Human Genetics 19,
  251-253);
- HC1, HC3: the same variance times n/(n-2); each group's part of it divided by (1 - 1/n_g)^2, for
  the leverage of a row is 1 over the rows of its group;
- profile: the likelihood-ratio statistic; with the ratio held the maximum is the root of a
  quadratic equation;
- Firth: the same with 1/2 added to every cell, for det I = (n_0 p_0 q_0)(n_1 p_1 q_1).

An infinite estimate has no Wald interval: the whole line, which covers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import chdtri, ndtri, xlogy
from scipy.stats import binom

from benchmarks.coverage.worlds import GROUP_RATES, group_sizes
from benchmarks.records import Array


def exact_coverage(method: str, rows: int, estimand: float, alpha: float) -> float:
    """Return the probability that an interval covers, given that there are both classes.

    Parameters
    ----------
    method : {"Wald", "profile", "HC1", "HC3", "Firth"}
        The interval.
    rows : int
        n.
    estimand : float
        The log odds ratio.
    alpha : float
        One minus what the interval says.
    """
    rest, group = group_sizes(rows)
    c, a = np.meshgrid(np.arange(rest + 1.0), np.arange(group + 1.0), indexing="ij")
    chance = binom.pmf(c, rest, GROUP_RATES[0]) * binom.pmf(a, group, GROUP_RATES[1])
    chance[0, 0] = chance[-1, -1] = 0.0
    covered = _COVERS[method](a, group - a, c, rest - c, estimand, alpha)
    return float(chance[covered].sum() / chance.sum())


def _by_error(a: Array, b: Array, c: Array, d: Array, estimand: float, alpha: float, **more: float):
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.log(a) - np.log(b) - np.log(c) + np.log(d)
        variance = more["group"] * (1 / a + 1 / b) + more["rest"] * (1 / c + 1 / d)
        near = np.abs(estimate - estimand) <= -ndtri(alpha / 2) * np.sqrt(variance)
    return near | ~np.isfinite(estimate)


def _wald(a: Array, b: Array, c: Array, d: Array, estimand: float, alpha: float) -> Array:
    return _by_error(a, b, c, d, estimand, alpha, group=1.0, rest=1.0)


def _hc1(a: Array, b: Array, c: Array, d: Array, estimand: float, alpha: float) -> Array:
    n = float((a + b + c + d).flat[0])
    factor = n / (n - 2.0)
    return _by_error(a, b, c, d, estimand, alpha, group=factor, rest=factor)


def _hc3(a: Array, b: Array, c: Array, d: Array, estimand: float, alpha: float) -> Array:
    group, rest = ((1.0 - 1.0 / float(size.flat[0])) ** -2 for size in (a + b, c + d))
    return _by_error(a, b, c, d, estimand, alpha, group=group, rest=rest)


def _profile(a: Array, b: Array, c: Array, d: Array, estimand: float, alpha: float) -> Array:
    ratio = np.exp(estimand)
    K, n = a + c, a + b + c + d
    with np.errstate(divide="ignore", invalid="ignore"):
        # Odds O of the rest: (c+d) O/(1+O) + (a+b) rO/(1+rO) = K
        square, line = ratio * (n - K), (c + d) + (a + b) * ratio - K * (1.0 + ratio)
        odds = (-line + np.sqrt(line**2 + 4.0 * square * K)) / (2.0 * square)
        p, q = odds / (1.0 + odds), ratio * odds / (1.0 + ratio * odds)
        held = xlogy(c, p) + xlogy(d, 1.0 - p) + xlogy(a, q) + xlogy(b, 1.0 - q)
    free = sum(xlogy(x, x) for x in (a, b, c, d)) - xlogy(a + b, a + b) - xlogy(c + d, c + d)
    return np.asarray(2.0 * (free - held) <= chdtri(1, alpha))


def _firth(a: Array, b: Array, c: Array, d: Array, estimand: float, alpha: float) -> Array:
    return _profile(a + 0.5, b + 0.5, c + 0.5, d + 0.5, estimand, alpha)


_COVERS: dict[str, Callable[[Array, Array, Array, Array, float, float], Array]] = {
    "Wald": _wald,
    "profile": _profile,
    "HC1": _hc1,
    "HC3": _hc3,
    "Firth": _firth,
}
