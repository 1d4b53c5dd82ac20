"""Formulas: read by a small parser of our own, never evaluated as Python.

The grammar::

    formula   name ~ sum | name / name ~ sum
    sum       [sign] product {sign product}
    sign      + | - | + -
    product   joined {* joined}
    joined    power {: power}
    power     term [** whole number]
    term      name | `any name` | . | 0 | 1 | call | ( sum )
    call      C(name [, contrast] [, ref=level])
              I(arithmetic) | log(arithmetic) | exp(…) | sqrt(…) | center(…) | scale(…)
              poly(arithmetic, degree) | bs(arithmetic, df=…) | cr(arithmetic, df=…)
              offset(arithmetic)
    contrast  Treatment | Treatment(level) | Sum | Sum(level)
    level     'text' | "text" | number | True | False
    arithmetic  numbers, names, + - * / ** ( ), log, exp, sqrt, center, scale

``docs/formula.md`` says what each of them means. Whatever is not in this list is refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass

from sigmoide.design.design import Term
from sigmoide.design.functions.arithmetic import Expression
from sigmoide.errors import FormulaError
from sigmoide.formula.algebra import gather
from sigmoide.formula.terms import TermReader
from sigmoide.formula.tokens import LONGEST


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
    """Read a formula.

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
    right = reader.right()
    away = (target, *apart) if trials is None else (target, trials, *apart)
    found = gather(reader, right, columns, away)
    return Formula(target, found.factors, found.intercept, found.products, trials, found.offset)
