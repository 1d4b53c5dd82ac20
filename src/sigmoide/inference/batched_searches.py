"""Searches that question one data set, advanced together: one read answers one question of each.

A search is a generator: it yields a question, is sent the answer summed over all rows, and returns
what it found. Written so, each search reads from top to bottom as if it were alone, and twenty of
them cost the reads of the longest; the rows are brought into the frame once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sigmoide.blocks.block import Array, Block
from sigmoide.blocks.blocks import Blocks
from sigmoide.fit.progress import Progress as Progress
from sigmoide.fit.progress import ProgressMonitor
from sigmoide.problem.frame import Frame

T = TypeVar("T")

# From a block, and its rows in the frame, to something with ``+``.
Question = Callable[[Block, Array], Any]
Search = Generator[Question, Any, T]

# Numbers that the answers of one read may hold: 32 MiB of them.
_MOST_NUMBERS = 1 << 22


@dataclass(frozen=True, slots=True)
class _Answers:
    """One answer to each question of a read."""

    parts: tuple[Any, ...]

    def __add__(self, other: _Answers) -> _Answers:
        return _Answers(tuple(a + b for a, b in zip(self.parts, other.parts, strict=True)))


def advance(
    blocks: Blocks,
    frame: Frame,
    searches: Sequence[Search[T]],
    progress: Progress | None = None,
    what: str = "searches",
    *,
    numbers: int | None = None,
) -> list[T]:
    """Run searches side by side, and return what each found, in their order.

    Parameters
    ----------
    blocks, frame
        The rows, and the coordinates in which the questions see them.
    searches : sequence of Search
        So many of them are asked in one read that their answers stay within 32 MiB.
    progress : callable, optional
        Told, after each read, how many searches are under way; its answers change nothing.
    what : str
        What it is told they are.
    numbers : int, optional
        Numbers in one answer: by default those of a Hessian.
    """
    watch = ProgressMonitor(progress, blocks, blocks.reads)
    ends: dict[int, T] = {}
    questions: dict[int, Question] = {}
    for k, search in enumerate(searches):
        _go_on(k, search, None, ends, questions)
    most = max(1, _MOST_NUMBERS // max(numbers or frame.size**2, 1))
    while questions:
        now, questions = list(questions.items()), {}
        for low in range(0, len(now), most):
            part = now[low : low + most]
            answers = blocks.reduce(_reader(frame, tuple(question for _, question in part)))
            for (k, _), answer in zip(part, answers.parts, strict=True):
                _go_on(k, searches[k], answer, ends, questions)
        watch.say(f"{what}: {len(questions)} of {len(searches)} to go")
    return [ends[k] for k in range(len(searches))]


def _reader(frame: Frame, questions: tuple[Question, ...]) -> Callable[[Block], _Answers]:
    def read(block: Block) -> _Answers:
        Z = frame.design(block)
        return _Answers(tuple(question(block, Z) for question in questions))

    return read


def _go_on(
    k: int, search: Search[T], answer: Any, ends: dict[int, T], questions: dict[int, Question]
) -> None:
    """Give a search its answer, and note its next question or what it found."""
    try:
        questions[k] = search.send(answer)
    except StopIteration as end:
        ends[k] = end.value
