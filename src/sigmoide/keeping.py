"""Long fits, kept as they go: the checkpoint of a fit, and what it is a checkpoint of."""

from __future__ import annotations

import hashlib
import platform
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from sigmoide._version import __version__
from sigmoide.data.blocks import Block, Blocks
from sigmoide.data.checkpoint import Checkpoint, CheckpointedBlocks
from sigmoide.data.prepare import Prepared
from sigmoide.errors import UsageError
from sigmoide.model.records import Settings
from sigmoide.model.resumable import SUMS
from sigmoide.printable import printable


@dataclass(frozen=True, slots=True)
class Keep:
    """Where a fit is kept as it goes.

    Attributes
    ----------
    path : Path
        The checkpoint.
    resume : bool
        Whether to go on with it, if it is there.
    """

    path: Path
    resume: bool = False


def keeping(path: str | PathLike[str] | None, resume: bool) -> Keep | None:
    """Return where a fit is kept; None for nowhere.

    Raises
    ------
    UsageError
        If it is to be gone on with what is not named.
    """
    if path is None:
        if resume:
            raise UsageError(
                "resume was asked for without the checkpoint to go on with. Name it: "
                "--checkpoint FILE, checkpoint='...'."
            )
        return None
    return Keep(Path(path), resume)


@contextmanager
def kept(ready: Prepared, asked: Settings, keep: Keep | None) -> Iterator[Blocks]:
    """Yield the blocks of a fit, whose sums are written down as they are found.

    Parameters
    ----------
    ready : Prepared
        The data.
    asked : Settings
        What is asked of the fit.
    keep : Keep, optional
        Where to keep it; None for nowhere.

    Raises
    ------
    CheckpointError
        If the checkpoint cannot be kept, or is of another fit.
    KeyboardInterrupt
        With words that say how to go on, where the fit was interrupted.
    """
    if keep is None:
        yield ready.blocks
        return
    checkpoint = Checkpoint(keep.path, _about(ready, asked), SUMS, resume=keep.resume)
    blocks = CheckpointedBlocks(ready.blocks, checkpoint)
    try:
        yield blocks
    except KeyboardInterrupt as stop:
        raise KeyboardInterrupt(
            f"interrupted after {checkpoint.done} reads, whose sums are kept in "
            f"{printable(str(keep.path))}. Go on with the same command and --resume (resume=True)"
        ) from stop
    finally:
        checkpoint.close()


def _about(ready: Prepared, asked: Settings) -> dict[str, Any]:
    """Say all that the sums of a fit depend on."""
    design = repr((ready.design, ready.target, ready.roles, asked))
    return {
        "version": __version__,
        "libraries": f"NumPy {np.__version__}, SciPy {scipy.__version__}",
        "machine": platform.machine(),
        "question": hashlib.sha256(design.encode("utf-8", "backslashreplace")).hexdigest(),
        "data": list(_rows_and_checksum(ready)),
    }


def _rows_and_checksum(ready: Prepared) -> tuple[int, int]:
    if ready.signature is not None:
        return ready.signature.rows, ready.signature.checksum

    def check(block: Block) -> Any:
        parts = (block.X, block.y, block.weight, block.offset, block.rows)
        found = 0
        for part in parts:
            found = zlib.crc32(np.ascontiguousarray(part).tobytes(), found)
        return np.array([found], dtype=np.int64)

    return ready.source_rows, zlib.crc32(ready.blocks.map(check).tobytes())
