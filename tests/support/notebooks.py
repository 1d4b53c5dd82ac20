"""Running a notebook cell by cell in this very process, which is much faster than a kernel."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
import torch
from IPython.core.inputtransformer2 import TransformerManager


def cells_of(path: Path, kind: str) -> dict[str, str]:
    """Return the cells of a kind, by their ids, in their order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == kind}


def run_cells(path: Path, *, first_part: bool = False) -> dict[str, str]:
    """Run the cells of code, in the notebook's folder and on the CPU; return what each printed."""
    scope: dict[str, object] = {"__name__": "__main__"}
    printed = {}
    with _as_in_jupyter(path.parent):
        for name, source in cells_of(path, "code").items():
            if first_part and _begins_the_second(name):
                break
            out = io.StringIO()
            code = compile(TransformerManager().transform_cell(source), name, "exec")
            with contextlib.redirect_stdout(out):
                exec(code, scope)
            printed[name] = out.getvalue()
    return printed


@contextlib.contextmanager
def _as_in_jupyter(folder: Path) -> Iterator[None]:
    deterministic = torch.are_deterministic_algorithms_enabled()
    before, backend = Path.cwd(), mpl.get_backend()
    os.chdir(folder)
    plt.switch_backend("agg")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(torch.cuda, "is_available", lambda: False)
            patch.setattr(plt, "show", lambda: (plt.gcf().canvas.draw(), plt.close("all")))
            yield
    finally:
        plt.close("all")
        plt.switch_backend(backend)
        os.chdir(before)
        torch.use_deterministic_algorithms(deterministic)


def part_one(printed: dict[str, str]) -> str:
    """Return all that the first part printed."""
    names = list(printed)
    end = next((i for i, name in enumerate(names) if _begins_the_second(name)), len(names))
    return "".join(printed[name] for name in names[:end])


def _begins_the_second(name: str) -> bool:
    return name in ("optimum-code", "no-optimum-code")
