"""The parts of reading beyond memory: chunks, the thread ahead, the cache, limits, readers."""

from __future__ import annotations

import errno
import gc
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import namedtuple
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigmoide.design.stream.cache import Cache, Spare, layout
from sigmoide.errors import ColumnError, DataError, FileError, UsageError
from sigmoide.sources import options
from sigmoide.sources.chunks import ahead, exact
from sigmoide.sources.formats import needs, open_data, open_reader, table_of
from sigmoide.sources.frames import read_source
from sigmoide.sources.options import LEAST, SHARE, Limits, ReadOptions, machine_memory, parse_memory
from sigmoide.sources.reader import chunks
from sigmoide.sources.source import Source

# Chunks


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 30))
def test_chunks_are_exact_whatever_comes(sizes, rows):
    numbers, batches = 0, []
    for size in sizes:
        values = np.arange(numbers, numbers + size)
        batches.append(pa.record_batch({"a": values}))
        numbers += size
    found = list(exact(batches, rows))
    assert [t.num_rows for t in found[:-1]] == [rows] * (len(found) - 1)
    assert len(found) == -(-numbers // rows)
    held = [v for table in found for v in table.column("a").to_pylist()]
    assert held == list(range(numbers))


def test_categories_of_several_dictionaries_make_one_chunk():
    batches = [
        pa.record_batch({"g": pa.array(words).dictionary_encode()})
        for words in (["a", "b"], ["c", "a"], ["b"])
    ]
    (table,) = exact(batches, 10)
    assert table.column("g").combine_chunks().to_pylist() == ["a", "b", "c", "a", "b"]


@given(st.lists(st.integers()), st.integers(1, 4))
def test_what_is_made_ahead_comes_in_order(items, depth):
    assert list(ahead(items, depth)) == items


def test_what_goes_wrong_ahead_is_raised_here():
    def items():
        yield 1
        raise DataError("the second is broken")

    made = ahead(items(), 2)
    assert next(made) == 1
    with pytest.raises(DataError, match="the second is broken"):
        next(made)


def test_a_reader_that_stops_early_leaves_no_thread_and_nothing_open():
    closed = threading.Event()

    def items():
        try:
            yield from range(10**9)
        finally:
            closed.set()

    made = ahead(items(), 2)
    assert [next(made), next(made)] == [0, 1]
    made.close()
    assert closed.is_set()
    assert not [t for t in threading.enumerate() if t.name == "sigmoide-decode"]


def test_no_more_is_made_ahead_than_was_agreed():
    made, seen = [], []

    def items():
        for k in range(20):
            made.append(k)
            yield k

    for item in ahead(items(), 2):
        time.sleep(0.002)
        seen.append(item)
        # Two wait, one is being made, one was just taken.
        assert len(made) <= len(seen) + 3
    assert seen == list(range(20))


# The cache

TYPES = {"a": np.dtype(np.float64), "g": np.dtype(np.int32), "u": np.dtype(np.uint8)}


def filled(folder: Path, rows: int = 100, chunk: int = 16) -> tuple[Cache, dict]:
    rng = np.random.default_rng(0)
    columns = {
        "u": rng.integers(0, 2, rows).astype(np.uint8),
        "a": rng.normal(size=rows),
        "g": rng.integers(-1, 9, rows).astype(np.int32),
    }
    cache = Cache(folder)
    cache.start(layout({name: TYPES[name] for name in columns}, chunk), rows)
    for low in range(0, rows, chunk):
        part = {name: values[low : low + chunk] for name, values in columns.items()}
        cache.append(part, len(part["a"]))
    return cache, columns


@given(st.integers(0, 100), st.integers(0, 100), st.sets(st.sampled_from("agu"), min_size=1))
def test_the_cache_gives_back_what_it_was_given(low, high, names):
    low, high = min(low, high), max(low, high)
    with tempfile.TemporaryDirectory() as folder:
        cache, columns = filled(Path(folder))
        with cache:
            found = cache.read(low, high, tuple(names))
        assert set(found) == names
        for name in names:
            assert found[name].dtype == TYPES[name]
            np.testing.assert_array_equal(found[name], columns[name][low:high])


def test_the_cache_is_read_by_several_threads_at_once(tmp_path):
    cache, columns = filled(tmp_path, 3000, 64)
    wrong = []

    def read(seed: int) -> None:
        rng = np.random.default_rng(seed)
        for _ in range(300):
            low = int(rng.integers(0, 2990))
            high = int(rng.integers(low, min(low + 200, 3000)))
            found = cache.read(low, high, ("g", "a"))
            for name, values in found.items():
                if values.tobytes() != columns[name][low:high].tobytes():
                    wrong.append((low, high))

    threads = [threading.Thread(target=read, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_cache_has_no_name_and_leaves_nothing(tmp_path):
    cache, _ = filled(tmp_path)
    assert list(tmp_path.iterdir()) == []
    descriptor = cache._file.fileno()
    assert Path(f"/proc/self/fd/{descriptor}").exists() or sys.platform != "linux"
    del cache
    gc.collect()
    assert not Path(f"/proc/self/fd/{descriptor}").exists()


def test_there_is_no_room_for_the_cache(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(1, 1, 5_000_000))
    cache = Cache(tmp_path)
    with pytest.raises(FileError, match=r"needs about 8\.0 MB there, and 5\.0 MB are free") as told:
        cache.start(layout({"a": TYPES["a"]}, 256), 10**6)
    assert str(tmp_path) in str(told.value)
    assert "--cache DIR" in str(told.value)
    cache.start(layout({"a": TYPES["a"]}, 256), None)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full: after 52 kB of the cache"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EIO, "cannot be written: Input/output error"),
    ],
)
def test_a_disk_that_fills_up(number, words, tmp_path, monkeypatch):
    real = tempfile.TemporaryFile

    class Filling:
        """A file on a disk that has room for 52,000 bytes."""

        def __init__(self, **arguments):
            self._file = real(**arguments)

        def write(self, entries):
            if self._file.tell() + len(entries) > 52_000:
                if self._file.tell() == 52_000:
                    raise OSError(number, os.strerror(number))
                entries = entries[: 52_000 - self._file.tell()]
            return self._file.write(entries)

        def __getattr__(self, name):
            return getattr(self._file, name)

    monkeypatch.setattr(tempfile, "TemporaryFile", Filling)
    with pytest.raises(FileError, match=words) as told:
        filled(tmp_path, 10_000, 256)
    assert "--cache DIR" in str(told.value)
    assert list(tmp_path.iterdir()) == []


def test_no_cache_where_none_can_be(tmp_path):
    for place in (tmp_path / "nowhere", tmp_path / "file"):
        (tmp_path / "file").write_text("")
        with pytest.raises(FileError, match="cannot be made there") as told:
            Cache(place)
        assert str(place) in str(told.value)


def test_memory_of_a_block_is_used_again_only_when_nobody_has_it():
    spare = Spare()
    first = spare.array(4, 3)
    first[:] = 7.0
    part = first[1:3]
    second = spare.array(4, 3)
    second[:] = 8.0
    assert (part == 7.0).all()
    place = second.__array_interface__["data"][0]
    del second
    assert spare.array(2, 6).__array_interface__["data"][0] == place


# Limits


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ("2GB", 2 * 10**9),
        ("2 gb", 2 * 10**9),
        ("1.5GiB", 3 * 2**29),
        ("512M", 512 * 10**6),
        ("300000000", 3 * 10**8),
        (3 * 10**8, 3 * 10**8),
        ("1TB", 10**12),
    ],
)
def test_sizes(given, size):
    assert parse_memory(given) == size


