"""Three subsets and a stop in time: the notebook speaks of them, here they are put to use."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigmoide.lesson import handmade
from sigmoide.lesson._torch import torch
from sigmoide.lesson.data import LessonData
from sigmoide.lesson.handmade import train
from sigmoide.lesson.stopping import loss_at

DEGREE = 3
RATE = 0.5
PATIENCE = 10
# Watched for so long after all, to see what the stop spares.
FURTHER = 2000
MOST_STEPS = 5000
MOST_PRODUCTS = 20_000_000

TEST, VALIDATION, TRAINING = 0, 1, 2

Part = tuple[torch.Tensor, torch.Tensor]  # the points and their classes
Parameters = tuple[torch.Tensor, torch.Tensor]  # the weights and the bias


@dataclass(frozen=True, eq=False)
class EarlyStopping:
    """A training that was stopped in time, and what would have come of it.

    Attributes
    ----------
    sizes : tuple of int
        Points for the test, for validation, and to learn from.
    features : int
        Columns that the model learns from.
    best : int
        The step of the least validation loss up to the stop.
    stop : int or None
        The step it stopped at; None if it never did.
    curve : ndarray, shape (steps + 1, 3)
        Step, training loss and validation loss, as if it had not stopped.
    best_losses, last_losses : tuple of float
        At the best step and at the last of the curve: on the training, validation and test
        points.
    """

    sizes: tuple[int, int, int]
    features: int
    best: int
    stop: int | None
    curve: NDArray[np.float64]
    best_losses: tuple[float, float, float]
    last_losses: tuple[float, float, float]


def standardised(P: NDArray[np.float64], rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Bring each column to mean 0 and standard deviation 1 over some of its rows.

    Parameters
    ----------
    P : ndarray, shape (n, k)
        The columns.
    rows : ndarray of bool, shape (n,)
        The rows that say what mean and deviation are: those to learn from, never the others. A
        column that does not vary in them is only centred.

    Returns
    -------
    ndarray, shape (n, k)
        All rows.
    """
    spread = P[rows].std(axis=0)
    return np.asarray((P - P[rows].mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def powers(X: NDArray[np.float64], degree: int = DEGREE) -> NDArray[np.float64]:
    """Multiply two columns out: x1, x2, x1², x1·x2, x2², x1³ … up to a degree.

    Parameters
    ----------
    X : ndarray, shape (n, 2)
        The two columns.
    degree : int
        The highest sum of the two exponents.

    Returns
    -------
    ndarray, shape (n, k)
        k = 9 products for degree 3.
    """
    x1, x2 = X.T
    return np.column_stack(
        [x1 ** (whole - k) * x2**k for whole in range(1, degree + 1) for k in range(whole + 1)]
    )


def stop_in_time(data: LessonData, degree: int = DEGREE) -> EarlyStopping | None:
    """Train a model that is too free, and stop it when the validation loss no longer falls.

    The two columns are standardised, multiplied out and standardised again, each time by the
    training rows. Float64, learning rate 0.5, from zero: in float32 the validation loss near its
    bottom no longer tells one step from the next. (Ten columns of mean square 1 or less bend the
    mean loss by 2.5 at most, so a rate of 0.5 goes down at every step.)

    Parameters
    ----------
    data : LessonData
        Rows 0, 3, 6 … are for the test, 1, 4, 7 … to validate on, 2, 5, 8 … to learn from.
    degree : int
        Of the products.

    Returns
    -------
    EarlyStopping or None
        What came out; None if one of the three parts is empty, or there is one class only to
        learn from.
    """
    parts = [data.turn == part for part in (TEST, VALIDATION, TRAINING)]
    learn = parts[TRAINING]
    if not all(part.any() for part in parts) or len(np.unique(data.yn[learn])) < 2:
        return None
    P = standardised(powers(standardised(data.X, learn), degree), learn)
    tensors = [_tensors(P, data.yn, part) for part in parts]
    most = max(200, min(MOST_STEPS, MOST_PRODUCTS // P.size))
    stopped = _trained(tensors, most, PATIENCE)
    stop = len(stopped.measured) - 1
    best = min(stopped.measured, key=lambda losses: (losses[2], losses[0]))[0]
    further = _trained(tensors, min(most, max(FURTHER, 2 * stop)), None)
    return EarlyStopping(
        tuple(int(part.sum()) for part in parts),  # type: ignore[arg-type]
        P.shape[1],
        best,
        stop if stop - best >= PATIENCE else None,
        np.array(further.measured),
        _losses(tensors, *stopped.best),
        _losses(tensors, *further.last),
    )


@dataclass(frozen=True, eq=False)
class _Training:
    """A training: the parameters it returned, those of its last step, and the losses on the way."""

    best: Parameters
    last: Parameters
    measured: list[tuple[int, float, float]]


def _trained(tensors: list[Part], steps: int, patience: int | None) -> _Training:
    """Train from zero on the last part, and validate on the one before."""
    _, (X_valid, y_valid), (X, y) = tensors
    zeros = torch.zeros(X.shape[1] + 1, dtype=X.dtype, device=X.device)
    path: list[Parameters] = []
    measured: list[tuple[int, float, float]] = []
    with contextlib.redirect_stdout(io.StringIO()):
        weights, bias, _ = train(
            X,
            y,
            zeros[1:],
            zeros[:1],
            RATE,
            steps,
            X_valid=X_valid,
            y_valid=y_valid,
            patience=patience,
            on_step=lambda _, w, b: path.append((w, b)),
            on_measure=lambda *losses: measured.append(losses),
        )
    return _Training((weights, bias), path[-1], measured)


def _tensors(P: NDArray[np.float64], y: NDArray[np.int64], part: NDArray[np.bool_]) -> Part:
    return (
        torch.from_numpy(P[part]).to(handmade.device),
        torch.from_numpy(y[part].astype(np.float64)).to(handmade.device),
    )


def _losses(
    tensors: list[Part], weights: torch.Tensor, bias: torch.Tensor
) -> tuple[float, float, float]:
    """Return the losses on the points to learn from, to validate on, and of the test."""
    test, valid, learn = (loss_at(X, y, weights, bias) for X, y in tensors)
    return learn, valid, test
