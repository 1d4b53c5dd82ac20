"""Bad input, and what it gets: a message with file, line, column, value and remedy.

Every case is asked of the command line: one message on standard error, its exit code, nothing on
standard output, nothing written, nothing overwritten, no traceback.
"""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import os
import random
import sqlite3
import sys
import tempfile
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sigmoide
from sigmoide.errors import DataError, FileError
from support.cli_run import contents, controls, refused, refused_and_untouched, run

GOOD = "y,x,g\n0,1,a\n1,2,b\n0,3.5,a\n1,1.5,b\n0,2,b\n1,3,a\n0,0.5,b\n1,2.5,a\n"


def zipped(*names: str, text: str = GOOD) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, text)
    return held.getvalue()


def noise(seed: int, size: int, without: bytes = b"") -> bytes:
    return bytes(b for b in random.Random(seed).randbytes(size) if b not in without)


def parquet() -> bytes:
    held = io.BytesIO()
    pa.parquet.write_table(pa.table({"y": [0, 1, 0, 1], "x": [1.0, 2, 3, 1]}), held)
    return held.getvalue()


def arrow() -> bytes:
    held = io.BytesIO()
    pa.feather.write_feather(pa.table({"y": [0, 1, 0, 1], "x": [1.0, 2, 3, 1]}), held)
    return held.getvalue()


PACKED = gzip.compress(GOOD.encode(), mtime=0)

# name of the file: content, words of the message
NO_TABLE = {
    "empty.csv": (b"", ["is empty", "a header and rows are needed"]),
    "empty.csv.gz": (gzip.compress(b""), ["is empty"]),
    "header.csv": (b"y,x,g\n", ["a header and no rows"]),
    "header_without_end.csv": (b"y,x,g", ["a header and no rows"]),
    "header_and_blanks.csv": (b"y,x,g\n\n\n", ["a header and no rows"]),
    "header_with_mark.csv": (b"\xef\xbb\xbfy,x,g\r\n", ["a header and no rows"]),
    "blank.csv": (b"\n\n\r\n", ["nothing but empty lines"]),
    "spaces.csv": (b"   \n  \n", ["line 1", "column 1", "no name"]),
    "picture.csv": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + noise(1, 500), ["a picture (PNG)"]),
    "photo.csv": (b"\xff\xd8\xff\xe0\0\x10JFIF" + noise(1, 500), ["a picture (JPEG)"]),
    "noise.csv": (noise(2, 3000), ["NUL bytes", "Save it as CSV"]),
    "noise_without_nul.csv": (noise(3, 3000, b"\0"), ["not a text file"]),
    "zeros.csv": (b"\0" * 5000, ["NUL bytes"]),
    "f.zip": (zipped("data.csv"), ["a zip archive or an Excel workbook", "Unpack"]),
    "sheet.xlsx": (
        zipped("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"),
        ["this is an Excel workbook", "Save the sheet as CSV", "pandas.read_excel"],
    ),
    "sheet.ods": (
        zipped("mimetype", text="application/vnd.oasis.opendocument.spreadsheet"),
        ["this is an OpenDocument sheet", "Save the sheet as CSV", "pandas.read_excel"],
    ),
    "sheet.xls": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 600,
        ["old Excel workbook", "Save the sheet as CSV", "pandas.read_excel"],
    ),
    "f.csv.bz2": (bz2.compress(GOOD.encode() * 20), ["compressed by bzip2", "Unpack"]),
    "f.csv.xz": (lzma.compress(GOOD.encode() * 20), ["compressed by xz", "Unpack"]),
    "f.json": (b'[{"y": 1, "x": 2},\n {"y": 0, "x": 1}]', ["this is JSON", "read_json"]),
    "lines.csv": (
        b'{"y": 1, "x": 2}\n{"y": 0, "x": 1}\n',
        ["this is JSON lines", "lines=True", "to_csv('data.csv', index=False)"],
    ),
    "page.csv": (b"<!DOCTYPE html>\n<html><body>404, not, found</body></html>", ["a web page"]),
    "report.csv": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", ["a PDF document"]),
    "array.npy": (b"\x93NUMPY\x01\x00v\x00{'descr'", ["a NumPy array", "numpy.load"]),
    "f.parquet": (parquet()[:-20], ["Parquet file is broken or cut short", "Copy or write"]),
    "head.parquet": (parquet()[:40], ["Parquet file is broken or cut short"]),
    "f.parquet.gz": (gzip.compress(parquet()), ["a Parquet file inside a gzip file", "Unpack"]),
    "f.arrow": (arrow()[:-30], ["Arrow file is broken or cut short"]),
    "f.arrows": (b"\xff\xff\xff\xff\x10\0\0\0" + noise(4, 50), ["Arrow file is broken"]),
    "short.csv.gz": (PACKED[:-12], ["gzip file is broken or cut short", "Copy or pack"]),
    "sum.csv.gz": (PACKED[:-8] + b"\0" * 8, ["gzip file is broken or cut short"]),
    "bits.csv.gz": (PACKED[:10] + b"\xff" * 40, ["gzip file is broken or cut short"]),
    "name.csv.gz": (b"\x1f\x8b", ["gzip file is broken or cut short"]),
    "joined.csv": (
        (GOOD + "1,2,ñ\n").encode() + "1,2,é\n".encode("latin-1"),
        ["line 11", "0xe9", "not utf-8 text", "joined from two", "--encoding latin-1"],
    ),
    "dos.csv": ((GOOD + "1,2,ü\n").encode("cp850"), ["line 10", "0x81", "--encoding cp850"]),
    "nul.csv": (GOOD.encode().replace(b",", b"\0,"), ["NUL bytes", "--encoding utf-16-le"]),
    "years.csv": (b"2019,2020\n0,1\n1,2\n0,3\n", ["line 1", "'2019', '2020'", "--no-header"]),
    "excel.csv": (b"sep=;\ny;x\n0;1\n", ["line 1", "'sep='", "Take that line out"]),
    "numbers.csv": (b"0,1\n", ["a header and no rows", "--no-header"]),
    "cut_letter.csv": ((GOOD + "1,2,ñ").encode()[:-1], ["line 10", "0xc3", "not utf-8 text"]),
}


