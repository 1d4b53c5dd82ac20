"""The tokens of a formula, taken one after the other, and what is said of those out of place."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from sigmoide.errors import FormulaError

# Limits, all of them stated in docs/formula.md.
LONGEST = 1_000_000
DEEPEST = 50
LONGEST_ARITHMETIC = 90
MOST_OFFSETS = 5

_NAME = r"(?:[^\W\d]|\.(?=[^\W\d]))[\w.\u0300-\u036f]*"
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<number> \.?\d[\w.]*)
  | (?P<name>   {_NAME})
  | (?P<quoted> `[^`]*`)
  | (?P<text>   '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*")
  | (?P<sign>   \*\* | %[^%\s]*% | \S)
  )""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN = re.compile(_NAME)
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_OTHER = {
    "^": "write '**'",
    "/": "nesting: write a + a:b; for a division, I(a / b)",
    "%in%": "nesting: write a:b",
    "|": "several parts in one formula",
    "=": "an assignment",
    "<": "a comparison",
    ">": "a comparison",
    "[": "indexing",
    "{": "code",
    "@": "code",
}
# So much of the formula is shown, and so much said of it.
_SHOWN, _SAID = 80, 600


@dataclass(frozen=True, slots=True)
class Token:
    """A word: its kind, itself, and the character where it begins, counted from 1."""

    kind: str
    word: str
    at: int


class Tokens:
    """The tokens of a formula.

    Parameters
    ----------
    text : str
        The formula.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [
            Token(
                str(match.lastgroup),
                match.group(str(match.lastgroup)),
                match.start(str(match.lastgroup)) + 1,
            )
            for match in _TOKEN.finditer(text)
        ]
        self.position = 0
        self._depth = 0

    def refused(self, what: str) -> FormulaError:
        """Return the error that says what is wrong with this formula."""
        text = self.text if len(self.text) <= _SHOWN else self.text[:_SHOWN] + "…"
        what = what if len(what) <= _SAID else what[:_SAID] + "…"
        return FormulaError(f"formula {text!r}: {what}")

    def next(self) -> Token:
        """Take a token; at the end, one with no word."""
        token = self.peek()
        self.position += 1
        return token

    def peek(self, ahead: int = 0) -> Token:
        """Return a token without taking it."""
        if self.position + ahead < len(self.tokens):
            return self.tokens[self.position + ahead]
        return Token("end", "", len(self.text) + 1)

    def sign(self, *words: str) -> bool:
        """Say whether the next token is one of these signs."""
        token = self.peek()
        return token.kind == "sign" and token.word in words

    def deeper(self) -> None:
        """Go into a parenthesis.

        Raises
        ------
        FormulaError
            If it is too deep.
        """
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.refused(
                f"parentheses stand in one another more than {DEEPEST} deep. Leave some out."
            )

    def higher(self) -> None:
        """Come out of a parenthesis."""
        self._depth -= 1

    def name(self, token: Token) -> str:
        """Return the column that a token names."""
        name = token.word[1:-1] if token.kind == "quoted" else token.word
        if not name:
            raise self.refused("`` names no column. Write a name between the backticks.")
        return name

    def number(self, token: Token) -> float | None:
        """Return the number that begins with a token, and take the rest of it; None if none."""
        word = token.word
        if word[-1:] in "eE" and self.sign("+", "-") and self.peek(1).kind == "number":
            word += self.next().word + self.next().word
        if not _NUMBER.fullmatch(word):
            return None
        value = float(word)
        return value if math.isfinite(value) else None

    def not_available(self, token: Token) -> FormulaError:
        """Say that a sign has no place where it stands."""
        if token.word == "~":
            return self.refused("'~' stands in it twice. One target, one '~'.")
        if token.kind == "end":
            return self.refused(
                f"it ends after {self.tokens[-1].word!r}. Close what is open, or end before it."
            )
        if token.word in ("(", ")"):
            return self.refused(
                f"{token.word!r} at character {token.at} has no place there. Write 'y ~ a + b'."
            )
        if token.word == "`":
            return self.refused("a backtick is not closed. Close it: `name`.")
        if token.word in ("'", '"'):
            return self.refused("a quote is not closed. Close it, or take it out.")
        what = _OTHER.get(token.word)
        what = f"{token.word!r} ({what})" if what else f"{token.word!r}"
        return self.refused(
            f"{what} at character {token.at} is not available there. Terms are joined by + - * : "
            "and **; put a name that is no identifier in `backticks`."
        )


def shown(name: str) -> str:
    """Return a column's name as it stands in a formula."""
    return name if _PLAIN.fullmatch(name) else f"`{name}`"
