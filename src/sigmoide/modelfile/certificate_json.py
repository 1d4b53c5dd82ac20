"""Numbers and certificates in the model file."""

from __future__ import annotations

import math
from typing import Any

from sigmoide.blocks.block import Array
from sigmoide.modelfile.entries import Entry
from sigmoide.proof.certificate import Certificate


def number(value: float) -> float | str:
    """Return a number as JSON has it; the words for those that it has not."""
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def numbers(values: Array) -> list[float | str]:
    """Return a list of them."""
    return [number(v) for v in values]


def certificate(record: Certificate) -> dict[str, Any]:
    """Return a certificate as JSON's own types."""
    return {
        "proved": record.proved,
        "delta": number(record.delta),
        "gap": number(record.gap),
        "distance": number(record.distance),
        "decrement": number(record.decrement),
        "radius": number(record.radius),
        "rounding": number(record.rounding),
        "method": record.method,
        "reads": record.reads,
        "reason": record.reason,
    }


def read_certificate(entry: Entry) -> Certificate:
    """Return a certificate from its entries."""
    names = ("delta", "gap", "distance", "decrement", "radius", "rounding")
    bounds = {name: entry[name].bound() for name in names}
    return Certificate(
        proved=entry["proved"].flag(),
        **bounds,
        method=entry["method"].text(),
        reads=entry["reads"].count(),
        reason=entry["reason"].text(),
    )
