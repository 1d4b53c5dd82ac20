"""What is fitted, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Generator = np.random.Generator


@dataclass(frozen=True, slots=True)
class Problem:
    """Data and penalty: minimise sum_i [softplus(eta_i) - y_i eta_i] + |w|^2 / (2C).

    Attributes
    ----------
    X : ndarray, shape (n, d)
        float32 or float64, row-major.
    y : ndarray of int64, shape (n,)
        0 and 1.
    C : float
        Inverse of the penalty; infinite for none. The intercept is not penalised.
    """

    X: NDArray[Any]
    y: Integers
    C: float

    @property
    def alpha(self) -> float:
        """The penalty itself: 1 / C, or 0."""
        return 0.0 if np.isinf(self.C) else 1.0 / self.C


@dataclass(frozen=True, slots=True)
class Answer:
    """Coefficients that a solver returned.

    Attributes
    ----------
    intercept : float
        Of the linear predictor.
    coef : ndarray, shape (d,)
        One for each column, in the column's own units.
    said : dict
        What the solver says of its own work: steps, reads, whether it is proved.
    """

    intercept: float
    coef: Array
    said: dict[str, float] = field(default_factory=dict)
