r"""Score tests (Rao 1948) of columns that are not in the model: nothing is fitted again.

With U the score of the larger model at the smaller one's estimates, the new coefficients at 0, and
V = H_22 - H_21 H_11^{-1} H_12 the efficient information of the new ones,

.. math::

    S = U_2' V^{-1} U_2

is chi-square with as many degrees of freedom as there are new columns (Rao 1948, "Large sample
tests of statistical hypotheses concerning several parameters", Proceedings of the Cambridge
Philosophical Society 44, 50-57). One read tells U and H for any number of terms.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import chdtrc

from sigmoide.blocks.block import Array, Integers
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import Moments
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.blocks.views import some_columns
from sigmoide.errors import NotProvedError, UsageError
from sigmoide.fit.aliased import find_aliased
from sigmoide.fit.progress import Progress
from sigmoide.inference.batched_searches import Search, advance
from sigmoide.inference.profile import refuse_unsuitable
from sigmoide.inference.surface import likelihood_at
from sigmoide.inference.tails import log10_chi_square
from sigmoide.kernels.reference import Local
from sigmoide.problem.blockwise import moments_kernel
from sigmoide.problem.frame import Frame, frame_of
from sigmoide.proof.certificate import lower_factor
from sigmoide.results.records import Fit
from sigmoide.solver.aliasing import screen

_WHAT = "score tests"


@dataclass(frozen=True, slots=True)
class Score:
    """The score test of one term.

    Attributes
    ----------
    label : str
        The term.
    df : int
        Columns that it would add, those left out that are combinations of others.
    statistic : float
        U_2' V^-1 U_2.
    p, log10_p : float
        Its tail probability, and the logarithm; NaN where the term adds nothing.
    """

    label: str
    df: int
    statistic: float
    p: float
    log10_p: float


def score_tests(
    blocks: Blocks,
    fit: Fit,
    names: Sequence[str],
    intercept: bool,
    terms: Mapping[str, Sequence[int]] | None = None,
    progress: Progress | None = None,
) -> tuple[Score, ...]:
    """Test terms that a fit has not, each by itself.

    Parameters
    ----------
    blocks : Blocks
        The rows that the fit was made on, with its columns and others.
    fit : Fit
        The fit of the smaller model, without penalty and proved.
    names : sequence of str
        Columns that the fit was asked to use, as its own blocks had them.
    intercept : bool
        Whether it has one.
    terms : mapping, optional
        From the term to its columns, as positions in ``blocks.names``; by default each column that
        the fit has not is a term.
    progress : callable, optional
        Told, after each read, what is known by then.

    Raises
    ------
    UsageError
        If the fit is penalised, a column of it is not among those of ``blocks``, a term has a
        column of it, or the rows are not those of the fit.
    NotProvedError
        If the fit is not proved.
    """
    refuse_unsuitable(fit, _WHAT)
    if fit.status == "separated":
        raise NotProvedError(
            f"{_WHAT} are taken at the maximum of the likelihood, and the classes are separated: "
            "there is none. Likelihood-ratio tests hold in the limit; take those, or fit with "
            "Firth's penalty (method='firth')."
        )
    used = _places(blocks.names, names)
    if terms is None:
        terms = {name: (j,) for j, name in enumerate(blocks.names) if name not in set(names)}
    for label, columns in terms.items():
        if shared := set(columns) & set(used):
            raise UsageError(
                f"the term {label!r} has column {blocks.names[min(shared)]!r}, which is in the "
                "model already: a score test is of columns that are not."
            )
    kept = fit.coefficients
    inside = [used[j] for j in kept.columns]
    with single_threaded_arithmetic():
        extra = sorted({j for columns in terms.values() for j in columns})
        # The model's columns first, so that what is aliased is what is new.
        view = some_columns(blocks, inside + extra)
        moments = view.reduce(moments_kernel(view, intercept))
        _refuse_other_rows(moments, fit)
        frame = _frame(moments, kept.centre, intercept)
        coef = np.concatenate([kept.coef, np.zeros(len(extra))])
        theta = frame.coordinates(kept.intercept, coef)
        (at,) = advance(view, frame, [_ask(theta)], progress, "score")
        first = int(intercept)
        base = list(range(first + len(inside)))
        places = {j: first + len(inside) + k for k, j in enumerate(extra)}
        lines = []
        for label, columns in terms.items():
            added = np.array(sorted(places[j] for j in columns), dtype=np.int64)
            lines.append(_test(label, view, frame, moments, at, np.array(base), added))
    return tuple(lines)


def _ask(theta: Array) -> Search[Local]:
    at: Local = yield likelihood_at(theta)
    return at


def _frame(moments: Moments, centre: Array, intercept: bool) -> Frame:
    """Return the frame of all columns, the first of them centred where the fit was."""
    frame = frame_of(moments, intercept)
    return replace(frame, centre=np.concatenate([centre, frame.centre[len(centre) :]]))


def _test(
    label: str,
    blocks: Blocks,
    frame: Frame,
    moments: Moments,
    at: Local,
    base: Integers,
    added: Integers,
) -> Score:
    """Test the coordinates ``added`` against the model of ``base``."""
    every = np.concatenate([base, added])
    if len(added) and screen(at.hessian[np.ix_(every, every)]):
        # Too near for the Hessian to tell: a read decides what is a combination of what.
        first = int(frame.intercept)
        part = frame.keep(every[first:] - first)
        _, stays = find_aliased(blocks, part, moments, np.zeros(len(part.columns)))
        added = every[stays[stays >= len(base) - first] + first]
        every = np.concatenate([base, added])
    if not len(added):
        return Score(label, 0, 0.0, math.nan, math.nan)
    factor = lower_factor(at.hessian[np.ix_(every, every)], 0.0)
    if factor is None:
        return Score(label, len(added), math.nan, math.nan, math.nan)
    # The last entries of L^-1 U are the efficient score, whitened by its information: the
    # Cholesky factor of H ends with that of V.
    whitened = solve_triangular(factor.lower, factor.scale * at.gradient[every], lower=True)
    tail = whitened[len(base) :]
    statistic, df = float(tail @ tail), len(added)
    return Score(
        label, df, statistic, float(chdtrc(df, statistic)), log10_chi_square(statistic, df)
    )


def _places(every: Sequence[str], names: Sequence[str]) -> list[int]:
    places = {name: j for j, name in enumerate(every)}
    for name in names:
        if name not in places:
            near = get_close_matches(name, every, n=1)
            hint = f" (the nearest is {near[0]!r})" if near else ""
            raise UsageError(
                f"column {name!r} of the model is not among the columns given{hint}: a score test "
                "takes the columns of the model and others."
            )
    return [places[name] for name in names]


def _refuse_other_rows(sums: Moments, fit: Fit) -> None:
    totals = fit.totals
    alike = (
        sums.rows == totals.rows
        and math.isclose(sums.total, totals.weight, rel_tol=1e-9)
        and math.isclose(sums.events, totals.events, rel_tol=1e-9)
    )
    if not alike:
        raise UsageError(
            f"the fit was made on {totals.rows:,} rows with {totals.events:g} events of weight "
            f"{totals.weight:g}; {sums.rows:,} rows with {sums.events:g} of {sums.total:g} were "
            "given. The score of the new columns has to be taken on the same rows: fit the smaller "
            "model on those that have a value in every new column."
        )
