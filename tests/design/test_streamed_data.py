"""Data beyond memory are what they are in memory: what is learned, what is refused, every byte."""

from __future__ import annotations

import gzip
from fractions import Fraction
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigmoide.blocks.block import tree_sum
from sigmoide.columns import tally as tally_module
from sigmoide.columns.account import reasons
from sigmoide.columns.cells import read_cells
from sigmoide.columns.tally import tally
from sigmoide.columns.values import read_values
from sigmoide.design import census, learn, target
from sigmoide.design.design import Policies, Term
from sigmoide.design.prepare import Request, follow, prepare
from sigmoide.formula.algebra import parse
from sigmoide.sources.formats import Data, in_memory, open_reader
from sigmoide.sources.frames import read_source
from sigmoide.sources.options import Limits, ReadOptions
from sigmoide.sources.source import SourceReader
from support import awkward, sweeps
from support.awkward import bytes_of, outcome
from support.reference_sets import BINARY, data_of, formula_of

LIMITS = Limits(10**9)


@pytest.fixture
def short_chunks(monkeypatch):
    """Chunks of 16 rows, in memory and in streams, so that a small table has many."""
    monkeypatch.setattr(census, "rows_per_block", lambda terms: 16)


def streamed(data, request, options=None, limits=LIMITS):
    return prepare(Data(open_reader(data, options), limits), request)


# Awkward tables, at random


def same(seed: int, folder: Path, kind: str) -> str:
    """Compare one random table, and another put to what was learned of it."""
    rng = np.random.default_rng(seed)
    rows = int(rng.choice(awkward.SIZES))
    path = folder / f"data.{kind}"
    asked = awkward.request(rng, rows)
    awkward.write(rng, awkward.table(rng, rows), path)
    inside = outcome(lambda: prepare(in_memory(read_source(path)), asked))
    beyond = outcome(lambda: streamed(path, asked))
    assert beyond == inside
    if inside.refused:
        return "refused"
    learned = prepare(in_memory(read_source(path)), asked)
    awkward.write(rng, awkward.table(rng, rows), path)
    model = (learned.design, learned.target, learned.roles)
    given = (None, None if isinstance(asked.weights, str | None) else rng.random(rows), None)
    inside = outcome(lambda: follow(in_memory(read_source(path)), *model, given))
    beyond = outcome(lambda: follow(Data(open_reader(path), LIMITS), *model, given))
    assert beyond == inside
    return "followed, refused" if inside.refused else "followed"


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_awkward_tables(kind, tmp_path, short_chunks):
    seen = [same(seed, tmp_path, kind) for seed in range(80)]
    # The law is about all three.
    assert min(seen.count(what) for what in ("refused", "followed, refused", "followed")) >= 5


@pytest.mark.slow
@pytest.mark.sweep
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_many_awkward_tables(kind, tmp_path, short_chunks):
    for seed in range(1000, 1000 + sweeps.size(2000)):
        same(seed, tmp_path, kind)


# The reference sets


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("missing", ["drop", "indicator"])
def test_reference_sets(name, missing, tmp_path, monkeypatch):
    monkeypatch.setattr(census, "rows_per_block", lambda terms: 128)
    data, arguments = data_of(name)
    asked = parse(formula_of(name)[0], read_source(data).names, tuple(arguments.values()))
    request = Request(
        asked.target, asked.terms, asked.intercept, policies=Policies(missing), **arguments
    )
    inside = outcome(lambda: prepare(in_memory(read_source(data)), request))
    assert inside.learned
    if isinstance(data, str):
        assert outcome(lambda: streamed(data, request)) == inside
    path = tmp_path / "data.parquet"
    frame = data if isinstance(data, pd.DataFrame) else pd.read_csv(data)
    frame.to_parquet(path, row_group_size=37)
    assert outcome(lambda: streamed(path, request)) == outcome(
        lambda: prepare(in_memory(read_source(path)), request)
    )


# The same rows in every form


