"""When data are worth a compiler."""

from __future__ import annotations

# So few numbers are read in NumPy before compiled kernels could be loaded, or even compiled.
FEW_NUMBERS = 1 << 17


def worth_compiling(rows: int, size: int) -> bool:
    """Return whether so many rows of so many coordinates are read by compiled kernels.

    The same for the same data, wherever they live and whatever is loaded already: the two ways
    differ in rounding.
    """
    return rows * size > FEW_NUMBERS
