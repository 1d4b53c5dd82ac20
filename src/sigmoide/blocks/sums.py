"""Adding partial results in an order that only the number of parts decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, Self, TypeVar


class Addable(Protocol):
    """Anything with ``+``: the partial result of a block."""

    def __add__(self, other: Self, /) -> Self: ...


T = TypeVar("T", bound=Addable)


def tree_sum(parts: Iterable[T]) -> T:
    """Add the parts in a balanced tree fixed by their order and their number.

    Neighbours are added first, then pairs of neighbours, and so on, as a binary counter carries:
    the rounding error grows with the logarithm of the number of parts, the memory too, and the
    bits do not depend on who computed which part, nor when.

    Parameters
    ----------
    parts : iterable
        At least one partial result, in block order.

    Raises
    ------
    ValueError
        If there is no part at all.
    """
    pending: list[tuple[int, T]] = []
    for part in parts:
        level, total = 0, part
        while pending and pending[-1][0] == level:
            total = pending.pop()[1] + total
            level += 1
        pending.append((level, total))
    if not pending:
        raise ValueError("a sum over no blocks has no value")
    total = pending.pop()[1]
    while pending:
        total = pending.pop()[1] + total
    return total


def depth(parts: int) -> int:
    """Return the most additions that one part goes through in :func:`tree_sum`."""
    return max(parts - 1, 0).bit_length() + 1
