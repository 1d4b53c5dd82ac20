r"""Heteroskedasticity-robust standard errors, for variances other than p (1 - p): HC0 to HC3.

.. math::

    V = H^{-1} \left( \sum_u a_u^2\, g_u g_u' \right) H^{-1} \cdot c

over units u with score g_u, leverage h_u:

==== ============== ========= ===================================================================
kind a              c         source
==== ============== ========= ===================================================================
HC0  1              1         Eicker 1967; Huber 1967; White 1980, Econometrica 48, 817-838
HC1  1              n/(n-p)   Hinkley 1977, Technometrics 19, 285-292
HC2  (1 - h)^-1/2   1         Horn, Horn and Duncan 1975, JASA 70, 380-385
HC3  (1 - h)^-1     1         MacKinnon and White 1985, Journal of Econometrics 29, 305-325
==== ============== ========= ===================================================================

The names are MacKinnon and White's, and those of Zeileis (2004, Journal of Statistical Software
11(10)), whose R package sandwich these are held to. For a logistic model h is that of the last step
of iteratively reweighted least squares (Pregibon 1981).

What a unit is, is asked for:

- ``"row"``: a row is one observation whose log-likelihood counts s times: g = s (y - p) z,
  h = s p (1-p) z' H^-1 z;
- ``"trial"``: a row of frequency f is f observations, as if it were repeated: each has
  g = (y - p) z, h = p (1-p) z' H^-1 z;
- ``"line"``: rows of one and the same source row are one observation, as R takes
  ``glm(cbind(successes, failures) ~ ...)``: their scores and their leverages are added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from sigmoide.arguments.words import count_from_zero
from sigmoide.blocks.block import Array, Block
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.columns.account import Rows, rows_where
from sigmoide.errors import UsageError
from sigmoide.inference.scores import (
    Footing,
    footing,
    refuse_other_rows,
    refuse_penalised,
    sandwich,
    score,
    withheld,
)
from sigmoide.results.covariance import described
from sigmoide.results.covariance_kinds import HC_KINDS, HCKind
from sigmoide.results.records import Covariance, Fit

Unit = Literal["row", "trial", "line"]

UNITS: tuple[str, ...] = ("row", "trial", "line")

# Powers of 1 / (1 - h) that a score is multiplied with.
_POWERS = {"HC0": 0.0, "HC1": 0.0, "HC2": 0.5, "HC3": 1.0}
# A leverage this close to 1 leaves no digits in 1 - h.
_FULL = 1e-10


@dataclass(frozen=True, slots=True)
class Meat:
    """The meat of a sandwich: outer products of scores, summed, in whitened coordinates.

    Attributes
    ----------
    rows, units : int
        Rows, and units that they make (for trials, rows as well).
    value : float
        Minus the log-likelihood.
    products : ndarray, shape (q, q)
        The sum.
    full : Rows
        Rows whose leverage is 1.
    """

    rows: int
    units: int
    value: float
    products: Array
    full: Rows

    def __add__(self, other: Meat) -> Meat:
        return Meat(
            self.rows + other.rows,
            self.units + other.units,
            self.value + other.value,
            self.products + other.products,
            self.full + other.full,
        )


@dataclass(frozen=True, slots=True)
class _SourceRows:
    """How many source rows there are."""

    count: int

    def __add__(self, other: _SourceRows) -> _SourceRows:
        return _SourceRows(self.count + other.count)


@single_threaded_arithmetic()
def heteroskedastic(
    blocks: Blocks, fit: Fit, intercept: bool, kind: HCKind, unit: Unit = "row"
) -> Covariance:
    """Return a heteroskedasticity-robust covariance (HC0 to HC3): one read.

    Parameters
    ----------
    blocks : Blocks
        The rows that were fitted.
    fit : Fit
        The fit. Of one that is separated, the infinite coefficients get no errors, and the others
        those of the limit.
    intercept : bool
        Whether the model has one.
    kind : {"HC0", "HC1", "HC2", "HC3"}
        Which; see the module.
    unit : {"row", "trial", "line"}
        What is one observation; see the module.

    Raises
    ------
    UsageError
        If the kind or the unit is unknown, or the fit is penalised.
    DataError
        If the rows are not those of the fit.
    """
    one_of("the kind of errors", kind, HC_KINDS)
    one_of("unit", unit, UNITS)
    refuse_penalised(fit, f"the covariance {kind}")
    p, notes = len(fit.separation.signs), withheld(fit, blocks.names, f"{kind} errors")
    at = footing(blocks, fit, intercept)
    if at is None:
        n = observations(blocks, fit, unit)
        return described(kind, None, fit, intercept, n, n - p, notes=notes)
    sums = at.blocks.reduce(partial(meat, at=at, unit=unit, power=_POWERS[kind]))
    refuse_other_rows(fit, sums.rows + len(fit.separation.rows), sums.value)
    n = observations(blocks, fit, unit, sums.units)
    why = _no_divisor(kind, n, p, sums.full)
    if why:
        return described(kind, None, fit, intercept, n, n - p, notes=(*notes, why))
    factor = n / (n - p) if kind == "HC1" else 1.0
    central = sandwich(factor * sums.products, at, p)
    return described(kind, central, fit, intercept, n, n - p, notes=notes)


def _no_divisor(kind: str, n: float, p: int, full: Rows) -> str:
    """Return why there are no such errors, where what they divide by is 0; else nothing."""
    if kind == "HC1" and n <= p:
        return f"HC1 errors are withheld: {n:g} observations leave n - {p} no divisor"
    if _POWERS[kind] and full:
        have = "has" if full.count == 1 else f"and {full.count - 1:,} more have"
        return (
            f"{kind} errors are withheld: {count_from_zero(full.first)} {have} a leverage of 1, "
            "and the divisor is 1 - leverage. HC1 has another"
        )
    return ""


def observations(blocks: Blocks, fit: Fit, unit: Unit, lines: int | None = None) -> float:
    """Return n, of all rows of the fit: separated ones count, as they do in its likelihood.

    Parameters
    ----------
    blocks : Blocks
        All rows; read only to count lines under separation.
    fit : Fit
        The fit.
    unit : {"row", "trial", "line"}
        What is one observation.
    lines : int, optional
        Lines among the rows that overlap, where they were counted.
    """
    if unit == "line":
        if lines is None or len(fit.separation.rows):
            lines = blocks.reduce(lambda block: _SourceRows(len(line_starts(block)))).count
        return float(lines)
    return fit.totals.weight if unit == "trial" else float(fit.totals.rows)


def meat(block: Block, at: Footing, unit: Unit, power: float) -> Meat:
    """Return the sum over the units of a block.

    Parameters
    ----------
    block, at
        The rows, and where their scores are taken.
    unit : {"row", "trial", "line"}
        What is one observation.
    power : float
        Of 1 / (1 - h), that a score is multiplied with.
    """
    at_estimate, s = score(block, at), block.weight
    whitened, units = at_estimate.whitened, len(block.y)
    # A trial's score counts f times, its square too; a row's score counts s times, squared s^2.
    size = np.sqrt(s) if unit == "trial" else s
    scores = (size * at_estimate.residual)[:, None] * whitened
    full = Rows()
    first = block.rows
    if power or unit == "line":
        bend = at_estimate.bend if unit == "trial" else s * at_estimate.bend
        leverage = bend * np.einsum("ij,ij->i", whitened, whitened)
        if unit == "line":
            starts = line_starts(block)
            units, first = len(starts), first[starts]
            if units:
                scores = np.add.reduceat(scores, starts)
                leverage = np.add.reduceat(leverage, starts)
        if power:
            rest = 1.0 - leverage
            at_one = rows_where(rest < _FULL)
            if at_one:
                full = Rows(at_one.count, int(first[at_one.first]))
            scores *= (np.maximum(rest, _FULL) ** -power)[:, None]
    return Meat(len(block.y), units, at_estimate.value, scores.T @ scores, full)


def line_starts(block: Block) -> np.ndarray:
    """Return where the rows of each source row begin; they stand next to each other."""
    return np.flatnonzero(np.diff(block.rows, prepend=-1))


def one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a word that is not one of these.

    Raises
    ------
    UsageError
        If it is another.
    """
    if value not in choices:
        raise UsageError(f"{name} {value!r} was asked for; it is one of {', '.join(choices)}.")
