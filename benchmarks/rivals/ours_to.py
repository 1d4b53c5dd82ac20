"""Ours, stopped where a level of accuracy is reached, as every rival is.

By default ours goes on to 1e-6 standard errors, which no rival offers: of a million rows that is a
gap of 1e-18. At equal accuracy its tolerance is looked for as theirs is; the fit is proved to it.
"""

from __future__ import annotations

from benchmarks.ours import prepare_to
from benchmarks.rivals.base import Rival, powers

RIVAL = Rival("sigmoide, no further", "sigmoide", "sigmoide", prepare_to, powers(0, 6))
