"""Tail probabilities that are too small for a float, by their logarithm."""

from __future__ import annotations

import math

from scipy.special import chdtrc, gammaln, log_ndtr

# Above this a probability has all its digits, and its logarithm too.
_PLAIN = 1e-280
_MOST_TERMS = 10_000
_EPS = 2.0**-53


def log10_chi_square(statistic: float, df: int) -> float:
    """Return log10 of the probability that chi-square with df degrees of freedom exceeds a value.

    Where the probability itself would underflow: the continued fraction of the incomplete gamma
    function, Q(a, x) = e^-x x^a / Gamma(a) / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...)) (Press et
    al. 2007, Numerical Recipes, 6.2.7), by Lentz's method.
    """
    if math.isnan(statistic) or df <= 0:
        return math.nan
    plain = float(chdtrc(df, statistic))
    if plain > _PLAIN:
        return math.log10(plain)
    if math.isinf(statistic):
        return -math.inf
    a, x = 0.5 * df, 0.5 * statistic
    b = x + 1.0 - a
    c, d = math.inf, 1.0 / b
    h = d
    for k in range(1, _MOST_TERMS):
        term = -k * (k - a)
        b += 2.0
        d = 1.0 / (term * d + b)
        c = b + term / c
        h *= d * c
        if abs(d * c - 1.0) <= _EPS:
            break
    return float(-x + a * math.log(x) - gammaln(a) + math.log(h)) / math.log(10.0)


def log10_normal(z: float) -> float:
    """Return log10 of the probability that a standard normal exceeds |z| in size."""
    return (float(log_ndtr(-abs(z))) + math.log(2.0)) / math.log(10.0)
