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


def certificate(found: Certificate) -> dict[str, Any]:
    """Return a certificate as JSON's own types."""
    return {
        "proved": found.proved,
        "delta": number(found.delta),
        "gap": number(found.gap),
        "distance": number(found.distance),
        "decrement": number(found.decrement),
        "radius": number(found.radius),
        "rounding": number(found.rounding),
        "method": found.method,
        "reads": found.reads,
        "reason": found.reason,
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
