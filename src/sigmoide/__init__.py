"""sigmoide: logistic regression, whole. Every fit is proved.

The names load on first use: ``import sigmoide`` itself loads no scientific package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from sigmoide._version import __version__

if TYPE_CHECKING:
    from sigmoide import errors, lesson
    from sigmoide.api.certify import certify
    from sigmoide.api.compare import anova, compare
    from sigmoide.api.describe import describe
    from sigmoide.api.logistic_regression import LogisticRegression
    from sigmoide.api.logit import logit
    from sigmoide.api.result import Result, read_model
    from sigmoide.api.split import fit_split
    from sigmoide.sources.options import ReadOptions

_PLACES = {
    "LogisticRegression": "sigmoide.api.logistic_regression",
    "ReadOptions": "sigmoide.sources.options",
    "Result": "sigmoide.api.result",
    "anova": "sigmoide.api.compare",
    "certify": "sigmoide.api.certify",
    "compare": "sigmoide.api.compare",
    "describe": "sigmoide.api.describe",
    "fit_split": "sigmoide.api.split",
    "logit": "sigmoide.api.logit",
    "read_model": "sigmoide.api.result",
}

__all__ = [
    "LogisticRegression",
    "ReadOptions",
    "Result",
    "__version__",
    "anova",
    "certify",
    "compare",
    "describe",
    "errors",
    "fit_split",
    "lesson",
    "logit",
    "read_model",
]


def __getattr__(name: str) -> object:
    if name in ("errors", "lesson"):
        return import_module(f"sigmoide.{name}")
    if name not in _PLACES:
        raise AttributeError(f"module 'sigmoide' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return __all__
