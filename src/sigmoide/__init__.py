"""sigmoide: logistic regression, whole. Every fit is proved.

The names load on first use: ``import sigmoide`` itself loads no scientific package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from sigmoide._version import __version__

if TYPE_CHECKING:
    from sigmoide import errors, lesson
    from sigmoide.estimator import LogisticRegression
    from sigmoide.fitting import logit
    from sigmoide.front.comparing import anova, compare
    from sigmoide.results import Result, read_model
    from sigmoide.sources.options import ReadOptions
    from sigmoide.verify import certify

_PLACES = {
    "LogisticRegression": "sigmoide.estimator",
    "ReadOptions": "sigmoide.sources.options",
    "Result": "sigmoide.results",
    "anova": "sigmoide.front.comparing",
    "certify": "sigmoide.verify",
    "compare": "sigmoide.front.comparing",
    "logit": "sigmoide.fitting",
    "read_model": "sigmoide.results",
}

__all__ = [
    "LogisticRegression",
    "ReadOptions",
    "Result",
    "__version__",
    "anova",
    "certify",
    "compare",
    "errors",
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