@pytest.mark.parametrize("name", NO_TABLE)
def test_what_is_no_table(name, tmp_path):
    content, words = NO_TABLE[name]
    (tmp_path / name).write_bytes(content)
    words = (str(tmp_path / name), *words)
    refused_and_untouched(tmp_path, 3, "fit", tmp_path / name, "--target", "y", words=words)


def test_a_database(tmp_path):
    path = tmp_path / "f.db"
    with sqlite3.connect(path) as base:
        base.execute("create table t (y int)")
    refused_and_untouched(tmp_path, 3, "fit", path, "--target", "y", words=("SQLite",))


def test_no_such_file_a_folder_and_no_rights(tmp_path, monkeypatch):
    for name, words in (
        ("nowhere.csv", ["no such file", "Check the path"]),
        ("nowhere/f.csv", ["no such file"]),
        (".", ["a folder, not a file"]),
        ("x" * 300, ["cannot be read"]),
    ):
        path = tmp_path / name
        refused(run("fit", path, "--target", "y"), 3, str(path), *words)
        refused(run("show", path), 3, str(path), *words)
    path = tmp_path / "f.csv"
    path.write_text(GOOD)
    opened = type(path).open

    def refuse(self, *arguments, **keywords):
        if self == path:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return opened(self, *arguments, **keywords)

    monkeypatch.setattr(type(path), "open", refuse)
    monkeypatch.setattr(type(path), "read_text", lambda self, **k: refuse(self) or "")
    words = (str(path), "cannot be read: Permission denied", "rights")
    out = tmp_path / "m.json"
    refused(run("fit", path, "--target", "y", "--out", out), 3, *words)
    assert not out.exists()
    refused(run("show", path), 3, *words)


