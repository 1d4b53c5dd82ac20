"""Formulas: read by a small parser of our own, never evaluated as Python.

The grammar::

    formula   name ~ terms
    terms     [sign] term {sign term}
    sign      + | - | + -
    term      name | `any name` | . | 0 | 1 | C(name) | C(name, ref=level) | ( terms )
    level     'text' | "text" | number | True | False

``+`` adds a term and ``-`` leaves one out, from left to right; ``.`` stands for all other columns.
What R and patsy have besides (interactions, functions, arithmetic) is refused by its name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from sigmoide.data.design import Term
from sigmoide.data.target import event_word
from sigmoide.errors import FormulaError

_LONGEST = 1_000_000
_NAME = r"(?:[^\W\d]|\.(?=[^\W\d]))[\w.\u0300-\u036f]*"
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<number> \d[\w.]*)
  | (?P<name>   {_NAME})
  | (?P<quoted> `[^`]*`)
  | (?P<text>   '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*")
  | (?P<sign>   \*\* | %[^%\s]*% | \S)
  )""",
    re.VERBOSE | re.DOTALL,
)
_LATER = {
    ":": "an interaction",
    "*": "an interaction",
    "**": "a power",
    "^": "a power",
    "/": "nesting",
    "%in%": "nesting",
    "|": "several parts in one formula",
    "=": "an assignment",
    "<": "a comparison",
    ">": "a comparison",
    "[": "indexing",
    "{": "code",
    "@": "code",
}
_SHOWN = 80


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
        If it cannot be read, or holds what is not available.
    """
    if not isinstance(text, str):
        raise FormulaError(
            f"the formula is of type {type(text).__name__}; a text such as 'y ~ a + b' is needed."
        )
    if len(text) > _LONGEST:
        raise FormulaError(
            f"the formula is {len(text):,} characters long; at most {_LONGEST:,} are read. "
            "Write 'y ~ .', and leave columns out with '- name'."
        )
    parser = _Parser(text)
    target = parser.target()
    return _gather(parser, target, list(parser.terms()), columns, apart)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    word: str
    at: int


@dataclass(frozen=True, slots=True)
class _Signed:
    """A term and whether it is added; ``what`` is ``"."``, ``"1"``, ``"0"`` or a Term."""

    what: str | Term
    added: bool


class _Parser:
    """The tokens of a formula, taken one after the other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [
            _Token(
                str(match.lastgroup),
                match.group(str(match.lastgroup)),
                match.start(str(match.lastgroup)) + 1,
            )
            for match in _TOKEN.finditer(text)
        ]
        self.position = 0

    def refused(self, what: str) -> FormulaError:
        """Return the error that says what is wrong with this formula."""
        text = self.text if len(self.text) <= _SHOWN else self.text[:_SHOWN] + "…"
        return FormulaError(f"formula {text!r}: {what}")

    def next(self) -> _Token:
        """Take a token; at the end, one with no word."""
        token = self.peek()
        self.position += 1
        return token

    def peek(self) -> _Token:
        """Return the next token without taking it."""
        if self.position < len(self.tokens):
            return self.tokens[self.position]
        return _Token("end", "", len(self.text) + 1)

    def target(self) -> str:
        """Read the left side and its ``~``."""
        name = self.next()
        if "~" not in {t.word for t in self.tokens if t.kind == "sign"}:
            raise self.refused(
                "there is no '~'. Write the target on its left and the columns on its right, such "
                "as 'y ~ a + b'."
            )
        if name.kind not in ("name", "quoted"):
            raise self.refused(
                "the name of one column stands on the left of '~', the target. Write it like "
                "'y ~ a + b'."
            )
        after = self.next()
        if after.word == "(":
            raise self.refused(
                f"{name.word}(...) of the target is not available. Name the column as it is; "
                "event= says which of its values is modelled."
            )
        if after.word != "~":
            raise self.refused(
                "one column stands on the left of '~', the target. Write it like 'y ~ a + b'; put "
                "a name that is no identifier in `backticks`."
            )
        if self.peek().kind == "end":
            raise self.refused(
                "there is nothing on the right of '~'. Write 'y ~ a + b', or 'y ~ 1' for the "
                "intercept alone."
            )
        return self._name(name)

    def terms(self) -> Iterator[_Signed]:
        """Read the right side; groups in parentheses are opened."""
        outer = [True]
        while True:
            added = self._sign(outer[-1], first=self._opens())
            token = self.next()
            if token.word == "(" and token.kind == "sign":
                outer.append(added)
                continue
            yield _Signed(self._term(token), added)
            while len(outer) > 1 and self.peek().word == ")":
                self.next()
                outer.pop()
            if self.peek().kind == "end":
                break
        if len(outer) > 1:
            raise self.refused("a parenthesis is not closed. Close it, or leave it out.")

    def _opens(self) -> bool:
        before = self.tokens[self.position - 1].word
        return before in ("~", "(")

    def _sign(self, outer: bool, first: bool) -> bool:
        """Read the sign before a term: whether the term is added."""
        signs = []
        while self.peek().kind == "sign" and self.peek().word in ("+", "-"):
            signs.append(self.next())
        token = self.peek()
        if not signs and not first:
            raise self._no_sign(token)
        if token.kind == "end":
            raise self.refused(
                f"it ends after {self.tokens[-1].word!r}. Write a column there, or end before it."
            )
        minus = [s for s in signs if s.word == "-"]
        if len(minus) > 1 or (minus and not outer):
            raise self.refused(
                f"two minus signs in a row, up to character {token.at}. Write each term with one "
                "sign."
            )
        if len(signs) > 2 or [s.word for s in signs] == ["+", "+"]:
            raise self.refused(f"too many signs in a row, up to character {token.at}. Write one.")
        return outer and not minus

    def _no_sign(self, token: _Token) -> FormulaError:
        if token.kind in ("name", "quoted", "number", "text"):
            before = self.tokens[self.position - 1].word
            return self.refused(
                f"nothing joins {before!r} and {token.word!r}. Write '+' between two columns; put "
                "a name that is no identifier in `backticks`."
            )
        return self._not_available(token)

    def _not_available(self, token: _Token) -> FormulaError:
        if token.word == "~":
            return self.refused("'~' stands in it twice. One target, one '~'.")
        if token.word in ("(", ")"):
            return self.refused(
                f"{token.word!r} at character {token.at} has no place there. Write 'y ~ a + b'."
            )
        if token.word == "`":
            return self.refused("a backtick is not closed. Close it: `name`.")
        if token.word in ("'", '"'):
            return self.refused("a quote is not closed. Close it, or take it out.")
        what = _LATER.get(token.word)
        what = f"{token.word!r} ({what})" if what else f"{token.word!r}"
        return self.refused(
            f"{what} at character {token.at} is not available. Columns are joined by '+' and left "
            "out by '-'; make other columns before the fit; put a name that is no identifier in "
            "`backticks`."
        )

    def _name(self, token: _Token) -> str:
        name = token.word[1:-1] if token.kind == "quoted" else token.word
        if not name:
            raise self.refused("`` names no column. Write a name between the backticks.")
        return name

    def _term(self, token: _Token) -> str | Term:
        if token.kind == "number":
            if token.word not in ("0", "1"):
                raise self.refused(
                    f"{token.word} is no term. 1 and 0 alone stand for the intercept; put a name "
                    "that looks like a number in `backticks`."
                )
            return token.word
        if token.kind == "text":
            raise self.refused(
                f"{token.word} is no term. Names stand without quotes, or in `backticks`."
            )
        if token.kind == "sign":
            if token.word == ".":
                return "."
            raise self._not_available(token)
        called = self.peek().word == "(" and self.peek().kind == "sign"
        if called and token.kind == "name":
            return self._call(token)
        name = self._name(token)
        return Term(name, name)

    def _call(self, function: _Token) -> Term:
        """Read ``C(name)`` and ``C(name, ref=level)``; refuse any other call."""
        if function.word != "C":
            raise self.refused(
                f"{function.word}(...) is not available, and formulas are never run as code. Only "
                "C(name) and C(name, ref='level') are: make other columns before the fit."
            )
        self.next()
        inside = self.next()
        if inside.kind not in ("name", "quoted"):
            raise self._bad_call()
        column = self._name(inside)
        closing = self.next()
        if closing.word == ")":
            return Term(column, f"C({inside.word})", categorical=True)
        words = (closing.word, self.next().word, self.next().word)
        if words != (",", "ref", "="):
            raise self._bad_call()
        level = self._level()
        if self.next().word != ")":
            raise self._bad_call()
        label = f"C({inside.word}, ref={level!r})"
        return Term(column, label, categorical=True, reference=event_word(level))

    def _level(self) -> str | int | float | bool:
        """Read a text, a number, True or False: a literal, which is no code."""
        token = self.next()
        sign = ""
        if token.word in ("+", "-"):
            sign, token = token.word, self.next()
        if token.kind == "text" and not sign:
            source = token.word
        elif token.kind == "number" or (token.word in ("True", "False") and not sign):
            source = sign + token.word
            if token.word[-1] in "eE" and self.peek().word in ("+", "-"):
                source += self.next().word + self.next().word
        else:
            raise self._bad_call()
        try:
            level = ast.literal_eval(source)
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise self._bad_call() from error
        if not isinstance(level, str | int | float):
            raise self._bad_call()
        return level

    def _bad_call(self) -> FormulaError:
        return self.refused(
            "C(...) is C(name) or C(name, ref='level'), with one column's name, in `backticks` if "
            "it is no identifier; formulas are never run as code."
        )


