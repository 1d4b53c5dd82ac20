"""Fits that can be interrupted: which sums their reads yield, and where they are kept."""

from __future__ import annotations

from sigmoide.data.moments import Moments
from sigmoide.kernels.reference import Evidence, Extent, Local, Slope
from sigmoide.solver.aliasing import Triangle

# All that a read of a fit may add up.
SUMS = {kind.__name__: kind for kind in (Moments, Local, Slope, Evidence, Extent, Triangle)}