def test_a_path_that_is_none(tmp_path):
    with pytest.raises(FileError):
        sigmoide.logit("y ~ x", "a\0b")
    with pytest.raises(FileError):
        sigmoide.logit("y ~ x", "y,x\n0,1\n1,2\n")


# Broken lines

LINES = {
    "short": (GOOD + "1,2\n", ["line 10", "2 values where the header has 3 columns", "['1', '2']"]),
    "long": (GOOD + "1,2,a,7\n", ["line 10", "4 values where the header has 3 columns"]),
    "short after a quoted line end": (
        'y,x,g\n0,1,"a\nb"\n\n1,2\n',
        ["line 5", "2 values where the header has 3 columns"],
    ),
    "short after empty lines": ("\n\ny,x,g\n\n0,1,a\n\n\n1,2\n", ["line 8", "2 values"]),
    "short among many": (GOOD + "1,2,a\n" * 100_000 + "1,2\n" + "1,2,a\n" * 100, ["line 100010"]),
    "only spaces": (GOOD + "   \n1,2,a\n", ["line 10", "1 value where the header has 3"]),
    "comma in a text": (GOOD + "1,2,a, b\n", ["line 10", "4 values", "in quotes"]),
    "another delimiter": ("y:x:g\n0:1:a\n1,5:2:b\n", ["line 3", "2 values", "1 column"]),
    "quote never closed": ('y,x,g\n0,1,a\n0,"1,a\n1,2,b\n', ["line 3", "quote", "never closed"]),
    "quote never closed in the last column": (
        'y,x,g\n0,1,a\n1,2,"a\n1,2,b\n0,3,c\n',
        ["line 3", "quote", "never closed"],
    ),
    "quote never closed in the header": ('y,"x,g\n0,1,a\n1,2,b\n', ["line 1", "never closed"]),
    "quote never closed in much": (
        'y,x,g\n0,1,"a\n' + "1,2,b\n" * 400_000,
        ["line 2", "131,072 characters", "Close its quote"],
    ),
    "nul late": (GOOD + "1,2,a\n" * 15_000 + "1,2,\0\0\n", ["line 15010", "'g'", "NUL bytes"]),
    "duplicate names": ("y,x,x\n0,1,2\n", ["2 columns are called 'x'", "Rename"]),
    "duplicate names after trimming": ("y,x, x\n0,1,2\n", ["2 columns are called 'x'"]),
    "unnamed": (",y,x\n0,0,1\n", ["line 1", "column 1", "no name", "index=False"]),
    "unnamed last": ("y,x,\n0,0,1\n", ["line 1", "column 3", "no name"]),
}


@pytest.mark.parametrize("what", LINES)
def test_broken_lines(what, tmp_path):
    text, words = LINES[what]
    path = tmp_path / "f.csv"
    path.write_text(text, newline="")
    words = ("f.csv", *words)
    refused_and_untouched(tmp_path, 3, "fit", path, "--target", "y", words=words)
    if len(text) < 1000:
        path.write_bytes(gzip.compress(text.encode()))
        refused(run("fit", path, "--target", "y"), 3, *words)
        path.write_bytes(text.encode("utf-16"))
        refused(run("fit", path, "--target", "y", "--encoding", "utf-16"), 3, *words)


# Columns that cannot be used


def rows(*columns: list) -> str:
    return "".join(",".join(map(str, row)) + "\n" for row in zip(*columns, strict=True))


N = 100
Y = [i * 7 % 3 % 2 for i in range(N)]
NUMBERS = [round(i * 0.37 % 5, 2) for i in range(N)]
IDS = [f"id{i}" for i in range(N)]

