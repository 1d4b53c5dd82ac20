"""Likelihood-ratio tests of FLAC: in the fit of rows and pseudo-rows, as logistf has them."""

from __future__ import annotations

import numpy as np

from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.errors import UsageError
from sigmoide.fit.progress import Progress
from sigmoide.inference.batched_searches import advance
from sigmoide.inference.firth import FirthFit
from sigmoide.inference.firth_tests import fixed_at_zero, ratios
from sigmoide.inference.flic_flac import Corrected, augmented
from sigmoide.inference.hypothesis import ChiSquare
from sigmoide.inference.level_ends import frame_at
from sigmoide.inference.surface import Likelihood, functionals, visit
from sigmoide.problem.blockwise import moments_kernel


def flac_tests(
    blocks: Blocks, firth: FirthFit, corrected: Corrected, progress: Progress | None = None
) -> tuple[tuple[ChiSquare, ...], ChiSquare]:
    """Test each coefficient, and all slopes, by likelihood ratios.

    The mark of the pseudo-rows stays in both models of each test.

    Parameters
    ----------
    blocks, firth, progress
        As for :func:`sigmoide.inference.flic_flac.flac`.
    corrected : Corrected
        What it returned.

    Returns
    -------
    tuple of ChiSquare, ChiSquare
        Of each coefficient, the intercept first; of all slopes.
    """
    if corrected.fit is None:
        raise UsageError("the tests of FLIC's slopes are Firth's, and its intercept has Wald's.")
    grown = augmented(blocks, firth)
    with single_threaded_arithmetic():
        moments = grown.reduce(moments_kernel(grown, True))
        frame, theta = frame_at(corrected.fit.coefficients, moments, True)
        surface = Likelihood()
        (place,) = advance(grown, frame, [visit(surface, theta)])
        p = frame.size - 1
        sets = [[j] for j in range(p)] + [list(range(1, p))]
        if place is None:
            none = [ChiSquare(np.nan, len(fixed), np.nan) for fixed in sets]
            return tuple(none[:-1]), none[-1]
        A = functionals(frame)
        searches = [fixed_at_zero(surface, place, A[fixed]) for fixed in sets]
        ends = advance(grown, frame, searches, progress, "likelihood-ratio tests of FLAC")
    tests = ratios(place, ends, sets)
    return tuple(tests[:-1]), tests[-1]
