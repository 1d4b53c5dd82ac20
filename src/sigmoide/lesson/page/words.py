"""The page's texts in one language, their values filled in as the page's own code does it."""

from __future__ import annotations

from dataclasses import dataclass

from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.texts import TABLES
from sigmoide.lesson.prose import number

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said, and how numbers are written.

    Attributes
    ----------
    lang : str
        "es" or "en".
    own : bool
        Whether the points are the learner's own: some texts have a twin for that, ``key.own``.
    """

    lang: str
    own: bool

    def get(self, key: str, **values: str) -> str:
        """Return a text; "" for one that is left out with data of the learner's own."""
        table = TABLES[self.lang]
        text = table.get(f"{key}.own", table[key]) if self.own else table[key]
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text

    def number(self, value: float, digits: int) -> str:
        """Write a number with so many decimals."""
        return number(value, digits, self.get("decimal_mark")).replace("-", MINUS)

    def short(self, value: float) -> str:
        """Write a number with no more digits than it needs."""
        return f"{value:g}".replace(".", self.get("decimal_mark")).replace("-", MINUS)


def words_for(payload: Payload, lang: str) -> Words:
    """Return the words for a page's data."""
    return Words(lang, payload["own"])
