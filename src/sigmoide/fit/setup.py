"""The setup of a fit: its first read, what is refused by it, the objective in its coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks, Drawn
from sigmoide.blocks.moments import Moments
from sigmoide.errors import AliasedError, ColumnError, TargetError
from sigmoide.kernels.tiles import worth_compiling
from sigmoide.problem.blockwise import BlockProblem, problem_of
from sigmoide.problem.frame import Frame
from sigmoide.results.records import AliasedColumn, Settings
from sigmoide.solver.choose import Plan


@dataclass(frozen=True, slots=True)
class Known:
    """The rows, the settings and the first read of one fit: what stays the same through it.

    Attributes
    ----------
    blocks : Blocks
        All rows.
    intercept : bool
        Whether the model has one.
    settings : Settings
        What is asked for.
    moments : Moments
        Of the first read.
    chosen : Plan
        The solver that is tried first.
    drawn : Drawn or None
        The rows drawn in the first read: to start from, and to prove by.
    """

    blocks: Blocks
    intercept: bool
    settings: Settings
    moments: Moments
    chosen: Plan
    drawn: Drawn | None


@dataclass(frozen=True, slots=True)
class Setup:
    """The coordinates, the penalty of each coefficient, and the objective."""

    frame: Frame
    alpha: Array
    problem: BlockProblem

    @property
    def penalised(self) -> bool:
        """Whether every coefficient is."""
        return bool((self.alpha > 0.0).all())


def set_up(known: Known, frame: Frame, alpha: Array) -> Setup:
    """Return the problem in the coordinates of a frame; ``alpha`` as in the user's units."""
    blocks, ridge = known.blocks, frame.penalty(alpha)
    # By the columns that were asked for: proofs and first reads count them, too.
    compiled = worth_compiling(blocks.n_rows, len(blocks.names) + known.intercept)
    return Setup(frame, alpha, problem_of(blocks, frame, ridge, compiled=compiled))


def base_rate(moments: Moments, frame: Frame) -> Array:
    """Return the starting point: the intercept alone, every row with the share of events."""
    theta = np.zeros(frame.size)
    if frame.intercept:
        theta[0] = np.log(moments.events) - np.log(moments.total - moments.events)
    return theta


# Squares of numbers up to here, and sums of them, are floats.
LARGEST = 1e150


def refuse_unfit(names: tuple[str, ...], moments: Moments, intercept: bool) -> None:
    """Refuse data that no model is fitted to.

    Raises
    ------
    TargetError
        If all rows are of one class and there is an intercept.
    ColumnError
        If a column holds what is not finite, or its squares or its coefficient's are no floats.
    """
    # Without an intercept one class may have a maximum: x = 1 and x = -1 both answer 0.
    if intercept and not 0.0 < moments.events < moments.total:
        raise TargetError("all rows used are of one class; two classes are needed.")
    reach = np.maximum(np.abs(moments.low), np.abs(moments.high))
    with np.errstate(invalid="ignore"):
        spread = moments.high / 2.0 - moments.low / 2.0
    finite = np.isfinite(moments.mean)
    if finite.all() and not ((reach > LARGEST) | ((spread > 0) & (spread < 1 / LARGEST))).any():
        return
    for name, far, wide, fine in zip(names, reach, spread, finite, strict=True):
        if not fine and not LARGEST < far < np.inf:
            raise ColumnError(
                f"column {name!r} holds values that are missing or infinite. Leave these rows out, "
                "or put numbers in their place."
            )
        if far > LARGEST or 0.0 < wide < 1.0 / LARGEST:
            raise ColumnError(
                f"column {name!r} reaches {far:g} and spreads over {2 * wide:g}: its squares are "
                f"beyond what floating point holds. Give it in units between 1/{LARGEST:g} and "
                f"{LARGEST:g}."
            )


def refuse_aliased(aliased: tuple[AliasedColumn, ...], settings: Settings) -> None:
    """Refuse aliased columns where they are to be an error.

    Raises
    ------
    AliasedError
        If there are any, and ``settings.aliased`` is ``"error"``.
    """
    if aliased and settings.aliased == "error":
        raise AliasedError(
            "columns are linear combinations of earlier ones: "
            + "; ".join(f"{a.name} = {a}" for a in aliased)
            + ". Leave them out, or choose aliased='drop'."
        )
