"""Random tables as they come: missing values everywhere, late words, labels, weights of zero."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sigmoide.blocks.blocks import Blocks
from sigmoide.design.design import Policies, Term
from sigmoide.design.prepare import Prepared, Request
from sigmoide.errors import SigmoideError

SIZES = (3, 12, 60, 400)


def table(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """Return a table of text and numbers, with holes, and now and then something wrong."""
    two = ["no", "yes"] + (["may"] if rng.random() < 0.15 else [])
    frame = pd.DataFrame(
        {
            "y": rng.choice([0, 1], rows) if rng.random() < 0.5 else rng.choice(two, rows),
            "a": rng.normal(size=rows),
            "b": rng.integers(0, 5, rows),
            "g": rng.choice(list("pqrst"), rows),
            "t": rng.choice([True, False], rows),
            "z": rng.normal(size=rows) * 10.0 ** rng.integers(-3, 12),
            "w": rng.integers(0, 3, rows),
            "k": [f"id{i}" for i in range(rows)]
            if rng.random() < 0.1
            else rng.choice(["1", "2", "x3"], rows),
        }
    ).astype(object)
    for name in frame:
        if rng.random() < 0.4:
            frame.loc[rng.random(rows) < rng.choice([0.02, 0.2, 0.6]), name] = None
    for name, chance, value in (
        ("a", 0.2, "oops"),
        ("b", 0.1, "007"),
        ("t", 0.1, "perhaps"),
        ("w", 0.1, -1),
        ("w", 0.1, 0.5),
        ("z", 0.05, "inf"),
        ("g", 0.1, " spaced "),
    ):
        if rng.random() < chance:
            frame.loc[int(rng.integers(rows)), name] = value
    if rng.random() < 0.05:
        frame["a"] = None
    return frame


def request(rng: np.random.Generator, rows: int) -> Request:
    """Return something to ask of such a table."""
    terms = []
    for name in "abgtkz":
        if rng.random() < 0.6:
            categorical = bool(name == "b" and rng.random() < 0.5)
            terms.append(Term(name, name, categorical, "p" if rng.random() < 0.05 else None))
    asked = {}
    if rng.random() < 0.5:
        asked["frequency" if rng.random() < 0.5 else "weights"] = "w"
    elif rng.random() < 0.2:
        asked["weights"] = rng.random(rows)
    if rng.random() < 0.4:
        asked["offset"] = "z"
    policies = Policies(
        str(rng.choice(["drop", "error", "indicator"], p=[0.5, 0.1, 0.4])),
        str(rng.choice(["error", "reference", "missing"])),
    )
    return Request("y", tuple(terms), bool(rng.random() < 0.9), policies=policies, **asked)


def write(rng: np.random.Generator, frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV or, its columns of one type each, as Parquet."""
    if path.suffix == ".csv":
        frame.to_csv(path, index=False, na_rep="NA")
        return
    typed = pd.DataFrame({name: frame[name].infer_objects() for name in frame})
    for name in typed:
        if typed[name].dtype == object:
            typed[name] = [None if pd.isna(v) else str(v) for v in typed[name]]
            if rng.random() < 0.3:
                typed[name] = typed[name].astype("category")
    held = pa.Table.from_pandas(typed, preserve_index=False)
    pq.write_table(held, path, row_group_size=int(rng.integers(1, 50)))


@dataclass(frozen=True)
class Outcome:
    """What came of preparing data: a refusal, or all that was learned and the bytes of the rows."""

    refused: str = ""
    learned: tuple = ()
    rows: tuple = ()


def outcome(make) -> Outcome:
    """Prepare data, and take down what came of it."""
    try:
        ready: Prepared = make()
    except SigmoideError as error:
        return Outcome(f"{type(error).__name__}: {error}")
    try:
        notes = tuple(note for note in ready.notes if not note.startswith("streamed: "))
        learned = (
            repr(ready.design),
            ready.target,
            ready.roles,
            ready.source_rows,
            ready.dropped,
            ready.replaced,
            notes,
        )
        return Outcome("", learned, bytes_of(ready.blocks))
    finally:
        ready.close()


def bytes_of(blocks: Blocks) -> tuple:
    """Return the bytes of all rows, and how they are parted into blocks."""
    parts = [
        blocks.map(lambda b, name=name: getattr(b, name))
        for name in ("X", "y", "weight", "offset", "rows")
    ]
    return (
        blocks.names,
        blocks.n_rows,
        blocks.n_blocks,
        blocks.rows_per_block,
        *((part.dtype.str, part.shape, part.tobytes()) for part in parts),
    )
