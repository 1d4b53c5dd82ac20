"""Which columns are linear combinations of earlier ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import qr, solve_triangular
from scipy.linalg.lapack import dpotrf

from sigmoide.problem.protocols import Array

# A column whose part that is new, relative to the column, is below this is a combination (R's
# glm draws the line at the same place).
_NEW = 1e-11
# Up to here a new part may be the rounding with which the columns are held.
_BLURRED = 1e-6
# Above this a Hessian of unit diagonal shows that nothing is aliased, without another read.
CLEAR = 1e-8


@dataclass(frozen=True, slots=True)
class Triangle:
    """The factor R of a QR decomposition of rows; the sum of two is that of their rows together.

    Attributes
    ----------
    R : ndarray, shape (min(rows, p), p)
        Upper triangular.
    """

    R: Array

    def __add__(self, other: Triangle) -> Triangle:
        return triangle(np.vstack([self.R, other.R]))


def triangle(Z: Array) -> Triangle:
    """Return the factor of rows Z, shape (n, p)."""
    if not len(Z):
        return Triangle(Z)
    (R,) = qr(Z, mode="r", check_finite=False)
    return Triangle(np.asarray(R[: Z.shape[1]]))


@dataclass(frozen=True, slots=True)
class Alias:
    """Column ``column`` is the combination ``weights`` of the columns ``of``."""

    column: int
    of: tuple[int, ...]
    weights: Array


def screen(hessian: Array) -> bool:
    """Return whether a Hessian leaves open that columns are aliased.

    It is scaled to unit diagonal; the smallest pivot of its elimination in the given order is the
    squared share of a column that is new.
    """
    diagonal = np.diag(hessian)
    if not (diagonal > 0.0).all():
        return True
    scale = 1.0 / np.sqrt(diagonal)
    lower, failed = dpotrf(hessian * scale[:, None] * scale, lower=1)
    return bool(failed) or not float(np.diag(lower).min(initial=1.0)) ** 2 > CLEAR


def aliases(R: Array, grain: Array) -> list[Alias]:
    """Name the columns that add nothing to those before them.

    Parameters
    ----------
    R : ndarray, shape (m, p)
        Rows with the same inner products as the data.
    grain : ndarray, shape (p,)
        Norm of the rounding with which each column is held: a column that its combination
        explains up to that is one.
    """
    kept: list[int] = []
    basis = np.empty((len(R), 0))
    coordinates = np.empty((0, 0))
    aliased = []
    for j in range(R.shape[1]):
        column = R[:, j]
        # Twice is enough (Giraud, Langou and Rozloznik 2005).
        first = basis.T @ column
        rest = column - basis @ first
        second = basis.T @ rest
        rest = rest - basis @ second
        size, new = float(np.linalg.norm(column)), float(np.linalg.norm(rest))
        along = first + second
        weights = solve_triangular(coordinates, along) if kept else along
        explained = 4.0 * (grain[j] + float(np.abs(weights) @ grain[kept]))
        if new <= max(_NEW, min(explained / size, _BLURRED) if size else 0.0) * size:
            aliased.append(Alias(j, tuple(kept), weights))
            continue
        basis = np.column_stack([basis, rest / new])
        k = len(kept)
        grown = np.zeros((k + 1, k + 1))
        grown[:k, :k], grown[:k, k], grown[k, k] = coordinates, along, new
        coordinates = grown
        kept.append(j)
    return aliased
