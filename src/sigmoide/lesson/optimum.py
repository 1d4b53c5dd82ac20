"""The exact answer to the lesson's question, and how far from it the lesson stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sigmoide.api.logit import fit_source
from sigmoide.api.result import Result
from sigmoide.design.design import Term
from sigmoide.design.prepare import Request
from sigmoide.lesson.data import LessonData
from sigmoide.proof.certificate import Certificate
from sigmoide.sources.formats import in_memory
from sigmoide.sources.frames import read_source

TERMS = ("x1", "x2", "Intercept")


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
        Those of w1, w2 and b: by how much each would vary, were the points drawn again. NaN where
        the optimum is not proved.
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


@dataclass(frozen=True, eq=False)
class NoOptimum:
    """Why there is no single best triple of weights and bias.

    Attributes
    ----------
    kind : {"separated", "aliased"}
        A line separates the classes, or one column repeats the other.
    complete : bool
        Whether the line leaves no point on it.
    signs : ndarray, shape (3,)
        Where w1, w2 and b go, if separated: 1 and -1 for plus and minus infinity, 0 for nowhere,
        NaN for an infinity of either sign.
    combination : str
        What the second column is a combination of, if aliased.
    """

    kind: Literal["separated", "aliased"]
    complete: bool
    signs: NDArray[np.float64]
    combination: str


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


def exact_fit(X: NDArray[np.float64], y: NDArray[np.int64]) -> Optimum | NoOptimum:
    """Minimise the mean cross-entropy exactly, with a proof, or say why it has no minimum.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        The training points.
    y : ndarray, shape (m,)
        Their classes, 0 or 1.

    Returns
    -------
    Optimum or NoOptimum
        The one minimum there is, or why there is not one.
    """
    result = _fit(X, y)
    if result.aliased:
        return NoOptimum("aliased", False, np.zeros(3), next(iter(result.aliased.values())))
    if result.status == "separated":
        signs = np.asarray(result.separation.directions[list(TERMS)], dtype=np.float64)
        return NoOptimum("separated", result.separation.kind == "complete", signs, "")
    return Optimum(
        weights=np.asarray(result.params[["x1", "x2"]], dtype=np.float64),
        bias=float(result.params["Intercept"]),
        standard_errors=np.asarray(result.bse[list(TERMS)], dtype=np.float64),
        loss=-float(result.llf) / float(result.nobs),
        certificate=result.certificate,
    )


def not_twice_the_same(data: LessonData, optimum: Optimum | NoOptimum) -> Optimum | NoOptimum:
    """Look whether the learner's columns repeat each other, before float32 blurred it.

    Parameters
    ----------
    data : LessonData
        The learner's own points.
    optimum : Optimum or NoOptimum
        The exact fit of them as the lesson sees them.

    Returns
    -------
    Optimum or NoOptimum
        The same, or that the columns are aliased in their own units.
    """
    if data.origin is None:
        return optimum
    blocks = data.origin.prepared.blocks
    X = blocks.map(lambda block: block.X)[data.in_train]
    exact = exact_fit(X, data.yn[data.in_train])
    if isinstance(exact, NoOptimum) and exact.kind == "aliased":
        return exact
    return optimum


def _fit(X: NDArray[np.float64], y: NDArray[np.int64]) -> Result:
    """Fit as ``sigmoide.logit`` does, without its warnings: the lesson says it in its own words."""
    source = read_source({"x1": X[:, 0], "x2": X[:, 1], "y": y})
    request = Request("y", (Term("x1", "x1"), Term("x2", "x2")))
    return fit_source(in_memory(source), request)


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
