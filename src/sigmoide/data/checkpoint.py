"""A fit that can go on where it was interrupted: what each read found out, written down at once.

A fit is a fixed course of reads, each of which yields a sum whose size depends on the columns
only. So no state of any solver has to be kept: a fit that is resumed takes the same course, is
told the sums that were written, and reads the data from there on. Its bits are those of a fit that
was never interrupted.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from sigmoide.data.blocks import Blocks
from sigmoide.data.sums import Addable
from sigmoide.data.written import Kinds, from_plain, to_plain
from sigmoide.errors import CheckpointError

T = TypeVar("T", bound=Addable)

FORMAT = "sigmoide checkpoint 1"


class Checkpoint:
    """The file of one fit: a line that says of which, then a line for each read.

    Parameters
    ----------
    path : Path
        The file. It is made, or gone on with, at once.
    about : mapping
        What the fit is of: the data's signature, what is asked, the versions. From words to what
        JSON can say.
    kinds : mapping
        From a name to the class of each sum that may be written.
    resume : bool
        Whether to go on with the file, if there is one. Otherwise there may be none.

    Raises
    ------
    CheckpointError
        If there is a file and it is not to be gone on with, is none of ours, is of another fit,
        or cannot be written.
    """

    def __init__(
        self, path: Path, about: Mapping[str, Any], kinds: Kinds, *, resume: bool = False
    ) -> None:
        self.path, self._kinds = path, kinds
        self._lines: list[dict[str, Any]] = []
        head = {"format": FORMAT, **about}
        try:
            if path.exists():
                if not resume:
                    raise CheckpointError(
                        f"{path}: there is a checkpoint already. Go on with it (--resume, "
                        "resume=True), or remove it to begin anew."
                    )
                self._go_on(head)
            self._file = path.open("ab")
            if not self._file.tell():
                self._append(head)
        except OSError as error:
            raise CheckpointError(
                f"{path}: the checkpoint cannot be kept there: {error.strerror or error}. Name "
                "another place."
            ) from error
        self._next = 0

    def _go_on(self, head: dict[str, Any]) -> None:
        """Take in the lines that are whole; cut off one that an interruption left half-written."""
        good = 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file):
                entry = _checked(line)
                if entry is None:
                    break
                if number == 0:
                    _refuse_another(self.path, entry, head)
                else:
                    self._lines.append(entry)
                good += len(line)
        if not good and self.path.stat().st_size:
            raise CheckpointError(
                f"{self.path}: this is not a checkpoint of sigmoide. Name another file."
            )
        os.truncate(self.path, good)

    def _append(self, entry: Mapping[str, Any]) -> None:
        text = json.dumps(entry, separators=(",", ":"))
        self._file.write(f"{zlib.crc32(text.encode()):08x} {text}\n".encode())
        self._file.flush()
        os.fsync(self._file.fileno())

    @property
    def waiting(self) -> bool:
        """Whether sums that were written are still to be told."""
        return self._next < len(self._lines)

    @property
    def done(self) -> int:
        """Sums that are written, or were told."""
        return self._next

    def told(self, question: str, compute: Callable[[], T]) -> T:
        """Return the sum that was written for this question, or compute it and write it down.

        Raises
        ------
        CheckpointError
            If what was written answers another question.
        """
        if self.waiting:
            entry = self._lines[self._next]
            self._next += 1
            try:
                if entry["of"] != question:
                    raise ValueError("it answers another question")
                found: T = from_plain(entry["sum"], self._kinds)
            except (ValueError, TypeError, KeyError) as error:
                raise CheckpointError(
                    f"{self.path}: read {self._next} of the checkpoint is not one of this fit "
                    f"({error}). Remove the file, and begin anew."
                ) from error
            return found
        found = compute()
        self._lines.append({})
        self._next += 1
        try:
            self._append({"of": question, "sum": to_plain(found, self._kinds)})
        except OSError as error:
            raise CheckpointError(
                f"{self.path}: the checkpoint cannot be written: {error.strerror or error}. Make "
                "room, and go on with --resume: what was written before is kept."
            ) from error
        return found

    def close(self, *, remove: bool = False) -> None:
        """End the file; remove it when the fit is done and kept elsewhere."""
        self._file.close()
        if remove:
            self.path.unlink(missing_ok=True)


def _checked(line: bytes) -> dict[str, Any] | None:
    """Return the entry of a line; None where it was not written to its end."""
    try:
        check, text = line.rstrip(b"\n").split(b" ", 1)
        if not line.endswith(b"\n") or int(check, 16) != zlib.crc32(text):
            return None
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None


def _refuse_another(path: Path, found: Mapping[str, Any], head: Mapping[str, Any]) -> None:
    # By way of JSON, so that tuples and lists are the same.
    ours = json.loads(json.dumps(head))
    if found.get("format") != FORMAT:
        raise CheckpointError(f"{path}: this is not a checkpoint of sigmoide. Name another file.")
    other = [name for name in ours if found.get(name) != ours[name]]
    if other:
        raise CheckpointError(
            f"{path}: the checkpoint is of another fit: {', '.join(other)} differ. Ask for the "
            "same, of the same data, with the same versions; or remove it and begin anew."
        )


def checkpointed(blocks: Blocks, checkpoint: Checkpoint) -> Blocks:
    """Return blocks whose sums are written down, and not computed twice.

    Its reads are those that the fit takes, as if it had not been interrupted.

    Parameters
    ----------
    blocks : Blocks
        The data.
    checkpoint : Checkpoint
        The file.
    """
    return blocks.decorated(lambda fn, compute: checkpoint.told(_question(fn), compute))


def _question(fn: Callable[..., Any]) -> str:
    """Name what a read asks, and at which point, so that an answer cannot be taken for another."""
    if not isinstance(fn, partial):
        return getattr(fn, "__name__", type(fn).__name__)
    told = [np.asarray(v) for v in fn.keywords.values() if isinstance(v, np.ndarray)]
    at = zlib.crc32(b"".join(np.ascontiguousarray(v).tobytes() for v in told))
    return f"{_question(fn.func)} {at:08x}"
