"""What theory says of the coverage of each interval, and whether what was counted agrees."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import ndtr, ndtri

from benchmarks.coverage.enumerated import exact_coverage
from benchmarks.coverage.worlds import World

# Of some forty cells one is this many errors off by chance in a run out of ten.
MARGIN = 3.0
# From here on coverage is taken for that of the limit.
MANY = 1000
ENUMERATED = "two groups"


@dataclass(frozen=True, slots=True)
class Departure:
    """What is known of an interval while rows are few.

    Attributes
    ----------
    sides : tuple of str
        ``"below"``, ``"above"`` or both: where its coverage may then lie.
    why : str
        The reason, and who found it.
    """

    sides: tuple[str, ...]
    why: str


DEPARTURES = {
    "Wald": Departure(
        ("above",),
        "its error grows with the estimate, so that it is too long where the estimate is too large "
        "(Hauck and Donner 1977)",
    ),
    "profile": Departure(
        ("below",),
        "the likelihood-ratio statistic has a mean of 1 + O(1/n), above chi-square's (Lawley 1956)",
    ),
    "HC1": Departure(
        ("below",),
        "residuals at the estimate are smaller than errors, and their squares are a noisy measure "
        "of variance (MacKinnon and White 1985)",
    ),
    "HC3": Departure(
        ("above", "below"),
        "its variance is too large on average, as the jackknife's is, and noisy (Efron and Stein "
        "1981; Long and Ervin 2000)",
    ),
    "CR1": Departure(
        ("below",),
        "few clusters: sums of scores at the estimate are smaller than at the truth, and the "
        "quantile is normal (Cameron, Gelbach and Miller 2008)",
    ),
    "Firth": Departure(
        ("above", "below"),
        "its statistic, too, is chi-square in the limit only; near it for few rows already (Heinze "
        "and Schemper 2002)",
    ),
}


@dataclass(frozen=True, slots=True)
class Theory:
    """The coverage that there should be.

    Attributes
    ----------
    coverage : float
        The share of samples whose interval covers.
    exact : bool
        Whether that holds at this very n; otherwise it is the limit of many rows.
    """

    coverage: float
    exact: bool


def theory_of(world: World, method: str, rows: int, alpha: float) -> Theory:
    """Return what theory says of an interval of a world."""
    if world.name == ENUMERATED:
        return Theory(exact_coverage(method, rows, world.estimand, alpha), True)
    share = world.limits.get(method, 1.0)
    return Theory(float(1.0 - 2.0 * ndtr(float(ndtri(alpha / 2.0)) * share)), False)


def monte_carlo_error(coverage: float, samples: int) -> float:
    """Return the standard error of a share that was counted."""
    return float((coverage * (1.0 - coverage) / samples) ** 0.5)


def verdict(method: str, rows: int, counted: float, samples: int, theory: Theory) -> str:
    """Return whether what was counted agrees with theory, in words.

    Returns
    -------
    str
        ``"as theory says"``; ``"below, as known"`` or ``"above, as known"`` of few rows where the
        side is one of the method's; anything else begins with ``"not explained"``.
    """
    off = counted - theory.coverage
    if abs(off) <= MARGIN * monte_carlo_error(theory.coverage, samples):
        return "as theory says"
    side = "above" if off > 0.0 else "below"
    if not theory.exact and rows < MANY and side in DEPARTURES[method].sides:
        return f"{side}, as known"
    return f"not explained: {side}"
