"""The checkpoint of a fit: a file to which each step of its solver is added as soon as it is taken.

A solver is a fixed course of questions, each of which is answered by numbers whose size depends
on the columns only. So no state of any solver is kept: a fit that is resumed takes the same course,
and is told the answers that stand in the file. They are a path to the optimum and nothing more;
what a proof rests on is read from the data (see :mod:`sigmoide.fit.progress`).

The first line says in JSON of which fit the file is. Every other holds one answer: a checksum, its
kind, and the point and the numbers as float64 in base64. How long it is follows from the question,
so that nothing is ever read that is longer.
"""

from __future__ import annotations

import base64
import json
import os
import stat
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.errors import CheckpointError

Array = NDArray[np.float64]

_KIND = "sigmoide checkpoint"
FORMAT = f"{_KIND} 2"
# The machine in a file that several kinds of processors have written to.
_SEVERAL = "several kinds"
# No first line is longer.
_LONGEST_HEAD = 1 << 16
# No name of a machine is longer.
_LONGEST_NAME = 200
# How near a point of another processor's course is to the one that this processor comes to.
_NEAR = 1e-6


class Checkpoint:
    """The file of one fit, locked for as long as it is open.

    Parameters
    ----------
    path : Path
        The file. It is made, or gone on with, at once. Of a symbolic link it is what that leads to.
    about : mapping
        What the fit is of: the data's signature, what is asked, the versions. From words to what
        JSON can say.
    machine : str
        The kind of processor, which the bits depend on.
    resume : bool
        Whether to go on with the file, if there is one. Otherwise there may be none.
    any_machine : bool
        Whether to go on with one of another kind of processor, too; else it is begun anew.
    tell : callable, optional
        Told in a sentence what is not gone on with, and why.

    Raises
    ------
    CheckpointError
        If there is a file and it is not to be gone on with, is none of ours, is of another fit, is
        in use, or cannot be written.
    """

    def __init__(
        self,
        path: Path,
        about: Mapping[str, Any],
        machine: str = "",
        *,
        resume: bool = False,
        any_machine: bool = False,
        tell: Callable[[str], object] = lambda _: None,
    ) -> None:
        refuse_special(path)
        self.path, self._real, self._tell = path, Path(os.path.realpath(path)), tell
        # Where the next answer begins, whether there may be one already, and how many are behind.
        self._at, self._more, self.steps = 0, False, 0
        self._near = False
        head = {"format": FORMAT, **about, "machine": machine}
        self._file, made = self._opened(resume)
        try:
            # Whoever held the lock before may have removed the file.
            if not self._stands():
                raise CheckpointError(f"{path}: another fit has just ended with it. Begin again.")
            start = self._next(_LONGEST_HEAD)
            if start:
                self._go_on(start[: start.find(b"\n") + 1], head, any_machine)
            if not self._at:
                line = _head_line(head)
                # With room for what it says when another machine has gone on.
                self._put(_head_line(head, len(line) + len(_SEVERAL)))
        except BaseException:
            self.close(remove=made)
            raise

    def _opened(self, resume: bool) -> tuple[FileIO, bool]:
        """Return the file, locked, and whether it has just been made."""
        # Should a pipe stand there by now, nothing is waited for.
        flags = os.O_RDWR | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            try:
                descriptor, made = os.open(self._real, flags | os.O_CREAT | os.O_EXCL, 0o666), True
            except FileExistsError:
                if not resume:
                    raise CheckpointError(
                        f"{self.path}: there is a checkpoint already. Go on with it (--resume, "
                        "resume=True), or remove it to begin anew."
                    ) from None
                descriptor, made = os.open(self._real, flags), False
        except OSError as error:
            raise CheckpointError(
                f"{self.path}: the checkpoint cannot be kept there: {error.strerror or error}. "
                "Name another place."
            ) from error
        file = FileIO(descriptor, "r+b")
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _special(self.path)
            _lock(file, self.path)
        except BaseException:
            file.close()
            raise
        return file, made

    def _go_on(self, line: bytes, head: dict[str, Any], any_machine: bool) -> None:
        """Stand behind the first line, or at the beginning where the file is to be begun anew."""
        before = _refused_another(self.path, _entry(line), head)
        if before == head["machine"]:
            self._at, self._more = len(line), True
            return
        where = f"on another kind of processor ({before}; this is {head['machine']})"
        mixed = _head_line({**head, "machine": _SEVERAL}, len(line))
        if not any_machine or len(mixed) != len(line):
            self._tell(
                f"{self.path}: the checkpoint was written {where}, whose last digits differ: the "
                "fit is begun anew. --any-machine (any_machine=True) goes on with it."
            )
            return
        self._put(mixed, last=False)
        self._more = self._near = True
        self._tell(
            f"{self.path}: the checkpoint was written {where}: the fit goes on to the same "
            "optimum, not to the same bits."
        )

    @property
    def place(self) -> int:
        """Where the next answer begins."""
        return self._at

    def recall(self, kind: str, point: Array, count: int) -> Array | None:
        """Return the numbers that answer a question, or None where they do not stand in the file.

        Parameters
        ----------
        kind : str
            What is asked.
        point : ndarray
            Where.
        count : int
            How many numbers answer it.
        """
        if not self._more:
            return None
        line = self._next(_length(kind, len(point) + count))
        numbers = _numbers(line, kind, len(point) + count)
        if numbers is None or not self._same(numbers[: len(point)], point):
            self._more = False
            # A last line without its end is what an interruption leaves.
            if line.endswith(b"\n") or self._next(len(line) + 1) != line:
                self._tell(
                    f"{self.path}: step {self.steps + 1} in the checkpoint is none of this fit's. "
                    "From there on the data are read."
                )
            return None
        # No solver is told of infinity or NaN: it is asked of the data again.
        if not np.isfinite(numbers).all():
            self._more = False
            return None
        self._at += len(line)
        self.steps += 1
        return numbers[len(point) :]

    def keep(self, kind: str, point: Array, numbers: Array) -> None:
        """Add the numbers that answered a question.

        Raises
        ------
        CheckpointError
            If they cannot be written.
        """
        packed = base64.b64encode(np.concatenate([point, numbers]).astype("<f8").tobytes())
        text = kind.encode() + b" " + packed
        line = b"%08x %s\n" % (zlib.crc32(text), text)
        # A fit that was begun anew goes over what stands there, as far as it is the same.
        if self._more and self._next(len(line)) == line:
            self._at += len(line)
        else:
            self._more = False
            self._put(line)
        self.steps += 1

    def back_to(self, place: int, steps: int) -> None:
        """Go back to an earlier place, so many steps from the first."""
        self._tell(
            f"{self.path}: the steps in the checkpoint do not end in a proof. Nothing else is "
            "concluded from them: they are taken again, from the data alone."
        )
        self._at, self._more, self.steps = place, True, steps

    def close(self, *, remove: bool = False) -> None:
        """End the file; remove it when the fit is done and kept elsewhere.

        Only the file that was opened is removed: if another has taken its place, that is left.
        """
        if self._file.closed:
            return
        try:
            stands = remove and self._stands()
            if os.name == "nt":  # where no open file can be removed
                self._file.close()
            if stands:
                self._real.unlink(missing_ok=True)
            elif remove and self._real.exists():
                self._tell(
                    f"{self.path}: this is not the checkpoint of this fit any more, but another "
                    "file. It is left as it is."
                )
        except OSError as error:
            self._tell(
                f"{self.path}: the checkpoint cannot be removed: {error.strerror or error}. The "
                "fit is done, and it is of no use any more."
            )
        finally:
            self._file.close()

    def _stands(self) -> bool:
        """Return whether the path still leads to the file that is open."""
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), os.stat(self._real))
        except FileNotFoundError:
            return False

    def _same(self, there: Array, point: Array) -> bool:
        if not self._near:
            return there.tobytes() == point.tobytes()
        size = float(np.abs(point).max(initial=0.0))
        return bool((np.abs(there - point) <= _NEAR * size).all())

    def _next(self, length: int) -> bytes:
        """Return so many bytes of what comes next, or as many as there are."""
        data = b""
        try:
            self._file.seek(self._at)
            while len(data) < length and (part := self._file.read(length - len(data))):
                data += part
        except OSError as error:
            raise CheckpointError(
                f"{self.path}: the checkpoint cannot be read: {error.strerror or error}. Remove "
                "it, and begin anew."
            ) from error
        return data

    def _put(self, line: bytes, *, last: bool = True) -> None:
        """Write a line, and nothing behind it if it is the last."""
        try:
            if last:
                self._file.truncate(self._at)
            self._file.seek(self._at)
            left = memoryview(line)
            while left:
                left = left[self._file.write(left) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            # Half a line would be cut off by whoever goes on, and the disk may be in want of it.
            if last:
                with suppress(OSError):
                    self._file.truncate(self._at)
            kept = "go on with --resume: what was written before is kept"
            raise CheckpointError(
                f"{self.path}: the checkpoint cannot be written: {error.strerror or error}. Make "
                f"room, and {kept if self._at else 'begin again'}."
            ) from error
        self._at += len(line)


def refuse_special(path: Path) -> None:
    """Refuse a place for a checkpoint where there is something else than a file: CheckpointError.

    It is not opened: a pipe would be waited for, and a device may do anything.
    """
    try:
        mode = os.stat(path).st_mode
    except ValueError as error:
        raise CheckpointError(f"{str(path)!r}: no file has such a name. Name another.") from error
    except OSError:
        # Whether a file can be made there is seen when it is made.
        return
    if not stat.S_ISREG(mode):
        raise _special(path)


def _special(path: Path) -> CheckpointError:
    return CheckpointError(
        f"{path}: this is a folder, a pipe or a device, and a checkpoint is a file. Name a file."
    )


def _lock(file: FileIO, path: Path) -> None:
    """Have the file for ourselves until it is closed, or raise."""
    try:
        if os.name == "nt":
            import msvcrt

            # A byte far beyond the end: what is locked there cannot be read by others.
            file.seek(1 << 40)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
            return
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        raise CheckpointError(
            f"{path}: another fit is using this checkpoint. Wait for it, or name another file."
        ) from error
    except OSError:
        # A file system over the network that knows no locks.
        return


def _head_line(head: Mapping[str, Any], length: int = 0) -> bytes:
    """Return a first line, at least so long: blanks are part of it."""
    text = json.dumps(head, separators=(",", ":")).encode()
    text = text.ljust(length - len(b"01234567 \n"))
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _checked(line: bytes) -> bytes | None:
    """Return what a line says, without its checksum; None where it was not written to its end."""
    check, _, text = line[:-1].partition(b" ")
    return text if line.endswith(b"\n") and check == b"%08x" % zlib.crc32(text) else None


def _entry(line: bytes) -> dict[str, Any]:
    """Return what a first line says; nothing where it is none."""
    try:
        entry = json.loads(_checked(line) or b"{}")
    except (ValueError, RecursionError):
        return {}
    return entry if isinstance(entry, dict) else {}


def _length(kind: str, count: int) -> int:
    """Return the length of a line that holds so many numbers."""
    return len(f"01234567 {kind} \n") + (8 * count + 2) // 3 * 4


def _numbers(line: bytes, kind: str, count: int) -> Array | None:
    """Return the numbers of a line of that kind, if it holds so many."""
    said, _, packed = (_checked(line) or b"").partition(b" ")
    if said != kind.encode():
        return None
    try:
        data = base64.b64decode(packed, validate=True)
    except ValueError:
        return None
    # A copy, for what was read is read-only.
    return np.frombuffer(data, "<f8").astype(np.float64) if len(data) == 8 * count else None


def _refused_another(path: Path, entry: Mapping[str, Any], head: Mapping[str, Any]) -> str:
    """Return the machine of a checkpoint of this fit, and refuse any other: CheckpointError."""
    said = entry.get("format")
    if said != FORMAT:
        if isinstance(said, str) and said.startswith(_KIND):
            raise CheckpointError(
                f"{path}: the checkpoint is one of another version of sigmoide. Remove it, and "
                "begin anew."
            )
        raise CheckpointError(f"{path}: this is not a checkpoint of sigmoide. Name another file.")
    # By way of JSON, so that tuples and lists are the same.
    ours = json.loads(json.dumps(head))
    other = [name for name in ours if name != "machine" and entry.get(name) != ours[name]]
    if other:
        raise CheckpointError(
            f"{path}: the checkpoint is of another fit: {', '.join(other)} differ. Ask for the "
            "same, of the same data, with the same versions; or remove it and begin anew."
        )
    machine = str(entry.get("machine"))
    return machine if machine.isprintable() and len(machine) <= _LONGEST_NAME else "unknown"
