"""Where the lesson takes torch from, so that its absence is explained once."""

from __future__ import annotations

from sigmoide.errors import MissingDependencyError

__all__ = ["torch"]

try:
    import torch
except ModuleNotFoundError as absent:
    # A torch that is there but broken has its own message, which says more than ours.
    if absent.name != "torch":
        raise
    raise MissingDependencyError(
        "The lesson was asked for and it needs torch, which is not installed. "
        'Install it with: pip install "sigmoide[torch]" '
        "(the small CPU build: see 'Installing torch' in the README)"
    ) from absent
