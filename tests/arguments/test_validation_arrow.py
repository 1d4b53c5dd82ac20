"""Damaged Arrow and Parquet: refused with file and column, and what is taken is what is there."""

from __future__ import annotations

import io
import re
import struct
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

import sigmoide
from sigmoide.arguments.arrow import arrow_fault
from support.damaged import (
    FORMULA,
    ROWS,
    arrow_bytes,
    judge,
    misplaced,
    mutated,
    parquet_bytes,
    put,
    run_command,
    spot,
    spots,
    streaming,
    table,
)
from support.forks import call, calls
from support.sweeps import generator, size

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits by /proc and setrlimit")

FAULT = "a fault of sigmoide"
INT32, INT64 = struct.Struct("<i").pack, struct.Struct("<q").pack


# Arrow files with one thing wrong


def at(column: str, number: int, row: int, value: bytes, batch: int = 1) -> bytes:
    """Return an Arrow file with one entry of a buffer written over."""
    raw = arrow_bytes(table())
    place = spot(raw, column, number, batch)
    return put(raw, place.start + row * len(value), value)


def everywhere(old: bytes, new: bytes, raw: bytes | None = None) -> bytes:
    """Return a file with some bytes replaced wherever they stand, which is somewhere."""
    raw = arrow_bytes(table()) if raw is None else raw
    assert old in raw
    return raw.replace(old, new)


def with_views(shift: int) -> bytes:
    data = table().select(["y", "x", "k", "g", "h", "b"])
    words = pa.array(["a long word, not inline"] * ROWS).cast(pa.string_view())
    raw = arrow_bytes(data.set_column(3, "g", words))
    # Of a view: its length, four letters, the number of a buffer and a place in it.
    return put(raw, spot(raw, "g", 1).start + 5 * 16 + shift, INT32(10**6))


def lying_size() -> bytes:
    raw = arrow_bytes(table(), compression="zstd")
    first = raw.index(b"\x28\xb5\x2f\xfd")
    return put(raw, first - 8, INT64(1 << 42))


