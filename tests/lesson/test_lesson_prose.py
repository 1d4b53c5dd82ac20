"""How prose is set, and that both languages say it in the same places."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from sigmoide.errors import UsageError
from sigmoide.lesson.prose import (
    WIDTH,
    Words,
    number,
    power_of_ten_above,
    prose_lines,
    significant,
    table,
    whole,
)
from sigmoide.lesson.texts import EN, ES, TEXTS, texts_in


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_sections():
    assert ES.keys() == EN.keys()
    assert all(ES.values())
    assert all(EN.values())


@pytest.mark.parametrize("section", ES)
def test_both_languages_ask_for_the_same_values(section):
    assert placeholders(ES[section]) == placeholders(EN[section])


@pytest.mark.parametrize("section", ES)
def test_both_languages_have_the_same_blocks(section):
    """A paragraph, a heading or an item that only one of them has is a forgotten change."""
    shape = [re.sub(r"[^#-]+.*", "", block[:2]) for block in ES[section].split("\n\n")]
    assert shape == [re.sub(r"[^#-]+.*", "", block[:2]) for block in EN[section].split("\n\n")]
    assert ES[section].count("\n- ") == EN[section].count("\n- ")


@pytest.mark.parametrize("lang", TEXTS)
def test_no_number_with_decimals_is_written_into_the_texts(lang):
    """They come filled in, so that they are written in the language's way."""
    assert not re.search(r"\d[.,]\d", "\n".join(TEXTS[lang].values()))


def test_a_language_that_the_lesson_does_not_speak():
    with pytest.raises(UsageError, match=r"lang='fr'.*'es', 'en'"):
        texts_in("fr")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("## 1. A heading\n\nOne.\nTwo.\n", ["## 1. A heading", "#", "# One. Two."]),
        ("- one\n  and more\n- two", ["# - one and more", "# - two"]),
        ("So:\n\n    p = 1\n    q = 2", ["# So:", "#", "#     p = 1", "#     q = 2"]),
    ],
)
def test_blocks(text, lines):
    assert prose_lines(text) == lines


def test_long_paragraphs_are_wrapped_and_items_hang():
    lines = prose_lines("word " * 40 + "\n\n- " + "word " * 40)
    assert max(map(len, lines)) <= WIDTH
    assert [line[:5] for line in lines] == ["# wor"] * 3 + ["#", "# - w"] + ["#   w"] * 2


def test_a_tie_keeps_two_words_together():
    tied = prose_lines("x" * 70 + " class~1.")
    assert tied == ["# " + "x" * 70, "# class 1."]


@pytest.mark.parametrize(
    ("value", "digits", "mark", "written"),
    [(0.51135, 2, ",", "0,51"), (0.51135, 2, ".", "0.51"), (-46.0931, 2, ",", "-46,09")],
)
def test_number(value, digits, mark, written):
    assert number(value, digits, mark) == written


@pytest.mark.parametrize(
    ("value", "written"), [(3.2e-13, "1e-12"), (1e-12, "1e-12"), (0.5, "1e0"), (0.0, "0")]
)
def test_power_of_ten_above(value, written):
    assert power_of_ten_above(value) == written


def test_table():
    assert table([["", "one"], ["ab", "2"]]) == "      one\n  ab    2"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (4.4295e-4, "4,43e-4"),
        (0.021820, "0,0218"),
        (0.50838, "0,508"),
        (23.4998, "23,5"),
        (-46.0931, "-46,1"),
        (1147.7, "1148"),
        (0.0, "0"),
        (float("nan"), "nan"),
    ],
)
def test_significant(value, written):
    assert significant(value, 3, ",") == written


@pytest.mark.parametrize(
    ("value", "thousands", "written"),
    [(48912, "~", "48~912"), (4889, "~", "4889"), (48912, ",", "48,912"), (4889, ",", "4,889")],
)
def test_whole(value, thousands, written):
    assert whole(value, thousands) == written


def test_large_numbers_are_written_whole_and_rates_with_a_decimal():
    words = Words(texts_in("es"))
    assert words.significant(46601.29) == "46~601"
    assert [words.rate(rate) for rate in (0.05, 0.5, 3.9, 4.0)] == ["0,05", "0,5", "3,9", "4,0"]


def test_a_tie_in_lines_kept_as_they_are_is_a_space():
    assert prose_lines("    48~912") == ["#     48 912"]