def in_forms(frame: pd.DataFrame, folder: Path):
    """Yield a name and what holds the rows, and how it is read."""
    plain = frame.to_csv(index=False, na_rep="NA")
    for name, text in (
        ("plain.csv", plain.encode()),
        ("packed.csv.gz", gzip.compress(plain.encode())),
        ("quoted.csv", frame.to_csv(index=False, quoting=1, lineterminator="\r\n").encode()),
        ("wide.csv", frame.to_csv(index=False, sep="\t", na_rep="NA").encode("utf-16")),
    ):
        (folder / name).write_bytes(text)
        yield name, folder / name, None
    # Decimal commas are doubles only where they were printed in full.
    (folder / "german.csv").write_text(
        frame.to_csv(index=False, sep=";", decimal=",", na_rep="NA"), encoding="latin-1"
    )
    yield "german.csv", folder / "german.csv", ReadOptions("latin-1", ";", ",")
    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(table, folder / "one.parquet", row_group_size=33)
    yield "one.parquet", folder / "one.parquet", None
    many = folder / "many"
    many.mkdir()
    for k in range(5):
        pq.write_table(table.slice(40 * k, 40 if k < 4 else None), many / f"part-{k}.parquet")
    (many / "_SUCCESS").write_text("")
    yield "a folder", many, None
    yield "a pattern", str(many / "part-*.parquet"), None
    with pa.ipc.new_file(folder / "f.arrow", table.schema) as writer:
        writer.write_table(table, max_chunksize=29)
    yield "f.arrow", folder / "f.arrow", None
    with pa.ipc.new_stream(folder / "f.arrows", table.schema) as writer:
        writer.write_table(table, max_chunksize=29)
    yield "f.arrows", folder / "f.arrows", None
    yield "a Dataset", pa.dataset.dataset(many), None
    yield "a LazyFrame", pl.scan_parquet(folder / "one.parquet"), None
    yield "a RecordBatchReader", table.to_reader(17), None


def mixed(rows: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "out": rng.choice(["dead", "alive"], rows),
            "x": np.round(rng.normal(size=rows) * 1e5) / 8.0,
            "n": rng.integers(-9, 9, rows).astype(float),
            "größe": rng.choice(["klein", "groß", "mittel"], rows),
            "flag": rng.random(rows) < 0.3,
            "s": rng.integers(0, 4, rows),
        }
    )
    frame.loc[rng.random(rows) < 0.2, "x"] = np.nan
    frame.loc[frame.index > 250, "größe"] = "riesig"
    return frame


ASKED = Request(
    "out",
    (Term("x", "x"), Term("n", "n", True), Term("größe", "größe"), Term("flag", "flag")),
    weights="s",
    policies=Policies("indicator"),
)


def test_every_form_gives_the_same_bytes(tmp_path, short_chunks):
    frame = mixed()
    truth = outcome(lambda: prepare(in_memory(read_source(frame)), ASKED))
    assert truth.rows
    for name, data, options in in_forms(frame, tmp_path):
        found = outcome(lambda data=data, options=options: streamed(data, ASKED, options))
        assert found.rows == truth.rows, name
        # How it was read is noted; what was learned is the same.
        assert found.learned[:-1] == truth.learned[:-1], name


def test_what_is_in_memory_can_be_streamed_too(short_chunks):
    source = read_source(mixed())
    beyond = outcome(lambda: prepare(Data(SourceReader(source), LIMITS), ASKED))
    assert beyond == outcome(lambda: prepare(in_memory(source), ASKED))


def test_categories_keep_their_order(tmp_path, short_chunks):
    size = pd.CategoricalDtype(["s", "m", "l", "xl"], ordered=True)
    frame = pd.DataFrame(
        {"y": np.arange(200) % 3 > 0, "size": pd.Series(["m", "l", "s", "l"] * 50, dtype=size)}
    )
    path = tmp_path / "f.parquet"
    frame.to_parquet(path, row_group_size=30)
    request = Request("y", (Term("size", "size"),))
    beyond = outcome(lambda: streamed(path, request))
    assert beyond == outcome(lambda: prepare(in_memory(read_source(path)), request))
    assert prepare(in_memory(read_source(path)), request).design.names == ("size[T.m]", "size[T.l]")


