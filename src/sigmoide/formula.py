"""Formulas: read by formulaic's tokeniser and parser, never evaluated as Python.

What is allowed: ``target ~ a + b + C(g) + C(h, ref='x') - 1``, ``.`` for all other columns, names
in backticks. Everything else is refused by its name.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from sigmoide.data.design import Term
from sigmoide.data.target import event_word
from sigmoide.errors import FormulaError

_LONGEST = 100_000
_ALLOWED = {"~", "+", "-", "."}
_LATER = {
    ":": "interactions",
    "*": "interactions",
    "**": "interactions",
    "^": "interactions",
    "/": "nesting",
    "%in%": "nesting",
    "|": "several formulas in one",
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, read.

    Attributes
    ----------
    target : str
        The column on the left.
    terms : tuple of Term
        The terms on the right, in order.
    intercept : bool
        False with ``- 1`` or ``+ 0``.
    """

    target: str
    terms: tuple[Term, ...]
    intercept: bool


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
        If it cannot be read, or holds what is not allowed.
    """
    if len(text) > _LONGEST:
        raise FormulaError(
            f"the formula is {len(text)} characters long; at most {_LONGEST} are read. "
            "Use `y ~ .` and leave columns out with `- name`."
        )
    from formulaic.errors import FormulaicError
    from formulaic.parser import DefaultFormulaParser

    parser = DefaultFormulaParser(include_intercept=True)
    try:
        tokens = list(parser.get_tokens(text))
        target = _target(text, tokens)
        calls = {t.token: _call(text, t.token) for t in tokens if t.kind.value == "python"}
        named = {call.column for call in calls.values()}
        others = [c for c in columns if c not in (target, *apart) and c not in named]
        parsed = parser.get_terms(text, context={"__formulaic_variables_available__": others})
        terms = _terms(parsed.rhs, calls)
    except FormulaError:
        raise
    except (FormulaicError, SyntaxError, ValueError, RecursionError, AttributeError) as error:
        why = str(error).strip().partition("\n")[0] or type(error).__name__
        raise FormulaError(
            f"formula {text!r} cannot be read: {why.rstrip('.')}. Write it like "
            "'y ~ a + b + C(g)'; put names that are no identifiers in `backticks`; a formula is "
            "never run as code."
        ) from error
    return Formula(target, *terms)


def _target(text: str, tokens: list[Any]) -> str:
    """Return the target's column, having refused every token that is not allowed."""
    for token in tokens:
        kind, word = token.kind.value, token.token
        if kind == "operator" and word not in _ALLOWED:
            what = _LATER.get(word, "this operator")
            raise FormulaError(
                f"formula {text!r}: {word!r} ({what}) is not available. Terms are joined by '+' "
                "and left out by '-'."
            )
        if kind == "value" and word not in ("0", "1"):
            raise FormulaError(
                f"formula {text!r}: {word} is not a term. Only 1 and 0 may stand for the "
                "intercept; put names that look like numbers in `backticks`."
            )
    sides = [t.token for t in tokens].count("~")
    if sides != 1 or [t.kind.value for t in tokens[:2]] != ["name", "operator"]:
        raise FormulaError(
            f"formula {text!r} must be 'target ~ terms' with one column's name on the left, such "
            "as 'y ~ a + b'. Functions of the target are not available."
        )
    if [t.token for t in tokens[1:2]] != ["~"]:
        raise FormulaError(
            f"formula {text!r}: one column stands on the left of '~', the target. "
            "Write it like 'y ~ a + b'."
        )
    words = {kind: {t.token for t in tokens if t.kind.value == kind} for kind in ("name", "python")}
    if both := words["name"] & words["python"]:
        raise FormulaError(
            f"formula {text!r}: {both.pop()!r} is both a name and a call. Rename the column."
        )
    if text.rstrip().endswith("~"):
        raise FormulaError(
            f"formula {text!r} has nothing on the right. Write 'y ~ a + b', or 'y ~ 1' for the "
            "intercept alone."
        )
    return str(tokens[0].token)


def _call(text: str, code: str) -> Term:
    """Read ``C(name)`` and ``C(name, ref=level)``; refuse any other code."""
    names: list[str] = []

    def stand_in(match: re.Match[str]) -> str:
        names.append(match.group(1))
        return f"__{len(names) - 1}__"

    refused = FormulaError(
        f"formula {text!r}: {code!r} is not available, and formulas are never run as code. "
        "Only C(name) and C(name, ref='level') are: make other columns before the fit."
    )
    try:
        tree = ast.parse(re.sub(r"`([^`]*)`", stand_in, code), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise refused from error
    if not (
        isinstance(tree, ast.Call)
        and isinstance(tree.func, ast.Name)
        and tree.func.id == "C"
        and len(tree.args) == 1
        and isinstance(tree.args[0], ast.Name)
        and all(
            k.arg == "ref" and isinstance(k.value, ast.Constant | ast.UnaryOp)
            for k in tree.keywords
        )
        and len(tree.keywords) <= 1
    ):
        raise refused
    column = tree.args[0].id
    if column.startswith("__") and names:
        column = names[0]
    if not tree.keywords:
        return Term(column, code, categorical=True)
    try:
        level = ast.literal_eval(tree.keywords[0].value)
    except ValueError as error:
        raise refused from error
    if not isinstance(level, str | int | float):
        raise refused
    return Term(column, code, categorical=True, reference=event_word(level))


def _terms(right: Any, calls: dict[str, Term]) -> tuple[tuple[Term, ...], bool]:
    """Return the terms that the parser was left with, and whether there is an intercept."""
    terms, intercept = [], False
    for term in right:
        (factor,) = term.factors
        how = factor.eval_method.value
        if how == "literal":
            intercept = intercept or factor.expr == "1"
        elif how == "python":
            terms.append(calls[factor.expr])
        else:
            terms.append(Term(factor.expr, factor.expr))
    return tuple(terms), intercept