COLUMNS = {
    "no target": ("z,x\n1,2\n0,3\n", ["no column 'y'", "'z', 'x'"]),
    "a target in capitals": ("Y,x\n1,2\n0,3\n", ["no column 'y'; did you mean 'Y'?"]),
    "a target of nothing": ("y,x\n,2\nNA,3\n", ["target 'y' has no value in any row"]),
    "a constant target": ("y,x\n1,2\n1,3\n", ["target 'y' is constant", "'1'", "Two classes"]),
    "a target of three": ("y,x\n1,2\n0,3\n2,1\n", ["3 different values", "line 4", "Two classes"]),
    "two strange numbers": ("y,x\n1,2\n2,3\n2,1\n", ["values 1 and 2", "--event 2"]),
    "a column of nothing": ("y,x\n1,NA\n0,\n1,\n", ["column 'x' has no values", "--exclude x"]),
    "nothing whole": ("y,x,z\n1,1,\n0,,2\n1,2,\n", ["every row misses", "'z' (2 of 3 rows)"]),
    "identifiers": ("y,x\n" + rows(Y, IDS), ["'x' has as many levels as rows", "'id0'", "line 2"]),
    "infinity": (f"y,x\n{rows(Y, NUMBERS)}1,inf\n", ["line 102", "'x' holds inf", "infinite"]),
    "minus infinity": (f"y,x\n{rows(Y, NUMBERS)}1,-Infinity\n", ["line 102", "-Infinity"]),
    "too large": (f"y,x\n{rows(Y, NUMBERS)}1,1e200\n", ["line 102", "1e200", "too large"]),
    "beyond all": (f"y,x\n{rows(Y, NUMBERS)}1,1e999\n", ["line 102", "1e999", "infinite"]),
    "a word late": (
        f"y,x\n{rows(Y, NUMBERS)}1,oops\n0,3\n",
        ["line 102", "'x' holds 'oops'", "no number", "the only such row", "C(x)"],
    ),
    "words late": (
        f"y,x 1\n{rows(Y, NUMBERS)}1,n/a\n0,n/a\n",
        ["line 102", "'n/a'", "2 such rows", "C(`x 1`)"],
    ),
    "decimal commas in quotes": (
        "y,x\n"
        + "".join(f'{y},"{x:.2f}"\n'.replace(".", ",") for y, x in zip(Y, NUMBERS, strict=True)),
        ["line 2", "'x' holds numbers with a decimal comma", "'0,00'", "--decimal ,"],
    ),
    "a comma before three digits": (
        "y;x\n" + "".join(f"{y};{i + 1},{100 + i}\n" for i, y in enumerate(Y)),
        ["line 2", "'x'", "can be read in two ways", "'1,100'", "--decimal ,", "take it out"],
    ),
    "grouped digits beside decimal points": (
        "y;x;z\n" + "".join(f"{y};{i + 1},{100 + i};{i / 8}\n" for i, y in enumerate(Y)),
        ["line 2", "'x'", "can be read in two ways", "'1,100'"],
    ),
    "two decimal signs in a column": (
        "y;x\n0;5\n" + "".join(f"{y};{i}{'.,'[i % 2]}5\n" for i, y in enumerate(Y)),
        ["line 4", "'x'", "two decimal signs", "'1,5'", "'0.5'", "one sign"],
    ),
    "two decimal signs in two columns": (
        "y;x;z\n" + "".join(f"{y};{i},5;{i}.5\n" for i, y in enumerate(Y)),
        ["line 2", "'x'", "with a decimal comma", "'0,5'", "of all columns"],
    ),
    "a decimal comma far below": (
        "y;x\n" + "0;5\n1;7\n" * 20_000 + "0;6\n" + "".join(f"{y};{y + 1},5\n" for y in Y),
        ["line 40003", "'x'", "with a decimal comma", "'1,5'", "--decimal ,"],
    ),
    "percentages among numbers": (
        "y,x\n" + "".join(f"{y},{i}{'%' * (i % 2)}\n" for i, y in enumerate(Y)),
        ["line 3", "'x' holds percentages", "'1%'", "12.5% becomes 12.5"],
    ),
    "two terms of one name": ("y,Intercept\n0,1\n1,2\n", ["'Intercept'", "Rename"]),
}


