"""Numbers in disguise are refused by name, with what to do."""

from __future__ import annotations

import pytest

import sigmoide
from sigmoide.errors import ColumnError

KINDS = {
    "percentages": ["12%", "3.5 %", "-4%", "100%"],
    "amounts of money": ["$5", "1,200 €", "£3.50", "EUR 7", "12 USD"],
    "numbers with their digits in groups": ["1,234", "12 345", "1'000'000", "2,345.60"],
    "dates": ["2024-05-01", "2024/5/1", "01.05.2024", "5/1/24", "2024-05-01T10:30:00Z"],
}
TEXTS = [
    ["a", "12%"],
    ["1-2", "3-4"],
    ["25-34", "35-44"],
    ["0-39g/day", "120+"],
    ["10.0.0.1", "::1"],
]


@pytest.mark.parametrize("kind", KINDS)
def test_each_disguise_is_named_with_its_place_and_remedy(kind, tmp_path):
    words = KINDS[kind]
    rows = [f'{i % 2},{i},"{words[i % len(words)]}"' for i in range(20)]
    path = tmp_path / "f.csv"
    path.write_text("\n".join(["y,x,z", "0,1,", *rows]) + "\n", encoding="utf-8")
    with pytest.raises(ColumnError) as caught:
        sigmoide.logit("y ~ x + z", path)
    text = str(caught.value)
    assert f"f.csv, line 3: column 'z' holds {kind}, such as {words[0]!r}" in text
    assert text.count(".") >= 2
    # a column that is not used hurts nobody
    assert sigmoide.logit("y ~ x", path).nobs == 21


@pytest.mark.parametrize("words", TEXTS)
def test_texts_that_are_none_stay_levels(words, tmp_path):
    rows = [f'{(i * 7) % 3 % 2},"{words[i % 2]}"' for i in range(20)]
    path = tmp_path / "f.csv"
    path.write_text("\n".join(["y,z", *rows]) + "\n", encoding="utf-8")
    assert len(sigmoide.logit("y ~ z", path).params) == 2