def _gather(
    parser: _Parser,
    target: str,
    signed: list[_Signed],
    columns: tuple[str, ...],
    apart: tuple[str, ...],
) -> Formula:
    """Add and leave out the terms, from left to right; ``- g`` leaves out ``C(g)`` too."""
    as_levels = {s.what.column for s in signed if isinstance(s.what, Term) and s.what.categorical}
    away = {target, *apart, *as_levels}
    terms: dict[str, Term] = {}
    intercept = True
    for part in signed:
        if part.what in ("0", "1"):
            intercept = (part.what == "1") == part.added
        elif isinstance(part.what, Term):
            if part.added:
                terms.setdefault(part.what.label, part.what)
            else:
                _known(parser, part.what, columns)
                column = part.what.column
                terms = {k: term for k, term in terms.items() if term.column != column}
        elif part.added:
            for name in columns:
                if name not in away:
                    terms.setdefault(name, Term(name, name))
        else:
            raise parser.refused("'- .' would leave out every column. Leave out some by name.")
    return Formula(target, tuple(terms.values()), intercept)


def _known(parser: _Parser, term: Term, columns: tuple[str, ...]) -> None:
    """Refuse to leave out what is no column: a typing error would keep a column in."""
    if term.column not in columns:
        near = get_close_matches(term.column, columns, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise parser.refused(
            f"{term.label!r} is to be left out, but there is no such column.{hint} Mend the name."
        )
