"""Functions of columns and products, learned from what rows told; and what is refused of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence

from sigmoide.columns.account import Rows
from sigmoide.columns.values import Values
from sigmoide.design.design import MOST_COLUMNS, Coding, Design, Product, Term
from sigmoide.design.encode import no_value
from sigmoide.design.functions.transform import Told, frozen
from sigmoide.errors import ColumnError
from sigmoide.sources.source import Source, rows_like_it

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
    products, work = [], 0
    for term in terms:
        choices = [
            ((factor, False), None) if leveled[factor] else ((factor, True),) for factor in term
        ]
        spans = [
            tuple(part for part in chosen if part is not None)
            for chosen in itertools.product(*choices)
        ]
        own = [parts for parts in spans if frozenset(parts) not in spanned]
        spanned.update(frozenset(parts) for parts in own)
        work += len(own) ** 2
        if work > _MOST_WORK:
            return None
        products.append(_simplified(own))
    return products


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


def learn_products(
    source: Source,
    codings: tuple[Coding, ...],
    products: tuple[tuple[int, ...], ...],
    intercept: bool,
) -> tuple[Product, ...]:
    """Return what the columns of X are, where the codings are factors."""
    labels = [":".join(codings[factor].label for factor in term) for term in products]
    made = full_rank(products, [bool(coding.levels) for coding in codings], intercept)
    if made is None:
        raise ColumnError(
            f"{source.name}: the terms multiply too many columns with levels, without the columns "
            "themselves. Write a*b, which is a + b + a:b, or multiply fewer."
        )
    learned = tuple(
        Product(label, parts) for label, own in zip(labels, made, strict=True) for parts in own
    )
    columns = 0
    for product in learned:
        widths = [len(codings[number].names_of(full=full)) for number, full in product.parts]
        columns += math.prod(widths)
        if columns > MOST_COLUMNS:
            raise ColumnError(
                f"{source.name}: the terms make more than {MOST_COLUMNS:,} columns, "
                f"{product.label!r} alone {math.prod(widths):,}. Leave it out, or make fewer "
                "levels."
            )
    return learned


def empty_note(label: str, design: Design) -> str:
    """Say that a term has no column, and why."""
    alone = [c for c in design.codings if len(c.levels) == 1 and c.label in label]
    why = f": {alone[0].column!r} holds {alone[0].levels[0]!r} alone" if alone else ""
    return f"the term {label!r} makes no column in the rows used{why}"


def refuse_nothing(
    source: Source, terms: tuple[Term, ...], products: tuple[tuple[int, ...], ...], design: Design
) -> None:
    """Refuse a term without columns that was asked for by name."""
    made = products or tuple((number,) for number in range(len(terms)))
    groups = design.groups
    for factors in made:
        label = ":".join(terms[number].label for number in factors)
        if not groups.get(label) and all(terms[number].named for number in factors):
            raise ColumnError(f"{source.name}: {empty_note(label, design)}. Leave it out.")


def refuse_indicators(
    source: Source,
    terms: tuple[Term, ...],
    products: tuple[tuple[int, ...], ...],
    gaps: Mapping[str, Rows],
) -> None:
    """Refuse to fill in columns where the mean of them would stand for something else."""
    inside = {number for term in products if len(term) > 1 for number in term}
    for number, term in enumerate(terms):
        if term.asked is None and number not in inside:
            continue
        for name in term.columns:
            if gap := gaps[name]:
                where = next(
                    (
                        ":".join(terms[factor].label for factor in made)
                        for made in products
                        if number in made and len(made) > 1
                    ),
                    term.label,
                )
                raise ColumnError(
                    f"{source.name}, {source.place(gap.first)}: {name!r} has no value "
                    f"({rows_like_it(gap.count)}), and missing='indicator' fills in columns that "
                    f"are used as they are; this one is part of {where}. Fill it in, or choose "
                    "missing='drop'."
                )


def learn_transform(
    source: Source, term: Term, values: Mapping[str, Values], statistics: Told | None
) -> Coding:
    """Freeze a function of columns."""
    for name in term.columns:
        if values[name].kind != "numeric":
            such = f", such as {values[name].levels[0]!r}" if values[name].levels else ""
            raise ColumnError(
                f"{source.name}: {term.label} needs numbers, and column {name!r} is "
                f"{values[name].kind}{such}. Name a column of numbers."
            )
    if term.asked is None or statistics is None:
        raise AssertionError(f"nothing was learned of {term.label}")
    if statistics.without:
        raise no_value(source, term.label, statistics.without)
    transform = frozen(term.asked, statistics)
    if isinstance(transform, str):
        raise ColumnError(f"{source.name}: {term.label} cannot be made: {transform}.")
    return Coding(term.column, term.label, "numeric", transform=transform)
