"""What no model is fitted to, as the first read shows it."""

from __future__ import annotations

import numpy as np

from sigmoide.blocks.moments import Moments
from sigmoide.errors import AliasedError, ColumnError, TargetError
from sigmoide.results.records import AliasedColumn, Settings

# Squares of numbers up to here, and sums of them, are floats.
LARGEST = 1e150


def refuse_unfit(names: tuple[str, ...], seen: Moments, intercept: bool) -> None:
    """Refuse data that no model is fitted to.

    Raises
    ------
    TargetError
        If all rows are of one class and there is an intercept.
    ColumnError
        If a column holds what is no finite number, or its squares or those of its coefficient are
        no floats.
    """
    # Without an intercept one class may have a maximum: x = 1 and x = -1 both answer 0.
    if intercept and not 0.0 < seen.events < seen.total:
        raise TargetError("all rows used are of one class; two classes are needed.")
    reach = np.maximum(np.abs(seen.low), np.abs(seen.high))
    with np.errstate(invalid="ignore"):
        spread = seen.high / 2.0 - seen.low / 2.0
    finite = np.isfinite(seen.mean)
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
