"""Wilkinson's algebra: from the tree of a formula to its terms, in their order.

Wilkinson and Rogers, "Symbolic description of factorial models for analysis of variance", Applied
Statistics 22, 1973. Terms come by the number of their factors, then as they are written: as in R,
patsy and formulaic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from sigmoide.design.design import Term
from sigmoide.design.functions.arithmetic import Apply, Expression, Node, Variable
from sigmoide.errors import FormulaError
from sigmoide.formula.terms import MOST_POWER, Cross, Part, Power, Sum, TermReader, Word
from sigmoide.formula.tokens import LONGEST, MOST_OFFSETS, Tokens

# More terms than this are not made of a formula.
MOST_TERMS = 100_000
# More products than this are not looked at, however many of them are the same.
MOST_PAIRS = 1_000_000

Factors = tuple[Term, ...]
Key = frozenset[str]
# Terms in their order, none twice.
Terms = dict[Key, Factors]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, read.

    Attributes
    ----------
    target : str
        The column on the left; that of the successes where there are trials.
    terms : tuple of Term
        The terms on the right, in order; with ``products``, their factors.
    intercept : bool
        False with ``- 1`` or ``+ 0``.
    products : tuple of tuple of int
        Where there are interactions: for each term the numbers of its factors.
    trials : str, optional
        The column of the trials.
    offset : str or Expression, optional
        What ``offset(...)`` names.
    """

    target: str
    terms: tuple[Term, ...]
    intercept: bool
    products: tuple[tuple[int, ...], ...] = ()
    trials: str | None = None
    offset: str | Expression | None = None


