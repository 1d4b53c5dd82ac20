"""Description of a data set before any fit: types, levels, ranges, missing values, the event."""

from __future__ import annotations

from typing import Any

from sigmoide.design.describe import Description, description_of
from sigmoide.report.description import render_description
from sigmoide.sources.formats import open_data, table_of
from sigmoide.sources.options import ReadOptions


class DataDescription(Description):
    """A data set as it was understood; ``print`` shows it as text of 80 columns."""

    __slots__ = ()

    def __str__(self) -> str:
        return render_description(self)


def describe(
    data: Any, target: str | None = None, options: ReadOptions | None = None
) -> DataDescription:
    """Describe a data set as it would be understood: what each column is, and holds, and lacks.

    Parameters
    ----------
    data
        What :func:`sigmoide.logit` takes; it has to fit into memory.
    target : str, optional
        A column whose event is to be named: what would be modelled, or why it cannot be.
    options : ReadOptions, optional
        How a text file is read.

    Returns
    -------
    DataDescription
        ``columns`` has a record for each column: name, kind, missing, holds, note.

    Raises
    ------
    UsageError
        For data beyond memory.
    DataError
        If the data cannot be read, or have no such target (``ColumnError``).

    Examples
    --------
    >>> import sigmoide
    >>> found = sigmoide.describe({"y": ["no", "yes", "no"], "x": [1.0, None, 2.5]}, target="y")
    >>> found.event
    'y = yes would be modelled, against y = no'
    >>> [(column.name, column.kind, column.missing) for column in found.columns]
    [('y', 'text', 0), ('x', 'numeric', 1)]
    """
    description = description_of(table_of(open_data(data, options), "a description"), target)
    return DataDescription(*(getattr(description, name) for name in Description.__slots__))
