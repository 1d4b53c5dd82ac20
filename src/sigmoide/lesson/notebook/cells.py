"""Cells, and the file that they make: a notebook of format 4.5, which is small JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sigmoide.arguments.words import printable

_WORD_OR_VALUE = re.compile(r"«(\w+)»|‹(\w+)›")
_SLOT = re.compile(r"\{(\w+)\}")
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes
    ----------
    name : str
        Its id in the file: letters, digits and hyphens, at most 64; no other cell has it.
    kind : {"markdown", "code"}
        What it holds.
    source : str
        Its text.
    """

    name: str
    kind: Literal["markdown", "code"]
    source: str


def filled_code(code: str, words: Mapping[str, str], values: Mapping[str, object]) -> str:
    """Fill in the words and the values of a piece of code.

    Parameters
    ----------
    code : str
        Python, in which «word» stands for a word of the language, inside a string or a comment,
        and ‹value› for a whole Python expression.
    words : mapping
        The words: ours, plain letters.
    values : mapping
        The values. They are written as ``repr`` writes them, which spells out whatever could
        steer a terminal; an ``Expression`` is written as it is, and a whole number with its
        thousands apart. Nothing of a value is ever part of the code around it.

    Returns
    -------
    str
        Python.
    """

    def fill(found: re.Match[str]) -> str:
        word, value = found.groups()
        if word is not None:
            return words[word]
        given = values[value]
        if isinstance(given, Expression):
            return given.code
        return f"{given:_}" if type(given) is int else repr(given)

    # One pass: what is filled in is not looked at again.
    return _WORD_OR_VALUE.sub(fill, code).strip("\n")


@dataclass(frozen=True, slots=True)
class Expression:
    """Code of our own, to be written as it is."""

    code: str


def filled_text(text: str, names: Mapping[str, str]) -> str:
    """Fill {slots} in prose with names of the learner's, shown as the letters that they are.

    "~" ties two words to one line. What stands in braces and is no slot is TeX.
    """

    def fill(found: re.Match[str]) -> str:
        return as_letters(names[found[1]]) if found[1] in names else found[0]

    return _SLOT.sub(fill, text.replace("~", "\N{NO-BREAK SPACE}")).strip("\n")


def as_letters(name: str) -> str:
    """Return a name such that neither Markdown nor HTML sees anything in it but letters."""
    plain = printable(" ".join(name.split()))
    if len(plain) > _LONGEST_NAME:
        plain = plain[: _LONGEST_NAME - 1] + "…"
    # All marks of Markdown, HTML and TeX are ASCII.
    return "".join(
        c if not c.isascii() or c.isalnum() or c == " " else f"&#{ord(c)};" for c in plain
    )


def notebook_text(cells: list[Cell], lang: str) -> str:
    """Write cells as the text of a notebook file, without outputs.

    Outputs are left to whoever runs it: pictures and last digits differ from one machine to
    another, and the file is the same on all.
    """
    whole = {
        "cells": [_as_json(cell) for cell in cells],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "sigmoide": {"lang": lang},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _as_json(cell: Cell) -> dict[str, Any]:
    entries: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": cell.name,
        "metadata": {},
        "source": cell.source.splitlines(keepends=True),
    }
    if cell.kind == "code":
        entries |= {"execution_count": None, "outputs": []}
    return entries