def parse(text: str, columns: tuple[str, ...], apart: tuple[str, ...] = ()) -> Formula:
    """Parse a formula (Wilkinson and Rogers 1973) into terms of these columns.

    Parameters
    ----------
    text : str
        The formula.
    columns : tuple of str
        Columns of the data, for ``.``.
    apart : tuple of str
        Columns that ``.`` leaves out besides the target: weights, offset.

    Raises
    ------
    FormulaError
        If it cannot be read, or holds what is not available.
    """
    if not isinstance(text, str):
        raise FormulaError(
            f"the formula is of type {type(text).__name__}; a text such as 'y ~ a + b' is needed."
        )
    if len(text) > LONGEST:
        raise FormulaError(
            f"the formula is {len(text):,} characters long; at most {LONGEST:,} are read. "
            "Write 'y ~ .', and leave columns out with '- name'."
        )
    reader = TermReader(text)
    target, trials = reader.response()
    side = reader.right()
    away = (target, *apart) if trials is None else (target, trials, *apart)
    right = gather(reader, side, columns, away)
    return Formula(target, right.factors, right.intercept, right.products, trials, right.offset)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a formula asks for.

    Attributes
    ----------
    factors : tuple of Term
        Each once; the terms themselves where none is a product.
    products : tuple of tuple of int
        For each term its factors; empty where none is a product.
    intercept : bool
        Whether there is one.
    offset : str or Expression, optional
        What is added to the linear predictor.
    """

    factors: tuple[Term, ...]
    products: tuple[tuple[int, ...], ...]
    intercept: bool
    offset: str | Expression | None


def gather(text: Tokens, right: Sum, columns: tuple[str, ...], away: tuple[str, ...]) -> Gathered:
    """Add, multiply and leave out the terms.

    Parameters
    ----------
    text : Tokens
        The formula, for what is refused of it.
    right : Sum
        Its right side.
    columns, away : tuple of str
        Columns of the data, and those of them that ``.`` leaves out.

    Raises
    ------
    FormulaError
        If the terms cannot be meant.
    """
    parts = list(_flat(right, outer=True))
    as_levels = {
        part.column
        for _, whole in parts
        for part in _leaves(whole)
        if isinstance(part, Term) and part.categorical
    }
    shifts = [part for _, part in parts if isinstance(part, Expression)]
    if len(shifts) > MOST_OFFSETS:
        raise text.refused(
            f"more than {MOST_OFFSETS} offsets. Add them inside of one: offset(a + b)."
        )
    shifting = {name for shift in shifts for name in shift.columns}
    dots = [name for name in columns if name not in {*away, *as_levels, *shifting}]
    algebra = _Algebra(text, dots)
    terms: Terms = {}
    # By the columns that they are left out by.
    standing: dict[Key, list[Key]] = {}
    known = frozenset(columns)
    intercept = True
    for added, part in parts:
        if isinstance(part, Expression):
            if not added:
                raise text.refused(f"{part.label} cannot be left out. Do not write it.")
        elif isinstance(part, Word) and part.word != ".":
            intercept = (part.word == "1") == added
        elif added:
            for key, factors in algebra.terms(part).items():
                if key not in terms:
                    terms[key] = factors
                    standing.setdefault(_columns(factors), []).append(key)
            algebra.bounded(len(terms))
        else:
            if isinstance(part, Word):
                raise text.refused("'- .' would leave out every column. Leave out some by name.")
            for factors in algebra.terms(part).values():
                for factor in factors:
                    _known(text, factor, columns, known)
                for key in standing.pop(_columns(factors), ()):
                    del terms[key]
    ordered = sorted(terms.values(), key=len)
    numbers: dict[str, int] = {}
    factors_of: list[Term] = []
    for factors in ordered:
        for factor in factors:
            if factor.label not in numbers:
                numbers[factor.label] = len(factors_of)
                factors_of.append(factor)
    products = tuple(tuple(numbers[f.label] for f in factors) for factors in ordered)
    plain = all(len(term) == 1 for term in products)
    return Gathered(tuple(factors_of), () if plain else products, intercept, _shift(shifts))


def _flat(part: Part, outer: bool) -> Iterator[tuple[bool, Part]]:
    """Open the parentheses of sums that are only added; the signs are those read."""
    if not isinstance(part, Sum):
        yield outer, part
        return
    for added, inner in part.parts:
        yield from _flat(inner, added)


def _leaves(part: Part) -> Iterator[Part]:
    if isinstance(part, Sum):
        for _, inner in part.parts:
            yield from _leaves(inner)
    elif isinstance(part, Cross):
        for inner in part.parts:
            yield from _leaves(inner)
    elif isinstance(part, Power):
        yield from _leaves(part.base)
    else:
        yield part


class _Algebra:
    """Terms of the parts of a formula."""

    def __init__(self, text: Tokens, dots: list[str]) -> None:
        self._text, self._dots = text, dots
        self._pairs = 0

    def bounded(self, count: int) -> None:
        """Refuse more terms than are made of a formula."""
        if count > MOST_TERMS:
            raise self._text.refused(
                f"it stands for more than {MOST_TERMS:,} terms. Multiply fewer columns."
            )

    def terms(self, part: Part) -> Terms:
        """Return the terms that a part stands for."""
        if isinstance(part, Term):
            return {frozenset([part.label]): (part,)}
        if isinstance(part, Word):
            if part.word == ".":
                return {frozenset([name]): (Term(name, name),) for name in self._dots}
            raise self._text.refused(
                f"{part.word} at character {part.at} stands inside of a product, under '*', ':' or "
                "'**'. It says whether there is an intercept: write it beside the terms."
            )
        if isinstance(part, Expression):
            raise self._text.refused(
                f"{part.label} stands inside of a product. It is added as it is: write it beside "
                "the terms."
            )
        if isinstance(part, Sum):
            return self._sum(part)
        if isinstance(part, Power):
            base = self.terms(part.base)
            terms = dict(base)
            for _ in range(part.degree - 1):
                before = len(terms)
                terms = terms | self._joined(terms, base)
                if len(terms) == before:
                    break
            return terms
        terms = self.terms(part.parts[0])
        for more in part.parts[1:]:
            other = self.terms(more)
            joined = self._joined(terms, other)
            terms = joined if part.sign == ":" else terms | other | joined
            self.bounded(len(terms))
        return terms

    def _sum(self, part: Sum) -> Terms:
        terms: Terms = {}
        for added, inner in part.parts:
            own = self.terms(inner)
            if added:
                terms |= {k: v for k, v in own.items() if k not in terms}
            else:
                gone = {_columns(factors) for factors in own.values()}
                terms = {k: v for k, v in terms.items() if _columns(v) not in gone}
        return terms

    def _joined(self, left: Terms, right: Terms) -> Terms:
        """Return the products of all terms on the left with all on the right."""
        self._pairs += len(left) * len(right)
        if self._pairs > MOST_PAIRS:
            raise self._text.refused(
                f"it stands for more than {MOST_PAIRS:,} products. Multiply fewer columns."
            )
        products: Terms = {}
        for key, factors in left.items():
            for other, more in right.items():
                both = key | other
                if both in products:
                    continue
                if len(both) > MOST_POWER:
                    raise self._text.refused(
                        f"a product of more than {MOST_POWER} columns. Multiply fewer."
                    )
                products[both] = (*factors, *(f for f in more if f.label not in key))
                self.bounded(len(products))
        return products


def _columns(factors: Factors) -> frozenset[str]:
    """Return what a term is left out by: ``- g`` leaves out ``C(g)`` too."""
    return frozenset(factor.column for factor in factors)


def _known(text: Tokens, factor: Term, columns: tuple[str, ...], known: frozenset[str]) -> None:
    """Refuse to leave out what is no column: a typing error would keep a column in."""
    for name in factor.columns:
        if name not in known:
            near = get_close_matches(name, columns, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise text.refused(
                f"{factor.label!r} is to be left out, but there is no such column.{hint} Mend the "
                "name."
            )


def _shift(shifts: list[Expression]) -> str | Expression | None:
    """Return the sum of the offsets; one column is that column."""
    if not shifts:
        return None
    tree: Node = shifts[0].tree
    for shift in shifts[1:]:
        tree = Apply("+", (tree, shift.tree))
    if isinstance(tree, Variable):
        return tree.name
    return Expression(" + ".join(shift.label for shift in shifts), tree)
