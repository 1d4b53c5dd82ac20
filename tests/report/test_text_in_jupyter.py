"""Inside Jupyter, too, the text tables are text: ``print`` prints them."""

from __future__ import annotations

import builtins

import numpy as np

import sigmoide
from sigmoide.design.describe import description_of
from sigmoide.report.description import render_description
from sigmoide.sources.frames import read_source


class ZMQInteractiveShell:
    """What the shell of a Jupyter kernel is called, and is known by."""


def test_tables_are_the_same_text(monkeypatch, capsys):
    x = np.arange(20.0)
    table = {"a": x, "y": (x * 7 % 5 > 2).astype(int)}
    result = sigmoide.logit("y ~ a", table)
    summary, compared = result.summary(), sigmoide.compare(result, result)
    found = description_of(read_source(table))
    plain = (str(summary), str(compared), render_description(found))
    monkeypatch.setattr(builtins, "get_ipython", ZMQInteractiveShell, raising=False)
    assert (str(summary), str(compared), render_description(found)) == plain
    assert all("\n" in text for text in plain)
    assert capsys.readouterr().out == ""
