"""How a result reaches its rows again: errors, profiles and tests read them anew.

Of a fit in memory the blocks are still there. Of one beyond memory the source is opened again, with
the design that was learned; the cache of the fit is gone by then. Rows that are opened again, or
given, are proved to be those of the fit (:mod:`sigmoide.results.same_rows`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from sigmoide.blocks.blocks import Blocks
from sigmoide.design.prepare import Prepared, follow
from sigmoide.errors import RowsError
from sigmoide.results.records import Model
from sigmoide.results.same_rows import refuse_other_rows
from sigmoide.sources.formats import Data, open_data
from sigmoide.sources.options import ReadOptions

Given = tuple[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of a fit are had again.

    Attributes
    ----------
    data : Data or path
        What was fitted: opened, or where it is opened again.
    options : ReadOptions, optional
        How it is read.
    given : tuple
        Frequency, weights and offset, where they were given as arrays.
    blocks : Blocks, optional
        The rows as they were fitted, where they are in memory.
    """

    data: Data | str | PathLike[str]
    options: ReadOptions | None = None
    given: Given = (None, None, None)
    blocks: Blocks | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """What they are read from, as far as that is a file, a folder or a pattern."""
        if isinstance(self.data, str | PathLike):
            return (Path(self.data),)
        return self.data.reader.paths


@dataclass(frozen=True, slots=True)
class Origin:
    """What data were opened from.

    Attributes
    ----------
    data
        Whatever a fit takes.
    options : ReadOptions, optional
        How it is read.
    """

    data: Any
    options: ReadOptions | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """Rows of a fit, open, with the other columns beside them.

    Attributes
    ----------
    blocks : Blocks
        The rows as they were fitted.
    data : Data
        Where all columns are.
    given : tuple
        As in :class:`Rows`.
    """

    blocks: Blocks
    data: Data
    given: Given


def rows_of(ready: Prepared, opened: Data, origin: Origin, given: Given) -> Rows:
    """Return where the rows of a fit that was just made are had again.

    A table that was read from a file is let go: the file is read again if its other columns are
    asked for.

    Parameters
    ----------
    ready : Prepared
        The rows that were fitted.
    opened : Data
        Where they are from.
    origin : Origin
        What that was opened from.
    given : tuple
        As in :class:`Rows`, or columns' names.
    """
    blocks = None if opened.table is None else ready.blocks
    arrays = tuple(None if isinstance(each, str) else each for each in given)
    return Rows(_to_keep(origin.data, opened), origin.options, arrays, blocks)  # type: ignore[arg-type]


def attached(
    model: Model, data: Any, options: ReadOptions | None = None, given: Given = (None, None, None)
) -> Rows:
    """Return data as the rows of a model, once they are proved to be.

    Raises
    ------
    RowsError
        If they are other rows.
    DataError
        If the data cannot be used so.
    """
    rows = Rows(open_data(data, options), options, given)
    with opened_again(model, rows) as opened:
        blocks = None if opened.data.table is None else opened.blocks
        return Rows(_to_keep(data, rows.data), options, given, blocks)


def _to_keep(data: Any, opened: Any) -> Any:
    """Return the path of a table that was read from a file, else what was opened."""
    from_file = isinstance(data, str | PathLike) and opened.table is not None
    return data if from_file else opened


@contextmanager
def reopened(model: Model, rows: Rows | None, what: str) -> Iterator[Blocks]:
    """Open the rows of a fit, for as long as they are used.

    Parameters
    ----------
    model : Model
        The fit.
    rows : Rows, optional
        Where they are.
    what : str
        What they are wanted for, in words.

    Raises
    ------
    RowsError
        If they are not there any more, or are others.
    """
    there = _there(rows, what)
    if there.blocks is not None:
        yield there.blocks
        return
    with opened_again(model, there) as opened:
        yield opened.blocks


@contextmanager
def reopened_whole(model: Model, rows: Rows | None, what: str) -> Iterator[Opened]:
    """Open the rows of a fit as :func:`reopened` does, with the other columns of their source."""
    there = _there(rows, what)
    if there.blocks is not None and isinstance(there.data, Data):
        yield Opened(there.blocks, there.data, there.given)
        return
    with opened_again(model, there) as opened:
        yield opened


def _there(rows: Rows | None, what: str) -> Rows:
    if rows is None:
        raise RowsError(
            f"{what} are computed from the rows of the fit, which this result does not hold: a "
            "model file has none, and neither has a result that was pickled or let its data go. "
            "Give them: result.with_data(data)."
        )
    return rows


@contextmanager
def opened_again(model: Model, rows: Rows) -> Iterator[Opened]:
    """Open rows from where they are, and prove that they are those of the fit."""
    data = open_data(rows.data, rows.options)
    if not data.reader.again:
        raise RowsError(
            f"{data.head.name}: these data can be read only once, and the fit has read them. Write "
            "them to a Parquet file, and give that: result.with_data(data)."
        )
    ready = follow(data, model.design, model.target, model.roles, rows.given)
    try:
        refuse_other_rows(ready.blocks, model.fit, model.design.intercept, data.head.name)
        yield Opened(ready.blocks, data, rows.given)
    finally:
        ready.close()
