"""Fresh data for every commit: the seed is made of the commit's hash, unless one is given."""

from __future__ import annotations

import subprocess
import zlib
from pathlib import Path

import numpy as np

from benchmarks.records import Generator

ROOT = Path(__file__).resolve().parents[1]


class NoCommitError(Exception):
    """The benchmarks are not in a git repository, or git is not there."""


def commit() -> str:
    """Return the hash of the commit that is checked out.

    Raises
    ------
    NoCommitError
        If there is none to be found.
    """
    return _git("rev-parse", "HEAD").strip()


def changed() -> bool:
    """Return whether tracked files differ from the commit."""
    return bool(_git("status", "--porcelain", "--untracked-files=no").strip())


def seed_of(commit: str) -> int:
    """Return the seed that a commit's hash stands for: its first eight digits."""
    return int(commit[:8], 16)


def generator(seed: int, name: str) -> Generator:
    """Return the random numbers of one problem: they do not depend on which others are run."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(ROOT), *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoCommitError(
            "no commit to make the seed of: this is not a git checkout. Give --seed."
        ) from error
    return done.stdout
