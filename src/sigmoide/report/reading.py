"""One line for each read of a fit under way."""

from __future__ import annotations

from sigmoide.arguments.words import printable
from sigmoide.results.records import Reading

# A fit that lasts no longer needs no pace.
_SHORT = 2.0


def reading_line(reading: Reading, shown: int | None = None) -> str:
    """Return the line of a read.

    Parameters
    ----------
    reading : Reading
        What is known.
    shown : int, optional
        Reads that lines were shown for already: those in between are named with this one.
    """
    reads = reading.reads
    passed = shown is not None and reads > shown + 1
    parts = [f"reads {shown + 1}-{reads}" if passed and shown is not None else f"read {reads}"]
    parts[0] += f": {reading.what}"
    if reading.decrement is not None:
        parts.append(f"{reading.decrement:.1e} s.e. to go")
    if reading.gap is not None:
        parts.append(f"proved within {reading.gap:.1e} of the least")
    elif reading.value is not None:
        parts.append(f"objective {reading.value:.6f}")
    if reading.seconds > _SHORT:
        parts.append(_pace(reading.rows_per_second))
        if reading.left is not None:
            parts.append(f"about {_duration(reading.left)} left")
    return printable(", ".join(parts))


def _pace(rows: float) -> str:
    return f"{rows / 1e6:.1f} M rows/s" if rows >= 1e5 else f"{rows:,.0f} rows/s"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
