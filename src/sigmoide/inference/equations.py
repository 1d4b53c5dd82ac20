"""Linear hypotheses as text: ``"a - b = 0"``, ``"2*age + race[T.white] = 1"``, ``"a = b = c"``.

Read by a parser of its own; nothing is evaluated. The grammar::

    hypotheses = chain { ("," | ";" | newline) chain }
    chain      = sum { "=" sum }            one equation for each "="; a lone sum is = 0
    sum        = ["+" | "-"] product { ("+" | "-") product }
    product    = factor { ("*" | "/") factor }
    factor     = number | name | "(" sum ")"
    name       = as in the tables, with its brackets; any other in `backticks`
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from sigmoide.arguments.words import shown
from sigmoide.blocks.block import Array
from sigmoide.errors import UsageError

_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.])")
_WORD = re.compile(r"[^\W\d][\w.]*")
_LONGEST = 10_000
_DEEPEST = 50
_PAIRS = {"(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class LinearEquations:
    """Equations L b = c in the coefficients.

    Attributes
    ----------
    matrix : ndarray, shape (m, p)
        L.
    constants : ndarray, shape (m,)
        c.
    labels : tuple of str
        How each was written.
    """

    matrix: Array
    constants: Array
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Affine:
    """A sum of multiples of coefficients, and a number."""

    weights: dict[int, float]
    constant: float

    def plus(self, other: _Affine, sign: float) -> _Affine:
        weights = dict(self.weights)
        for j, weight in other.weights.items():
            weights[j] = weights.get(j, 0.0) + sign * weight
        return _Affine(weights, self.constant + sign * other.constant)

    def times(self, by: float) -> _Affine:
        return _Affine({j: by * w for j, w in self.weights.items()}, by * self.constant)


def parse_hypotheses(text: str | Sequence[str], names: Sequence[str]) -> LinearEquations:
    """Read linear hypotheses.

    Parameters
    ----------
    text : str or sequence of str
        One or several; see the grammar of this module.
    names : sequence of str
        Names of the coefficients, as in the tables.

    Raises
    ------
    UsageError
        If something cannot be read, names no coefficient (the message names the nearest), is not
        linear, or is no statement about the coefficients.
    """
    chains = [chain for part in _texts(text) for chain in _split(part)]
    rows: list[_Affine] = []
    labels: list[str] = []
    for chain in chains:
        sums = _Reader(chain, names).chain()
        written = _sides(chain)
        if len(sums) == 1:
            sums, written = [*sums, _Affine({}, 0.0)], [*written, "0"]
        for k in range(len(sums) - 1):
            rows.append(sums[k].plus(sums[k + 1], -1.0))
            labels.append(f"{written[k]} = {written[k + 1]}")
    if not rows:
        raise UsageError('no hypothesis was given; write one such as "a - b = 0".')
    matrix, constants = np.zeros((len(rows), len(names))), np.zeros(len(rows))
    for i, row in enumerate(rows):
        for j, weight in row.weights.items():
            matrix[i, j] = weight
        constants[i] = -row.constant if row.constant else 0.0
        if not matrix[i].any():
            truth = "always true" if not constants[i] else "never true"
            raise UsageError(
                f"the hypothesis {labels[i]!r} says nothing about the coefficients: it is {truth}."
            )
    if not (np.isfinite(matrix).all() and np.isfinite(constants).all()):
        raise UsageError("a number in the hypotheses is beyond what floating point holds.")
    return LinearEquations(matrix, constants, tuple(labels))


def _texts(text: str | Sequence[str]) -> list[str]:
    several = not isinstance(text, str) and hasattr(text, "__iter__")
    parts: list[Any] = list(text) if several else [text]
    for part in parts:
        if not isinstance(part, str):
            raise UsageError(
                f'{shown(part)} was given as a hypothesis; write it as text, such as "a - b = 0".'
            )
        if len(part) > _LONGEST:
            raise UsageError(
                f"a hypothesis of {len(part):,} characters was given; up to {_LONGEST:,} are read."
            )
    return parts


def _split(text: str) -> list[str]:
    """Split at commas, semicolons and line ends that are in no bracket and no backticks."""
    return [part.strip() for part in _outside(text, ",;\n") if part.strip()]


def _sides(chain: str) -> list[str]:
    return [" ".join(side.split()) for side in _outside(chain, "=")]


def _outside(text: str, marks: str) -> list[str]:
    parts, start, at = [], 0, 0
    while at < len(text):
        if text[at] in marks:
            parts.append(text[start:at])
            start = at + 1
            at += 1
        elif text[at] == "`":
            at = max(text.find("`", at + 1), at) + 1
        elif text[at] in "([" and (end := _closing(text, at)):
            at = end
        else:
            at += 1
    return [*parts, text[start:]]


def _closing(text: str, at: int) -> int:
    """Return the place after the bracket that closes the one at ``at``; 0 where none does.

    Inside square brackets anything may stand (a level is any text) up to the bracket that closes
    them; quotes hide brackets.
    """
    waiting: list[str] = []
    quote = ""
    for place in range(at, len(text)):
        mark = text[place]
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'\"" and waiting and waiting[-1] == ")":
            quote = mark
        elif mark in _PAIRS:
            waiting.append(_PAIRS[mark])
        elif waiting and mark == waiting[-1]:
            waiting.pop()
            if not waiting:
                return place + 1
    return 0


class _Reader:
    """Reads one chain of equations."""

    def __init__(self, text: str, names: Sequence[str]) -> None:
        self._text, self._names = text, list(names)
        self._place = {name: j for j, name in enumerate(names)}
        self._at, self._depth = 0, 0

    def chain(self) -> list[_Affine]:
        sums = [self._sum()]
        while self._next() == "=":
            self._at += 1
            sums.append(self._sum())
        if self._next():
            raise self._wrong(f"{self._next()!r} was not expected there")
        return sums

    def _sum(self) -> _Affine:
        total = _Affine({}, 0.0)
        sign = 1.0
        if self._next() and self._next() in "+-":
            sign = -1.0 if self._next() == "-" else 1.0
            self._at += 1
        while True:
            total = total.plus(self._product(), sign)
            if not self._next() or self._next() not in "+-":
                return total
            sign = -1.0 if self._next() == "-" else 1.0
            self._at += 1

    def _product(self) -> _Affine:
        value = self._factor()
        while self._next() and self._next() in "*/":
            mark, start = self._next(), self._at
            self._at += 1
            if self._next() == "*":
                raise self._wrong("a power is not linear", start)
            other = self._factor()
            if mark == "/":
                if other.weights:
                    raise self._wrong("a division by a coefficient is not linear", start)
                if not other.constant:
                    raise self._wrong("a division by 0 has no value", start)
                value = value.times(1.0 / other.constant)
            elif value.weights and other.weights:
                raise self._wrong("a product of two coefficients is not linear", start)
            else:
                value = (
                    value.times(other.constant) if value.weights else other.times(value.constant)
                )
        return value

    def _factor(self) -> _Affine:
        mark = self._next()
        if mark == "(":
            return self._in_brackets()
        if mark == "`":
            end = self._text.find("`", self._at + 1)
            if end < 0:
                raise self._wrong("a backtick is not closed")
            name = self._text[self._at + 1 : end]
            start, self._at = self._at, end + 1
            return self._coefficient(name, start)
        if number := _NUMBER.match(self._text, self._at):
            self._at = number.end()
            value = float(number.group())
            if not math.isfinite(value):
                raise self._wrong(f"{number.group()} is beyond what floating point holds")
            return _Affine({}, value)
        if name := self._name():
            start = self._at
            self._at += len(name)
            return self._coefficient(name, start)
        raise self._wrong("a number or the name of a coefficient is missing")

    def _in_brackets(self) -> _Affine:
        self._at += 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._wrong(f"brackets are nested more than {_DEEPEST} deep")
        value = self._sum()
        if self._next() != ")":
            raise self._wrong("a bracket is not closed")
        self._at += 1
        self._depth -= 1
        return value

    def _name(self) -> str:
        """Return the name that begins here: words with brackets, joined by colons."""
        at, start = self._at, self._at
        while word := _WORD.match(self._text, at):
            at = word.end()
            while at < len(self._text) and self._text[at] in _PAIRS:
                end = _closing(self._text, at)
                if not end:
                    raise self._wrong("a bracket of a name is not closed", at)
                at = end
            if self._text[at : at + 1] != ":":
                break
            at += 1
        return self._text[start:at]

    def _coefficient(self, name: str, start: int) -> _Affine:
        if name in self._place:
            return _Affine({self._place[name]: 1.0}, 0.0)
        near = get_close_matches(name, self._names, n=1)
        hint = f" The nearest is {near[0]!r}." if near else ""
        quoted = " A name with other signs in it goes in backticks." if not near else ""
        raise self._wrong(f"there is no coefficient {name!r}.{hint}{quoted}", start)

    def _next(self) -> str:
        """Return the next mark, white space passed over; empty at the end."""
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._text[self._at : self._at + 1]

    def _wrong(self, what: str, at: int | None = None) -> UsageError:
        place = self._at if at is None else at
        end = "" if what.endswith(".") else "."
        return UsageError(f"hypothesis {self._text!r}, character {place + 1}: {what}{end}")