def test_blocks_do_not_depend_on_how_they_are_asked_for(tmp_path, short_chunks):
    path = tmp_path / "f.parquet"
    mixed().to_parquet(path)
    ready = streamed(path, ASKED)
    loader = ready.blocks.source.loader
    whole = loader.rows(0, loader.n_rows)
    for low, high in ((0, 16), (3, 7), (10, 40), (16, 48), (290, 300), (5, 5), (0, 300)):
        part = loader.rows(low, high)
        inside = (whole.rows >= low) & (whole.rows < high)
        for name in ("X", "y", "weight", "offset", "rows"):
            assert getattr(part, name).tobytes() == getattr(whole, name)[inside].tobytes()
    for size in (16, 7, 100, 1000):
        kept, events = loader.counts(size)
        block = whole.rows // size
        np.testing.assert_array_equal(kept, np.bincount(block, minlength=-(-300 // size)))
        np.testing.assert_array_equal(
            events, np.bincount(block[whole.y > 0.5], minlength=-(-300 // size))
        )


def test_a_block_that_is_kept_is_not_written_over(tmp_path, short_chunks):
    path = tmp_path / "f.parquet"
    mixed().to_parquet(path)
    loader = streamed(path, ASKED).blocks.source.loader
    kept = [loader.rows(low, low + 16) for low in range(0, 288, 16)]
    parts = [loader.rows(low, low + 16).X[2:] for low in range(0, 288, 16)]
    for low, block, part in zip(range(0, 288, 16), kept, parts, strict=True):
        fresh = loader.rows(low, low + 16).X
        assert block.X.tobytes() == fresh.tobytes()
        assert part.tobytes() == fresh[2:].tobytes()


# What shows late


def late(word, rows: int = 200, at: int = 150, other="1.5") -> list:
    return [word if i == at else other if i % 3 else "2" for i in range(rows)]


@pytest.mark.parametrize(
    ("values", "reads"),
    [
        (late("oops", other="1"), 2),
        (late("007"), 2),
        (late("12345678901234567890"), 2),
        (late("NA"), 1),
        (late(" 1.5 "), 1),
        (["NA"] * 100 + ["true", "False"] * 50, 1),
        (["NA"] * 100 + ["yes", "no", "no"] * 33 + ["no"], 2),
        (["true", "false"] * 70 + ["1", "0"] * 30, 2),
        (["a", "b"] * 80 + ["c", "a", "d", "b"] * 10, 1),
        (["a", "b"] * 80 + ["1", "2"] * 20, 1),
    ],
)
def test_what_shows_late(values, reads, tmp_path, short_chunks):
    path = tmp_path / "f.csv"
    frame = pd.DataFrame({"y": np.arange(200) % 7 > 3, "x": values})
    frame.to_csv(path, index=False)
    request = Request("y", (Term("x", "x", True),))
    inside = outcome(lambda: prepare(in_memory(read_source(path)), request))
    assert inside.rows
    assert outcome(lambda: streamed(path, request)) == inside
    note = streamed(path, request).notes[-1]
    assert note.startswith("streamed: the memory allowed does not hold f.csv; read in pieces, ")
    assert "and then from a cache of" in note
    how = "pieces, once" if reads == 1 else "pieces, 2 times (column 'x' shows what it is only"
    assert how in note


def test_whole_numbers_that_turn_out_to_be_labels(tmp_path, short_chunks):
    numbers = [2**60 + i // 2 if i > 90 else i // 2 for i in range(200)]
    frame = pd.DataFrame({"y": np.arange(200) % 7 > 3, "k": numbers})
    path = tmp_path / "f.parquet"
    frame.to_parquet(path)
    request = Request("y", (Term("k", "k"),))
    inside = outcome(lambda: prepare(in_memory(read_source(path)), request))
    assert "column 'k' has whole numbers beyond 2^53: kept as text" in inside.learned[-1]
    assert outcome(lambda: streamed(path, request)) == inside


def test_another_encoding_that_shows_late(tmp_path, short_chunks):
    names = [f"n{i % 9}" for i in range(20_000)]
    names[-2:] = ["Zoë", "Zoë"]
    path = tmp_path / "f.csv"
    frame = pd.DataFrame({"y": np.arange(20_000) % 7 > 3, "name": names})
    path.write_text(frame.to_csv(index=False), encoding="cp1252")
    request = Request("y", (Term("name", "name"),))
    inside = outcome(lambda: prepare(in_memory(read_source(path)), request))
    assert "'Zoë'" in inside.learned[0]
    assert outcome(lambda: streamed(path, request)) == inside
    assert "its encoding shows late" in streamed(path, request).notes[-1]


def test_more_different_values_than_are_counted(tmp_path, short_chunks, monkeypatch):
    for module in (tally_module, learn, target):
        monkeypatch.setattr(module, "MOST", 50)
    path = tmp_path / "f.csv"
    numbers = np.arange(300) % 97
    pd.DataFrame({"y": np.arange(300) % 2, "x": numbers}).to_csv(path, index=False)
    for request, words in (
        (Request("y", (Term("x", "x", True),)), "'x' has more than 50 different values"),
        (Request("x", (Term("y", "y"),)), "the target 'x' has more than 50 different values"),
    ):
        inside = outcome(lambda request=request: prepare(in_memory(read_source(path)), request))
        assert words in inside.refused
        assert outcome(lambda request=request: streamed(path, request)) == inside


def test_a_line_longer_than_a_block(tmp_path, short_chunks):
    names = [f"n{i % 9}" for i in range(300)]
    names[200] = "long" * 600_000
    path = tmp_path / "f.csv"
    pd.DataFrame({"y": np.arange(300) % 7 > 3, "name": names}).to_csv(path, index=False)
    request = Request("y", (Term("name", "name"),))
    inside = outcome(lambda: prepare(in_memory(read_source(path)), request))
    assert inside.rows
    assert outcome(lambda: streamed(path, request)) == inside
    assert "it has very long lines" in streamed(path, request).notes[-1]
    path.write_text(path.read_text().replace("long", "much longer"))
    inside = outcome(lambda: prepare(in_memory(read_source(path)), request))
    assert outcome(lambda: streamed(path, request)) == inside


# What adds up


@given(
    st.lists(st.sampled_from(["1", "2.5", "007", "NA", "", "x", "true", " 3", "inf", "1e5"])),
    st.lists(st.integers(0, 30), max_size=4),
)
def test_evidence_is_the_same_however_the_rows_are_parted(words, cuts):
    array = pa.array(words, pa.string())
    edges = sorted({0, len(words), *(min(cut, len(words)) for cut in cuts)})
    parts = [
        read_cells(array.slice(low, high - low), ".", low).evidence
        for low, high in zip(edges, [*edges[1:], len(words)], strict=True)
    ]
    assert tree_sum(parts) == read_cells(array, ".").evidence


@given(st.lists(st.integers(-3, 9)), st.integers(1, 7))
def test_tallies_are_the_same_however_the_rows_are_parted(values, size):
    numbers = np.array(values, dtype=float)
    whole = tally(numbers)
    parts = [tally(numbers[low : low + size], start=low) for low in range(0, len(values) + 1, size)]
    found = tree_sum(parts)
    np.testing.assert_array_equal(found.keys, np.unique(numbers))
    for name in ("keys", "counts", "firsts"):
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name))
    for key, count, first in zip(found.keys, found.counts, found.firsts, strict=True):
        assert (values.count(key), values.index(key)) == (count, first)


@given(st.lists(st.lists(st.booleans(), min_size=9, max_size=9)), st.integers(1, 7))
def test_reasons_are_the_same_however_the_rows_are_parted(rows, size):
    gone = np.array(rows, dtype=bool).reshape(-1, 9)
    names = "abcdefghi"

    def of(part):
        return reasons({name: part[:, j] for j, name in enumerate(names)})

    whole = of(gone)
    found = tree_sum(of(gone[low : low + size]) for low in range(0, len(gone) + 1, size))
    assert found.counted() == whole.counted()
    assert sum(whole.counted().values()) == int(gone.any(axis=1).sum())


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_means_that_stand_in_are_those_of_the_rows(seed):
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(20, 3000))
    x = rng.normal(size=rows) + 10.0 ** rng.integers(0, 9)
    x[rng.random(rows) < 0.3] = np.nan
    frame = pd.DataFrame({"y": np.arange(rows) % 2, "x": x, "s": rng.integers(0, 4, rows)})
    request = Request("y", (Term("x", "x"),), weights="s", policies=Policies("indicator"))
    with patch.object(census, "rows_per_block", lambda terms: 64):
        fill = prepare(in_memory(read_source(frame)), request).design.codings[0].fill
    used = frame[(frame.s > 0) & frame.x.notna()]
    exact = sum(Fraction(x) * int(s) for x, s in zip(used.x, used.s, strict=True))
    reach = np.ptp(used.x) + abs(fill)
    # A few roundings, whatever the number of rows.
    assert abs(Fraction(fill) - exact / int(used.s.sum())) <= 4 * np.finfo(float).eps * reach


def test_read_values_and_streams_agree_on_every_word_of_a_small_alphabet(tmp_path, short_chunks):
    """Words of up to three letters, each in a column of numbers: what it is, in both ways."""
    letters = "01.,eE+-%"
    words = [a + b + c for a in letters for b in ("", *letters) for c in ("", "5")]
    path, options = tmp_path / "f.csv", ReadOptions(decimal=".")
    request = Request("y", (Term("x", "x", True),))
    kinds = set()
    for word in words[::2]:
        path.write_text(
            "y;x\n" + "".join(f"{i % 2};{word if i == 40 else i % 7}\n" for i in range(60))
        )
        source = read_source(path, options)
        inside = outcome(lambda source=source: prepare(in_memory(source), request))
        assert outcome(lambda: streamed(path, request, options)) == inside, word
        kinds.add(inside.refused[:11] or read_values(source, "x").kind)
    assert {"numeric", "text", "ColumnError"} <= kinds


def test_bytes_of_tells_rows_apart():
    """The comparison that all of this rests on sees a single bit."""
    frame = mixed()
    request = Request("out", (Term("n", "n"),))
    one = bytes_of(prepare(in_memory(read_source(frame)), request).blocks)
    frame.loc[7, "n"] = np.nextafter(frame.loc[7, "n"], 10)
    assert bytes_of(prepare(in_memory(read_source(frame)), request).blocks) != one
