"""Arrow and Parquet files with damage at a known place, and at any place; how they are judged."""

from __future__ import annotations

import io
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

from sigmoide.sources import formats
from support.forks import command

ROWS = 240
FORMULA = "y ~ x + k + g + h + b"
USED = ["y", "x", "k", "g", "h", "b"]
KINDS = ("Arrow file", "Arrow stream")


def table() -> pa.Table:
    """Return a table of columns of every kind that a file may hold, and some that are not used."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=ROWS)
    g, h = rng.choice(["north", "söuth", "west"], ROWS), rng.choice(["a", "bb", "ccc"], ROWS)
    eta = x + (g == "west") - 0.5 * (h == "a")
    days = rng.integers(18000, 18060, ROWS).astype(np.int32)
    return pa.table(
        {
            "y": pa.array(rng.random(ROWS) < 1 / (1 + np.exp(-eta))),
            "x": pa.array(np.where(rng.random(ROWS) < 0.1, np.nan, x), from_pandas=True),
            "k": pa.array(rng.integers(0, 9, ROWS), pa.int32()),
            "g": pa.array(g),
            "h": pa.array(h).dictionary_encode(),
            "b": pa.array(rng.random(ROWS) < 0.5),
            "d": pa.array(days).cast(pa.date32()),
        }
    )


def arrow_bytes(data: pa.Table, *, stream: bool = False, compression: str | None = None) -> bytes:
    """Return a table as an Arrow IPC file or stream, in three record batches."""
    place = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    opened = pa.ipc.new_stream if stream else pa.ipc.new_file
    with opened(place, data.schema, options=options) as writer:
        for batch in data.to_batches(max_chunksize=-(-data.num_rows // 3)):
            writer.write_batch(batch)
    return place.getvalue()


def parquet_bytes(data: pa.Table, **options: Any) -> bytes:
    """Return a table as a Parquet file."""
    place = io.BytesIO()
    pq.write_table(data, place, **options)
    return place.getvalue()


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a buffer of an Arrow file stands.

    Attributes
    ----------
    column : str
        The column; with ``/`` behind it, its dictionary.
    batch, number : int
        The record batch, and which buffer of the column: 0 validity, 1 offsets or values, 2 text.
    start, size : int
        Bytes.
    """

    column: str
    batch: int
    number: int
    start: int
    size: int


def spots(raw: bytes) -> list[Spot]:
    """Return where the buffers of an Arrow file or stream, not compressed, stand in it."""
    held = pa.py_buffer(raw)
    opened = pa.ipc.open_file if raw.startswith(b"ARROW1") else pa.ipc.open_stream
    with opened(pa.BufferReader(held)) as reader:
        batches = reader.read_all().to_batches()
    found = []
    for number, batch in enumerate(batches):
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            parts = [(name, column)]
            if pa.types.is_dictionary(column.type):
                parts = [(name, column.indices), (f"{name}/", column.dictionary)]
            for what, part in parts:
                found += [
                    Spot(what, number, k, buffer.address - held.address, buffer.size)
                    for k, buffer in enumerate(part.buffers())
                    if buffer is not None and 0 <= buffer.address - held.address < len(raw)
                ]
    return found


def spot(raw: bytes, column: str, number: int, batch: int = 1) -> Spot:
    """Return where one buffer stands."""
    found = [s for s in spots(raw) if (s.column, s.number) == (column, number)]
    return next((s for s in found if s.batch == batch), found[0])


def put(raw: bytes, start: int, value: bytes) -> bytes:
    """Return bytes with others written over some of them."""
    return raw[:start] + value + raw[start + len(value) :]


# Damage at any place


