"""The two sides of a formula: the response, and the sum of terms as a tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sigmoide.design.design import Term
from sigmoide.design.functions.arithmetic import Expression
from sigmoide.errors import FormulaError
from sigmoide.formula.calls import CallReader
from sigmoide.formula.tokens import Token, shown

# The largest power of a sum, and the most columns in a product.
MOST_POWER = 8


@dataclass(frozen=True, slots=True)
class Sum:
    """Parts that are added, or left out, from left to right."""

    parts: tuple[tuple[bool, Part], ...]


@dataclass(frozen=True, slots=True)
class Cross:
    """Parts joined by ``*`` (with all that is marginal) or ``:``."""

    sign: Literal["*", ":"]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Power:
    """All products of so many parts of a sum, or fewer."""

    base: Part
    degree: int


@dataclass(frozen=True, slots=True)
class Word:
    """``.``, ``0`` or ``1``."""

    word: Literal[".", "0", "1"]
    at: int


Part = Sum | Cross | Power | Word | Term | Expression


class TermReader(CallReader):
    """Reads a formula from its beginning to its end."""

    def response(self) -> tuple[str, str | None]:
        """Read the left side and its ``~``: the target, and the trials where it is counted.

        Raises
        ------
        FormulaError
            If it names no column.
        """
        name = self.next()
        if not any(token.word == "~" and token.kind == "sign" for token in self.tokens):
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
        trials = None
        if after.word == "/" and after.kind == "sign":
            count = self.next()
            if count.kind not in ("name", "quoted"):
                raise self.refused(
                    "counts are two columns, 'successes / trials ~ a + b'. Name that of the trials "
                    "behind '/'."
                )
            trials, after = self.name(count), self.next()
        if after.word != "~":
            raise self.refused(
                "one column stands on the left of '~', the target, or 'successes / trials'. Write "
                "it like 'y ~ a + b'; put a name that is no identifier in `backticks`."
            )
        if self.peek().kind == "end":
            raise self.refused(
                "there is nothing on the right of '~'. Write 'y ~ a + b', or 'y ~ 1' for the "
                "intercept alone."
            )
        target = self.name(name)
        if target == trials:
            raise self.refused(
                f"{shown(target)} counts both the successes and the trials. Name two columns."
            )
        return target, trials

    def right(self) -> Sum:
        """Read the right side.

        Raises
        ------
        FormulaError
            If it cannot be read.
        """
        terms = self._sum_of_terms(outer=True)
        if self.peek().kind != "end":
            raise self.not_available(self.peek())
        return terms

    def _sum_of_terms(self, outer: bool) -> Sum:
        """Read a sum; ``outer`` says whether it is added itself."""
        parts: list[tuple[bool, Part]] = []
        while True:
            added = self._sign(outer, first=not parts)
            parts.append((added, self._product_of_terms(added)))
            if self.peek().kind == "end" or self.sign(")"):
                return Sum(tuple(parts))

    def _product_of_terms(self, added: bool) -> Part:
        return self._chain("*", lambda: self._chain(":", lambda: self._power_of_terms(added)))

    def _chain(self, sign: Literal["*", ":"], read: Callable[[], Part]) -> Part:
        parts = [read()]
        while self.sign(sign):
            self.next()
            parts.append(read())
        return parts[0] if len(parts) == 1 else Cross(sign, tuple(parts))

    def _power_of_terms(self, added: bool) -> Part:
        base = self._term(added)
        if not self.sign("**"):
            return base
        self.next()
        token = self.next()
        value = self.number(token) if token.kind == "number" else None
        if value is None or not value.is_integer() or not 1 <= value <= MOST_POWER:
            word = token.word or "the end of the formula"
            raise self.refused(
                f"'**' takes a whole number from 1 to {MOST_POWER}, the most columns in a product, "
                f"and not {word!r}; the square of a column is I(a ** 2)."
            )
        if self.sign("**"):
            raise self.refused("two powers in a row. Write one.")
        return Power(base, int(value))

    def _term(self, added: bool) -> Part:
        token = self.next()
        if token.kind == "number":
            if token.word not in ("0", "1"):
                raise self.refused(
                    f"{token.word} is no term. 1 and 0 alone stand for the intercept; put a name "
                    "that looks like a number in `backticks`."
                )
            return Word("1" if token.word == "1" else "0", token.at)
        if token.kind == "text":
            raise self.refused(
                f"{token.word} is no term. Names stand without quotes, or in `backticks`."
            )
        if token.kind == "sign":
            if token.word == ".":
                return Word(".", token.at)
            if token.word != "(":
                raise self.not_available(token)
            self.deeper()
            terms = self._sum_of_terms(added)
            self.higher()
            self.closing()
            return terms
        if token.kind == "end":
            raise self._ends()
        if token.kind == "name" and self.sign("("):
            return self.call(token)
        name = self.name(token)
        return Term(name, name, named=True)

    def _sign(self, outer: bool, first: bool) -> bool:
        """Read the sign before a term: whether the term is added."""
        signs = []
        while self.sign("+", "-"):
            signs.append(self.next())
        token = self.peek()
        if not signs and not first:
            raise self._no_sign(token)
        if token.kind == "end":
            raise self._ends()
        minus = [s for s in signs if s.word == "-"]
        if len(minus) > 1 or (minus and not outer):
            raise self.refused(
                f"two minus signs in a row, up to character {token.at}. Write each term with one "
                "sign."
            )
        if len(signs) > 2 or [s.word for s in signs] == ["+", "+"]:
            raise self.refused(f"too many signs in a row, up to character {token.at}. Write one.")
        return outer and not minus

    def _ends(self) -> FormulaError:
        return self.refused(
            f"it ends after {self.tokens[-1].word!r}. Write a column there, or end before it."
        )

    def _no_sign(self, token: Token) -> FormulaError:
        if token.kind in ("name", "quoted", "number", "text"):
            before = self.tokens[self.position - 1].word
            return self.refused(
                f"nothing joins {before!r} and {token.word!r}. Write '+' between two columns; put "
                "a name that is no identifier in `backticks`."
            )
        return self.not_available(token)