@pytest.mark.parametrize("given", ["", "much", "-2GB", "2XB", "GB", "0", True, 2.5e9, "1e9"])
def test_what_is_no_size(given):
    with pytest.raises(UsageError, match="it is a size, such as 2GB"):
        parse_memory(given)


def test_less_than_the_program_itself_takes():
    with pytest.raises(UsageError, match="itself takes about 256 MB"):
        parse_memory("100MB")
    assert Limits(LEAST + 10**9).room == 10**9


def test_half_of_the_machine_or_of_the_container(monkeypatch, tmp_path):
    assert parse_memory(None) == int(SHARE * machine_memory())
    monkeypatch.setattr(options, "_GROUPS", (str(tmp_path / "max"),))
    whole = machine_memory()
    (tmp_path / "max").write_text("1000000000\n")
    assert machine_memory() == min(whole, 10**9)
    (tmp_path / "max").write_text("max\n")
    assert machine_memory() == whole


# Readers


def some(rows: int = 200) -> pa.Table:
    rng = np.random.default_rng(3)
    return pa.table(
        {"y": rng.integers(0, 2, rows), "x": rng.normal(size=rows), "g": ["u", "v"] * (rows // 2)}
    )


def test_chunks_know_where_their_rows_stand(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("\ny,g\n" + "".join(f'{i % 2},"a\nb"\n' for i in range(50)))
    whole = read_source(path)
    parts = list(chunks(open_reader(path), ("g", "y"), 16))
    assert [part.n_rows for part in parts] == [16, 16, 16, 2]
    assert parts[0].names == ("g", "y")
    assert parts[2].row_numbers.tolist() == list(range(32, 48))
    assert parts[2].place(3) == whole.place(35) == "line 73"


def test_only_the_columns_used_are_read(tmp_path):
    path = tmp_path / "f.parquet"
    pq.write_table(some(), path)
    (part,) = chunks(open_reader(path), ("g",), 1000)
    assert part.names == ("g",)


def test_a_name_with_a_point_brings_no_namesake(tmp_path):
    path = tmp_path / "f.parquet"
    pq.write_table(pa.table({"a": [1, 2], "a.b": [3, 4], "c": [{"b": 1}, {"b": 2}]}), path)
    for names in (("a",), ("a.b",), ("a.b", "a")):
        (part,) = chunks(open_reader(path), names, 10)
        assert part.table.to_pydict() == {n: {"a": [1, 2], "a.b": [3, 4]}[n] for n in names}


def test_files_of_another_schema(tmp_path):
    first, second = tmp_path / "a.parquet", tmp_path / "b.parquet"
    pq.write_table(some(), first)
    for other, words in (
        (some().rename_columns(["y", "x", "h"]), "column 'g' is not in this file"),
        (some().append_column("h", some().column("g")), "column 'h' is only in this file"),
        (
            some().set_column(1, "x", pa.array(["1"] * 200)),
            "column 'x' is of type string here and of type double in a.parquet",
        ),
    ):
        pq.write_table(other, second)
        with pytest.raises(ColumnError, match=words) as told:
            open_reader(tmp_path)
        assert str(second) in str(told.value)
        assert "write this one again, or leave it out" in str(told.value)
    # The order of the columns, and the width of the codes of categories, are no difference.
    table = some()
    wide = table.column("g").combine_chunks().dictionary_encode()
    narrow = pa.DictionaryArray.from_arrays(wide.indices.cast(pa.int8()), wide.dictionary)
    pq.write_table(table.set_column(2, "g", wide), first)
    pq.write_table(table.set_column(2, "g", narrow).select(["g", "y", "x"]), second)
    parts = list(chunks(open_reader(tmp_path), ("g", "x"), 300))
    assert [part.n_rows for part in parts] == [300, 100]
    assert open_data(tmp_path).table.table.column("g").to_pylist() == ["u", "v"] * 200


def test_folders_and_patterns(tmp_path):
    with pytest.raises(FileError, match="this is a folder, not a file, and holds no Parquet file"):
        open_data(tmp_path)
    with pytest.raises(FileError, match="no file has a name that fits"):
        open_data(tmp_path / "*.parquet")
    table = some()
    (tmp_path / "b").mkdir()
    for name, low in (("b/2.parquet", 100), ("a.parquet", 0), ("b/1.parquet", 50)):
        pq.write_table(table.slice(low, 100 if low == 100 else 50), tmp_path / name)
    (tmp_path / "_metadata").write_text("none of ours")
    (tmp_path / ".hidden.parquet").write_text("none of ours")
    for data in (tmp_path, str(tmp_path / "**" / "[ab12].parquet")):
        source = open_data(data).table
        assert source.table.equals(table)
        assert source.n_rows == 200
    assert open_data(tmp_path).table.name == tmp_path.name
    (tmp_path / "c.parquet").write_text("x,y\n1,2\n")
    with pytest.raises(FileError, match=r"c\.parquet: this is no Parquet file"):
        open_data(tmp_path)
    # A file whose name looks like a pattern is that file.
    shutil.copy(tmp_path / "a.parquet", tmp_path / "[x].parquet")
    assert open_data(tmp_path / "[x].parquet").table.n_rows == 50


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_files_that_are_cut_short(cut, tmp_path):
    table = some()
    pq.write_table(table, tmp_path / "f.parquet")
    with pa.ipc.new_file(tmp_path / "f.arrow", table.schema) as writer:
        writer.write_table(table, max_chunksize=30)
    with pa.ipc.new_stream(tmp_path / "f.arrows", table.schema) as writer:
        writer.write_table(table, max_chunksize=30)
    for name, kind in (("f.parquet", "Parquet"), ("f.arrow", "Arrow"), ("f.arrows", "Arrow")):
        path = tmp_path / name
        path.write_bytes(path.read_bytes()[: int(cut * path.stat().st_size)])
        with pytest.raises(FileError, match=f"{name}: the {kind} file is broken or cut short"):
            list(chunks(open_reader(path), ("x",), 16))


def test_a_parquet_file_with_a_damaged_page(tmp_path):
    path = tmp_path / "f.parquet"
    pq.write_table(some(5000), path, compression="gzip", use_dictionary=False)
    held = bytearray(path.read_bytes())
    held[len(held) // 4 : len(held) // 4 + 300] = bytes(300)
    path.write_bytes(held)
    with pytest.raises(FileError, match="the Parquet file is broken or cut short"):
        list(chunks(open_reader(path), ("y", "x"), 256))


def test_a_file_that_changes_while_it_is_read(tmp_path):
    path = tmp_path / "f.parquet"
    pq.write_table(some(), path)
    parts = chunks(open_reader(path), ("x",), 50)
    next(parts)
    with path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(FileError, match=r"changed while it was read \(it had [\d,]+ bytes"):
        list(parts)


def test_data_without_rows(tmp_path):
    nothing = some().slice(0, 0)
    pq.write_table(nothing, tmp_path / "f.parquet")
    (tmp_path / "f.csv").write_text("y,x\n")
    with pa.ipc.new_stream(tmp_path / "f.arrows", nothing.schema):
        pass
    for data in (
        tmp_path / "f.parquet",
        tmp_path / "f.csv",
        tmp_path / "f.arrows",
        pa.dataset.dataset(nothing),
        nothing.to_reader(),
    ):
        with pytest.raises(DataError, match="no rows"):
            list(chunks(open_reader(data), ("x",), 16))


# In memory, or not


@pytest.fixture
def small_machine(monkeypatch):
    """The program itself takes nothing, so that a small table may be too large."""
    monkeypatch.setattr(options, "LEAST", 0)


def test_what_fits_is_read_and_what_does_not_is_not(tmp_path, small_machine):
    table = some(20_000)
    path, text = tmp_path / "f.parquet", tmp_path / "f.csv"
    pq.write_table(table, path)
    table.to_pandas().to_csv(text, index=False)
    for make in (
        lambda: path,
        lambda: str(tmp_path / "*.parquet"),
        lambda: text,
        lambda: table,
        lambda: table.to_pandas(),
        lambda: pl.DataFrame(table),
        lambda: pa.dataset.dataset(path),
        lambda: pl.scan_parquet(path),
        lambda: table.to_reader(500),
    ):
        whole = open_data(make(), ReadOptions(memory="100MB")).table
        assert isinstance(whole, Source)
        assert whole.n_rows == 20_000
        beyond = open_data(make(), ReadOptions(memory="1MB", cache=tmp_path))
        assert beyond.table is None
        assert beyond.limits == Limits(10**6, tmp_path)
        assert beyond.head.names == ("y", "x", "g")
        assert open_data(beyond) is beyond
        parts = list(chunks(beyond.reader, ("x",), 7000))
        assert [part.n_rows for part in parts] == [7000, 7000, 6000]


def test_what_needs_all_rows_in_memory_says_so(tmp_path, small_machine):
    path = tmp_path / "f.parquet"
    pq.write_table(some(20_000), path)
    beyond = open_data(path, ReadOptions(memory="1MB"))
    with pytest.raises(UsageError, match=r"a split of f\.parquet .* about 1\.\d MB, where 1\.0 MB"):
        table_of(beyond, "a split")
    source = read_source(path)
    assert table_of(open_data(source), "a split") is source


def test_how_much_a_file_needs_is_known_before_it_is_read(tmp_path):
    """Within a factor of a few of what its columns take, for every kind of file."""
    table = some(50_000)
    frame = table.to_pandas()
    frame.to_csv(tmp_path / "f.csv", index=False)
    frame.to_csv(tmp_path / "f.csv.gz", index=False)
    pq.write_table(table, tmp_path / "f.parquet")
    constant = pa.table({name: pa.repeat(1.5, 50_000) for name in "yxg"})
    pq.write_table(constant, tmp_path / "constant.parquet")
    with pa.ipc.new_stream(tmp_path / "f.arrows", table.schema) as writer:
        writer.write_table(table)
    for name in ("f.csv", "f.csv.gz", "f.parquet", "constant.parquet", "f.arrows"):
        reader = open_reader(tmp_path / name)
        rows, exactly = reader.rows_about
        assert rows == 50_000 if exactly else 20_000 < rows < 120_000, name
        assert 3 * 50_000 * 24 * 0.4 < needs(reader) < 3 * 50_000 * 24 * 4, name


def test_a_file_that_may_have_no_more_bytes(tmp_path):
    """A real limit of the system, in a process of its own: nothing stays behind."""
    pytest.importorskip("resource")
    pq.write_table(some(40_000), tmp_path / "f.parquet")
    (tmp_path / "cache").mkdir()
    script = (
        "import resource, sys\n"
        "from sigmoide.sources import options\n"
        "options.LEAST = 0\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "from sigmoide.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    done = subprocess.run(
        [
            *(sys.executable, "-c", script, "fit", str(tmp_path / "f.parquet"), "--target", "y"),
            *("--memory", "2MB", "--cache", str(tmp_path / "cache")),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 3, done.stderr
    assert "the disk is full: after" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "cache").iterdir()) == []
