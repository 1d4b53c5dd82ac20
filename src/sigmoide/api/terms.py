"""The terms of a model: their columns, and which may be left out."""

from __future__ import annotations

from sigmoide.results.records import Model


def formula_of(model: Model) -> str:
    """Return what was modelled on what, as a formula."""
    labels = " + ".join(model.design.groups) or "1"
    return f"{model.response} ~ {labels}" + ("" if model.design.intercept else " - 1")


def places_of(model: Model) -> dict[str, list[int]]:
    """Return, for each term, where its coefficients stand among ``model.terms``."""
    place = {name: j for j, name in enumerate(model.terms)}
    return {
        label: [place[name] for name in names if name in place]
        for label, names in model.design.groups.items()
    }


def columns_of(model: Model) -> dict[str, list[int]]:
    """Return, for each term that may be left out, where its columns stand in the design.

    A term that an interaction contains stays: without it the interaction would mean something
    else (Nelder 1977, Journal of the Royal Statistical Society A 140, 48-77).
    """
    place = {name: j for j, name in enumerate(model.design.names)}
    factors = {label: set(factors_of(label)) for label in model.design.groups}
    return {
        label: [place[name] for name in names]
        for label, names in model.design.groups.items()
        if not any(factors[label] < others for others in factors.values())
    }


def factors_of(label: str) -> list[str]:
    """Split an interaction at the colons that stand in no bracket, quote or backticks."""
    parts, begun, depth, quote = [], 0, 0, ""
    for at, mark in enumerate(label):
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "\"'`":
            quote = mark
        elif mark in "([":
            depth += 1
        elif mark in ")]":
            depth -= 1
        elif mark == ":" and depth == 0:
            parts.append(label[begun:at])
            begun = at + 1
    return [*parts, label[begun:]]
