"""The teaching notebook's logistic regressor, made by hand, and its distance to the optimum.

Read ``handmade.py`` first: it is the notebook, function by function. ``run_lesson`` walks
through it, explains it and goes on where it stops; ``write_lesson``, ``write_figures`` and
``write_page`` keep what came out, ``write_notebook`` writes it all as a Jupyter notebook, and
``to_model`` makes a model of the library of weights made by hand. The names load on first use,
because the lesson needs torch and nothing else here does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sigmoide.lesson.boundary import boundary_segment
    from sigmoide.lesson.figures import write_figures
    from sigmoide.lesson.files import write_lesson
    from sigmoide.lesson.finite import stable_cross_entropy
    from sigmoide.lesson.handmade import (
        binary_cross_entropy,
        forward,
        loss_backward,
        optimizer_step,
        regressor,
        set_seed,
        sigmoid,
        train,
    )
    from sigmoide.lesson.handover import to_model
    from sigmoide.lesson.notebook.write import write_notebook
    from sigmoide.lesson.own import own_data
    from sigmoide.lesson.page import write_page
    from sigmoide.lesson.transcript import run_lesson

__all__ = [
    "binary_cross_entropy",
    "boundary_segment",
    "forward",
    "loss_backward",
    "optimizer_step",
    "own_data",
    "regressor",
    "run_lesson",
    "set_seed",
    "sigmoid",
    "stable_cross_entropy",
    "to_model",
    "train",
    "write_figures",
    "write_lesson",
    "write_notebook",
    "write_page",
]

# No module may bear one of these names: once imported it would hide the function.
_MODULES = dict.fromkeys(__all__, "sigmoide.lesson.handmade") | {
    "boundary_segment": "sigmoide.lesson.boundary",
    "own_data": "sigmoide.lesson.own",
    "run_lesson": "sigmoide.lesson.transcript",
    "stable_cross_entropy": "sigmoide.lesson.finite",
    "to_model": "sigmoide.lesson.handover",
    "write_figures": "sigmoide.lesson.figures",
    "write_lesson": "sigmoide.lesson.files",
    "write_page": "sigmoide.lesson.page",
    "write_notebook": "sigmoide.lesson.notebook.write",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
