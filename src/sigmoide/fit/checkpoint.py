"""Long fits, kept as they go: the checkpoint of a fit, and what it is a checkpoint of."""

from __future__ import annotations

import hashlib
import platform
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from sigmoide._version import __version__
from sigmoide.arguments.words import printable
from sigmoide.blocks.block import Block
from sigmoide.blocks.threads import blas_kernels
from sigmoide.design.prepare import Prepared
from sigmoide.fit.checkpoint_file import Checkpoint
from sigmoide.fit.progress import StepLog
from sigmoide.results.records import Settings


@dataclass(slots=True)
class Keep:
    """Where a fit is kept as it goes.

    Attributes
    ----------
    path : Path
        The checkpoint.
    resume : bool
        Whether to go on with it, if it is there.
    any_machine : bool
        Whether to go on with one of another kind of processor, too.
    tell : callable
        Told in a sentence what of the checkpoint is not gone on with.
    """

    path: Path
    resume: bool
    any_machine: bool
    tell: Callable[[str], object]
    _open: Checkpoint | None = None

    def begin(self, about: Mapping[str, Any]) -> Checkpoint:
        """Open the checkpoint: CheckpointError if it cannot be kept, or is of another fit."""
        self._open = Checkpoint(
            self.path,
            about,
            machine_kind(),
            resume=self.resume,
            any_machine=self.any_machine,
            tell=self.tell,
        )
        return self._open

    def remove(self) -> None:
        """Remove the checkpoint that was opened, once what it holds is kept elsewhere."""
        if self._open is not None:
            self._open.close(remove=True)


@contextmanager
def kept(ready: Prepared, settings: Settings, keep: Keep) -> Iterator[StepLog]:
    """Yield where the steps of a fit are kept as they are taken.

    The checkpoint stays open, so that no other fit takes it, until ``keep.remove()``; after an
    error it is closed.

    Parameters
    ----------
    ready : Prepared
        The data.
    settings : Settings
        What is asked of the fit.
    keep : Keep
        Where to keep it.

    Raises
    ------
    CheckpointError
        If the checkpoint cannot be kept, or is of another fit.
    KeyboardInterrupt
        With words that say how to go on, where the fit was interrupted.
    """
    checkpoint = keep.begin(_about(ready, settings))
    try:
        yield checkpoint
    except BaseException as error:
        checkpoint.close()
        if isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt(
                f"interrupted after {checkpoint.steps} steps, which are kept in "
                f"{printable(str(keep.path))}. Go on with the same command and --resume "
                "(resume=True)"
            ) from error
        raise


def machine_kind() -> str:
    """Return the kind of machine that this is: where it is another, the last digits may be."""
    # Loaded only where there is a checkpoint: the compiler is heavy.
    from sigmoide.kernels.compiled.compiler import processor

    return ", ".join((platform.machine(), processor(), *blas_kernels()))


def _about(ready: Prepared, settings: Settings) -> dict[str, Any]:
    """Say all that the steps of a fit depend on, besides the machine."""
    design = repr((ready.design, ready.target, ready.roles, settings))
    return {
        "version": __version__,
        "libraries": f"NumPy {np.__version__}, SciPy {scipy.__version__}",
        "question": hashlib.sha256(design.encode("utf-8", "backslashreplace")).hexdigest(),
        "data": list(_rows_and_checksum(ready)),
    }


def _rows_and_checksum(ready: Prepared) -> tuple[int, int]:
    if ready.signature is not None:
        return ready.signature.rows, ready.signature.checksum

    def check(block: Block) -> Any:
        parts = (block.X, block.y, block.weight, block.offset, block.rows)
        checksum = 0
        for part in parts:
            checksum = zlib.crc32(np.ascontiguousarray(part).tobytes(), checksum)
        return np.array([checksum], dtype=np.int64)

    return ready.source_rows, zlib.crc32(ready.blocks.map(check).tobytes())