def mutated(rng: np.random.Generator, raw: bytes) -> bytes:
    """Return bytes with one of the accidents that happen to files."""
    size, kind = len(raw), rng.integers(7)
    at = int(rng.integers(size))
    if rng.random() < 0.3:
        # Where the table of contents stands.
        at = max(size - int(rng.integers(1, 1200)), 0)
    if kind == 0:
        return put(raw, at, bytes([raw[at] ^ 1 << int(rng.integers(8))]))
    if kind == 1:
        for place in rng.integers(size, size=int(rng.integers(2, 30))).tolist():
            raw = put(raw, place, bytes([int(rng.integers(256))]))
        return raw
    if kind == 2:
        length = min(int(rng.integers(1, 64)), size - at)
        return put(raw, at, bytes(length))
    if kind == 3:
        return raw[:at]
    if kind == 4:
        other = int(rng.integers(size))
        length = min(int(rng.integers(1, 200)), size - at, size - other)
        return put(raw, at, raw[other : other + length])
    if kind == 5:
        return raw[:at] + raw[at + int(rng.integers(1, 64)) :]
    return put(raw, min(at // 8 * 8, size - 8), _evil(rng, 8))


def misplaced(rng: np.random.Generator, raw: bytes, places: list[Spot]) -> bytes:
    """Return an Arrow file with damage in its offsets, codes, validity or values."""
    chosen = places[rng.integers(len(places))]
    width = min(int(rng.choice([1, 2, 4, 8])), chosen.size)
    at = chosen.start + int(rng.integers(max(chosen.size // width, 1))) * width
    return put(raw, at, _evil(rng, width))


def _evil(rng: np.random.Generator, width: int) -> bytes:
    """Return a number of so many bytes that breaks things: at an edge, large, negative."""
    edges = (-1, 0, 1, 255, ROWS, ROWS + 1, 2**31 - 1, -(2**31), 10**12, 2**63 - 1, -(2**63))
    return struct.pack("<q", int(edges[rng.integers(len(edges))]))[:width]


# What is made of it


def streaming() -> Any:
    """Have every source read in pieces, as if it were larger than the memory."""
    return patch.object(formats, "needs", lambda reader: 1 << 62)


def run_command(arguments: list[object], streamed: bool) -> None:
    """Run a command of the program, and end this process."""
    if streamed:
        with streaming():
            command(*arguments)
    command(*arguments)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the program made of a file, and what a careful reading of the same bytes comes to.

    Attributes
    ----------
    code : int
        Exit code.
    model : str or None
        The model file that was written, without seconds and notes.
    careful : str
        That of the table which pyarrow reads with all its checks; or why there is none.
    """

    code: int
    model: str | None
    careful: str


def judge(path: Path, streamed: bool, cluster: bool) -> Judged:
    """Fit a file by the command line, and the careful reading of it in memory."""
    out = path.with_suffix(".json")
    out.unlink(missing_ok=True)
    asked = ["--cluster", "d"] if cluster else []
    try:
        run_command(["fit", path, "--formula", FORMULA, "--out", out, *asked], streamed)
    except SystemExit as stop:
        code = int(stop.code or 0)
    model = _comparable(json.loads(out.read_text(encoding="utf-8"))) if out.exists() else None
    try:
        careful = _careful(path, USED + ["d"] * cluster if streamed else None, cluster)
    except Exception as error:
        careful = f"{type(error).__name__}: {error}"
    return Judged(code, model, careful)


def _careful(path: Path, columns: list[str] | None, cluster: bool) -> str:
    import warnings

    from sigmoide import logit
    from sigmoide.modelfile.to_json import to_json

    read = careful_table(path, columns)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        asked: dict[str, Any] = {"cov": "CR1", "cluster": "d"} if cluster else {}
        return _comparable(to_json(logit(FORMULA, read, **asked).model))


def careful_table(path: Path, columns: list[str] | None = None) -> pa.Table:
    """Read a file by pyarrow with every check that it has."""
    with path.open("rb") as file:
        head = file.read(6)
    if head.startswith(b"PAR1"):
        with pq.ParquetFile(path, page_checksum_verification=True) as opened:
            read = opened.read(columns)
    else:
        opener = pa.ipc.open_file if head == b"ARROW1" else pa.ipc.open_stream
        with path.open("rb") as file, opener(file) as opened:
            fields = [opened.schema.get_field_index(name) for name in columns or ()]
        options = pa.ipc.IpcReadOptions(included_fields=fields)
        with path.open("rb") as file, opener(file, options=options) as opened:
            read = opened.read_all()
        read = read if columns is None else read.select(columns)
    read.validate(full=True)
    return read


def _comparable(entries: dict[str, Any]) -> str:
    entries = json.loads(json.dumps(entries))
    # How often rows were read is another number where they are beyond memory.
    for name in ("seconds", "reads", "history"):
        entries["fit"].pop(name)
    for name in ("notes", "source"):
        entries["fitted_on"].pop(name)
    return json.dumps(entries, sort_keys=True)