ARROW: dict[str, tuple[Callable[[], bytes], str]] = {
    "an offset beyond the buffer": (
        lambda: at("g", 1, 7, INT32(1 << 27)),
        r"column 'g' is damaged: in row 86 \(counted from 0\) its buffers do not fit together",
    ),
    "the last offset beyond the buffer": (
        lambda: at("g", 1, ROWS // 3, INT32(1 << 27)),
        "column 'g' is damaged: its buffers do not fit together",
    ),
    "a negative offset": (lambda: at("g", 1, 3, INT32(-5)), "column 'g' is damaged: .*fit"),
    "offsets that fall": (lambda: at("g", 1, 40, INT32(1)), "column 'g' is damaged: .*fit"),
    "bytes that are no UTF-8": (
        lambda: at("g", 2, 0, b"\xff"),
        r"column 'g' is damaged: in row 80 \(counted from 0\) the bytes are no UTF-8",
    ),
    "the dictionary code -1": (
        lambda: at("h", 1, 11, INT32(-1)),
        r"column 'h' is damaged: in row 91 \(counted from 0\) the dictionary code is -1, and the "
        "dictionary has 0 to 2",
    ),
    "a dictionary code beyond": (
        lambda: at("h", 1, 0, INT32(3), batch=0),
        r"column 'h' is damaged: in row 0 \(counted from 0\) the dictionary code is 3, and",
    ),
    "a category that is no UTF-8": (
        lambda: at("h/", 2, 1, b"\xc3"),
        r"column 'h' is damaged: .*of its dictionary, in row \d.* the bytes are no UTF-8",
    ),
    "a category beyond its buffer": (
        lambda: at("h/", 1, 1, INT32(10**6)),
        "column 'h' is damaged: .*of its dictionary, .*fit together",
    ),
    "more rows than the buffers hold": (
        lambda: everywhere(INT64(ROWS // 3), INT64(10**6)),
        "is damaged: its buffers do not fit together",
    ),
    "10**12 rows": (
        lambda: everywhere(INT64(ROWS // 3), INT64(10**12)),
        "is damaged: its buffers do not fit together|the cache of the rows needs",
    ),
    "rows that are negative": (
        lambda: everywhere(INT64(ROWS // 3), INT64(-ROWS)),
        "broken|damaged",
    ),
    "a validity bitmap too short": (
        lambda: everywhere(INT64(0) + INT64(10), INT64(0) + INT64(1)),
        "column '.' is damaged: its buffers do not fit together|broken",
    ),
    "a view of a buffer that is not there": (
        lambda: with_views(8),
        r"column 'g' is damaged: in row 85 \(counted from 0\) its buffers do not fit together",
    ),
    "a view beyond its buffer": (lambda: with_views(12), "column 'g' is damaged: in row 85 "),
    "a compressed buffer of a lying size": (lying_size, "the Arrow file (is broken|asks for more)"),
    "a name that is no UTF-8": (
        lambda: everywhere(b"\x01\0\0\0g\0\0\0", b"\x01\0\0\0\xff\0\0\0"),
        "the Arrow file is broken or cut short",
    ),
    "a file cut short": (lambda: arrow_bytes(table())[:-700], "the Arrow file is broken"),
    "a stream cut short": (
        lambda: arrow_bytes(table(), stream=True)[:-700],
        "the Arrow file is broken|fit together",
    ),
}


# Parquet files with one thing wrong


def flipped(column: str, dictionary: bool, **options: Any) -> bytes:
    """Return a Parquet file with one bit of a page of a column flipped."""
    raw = parquet_bytes(table(), write_page_checksum=True, **options)
    footer = pq.ParquetFile(io.BytesIO(raw)).metadata.row_group(0)
    chunk = next(
        footer.column(k)
        for k in range(footer.num_columns)
        if footer.column(k).path_in_schema == column
    )
    start = chunk.dictionary_page_offset if dictionary else chunk.data_page_offset
    end = chunk.data_page_offset if dictionary else start + 10**9
    end = min(end, (chunk.dictionary_page_offset or start) + chunk.total_compressed_size)
    return put(raw, end - 2, bytes([raw[end - 2] ^ 1]))


def says_rows(rows: int) -> bytes:
    """Return a Parquet file whose footer says that it has so many rows."""
    raw = parquet_bytes(table())
    footer = int.from_bytes(raw[-8:-4], "little")
    start = len(raw) - 8 - footer
    # Thrift: the third field of the footer, an i64 in zigzag.
    at = raw.index(b"\x16" + _varint(2 * ROWS) + b"\x19", start)
    changed = raw[: at + 1] + _varint(2 * rows) + raw[at + 1 + len(_varint(2 * ROWS)) : -8]
    return changed + struct.pack("<I", len(changed) - start) + b"PAR1"


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def bad_text() -> pa.Array:
    """Return a column of text, hand-built, whose row 20 is no UTF-8."""
    words = b"ab" * ROWS
    offsets = np.arange(0, 2 * ROWS + 1, 2, dtype=np.int32)
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(put(words, 40, b"\xff"))]
    return pa.Array.from_buffers(pa.string(), ROWS, buffers)


PARQUET: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bit of a page": (
        lambda: flipped("x", False, compression="none", use_dictionary=False),
        "the Parquet file is broken or cut short .*CRC",
    ),
    "a bit of a packed page": (lambda: flipped("x", False, compression="zstd"), "CRC"),
    "a bit of a dictionary": (lambda: flipped("g", True, compression="none"), "CRC"),
    "text that is no UTF-8": (
        lambda: parquet_bytes(table().set_column(3, "g", bad_text())),
        r"column 'g' is damaged: in row 20 \(counted from 0\) the bytes are no UTF-8",
    ),
    "fewer rows than it says": (
        lambda: says_rows(ROWS + 1),
        "it says that it has 241 rows, and has 240|broken",
    ),
    "10**12 rows in the footer": (
        lambda: says_rows(10**12),
        r"it says that it has 1,000,000,000,000 rows, and has 240|broken|the cache of the rows",
    ),
    "a footer of another length": (
        lambda: put(raw := parquet_bytes(table()), len(raw) - 8, INT32(2**31 - 1)),
        "the Parquet file is broken or cut short",
    ),
    "a file cut short": (lambda: parquet_bytes(table())[:-300], "the Parquet file is broken"),
}

CASES = {f"Arrow: {name}": case for name, case in ARROW.items()} | {
    f"Parquet: {name}": case for name, case in PARQUET.items()
}


def by_commands(each: list[list[object]], streamed: bool) -> list[int]:
    """Run commands one after the other; return their exit codes."""
    codes = []
    for arguments in each:
        try:
            run_command(arguments, streamed)
        except SystemExit as stop:
            codes.append(int(stop.code or 0))
    return codes


def every_way(path: Path, fitted: Path | None) -> list[tuple[str, str]]:
    """Try a file in memory and in pieces, by the commands and from Python."""
    commands: list[list[object]] = [["fit", path, "--formula", FORMULA]]
    if fitted is not None:
        commands += [[name, fitted, path] for name in ("predict", "evaluate", "verify")]
    ends = []
    for streamed in (False, True):
        # A description needs all rows in memory, and says so before it reads any.
        described = [] if streamed or fitted is None else [["describe", path]]
        ends += [(str(code), "") for code in by_commands([*commands, *described], streamed)]
        ends.append(by_logit(path, streamed))
    return ends


def by_logit(data: Any, streamed: bool) -> tuple[str, str]:
    """Fit from Python; return the error's class and message."""
    try:
        with streaming() if streamed else nullcontext():
            sigmoide.logit(FORMULA, data)
    except sigmoide.errors.SigmoideError as error:
        return type(error).__name__, str(error)
    return "", ""


def refused_everywhere(path: Path, message: str, fitted: Path | None = None) -> None:
    """Assert that whoever reads a file says what is wrong with it: exit code 3, FileError."""
    done = call(every_way, path, fitted)
    assert done.code == 0, (done.code, done.stderr)
    assert not done.crashed
    assert FAULT not in done.stderr
    ends = [name for name, _ in done.value]
    assert set(ends) == {"3", "FileError"}, (ends, done.stderr)
    lines = [line for line in done.stderr.splitlines() if line.startswith("sigmoide: ")]
    assert len(lines) == ends.count("3")
    for line in [*lines, *(said for _, said in done.value if said)]:
        assert re.search(message, line), line
        assert path.name in line or "the cache" in line


@pytest.mark.parametrize("name", CASES)
def test_a_damaged_file_is_refused_with_its_column(name, tmp_path):
    make, message = CASES[name]
    path = tmp_path / "damaged.bin"
    path.write_bytes(make())
    refused_everywhere(path, message)


@pytest.mark.parametrize(
    "name",
    [
        "Arrow: an offset beyond the buffer",
        "Arrow: the dictionary code -1",
        "Arrow: bytes that are no UTF-8",
        "Parquet: a bit of a page",
    ],
)
def test_every_command_refuses_it(name, tmp_path):
    make, message = CASES[name]
    path, fitted = tmp_path / "damaged.bin", tmp_path / "model.json"
    path.write_bytes(make())
    sigmoide.logit(FORMULA, table()).save(fitted)
    refused_everywhere(path, message, fitted)


# What is odd and no damage


def test_metadata_of_pandas_that_cannot_be_read_are_no_reason_to_refuse(tmp_path):
    commands = []
    for k, odd in enumerate([b"{", b"[1]", b'{"index_columns": 3}', b"\xff", b"[" * 10**5]):
        path = tmp_path / f"{k}.arrow"
        path.write_bytes(arrow_bytes(table().replace_schema_metadata({b"pandas": odd})))
        commands.append(["fit", path, "--formula", FORMULA])
    for streamed in (False, True):
        done = call(by_commands, commands, streamed)
        assert done.value == [0] * 5, done.stderr


def test_codes_and_bytes_where_nothing_stands_do_not_matter(tmp_path):
    """Beneath a missing value may lie anything; pandas keeps the code -1 there."""
    codes = np.array([0, 1, 2] * (ROWS // 3), dtype=np.int8)
    codes[7] = -1
    missing = np.zeros(ROWS, dtype=bool)
    missing[7] = True
    words = ["a", "bb", "ccc"]
    beneath = pa.array(codes, mask=missing)
    odd = table().set_column(4, "h", pa.DictionaryArray.from_arrays(beneath, words, safe=False))
    plain = [None if gone else words[code] for code, gone in zip(codes, missing, strict=True)]
    expected = sigmoide.logit(FORMULA, table().set_column(4, "h", pa.array(plain)))
    frame = odd.to_pandas()
    assert frame["h"].cat.codes[7] == -1
    for data in (odd, frame):
        result = sigmoide.logit(FORMULA, data)
        assert result.params.to_dict() == expected.params.to_dict()


def test_chunks_of_many_categories_are_put_together(tmp_path):
    """The codes of one batch are int8, those of all batches together would not be."""
    words = np.array([f"w{k:03}" for k in range(240)])
    data = pa.Table.from_batches(
        [
            pa.record_batch(
                {
                    "y": pa.array(np.arange(240) % 2 == 0),
                    "g": pa.DictionaryArray.from_arrays(
                        pa.array(np.arange(240) % 120, pa.int8()), pa.array(words[low : low + 120])
                    ),
                }
            )
            for low in (0, 120)
        ]
    )
    path = tmp_path / "many.arrow"
    path.write_bytes(arrow_bytes(data, stream=True))
    for streamed in (False, True):
        done = call(run_command, ["fit", path, "--formula", "y ~ g", "--l2", "1"], streamed)
        assert done.code == 0, done.stderr


@pytest.mark.parametrize("streamed", [False, True])
def test_dates_that_nothing_can_hold_are_refused_by_their_column(streamed, tmp_path):
    commands = []
    for k, odd in enumerate(
        [
            pa.array([2**31 - 1] * ROWS, pa.int32()).cast(pa.date32()).dictionary_encode(),
            pa.array([2**62] * ROWS, pa.timestamp("s")).dictionary_encode(),
            pa.array([0] * ROWS, pa.timestamp("s", "Mars/Olympus")),
        ]
    ):
        path = tmp_path / f"{k}.arrow"
        path.write_bytes(arrow_bytes(table().append_column("when", odd)))
        commands.append(["fit", path, "--formula", "y ~ x + when"])
        commands.append(["fit", path, "--formula", "y ~ x", "--cluster", "when"])
    done = call(by_commands, commands, streamed)
    assert not done.crashed
    assert done.value == [3] * 6, done.stderr
    assert FAULT not in done.stderr
    assert done.stderr.count("column 'when'") == 6


# In memory


def invalid(kind: str) -> pa.Table:
    """Return a table whose column has the fault, made as pyarrow lets one make it."""
    names = {"offset": "an offset beyond the buffer", "code": "the dictionary code -1"}
    if kind in names:
        return pa.ipc.open_file(ARROW[names[kind]][0]()).read_all()
    return table().set_column(3, "g", bad_text())


MESSAGES = {
    "offset": r"column 'g' .*damaged: in row 86 \(counted from 0\) its buffers do not fit",
    "code": r"column 'h' .*damaged: in row 91 \(counted from 0\) the dictionary code is -1",
    "utf-8": r"column 'g' .*damaged: in row 20 \(counted from 0\) the bytes are no UTF-8",
}


def arrow_frame(data: pa.Table) -> pd.DataFrame:
    """Return a pandas frame around the very buffers."""
    arrays = {n: pd.arrays.ArrowExtensionArray(data.column(n)) for n in data.column_names}
    return pd.DataFrame(arrays)


CONTAINERS: dict[str, Callable[[pa.Table], Any]] = {
    "table": lambda data: data,
    "batch": lambda data: pa.record_batch(
        [column.chunk(min(1, column.num_chunks - 1)) for column in data.columns],
        names=data.column_names,
    ),
    "reader": lambda data: data.to_reader(),
    "dataset": lambda data: pa.dataset.dataset(data),
    "pandas": arrow_frame,
    "chunks": lambda data: dict(zip(data.column_names, data.columns, strict=True)),
}


def fit_object(kind: str, container: str) -> list[tuple[str, str]]:
    """Fit a container of a fault, in memory and in pieces."""
    return [by_logit(CONTAINERS[container](invalid(kind)), streamed) for streamed in (False, True)]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("kind", MESSAGES)
def test_invalid_buffers_in_memory_are_refused(kind, container):
    done = call(fit_object, kind, container)
    assert done.code == 0, (done.code, done.stderr)
    message = MESSAGES[kind]
    if container == "batch":
        message = re.sub(r"in row \d+", lambda _: r"in row \d+", message)
    for name, said in done.value:
        assert name == "ColumnError"
        assert re.search(message, said), said


def test_a_damaged_column_hurts_only_who_uses_it():
    for data in (invalid("utf-8"), arrow_frame(invalid("utf-8"))):
        result = sigmoide.logit("y ~ x + k", data)
        assert result.params.to_dict() == sigmoide.logit("y ~ x + k", table()).params.to_dict()


def ask_numpy(where: str) -> tuple[str, str]:
    """Hand invalid buffers to what makes a NumPy array of its argument."""
    bad = invalid("offset")
    column, good = bad.column("g"), table()
    X = np.arange(float(ROWS))[:, None]
    y = np.asarray(good.column("y"))
    try:
        if where == "weights":
            sigmoide.logit("y ~ x", good, weights=column)
        elif where == "cluster":
            sigmoide.logit("y ~ x", good, cluster=column)
        elif where == "certify":
            sigmoide.certify([0.0], 0.0, X, column)
        elif where == "fit y":
            sigmoide.LogisticRegression().fit(X, column)
        elif where == "fit X":
            sigmoide.LogisticRegression().fit(arrow_frame(bad.select(["k", "g"])), y)
        else:
            fitted = sigmoide.LogisticRegression().fit(np.column_stack([X, X]), y)
            fitted.predict(bad.select(["k", "g"]))
    except ValueError as error:
        return type(error).__name__, str(error)
    return "", ""


@pytest.mark.parametrize("where", ["weights", "cluster", "certify", "fit y", "fit X", "predict X"])
def test_arrays_of_arrow_are_validated_before_numpy_reads_them(where):
    done = call(ask_numpy, where)
    assert done.code == 0, (done.code, done.stderr)
    assert done.value[0] == "ColumnError", done.value
    assert "fit together" in done.value[1]


def test_polars_and_nullable_frames_are_as_before():
    plain = sigmoide.logit(FORMULA, table()).params.to_dict()
    nullable = table().to_pandas().convert_dtypes()
    for data in (pl.from_arrow(table()), nullable, arrow_frame(table())):
        assert sigmoide.logit(FORMULA, data).params.to_dict() == plain


def test_a_dataset_is_read_with_its_checksums(tmp_path):
    path = tmp_path / "part.parquet"
    path.write_bytes(flipped("x", False, compression="none", use_dictionary=False))
    data = pa.dataset.dataset(path)
    with pytest.raises(sigmoide.errors.DataError, match="CRC"), streaming():
        sigmoide.logit(FORMULA, data)
    with pytest.raises(sigmoide.errors.DataError, match="CRC"):
        sigmoide.logit(FORMULA, data)


def test_validation_copies_nothing_and_finds_the_first_row():
    good = table()
    before = pa.total_allocated_bytes()
    assert arrow_fault(good.column("g")) is None
    assert pa.total_allocated_bytes() == before
    chunks = pa.chunked_array([good.column("g").combine_chunks(), bad_text()])
    assert arrow_fault(chunks).row == ROWS + 20


# Mutations


def sound(ended: list[Any], streamed: list[bool]) -> Counter[str]:
    """Assert that no mutant crashed, and that all that were taken are what pyarrow reads."""
    counts: Counter[str] = Counter()
    for number, done in enumerate(ended):
        assert done.code == 0, (number, done.code, done.stderr[-2000:])
        assert not done.crashed, (number, done.stderr[-2000:])
        assert FAULT not in done.stderr, (number, done.stderr[-2000:])
        judged = done.value
        assert judged.code in (0, 2, 3, 4), (number, judged)
        if judged.code in (0, 4):
            assert judged.model == judged.careful, (number, streamed[number], judged)
        counts[f"exit {judged.code}"] += 1
    return counts


def swept(mutants: list[bytes], folder: Path) -> Counter[str]:
    """Judge them all, every other as data beyond memory."""
    each = []
    for number, raw in enumerate(mutants):
        path = folder / f"mutant{number}.bin"
        path.write_bytes(raw)
        each.append((path, number % 2 == 1, number % 8 > 5))
    return sound(list(calls(judge, each)), [streamed for _, streamed, _ in each])


@pytest.mark.sweep
def test_mutated_arrow_files(tmp_path):
    rng = generator("mutated Arrow")
    sources = [
        arrow_bytes(table(), stream=stream, compression=compression)
        for stream in (False, True)
        for compression in (None, "zstd", "lz4")
    ]
    places = [spots(sources[0]), None, None, spots(sources[3]), None, None]
    mutants = []
    for number in range(size(700, 65)):
        which = (0, 3)[number % 2] if number % 5 < 3 else int(rng.integers(6))
        raw, known = sources[which], places[which]
        structured = known is not None and rng.random() < 0.7
        mutants.append(misplaced(rng, raw, known) if structured else mutated(rng, raw))
    counts = swept(mutants, tmp_path)
    print(dict(counts))
    assert counts["exit 0"]
    assert counts["exit 3"]


@pytest.mark.sweep
def test_mutated_parquet_files(tmp_path):
    rng = generator("mutated Parquet")
    data = table()
    sources = [
        parquet_bytes(data, write_page_checksum=True),
        parquet_bytes(data, write_page_checksum=True, compression="none", row_group_size=90),
        parquet_bytes(data, compression="none", use_dictionary=False),
        parquet_bytes(data, compression="zstd", data_page_version="2.0", data_page_size=300),
        parquet_bytes(data, write_page_checksum=True, compression="none", data_page_version="2.0"),
    ]
    # Of that without checksums a flipped bit may be another number, and then is one.
    share = [0.15, 0.15, 0.4, 0.15, 0.15]
    chosen = rng.choice(len(sources), size=size(600, 65), p=share)
    mutants = [mutated(rng, sources[k]) for k in chosen]
    counts = swept(mutants, tmp_path)
    print(dict(counts))
    assert counts["exit 3"]
