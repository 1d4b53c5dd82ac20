"""Splits: shares, classes, keys, and rows that stay where they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigmoide.design.split import parse_split, split_rows
from sigmoide.errors import ColumnError, DataError, UsageError
from sigmoide.sources.frames import read_source


def source_of(n, seed=0, rate=0.3):
    rng = np.random.default_rng(seed)
    return {
        "y": (rng.random(n) < rate).astype(int),
        "id": [f"k{i // 3}" for i in range(n)],
        "set": np.where(
            np.arange(n) % 4 == 0, "held", np.where(np.arange(n) % 4 == 1, "out", "in")
        ),
    }


def parts(text, data, **kwargs):
    return split_rows(parse_split(text, **kwargs), read_source(data), "y")


def test_every_kth_row_is_the_notebooks():
    found = parts("every:3", source_of(100))
    assert found["test"].tolist() == list(range(0, 100, 3))
    assert len(found["train"]) == 66


@pytest.mark.parametrize("seed", range(5))
def test_random_shares(seed):
    found = parts("random:0.2,0.1", source_of(10_000), seed=seed)
    assert list(found) == ["train", "test", "validation"]
    assert abs(len(found["test"]) - 2000) < 4 * 40
    assert abs(len(found["validation"]) - 1000) < 4 * 30
    assert sorted(np.concatenate(list(found.values()))) == list(range(10_000))
    other = parts("random:0.2,0.1", source_of(10_000), seed=seed + 1)
    assert other["test"].tolist() != found["test"].tolist()


@pytest.mark.parametrize("text", ["random:0.3", "stratified:0.3", "stratified:0.2,0.2", "every:4"])
@settings(max_examples=25, deadline=None)
@given(n=st.integers(60, 200), more=st.integers(1, 100), seed=st.integers(0, 5))
def test_a_row_stays_where_it_is_when_rows_are_added(text, n, more, seed):
    whole = source_of(n + more)
    part = {name: values[:n] for name, values in whole.items()}
    chosen = {} if text.startswith("every") else {"seed": seed}
    before, after = parts(text, part, **chosen), parts(text, whole, **chosen)
    for name, rows in before.items():
        assert rows.tolist() == [r for r in after[name] if r < n]


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(100, 600),
    share=st.sampled_from([0.1, 0.2, 0.25, 1 / 3, 0.5]),
    seed=st.integers(0, 99),
)
def test_stratified_keeps_the_classes_in_proportion(n, share, seed):
    data = source_of(n, seed)
    found = parts(f"stratified:{share}", data, seed=seed)
    for label in (0, 1):
        held = (data["y"][found["test"]] == label).sum()
        # exact in every full run; an unfinished one may be off by its held-out places
        assert abs(held - share * (data["y"] == label).sum()) <= 50 * share + 1
    if share == 0.2:
        for label in (0, 1):
            held = (data["y"][found["test"]] == label).sum()
            assert abs(held - share * (data["y"] == label).sum()) < 1


def test_rows_of_one_key_stay_together_and_go_with_it():
    data = source_of(300)
    found = parts("random:0.3", data, key="id")
    keys = np.array(data["id"])
    assert not set(keys[found["test"]]) & set(keys[found["train"]])
    order = np.random.default_rng(0).permutation(300)
    moved = {name: np.asarray(values)[order] for name, values in data.items()}
    again = parts("random:0.3", moved, key="id")
    assert set(keys[found["test"]]) == set(np.asarray(moved["id"])[again["test"]])


def test_by_a_columns_value():
    found = parts("column:set=in", source_of(100))
    assert list(found) == ["train", "held", "out"]
    assert len(found["train"]) == 50
    assert found["held"].tolist() == list(range(0, 100, 4))


@pytest.mark.parametrize(
    "text",
    [
        "", "random", "random:", "random:0", "random:1", "random:0.6,0.5", "random:a",
        "random:0.1,0.1,0.1", "random:nan", "every:1", "every:x", "every:-3", "every:²",
        "column:", "column:a", "column:=a", "column:a=", "half", "stratified:2",
    ],
)  # fmt: skip
def test_forms_that_are_refused(text):
    with pytest.raises(UsageError, match="split"):
        parse_split(text)


def test_keys_go_with_random_splits_only():
    with pytest.raises(UsageError, match="does not go by a key"):
        parse_split("every:3", key="id")


def test_what_the_data_refuse():
    data = source_of(12)
    with pytest.raises(ColumnError, match="'train', which the split says to fit on"):
        parts("column:set=train", data)
    with pytest.raises(ColumnError, match=r"no column 'sets'.*did you mean 'set'"):
        parts("column:sets=in", data)
    data["set"] = [None, *data["set"][1:]]
    with pytest.raises(ColumnError, match=r"row 0 .*has no value \(1 such rows\)"):
        parts("column:set=in", data)
    with pytest.raises(DataError, match="holds out no row"):
        parts("column:set=in", {"y": [0, 1], "set": ["in", "in"]})
    with pytest.raises(DataError, match="leaves no row to fit"):
        parts("every:2", {"y": [1]})


def test_what_decides_is_described():
    for text, arguments, said in (
        ("random:0.2", {}, "'random:0.2' (seed 0)"),
        ("stratified:0.2,0.1", {"seed": 4}, "'stratified:0.2,0.1' (seed 4)"),
        ("random:0.2", {"seed": 1, "key": "id"}, "'random:0.2' (seed 1, by 'id')"),
        ("every:3", {}, "'every:3'"),
        ("column:set=in", {}, "'column:set=in'"),
    ):
        assert parse_split(text, **arguments).described == said


@pytest.mark.parametrize("text", ["every:3", "column:set=in"])
def test_a_seed_goes_with_what_is_drawn(text):
    with pytest.raises(UsageError, match=r"draws nothing, so that a seed \(0 was given\)"):
        parse_split(text, seed=0)
