"""The encoding of a text file: found out from its bytes, and said."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sigmoide.errors import FileError
from sigmoide.sources.stored import READ_ERRORS, Stored, is_binary, unreadable

_CHUNK = 1 << 20
# From the first bytes to the codec that reads them on, the longer before the shorter.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte-order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# Letters of Windows-1252 where latin-1 has control characters, which no text holds; and those
# bytes among them that are no letters of Windows-1252 either.
_WINDOWS = re.compile(rb"[\x80-\x9f]")
_NOWHERE = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_UTF8_LETTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# An accented letter in UTF-8; in latin-1, a letter and a sign that never stand together.
_ACCENTED = re.compile(rb"\xc3[\x80-\xbf]")
_PERHAPS_CUT = re.compile(rb"[\x80-\xff]{0,3}\Z")
_WORD = 20
_WORD_BEFORE = re.compile(rb"[^\s,;|\"]*\Z")
_WORD_AFTER = re.compile(rb"[^\s,;|\"]*")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a text file are made letters.

    Attributes
    ----------
    codec : str
        What Python calls it.
    words : str
        What people call it.
    note : str
        How it was found, and what to do if it is wrong; empty where there is nothing to tell.
    """

    codec: str
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first bytes that are no letter in a codec.

    Attributes
    ----------
    line : int
        On which they stand, counted from 1.
    byte : int
        The first of them.
    word : bytes
        What they stand in.
    cut : bool
        Whether the file ends there, in the middle of a letter.
    """

    line: int
    byte: int
    word: bytes
    cut: bool


def find_encoding(file: Stored, given: str | None) -> Encoding:
    """Find out a file's encoding, as far as its first bytes tell.

    UTF-8 found here is a guess about the rest of the file: who finds it wrong asks
    :func:`not_utf8`.

    Parameters
    ----------
    file : Stored
        The file.
    given : str, optional
        The encoding that was asked for, which wins.

    Raises
    ------
    FileError
        If it is no text, or not in the encoding asked for, as its first bytes tell.
    """
    if given is not None:
        return _given(file, codecs.lookup(given).name)
    for mark, codec, words in _MARKS:
        if file.head.startswith(mark):
            plain = codec == "utf-8-sig"
            note = f"{file.name} is read as {words}, by its first bytes"
            return Encoding(codec, words, "" if plain else note)
    wide = _wide_without_mark(file.head)
    if wide:
        return Encoding(
            wide,
            wide.upper(),
            f"{file.name} is read as {wide.upper()}, because every other byte is NUL; if "
            "that is wrong, say --encoding",
        )
    _refuse_binary(file, "utf-8")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(file.head, final=file.whole)
    except UnicodeDecodeError:
        return not_utf8(file)
    return Encoding("utf-8-sig", "UTF-8")


def not_utf8(file: Stored) -> Encoding:
    """Find out the encoding of a file that is not UTF-8, by reading all of it.

    Raises
    ------
    FileError
        If it is UTF-8 but for a few bytes, or cannot be Windows-1252 either.
    """
    fault = first_fault(file, "utf-8")
    if fault is None or fault.cut or file.head.startswith(codecs.BOM_UTF8):
        raise undecodable(file, "utf-8", fault)
    windows, nowhere, mixed = _survey(file)
    if mixed:
        raise FileError(
            f"{file.path}, line {fault.line}: the byte 0x{fault.byte:02x} is not utf-8 text, "
            "where other letters of the file are: it was damaged, or joined from two files. Mend "
            "it, or say the encoding of all of it (--encoding latin-1)."
        )
    if nowhere:
        unmapped = first_fault(file, "cp1252") or fault
        raise FileError(
            f"{file.path}, line {unmapped.line}: the byte 0x{unmapped.byte:02x} is no letter in "
            "UTF-8, in latin-1 or in Windows-1252. Say the encoding, for example --encoding "
            "cp850, mac-roman or gb18030."
        )
    codec, words = ("cp1252", "Windows-1252 (cp1252)") if windows else ("latin-1", "latin-1")
    return Encoding(
        codec,
        words,
        f"{file.name} is not UTF-8 and is read as {words}, which makes "
        f"{fault.word.decode(codec)!r} of a word on line {fault.line}; if that is wrong, say "
        "--encoding",
    )


def undecodable(file: Stored, codec: str, fault: Fault | None) -> FileError:
    """Name the line of a file that is not text in its encoding, and the byte that is not."""
    line, what = (fault.line, f"the byte 0x{fault.byte:02x}") if fault else (1, "the text")
    return FileError(
        f"{file.path}, line {line}: {what} is not {codec.removesuffix('-sig')} text. Say the "
        "encoding, for example --encoding latin-1 or cp1252 (from Python: pandas.read_csv with "
        "encoding=)."
    )


def first_fault(file: Stored, codec: str) -> Fault | None:
    """Return the first bytes of a file that a codec does not know; None if it knows all."""
    decoder = codecs.getincrementaldecoder(codec)()
    lines = _Lines()
    cut = False
    try:
        for chunk in _chunks(file):
            lines.pass_over(decoder.decode(chunk))
        cut = True
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        data, start = error.object, error.start
        lines.pass_over(data[:start].decode(codec, "replace"))
        before = _WORD_BEFORE.search(data[max(0, start - _WORD) : start])
        after = _WORD_AFTER.match(data[start : start + _WORD])
        word = (before.group() if before else b"") + (after.group() if after else b"")
        return Fault(lines.number, data[start], word, cut)
    except UnicodeError:
        # A codec that fails as a whole, such as Python's "undefined".
        return None
    return None


class _Lines:
    """Counts lines as Python does: they end with LF, CR, or both."""

    def __init__(self) -> None:
        self.number = 1
        self._half = False

    def pass_over(self, text: str) -> None:
        ends = text.count("\n") + text.count("\r") - text.count("\r\n")
        self.number += ends - (self._half and text.startswith("\n"))
        self._half = text.endswith("\r") if text else self._half


def _chunks(file: Stored) -> Iterator[bytes]:
    try:
        with file.open_bytes() as opened:
            while chunk := opened.read(_CHUNK):
                yield chunk
    except READ_ERRORS as error:
        raise unreadable(file.path, error) from error


def _survey(file: Stored) -> tuple[bool, bool, bool]:
    """Look at all of a file that is not UTF-8.

    Returns
    -------
    windows, nowhere, mixed : bool
        Whether it has letters of Windows-1252 that latin-1 has not; bytes that neither has; letters
        of UTF-8, as many as others or where latin-1 cannot be meant.
    """
    windows = nowhere = False
    beyond = wide = bytes_of_wide = accented = 0
    rest = b""
    for chunk in _chunks(file):
        # A letter of several bytes may lie across the end of a chunk.
        text = rest + chunk
        cut = _PERHAPS_CUT.search(text)
        rest = cut.group() if cut else b""
        text = text.removesuffix(rest)
        letters = _UTF8_LETTER.findall(text)
        wide += len(letters)
        bytes_of_wide += sum(map(len, letters))
        beyond += len(_BEYOND_ASCII.findall(text))
        accented += len(_ACCENTED.findall(text))
        windows = windows or _WINDOWS.search(text) is not None
        nowhere = nowhere or _NOWHERE.search(text) is not None
    windows = windows or _WINDOWS.search(rest) is not None
    nowhere = nowhere or _NOWHERE.search(rest) is not None
    single = beyond - bytes_of_wide
    return windows, nowhere, bool(accented) or wide >= single


def _given(file: Stored, codec: str) -> Encoding:
    if "16" not in codec and "32" not in codec:
        for mark, marked, words in _MARKS:
            if marked != "utf-8-sig" and file.head.startswith(mark):
                raise FileError(
                    f"{file.path}: the file is in {words} (its first bytes say so), not {codec}. "
                    f"Give --encoding {marked}, or none (from Python: pandas.read_csv with "
                    f"encoding={marked!r})."
                )
        _refuse_binary(file, codec)
    # With or without a byte-order mark.
    return Encoding("utf-8-sig" if codec == "utf-8" else codec, codec)


def _refuse_binary(file: Stored, codec: str) -> None:
    if b"\0" in file.head:
        raise FileError(
            f"{file.path}: the file holds NUL bytes, so it is not a CSV file in {codec}. Save it "
            "as CSV in UTF-8, or say its encoding (--encoding utf-16-le, if it comes from "
            "Windows)."
        )
    if is_binary(file.head):
        raise FileError(f"{file.path}: this is not a text file. Save the table as CSV in UTF-8.")


def _wide_without_mark(head: bytes) -> str:
    """Return the UTF-16 that bytes are in which no mark says it, if they surely are.

    Letters of ASCII have a NUL beside them: there must be one in most places, and none in the
    other half; and what comes out must be text, with a line end.
    """
    for codec, letters, beside in (
        ("utf-16-le", head[::2], head[1::2]),
        ("utf-16-be", head[1::2], head[::2]),
    ):
        if 0 in letters or 2 * beside.count(0) <= len(letters):
            continue
        text = head.decode(codec, "replace")
        if ("\n" in text or "\r" in text) and not is_binary(text.encode("utf-8", "replace")):
            return codec
    return ""
