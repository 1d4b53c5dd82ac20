"""The exact answer to the lesson's question, and how far from it the lesson stopped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigmoide.certificate import Certificate


@dataclass(frozen=True, eq=False)
class Optimum:
    """The weights and the bias that no others can beat on the training points.

    Attributes
    ----------
    weights : ndarray, shape (2,)
        w1 and w2.
    bias : float
        b.
    standard_errors : ndarray, shape (3,)
        Those of w1, w2 and b: by how much each would vary, were the points drawn again.
    loss : float
        The mean cross-entropy over the training points.
    certificate : Certificate
        Why it is the optimum.
    """

    weights: NDArray[np.float64]
    bias: float
    standard_errors: NDArray[np.float64]
    loss: float
    certificate: Certificate


@dataclass(frozen=True)
class CoefficientDistance:
    """How far one coefficient of the lesson is from the optimum.

    Attributes
    ----------
    name : str
        "w1", "w2" or "b".
    lesson, optimum : float
        The two values.
    standard_error : float
        That of the optimum.
    """

    name: str
    lesson: float
    optimum: float
    standard_error: float

    @property
    def difference(self) -> float:
        """The lesson's value minus the optimum's."""
        return self.lesson - self.optimum

    @property
    def in_standard_errors(self) -> float:
        """The difference, with the standard error as the unit."""
        return self.difference / self.standard_error


def exact_fit(X: NDArray[np.float64], y: NDArray[np.int64]) -> Optimum:
    """Minimise the mean cross-entropy exactly, with a proof.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        The training points.
    y : ndarray, shape (m,)
        Their classes, 0 or 1.

    Returns
    -------
    Optimum
        The one minimum there is.
    """
    from sigmoide import logit

    result = logit("y ~ x1 + x2", {"x1": X[:, 0], "x2": X[:, 1], "y": y})
    return Optimum(
        weights=np.asarray(result.params[["x1", "x2"]], dtype=np.float64),
        bias=float(result.params["Intercept"]),
        standard_errors=np.asarray(result.bse[["x1", "x2", "Intercept"]], dtype=np.float64),
        loss=-float(result.llf) / float(result.nobs),
        certificate=result.certificate,
    )


def distances(
    weights: NDArray[np.float32], bias: float, optimum: Optimum
) -> tuple[CoefficientDistance, ...]:
    """Compare the lesson's coefficients with the optimum, one by one.

    Parameters
    ----------
    weights : ndarray, shape (2,)
        The lesson's weights.
    bias : float
        The lesson's bias.
    optimum : Optimum
        The exact fit.

    Returns
    -------
    tuple of CoefficientDistance
        For w1, w2 and b, in this order.
    """
    return tuple(
        CoefficientDistance(name, float(lesson), float(best), float(error))
        for name, lesson, best, error in zip(
            ("w1", "w2", "b"),
            (*weights, bias),
            (*optimum.weights, optimum.bias),
            optimum.standard_errors,
            strict=True,
        )
    )
