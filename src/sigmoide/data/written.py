"""Sums written as one line of text, and read back with the same bits."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

# Types that arrays may have: little-endian, so that a line means the same everywhere.
_TYPES = ("<f8", "<i8", "|b1")

Kinds = Mapping[str, type]


def to_plain(value: Any, kinds: Kinds) -> Any:
    """Return what JSON can say of a sum: records, tuples, arrays and numbers.

    Parameters
    ----------
    value
        The sum.
    kinds : mapping
        From a name to the class of each record that may be met.

    Raises
    ------
    TypeError
        If anything else is met.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, np.generic):
        return to_plain(value.item(), kinds)
    if isinstance(value, float):
        return {"float": value.hex() if math.isfinite(value) else repr(value)}
    if isinstance(value, tuple):
        return {"tuple": [to_plain(part, kinds) for part in value]}
    if isinstance(value, np.ndarray):
        kind = value.dtype.newbyteorder("<").str
        if kind in _TYPES:
            held = np.ascontiguousarray(value).astype(kind, copy=False)
            packed = base64.b64encode(held.tobytes()).decode()
            return {"array": packed, "type": kind, "shape": list(value.shape)}
    name = type(value).__name__
    if is_dataclass(value) and kinds.get(name) is type(value):
        parts = [to_plain(getattr(value, f.name), kinds) for f in fields(value)]
        return {"record": name, "parts": parts}
    raise TypeError(f"a value of type {type(value).__name__} cannot be written down")


def from_plain(plain: Any, kinds: Kinds) -> Any:
    """Return the sum that was written; the opposite of :func:`to_plain`.

    Raises
    ------
    ValueError
        If it is none.
    """
    if plain is None or isinstance(plain, bool | int):
        return plain
    match plain:
        case {"float": str(text), **rest} if not rest:
            return float.fromhex(text)
        case {"tuple": list(parts), **rest} if not rest:
            return tuple(from_plain(part, kinds) for part in parts)
        case {"array": str(text), "type": kind, "shape": list(shape), **rest} if (
            not rest and kind in _TYPES
        ):
            held = np.frombuffer(base64.b64decode(text, validate=True), dtype=kind)
            if not all(type(side) is int and side >= 0 for side in shape):
                raise ValueError("an array has no such shape")
            # A copy, for what was read is read-only.
            return held.reshape(shape).astype(np.dtype(kind).newbyteorder("="))
        case {"record": str(name), "parts": list(parts), **rest} if not rest and name in kinds:
            if len(parts) != len(fields(kinds[name])):
                raise ValueError(f"a {name} has other parts")
            return kinds[name](*(from_plain(part, kinds) for part in parts))
    raise ValueError("this is no sum that was written down")