@pytest.mark.parametrize("what", COLUMNS)
def test_columns_that_cannot_be_used(what, tmp_path):
    text, words = COLUMNS[what]
    path = tmp_path / "f.csv"
    path.write_text(text)
    words = ("f.csv", *words)
    refused_and_untouched(tmp_path, 3, "fit", path, "--target", "y", words=words)


def test_thousands_and_decimal_signs(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("y;x\n" + "".join(f"{y};1.{100 + i}\n" for i, y in enumerate(Y)))
    words = ("line 2", "'1.100'", "--decimal .", "thousands")
    refused_and_untouched(tmp_path, 3, "fit", path, "--target", "y", "--decimal", ",", words=words)


def test_infinities_in_frames():
    for value in (np.inf, -np.inf, 1e200):
        frame = pd.DataFrame({"y": Y, "x": NUMBERS})
        frame.loc[7, "x"] = value
        with pytest.raises(DataError, match=r"row 7 \(counted from 0\): column 'x' holds"):
            sigmoide.logit("y ~ x", frame)


def test_a_constant_column_is_aliased_and_named(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(GOOD.replace(",a", ",5").replace(",b", ",5"))
    done = run("fit", path, "--target", "y")
    assert done.exit_code == 0
    assert "g is aliased and left out: g = 5" in done.stdout
    done = run("fit", path, "--target", "y", "--aliased", "error", "--out", tmp_path / "m.json")
    assert done.exit_code == 4
    assert done.stdout == ""
    assert "g = 5" in done.stderr
    assert not (tmp_path / "m.json").exists()


def test_too_many_levels_for_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sysconf", lambda name: 100_000 if name == "SC_PHYS_PAGES" else 1000)
    path = tmp_path / "f.csv"
    path.write_text("y,street\n" + "".join(f"{i % 3 > 0:d},s{i // 2}\n" for i in range(4000)))
    words = ("1,999 columns need", "'street' alone makes 1,999", "fewer levels")
    refused_and_untouched(tmp_path, 3, "fit", path, "--target", "y", words=words)


# Weights: messages and line numbers; more in test_missing_and_levels


@pytest.mark.parametrize(
    ("option", "column", "words"),
    [
        ("--weights", [1, -2, 1, 1], ["line 3", "weight 'w' is negative: -2"]),
        ("--weights", [1, "", "", 1], ["line 3", "weight 'w' is missing", "2 such rows"]),
        ("--weights", [0, 0, 0, 0], ["weight 'w' of every row is zero"]),
        ("--weights", [1, "a", 1, 1], ["line 3", "'w'", "holds 'a'", "Numbers are needed"]),
        ("--weights", [1, 1, "inf", 1], ["line 4", "'w' holds inf"]),
        ("--frequency", [1, 2, 2.5, 1], ["line 4", "frequency 'w' is 2.5", "as weights"]),
        ("--frequency", [1, 2, -1, 1], ["line 4", "frequency 'w' is negative: -1"]),
        ("--offset", [1, 2, "b", 1], ["line 4", "to be the offset", "'b'"]),
        ("--offset", ["", "", "", ""], ["offset 'w' has no value"]),
    ],
)
def test_weights(option, column, words, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("y,x,w\n" + rows([0, 1, 0, 1], [1, 2, 2, 1], column))
    words = ("f.csv", *words)
    refused_and_untouched(tmp_path, 3, "fit", path, "--target", "y", option, "w", words=words)


# At prediction


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "m.json"
    sigmoide.logit("y ~ x + g", pd.read_csv(io.StringIO(GOOD)), l2=1.0).save(path)
    return path


PREDICTED = {
    "a column missing": ("y,x\n0,1\n", ["new.csv", "no column 'g'", "'y', 'x'"]),
    "a column renamed": ("y,x,G\n0,1,a\n", ["no column 'g'; did you mean 'G'?"]),
    "another type": ("y,x,g\n0,1,a\n1,many,a\n", ["line 3", "'x'", "held numbers", "'many'"]),
    "an unseen level": ("y,x,g\n0,1,a\n\n1,1,z\n", ["line 4", "'g'", "'z'", "'a', 'b'", "Mend"]),
    "infinite": ("y,x,g\n0,1,a\n1,inf,b\n", ["line 3", "'x' holds inf"]),
    "ragged": ("y,x,g\n0,1,a\n1,1\n", ["line 3", "2 values where the header has 3"]),
    "empty": ("", ["is empty"]),
    "header only": ("y,x,g\n", ["a header and no rows"]),
}


@pytest.mark.parametrize("what", PREDICTED)
def test_at_prediction(what, model, tmp_path):
    text, words = PREDICTED[what]
    path = tmp_path / "new.csv"
    path.write_text(text)
    refused_and_untouched(tmp_path, 3, "predict", model, path, words=("new.csv", *words))
    for command in ("predict", "evaluate", "verify"):
        refused(run(command, model, path), 3, "new.csv", *words)


def test_judged_without_a_target(model, tmp_path):
    path = tmp_path / "new.csv"
    path.write_text("x,g\n1,a\n")
    assert run("predict", model, path).exit_code == 0
    for command in ("evaluate", "verify"):
        refused(run(command, model, path), 3, "new.csv", "no column 'y'")
    path.write_text("y,x,g\n,1,a\n")
    refused(run("evaluate", model, path), 3, "the target 'y' has no value in any row")


def test_the_two_files_in_the_wrong_order(model, tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(GOOD)
    for command in ("predict", "evaluate", "verify"):
        refused(run(command, path, model), 3, "new.csv", "no model file")


# Writing


@pytest.mark.parametrize("where", ["replace", "fsync", "chmod"])
def test_a_full_disk_leaves_the_old_file(where, tmp_path, model, monkeypatch):
    path = tmp_path / "f.csv"
    path.write_text(GOOD)

    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, where, full)
    # A new file has its rights from the start.
    held_before = ("old",) if where == "chmod" else (None, "old")
    for command in (("fit", path, "--target", "y", "--l2", "1"), ("predict", model, path)):
        for held in held_before:
            out = tmp_path / "out"
            out.unlink(missing_ok=True)
            if held:
                out.write_text(held)
            before = contents(tmp_path)
            done = run(*command, "--out", out)
            assert done.exit_code == 3
            # The table of a fit is printed all the same.
            assert ("Logistic regression" in done.stdout) == (command[0] == "fit")
            assert "cannot be written: No space left on device" in done.stderr
            assert "Nothing of it was written" in done.stderr
            assert contents(tmp_path) == before


def test_interrupted_writing_leaves_nothing(tmp_path, monkeypatch):
    found = sigmoide.logit("y ~ x", pd.read_csv(io.StringIO(GOOD)))
    out = tmp_path / "m.json"
    out.write_text("old")

    def stop(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        found.save(out)
    assert contents(tmp_path) == {"m.json": b"old"}


def test_places_where_nothing_can_be_written(tmp_path, model, monkeypatch):
    path = tmp_path / "f.csv"
    path.write_text(GOOD)
    fit, predict = ("fit", path, "--target", "y", "--l2", "1"), ("predict", model, path)
    for command in (fit, predict):
        before = contents(tmp_path)
        refused(run(*command, "--out", tmp_path / "no" / "m.json"), 3, "no folder", "Make it")
        refused(run(*command, "--out", tmp_path), 3, "a folder, so no file", "Name a file")
        # what is read is never overwritten, by whatever name it is called
        (tmp_path / "link").symlink_to(path)
        for out in (path, tmp_path / "." / "f.csv", tmp_path / "link"):
            refused(run(*command, "--out", out), 2, "would be lost", "Name another")
        (tmp_path / "link").unlink()
        monkeypatch.setattr(os, "access", lambda *a: False)
        refused(run(*command, "--out", tmp_path / "m2.json"), 3, "may not be written to")
        monkeypatch.undo()
        assert contents(tmp_path) == before
    refused(run(*predict, "--out", model), 2, "would be lost")
    # and the work is not done in vain: the place is looked at before the data
    done = run("fit", tmp_path / "nowhere.csv", "--target", "y", "--out", tmp_path / "no" / "m")
    refused(done, 3, "no folder")
    with pytest.raises(FileError, match=r"cannot be written"):
        sigmoide.logit("y ~ x", path).save(tmp_path / "no" / "m.json")


def test_memory_and_faults_are_one_line_too(tmp_path, monkeypatch):
    path = tmp_path / "f.csv"
    path.write_text(GOOD)

    def fail(error):
        def failing(*arguments, **keywords):
            raise error

        return failing

    for error, code, words in (
        (MemoryError(), 3, ["memory does not hold"]),
        (OSError(errno.EIO, "Input/output error", "f.csv"), 3, ["f.csv: Input/output error"]),
        (RuntimeError("unforeseen"), 1, ["a fault of sigmoide, not yours", "unforeseen"]),
        (ZeroDivisionError("division"), 1, ["ZeroDivisionError", "report it"]),
    ):
        monkeypatch.setattr("sigmoide.api.logit.fit_source", fail(error))
        done = run("fit", path, "--target", "y")
        assert done.exit_code == code
        assert done.stdout == ""
        for word in words:
            assert word in done.stderr
    monkeypatch.setenv("SIGMOIDE_TRACEBACK", "1")
    assert isinstance(run("fit", path, "--target", "y").exception, ZeroDivisionError)


CELLS = ["0", "1", "1", "0", "2", "", "NA", "a", "b", "inf", "1e999", "-1", "01", "TRUE", "false"]
CELLS += [
    "x y",
    " 1 ",
    "é",
    "1.5",
    "3",
    "1e200",
    "9" * 20,
    "0.1",
    "-0",
    "\x1b[0m",
    "1;5",
    "Intercept",
]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_small_file_brings_anything_but_an_answer_or_a_refusal(data):
    """Whatever the cells and the options: a code that is documented, and no traceback."""
    n = data.draw(st.integers(1, 12))
    names = data.draw(st.sampled_from([("x", "g"), ("x", "g"), ("Intercept", "g"), ("x", "x ")]))
    cell = st.sampled_from(CELLS)
    target = data.draw(
        st.one_of(st.lists(cell, min_size=n, max_size=n), st.just((["0", "1"] * n)[:n]))
    )
    others = [data.draw(st.lists(cell, min_size=n, max_size=n)) for _ in names]
    text = ",".join(("y", *names)) + "\n" + rows(target, *others)
    options = data.draw(
        st.sampled_from(
            [
                (),
                ("--l2", "1"),
                ("--missing", "indicator"),
                ("--missing", "error"),
                ("--weights", "x"),
                ("--frequency", "x"),
                ("--offset", "x"),
                ("--no-intercept",),
                ("--event", "1"),
                ("--reference", "g=a"),
                ("--decimal", ","),
                ("--delimiter", ";"),
                ("--formula", "y ~ C(x) + g"),
                ("--unseen", "missing", "--missing", "indicator"),
            ]
        )
    )
    target_option = () if "--formula" in options else ("--target", "y")
    with tempfile.TemporaryDirectory() as folder:
        path, model = os.path.join(folder, "f.csv"), os.path.join(folder, "m.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        done = run("fit", path, *target_option, *options, "--out", model)
        assert done.exit_code in (0, 2, 3, 4), (text, options, done.stderr)
        assert not controls(done.stdout + done.stderr)
        assert os.path.exists(model) == bool(done.stdout)
        if done.stdout:
            how = options if options[:1] in (("--decimal",), ("--delimiter",)) else ()
            for command in ("evaluate", "verify"):
                again = run(command, model, path, *how)
                assert again.exit_code in (0, 4), (text, options, again.stderr)
            # only a row that the fit left out may hold what the model does not know
            again = run("predict", model, path, *how)
            assert not again.exit_code or "among the levels of the fit" in again.stderr
            assert run("show", model).exit_code == 0


# What could steer a terminal

ESCAPE = "\x1b[31m\x9b2J\u202e\x7f"


def test_control_characters_never_reach_the_terminal(tmp_path):
    rng = np.random.default_rng(0)
    text = f"y,x{ESCAPE},g\n" + "".join(
        f"{rng.choice(['no', 'yes' + ESCAPE])},{i * 7 % 5},{'ab'[i % 2]}{ESCAPE}\n"
        for i in range(60)
    )
    name = f"f{ESCAPE}.csv"
    path, model = tmp_path / name, tmp_path / f"m{ESCAPE}.json"
    path.write_text(text, encoding="utf-8")
    fit = ("fit", path, "--target", "y")
    commands = [
        (*fit, "--out", model),
        (*fit, "--json"),
        (*fit, "--columns", "nothing" + ESCAPE),
        (*fit, "--reference", f"g=nothing{ESCAPE}"),
        (*fit, "--event", f"maybe{ESCAPE}"),
        (*fit, "--missing", f"maybe{ESCAPE}"),
        (*fit, f"--{ESCAPE}"),
        (*fit, ESCAPE),
        (*fit, "--out", tmp_path / ESCAPE / "m"),
        ("fit", path, "--formula", f"y ~ {ESCAPE}"),
        ("fit", path, "--formula", f"y ~ `{ESCAPE}`"),
        ("fit", path, "--formula", f"y ~ C(g, ref='{ESCAPE}')"),
        ("fit", tmp_path / f"no{ESCAPE}", "--target", "y"),
        ("show", model),
        ("show", model, "--json"),
        ("show", path),
        ("predict", model, path),
        ("predict", model, path, "--out", tmp_path / f"p{ESCAPE}.csv"),
        ("evaluate", model, path),
        ("evaluate", model, path, "--json"),
        ("verify", model, path),
        (ESCAPE,),
    ]
    assert run(*commands[0]).exit_code == 0
    for command in commands:
        done = run(*command)
        assert done.exit_code in (0, 2, 3), (command, done.exception)
        assert not controls(done.stdout), command
        assert not controls(done.stderr), command
    assert not controls(model.read_text(encoding="utf-8"))
    new = tmp_path / "new.csv"
    new.write_text(text.replace(f"a{ESCAPE}", f"c{ESCAPE}"), encoding="utf-8")
    for command in ("predict", "evaluate", "verify"):
        done = run(command, model, new)
        assert done.exit_code == 3
        assert not controls(done.stderr)
    new.write_text(f"y,x{ESCAPE},g\nno,{ESCAPE},a\n", encoding="utf-8")
    assert not controls(run("predict", model, new).stderr)
    # the bits are the same for all that
    again = sigmoide.read_model(model)
    np.testing.assert_array_equal(again.params, sigmoide.logit("y ~ .", path).params)
    assert again.params.index[1] == f"x{ESCAPE}"


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes there")
def test_a_name_of_a_file_that_is_no_text(tmp_path):
    folder = os.fsencode(tmp_path)
    name = os.fsdecode(folder + b"/f\xff.csv")
    with open(name, "w") as file:
        file.write(GOOD)
    model = os.fsdecode(folder + b"/m\xfe.json")
    done = run("fit", name, "--target", "y", "--out", model)
    assert done.exit_code == 0, done.stderr
    assert r"(f\udcff.csv)" in done.stdout
    assert run("show", model).stdout == done.stdout
    done = run("fit", name, "--target", "z")
    assert done.exit_code == 3
    assert run("predict", model, name).exit_code == 0
