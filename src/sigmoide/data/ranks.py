"""Which factors of a term get a column for every level, so that no column repeats others.

The rule of patsy and formulaic: a term spans itself and all that is marginal to it; what earlier
terms span already is taken away, and what is left is written in as few products as possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

# A factor of a product: its number, and whether all its levels have a column.
Part = tuple[int, bool]
Span = frozenset[Part]
# Comparisons of products; what needs more is refused.
_MOST_WORK = 1 << 22


def full_rank(
    terms: Sequence[tuple[int, ...]], leveled: Sequence[bool], intercept: bool
) -> list[list[tuple[Part, ...]]] | None:
    """Return, for each term, the products that it adds to those before it.

    None if there are too many of them: products of many factors with nothing that is marginal.

    Parameters
    ----------
    terms : sequence of tuple of int
        Numbers of the factors, in order.
    leveled : sequence of bool
        Which factors have levels.
    intercept : bool
        Whether a column of ones comes first.
    """
    spanned: set[Span] = {frozenset()} if intercept else set()
    found, work = [], 0
    for term in terms:
        choices = [
            ((factor, False), None) if leveled[factor] else ((factor, True),) for factor in term
        ]
        spans = [tuple(part for part in chosen if part is not None) for chosen in product(*choices)]
        own = [parts for parts in spans if frozenset(parts) not in spanned]
        spanned.update(frozenset(parts) for parts in own)
        work += len(own) ** 2
        if work > _MOST_WORK:
            return None
        found.append(_simplified(own))
    return found


def _simplified(products: Iterable[tuple[Part, ...]]) -> list[tuple[Part, ...]]:
    """Join (anything):(fewer levels) + (anything) to (anything):(all levels), as often as it goes.

    A number's part counts as one with all levels: it has nothing to be joined to.
    """
    kept: list[tuple[Part, ...]] = []
    for parts in sorted(products, key=len):
        for other in kept:
            more = frozenset(parts) - frozenset(other)
            if len(parts) - 1 != len(other) or len(more) != 1:
                continue
            ((factor, whole),) = more
            if not whole:
                joined = tuple((f, True) if f == factor else (f, w) for f, w in parts)
                kept = _simplified([*(p for p in kept if p != other), joined])
                break
        else:
            kept.append(parts)
    return kept
