"""Names chosen by globs."""

from __future__ import annotations

from fnmatch import fnmatchcase


def matches(name: str, globs: str) -> bool:
    """Return whether a name is one of those that globs mean; several are parted by commas."""
    return any(fnmatchcase(name, glob.strip()) for glob in globs.split(","))
