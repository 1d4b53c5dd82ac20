"""What the beginning of a text file tells: encoding, delimiter, decimal sign, header."""

from __future__ import annotations

import codecs
import gzip
import io
import itertools
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigmoide.columns.values import read_values
from sigmoide.errors import FileError, UsageError
from sigmoide.sources.csv.dialect import (
    Dialect,
    find_decimal,
    find_delimiter,
    find_dialect,
    find_header,
)
from sigmoide.sources.frames import read_source
from sigmoide.sources.options import ReadOptions
from sigmoide.sources.stored import stored


def dialect_of(content: bytes | str, **options: object) -> Dialect:
    if isinstance(content, str):
        content = content.encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes(content)
        return find_dialect(stored(path), ReadOptions(**options))


def table_of(text: str, delimiter: str = ";") -> list[list[str]]:
    return [line.split(delimiter) for line in text.split()]


# Delimiter


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("a\n1\n2\n", ","),
        # the other signs stand in the values
        ("a;b\n1,5;2,5\n", ";"),
        ("1,5;2,5;3,5\n1,7;2,8;3,9\n", ";"),
        ("a,b;c\n1,5;2,5\n", ";"),
        ("a;b,c\n1;2,x\n", ","),
        ("a\tb\nx, y; z\tu|v\n", "\t"),
        ('"a;b","c;d"\n1,2\n', ","),
        ("a|b;c\n1|2\n3|4\n", "|"),
        # a broken line does not settle it
        ("a;b,c\n1,x\n2,x\n3\n", ","),
        ("a;b\n1;2\n3\n", ";"),
    ],
)
def test_the_delimiter_is_the_one_that_splits_all_alike(text, sign):
    assert find_delimiter(text, cut=False) == sign
    # and the last record may be cut anywhere
    assert find_delimiter(text + text.splitlines()[-1] + "\n1", cut=True) == sign


# Decimal sign


@pytest.mark.parametrize(
    ("rows", "sign", "shown"),
    [
        ("3,14;a 2;b", ",", "3,14"),
        ("7;1,5 8;2", ",", "1,5"),
        ("-0,5 +,5 1,5e3", ",", "-0,5"),
        ("3.14;a", ".", ""),
        ("3;a 4;b", ".", ""),
        # exactly three digits could be thousands
        ("1,234 950", ".", ""),
        # but not after a zero, or after many
        ("0,234 0,5", ",", "0,234"),
        ("1234,567", ",", "1234,567"),
        # and another column may settle it
        ("1,234;3,1 2,345;7", ",", "3,1"),
        ("1,234;3.1 2,345;7", ".", ""),
        # each names the other by being it
        ("1.234,50", ",", "1.234,50"),
        ("1'234,50", ",", "1'234,50"),
        ("1,234.50", ".", ""),
        # contradictions are no evidence, in a column or between two
        ("3,14 2.7", ".", ""),
        ("3,14;2.7 3,15;2.8", ".", ""),
        ("3,14;2.7;1,5 2.15;3.8;2,5", ".", ""),
        ("3,14;1,5 2.15;2,5", ",", "1,5"),
        # words in a text are none either, unless they are few
        ("a,b;3,14 c;x d;y", ".", ""),
        ("1,5 2,5 3,5 4,5 -", ",", "1,5"),
        ("1,5 2,5 3,5 - -", ".", ""),
    ],
)
def test_the_decimal_sign_is_the_one_that_columns_surely_have(rows, sign, shown):
    assert find_decimal(table_of(rows), ";") == (sign, shown)


def test_a_comma_that_separates_columns_is_no_decimal_sign():
    assert find_decimal([["3,14"], ["2,7"]], ",") == (".", "")
    assert find_decimal([["3,14"], ["2,7"]], "\t") == (",", "3,14")
    assert find_decimal([], ";") == (".", "")


# Header


@pytest.mark.parametrize(
    ("first", "rows", "found"),
    [
        # a word over numbers, dates or truth values is a name
        ("y;x", "0;1 1;2", True),
        ("y;x", "0;a 1;b", True),
        ("day;g", "2024-05-01;a 2024-05-02;b", True),
        ("b;g", "true;a False;b", True),
        ("y;2019;2020", "0;1;2 1;5;3", True),
        ("n/a;5;3,2", "1;4;2,2 3;1;9,1", True),
        # words over words are names
        ("g;h", "a;b c;d", True),
        ("g;h", "a;g g;d", True),
        # unless each comes again below
        ("p;x", "e;x p;s", False),
        ("yes", "no yes", False),
        # numbers over numbers are values
        ("5.1;3.5;setosa", "4.9;3.0;setosa 4.7;3.2;virginica", False),
        ("39;State-gov;77516", "50;Self;83311 38;Private;215646", False),
        ("1,5;2,5", "1,7;2,8", False),
        ("-1;-2", "3;4", False),
        ("7;7", "3;4", False),
        ("007;008", "3;4", False),
        ("5", "3 4", False),
        ("true;a", "false;b", False),
        ("2024-05-01;a", "2024-05-02;b", False),
        ("12%;a", "13%;b", False),
        ("0;1;0;1", "1;0;0;1", False),
        ("1990;1950", "1991;1960 2005;1980", False),
        # years and sequences may be names, and a word beside them tells
        ("2019;2020;2021", "3;5;7 4;4;1", None),
        ("1990;1950", "3;5 4;4", None),
        ("0;1;2", "3;5;7 4;4;1", None),
        ("1;2", "3;5 4;4", None),
        ("2000;2005;2010", "3;5;7 4;4;1", None),
        ("0", "5 7", None),
        ("a;2019;2020", "a;5;7 b;4;1", None),
        ("Country;1960;1961;1962", "Aruba;5;;7 Chad;6;1;2", True),
        ("place;2019", "Lugo;5 Vigo;6", True),
        ("Anna;1990", "Bob;1985 Eva;1999", False),
        # missing values tell nothing
        ("1.5;NA;3", "2;5;1 3;4;4", False),
        (";y", "1;0 2;1", True),
        ("NA;NA", "1;0 2;1", True),
        # nor do columns of nothing, rows of another length, or no rows
        ("1.5;x", "2; 3;", False),
        ("1;2", "3;4;5", True),
        ("1;2", "", True),
        # numbers that no number holds
        ("9" * 5000, "5 7", False),
        ("²", "5 7", True),
    ],
)
def test_the_first_row_is_names_values_or_asked_about(first, rows, found):
    assert find_header(first.split(";"), table_of(rows)) is found


NUMBERS = st.one_of(
    st.integers(-50, 5000).map(str), st.floats(-9, 9, allow_nan=False).map(lambda v: f"{v:.2f}")
)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), width=st.integers(1, 5), length=st.integers(2, 12))
def test_words_over_numbers_are_always_a_header(data, width, length):
    rows = [
        data.draw(st.lists(NUMBERS, min_size=width, max_size=width), label="row")
        for _ in range(length)
    ]
    names = data.draw(
        st.lists(st.sampled_from("abcdefgh"), min_size=width, max_size=width, unique=True)
    )
    assert find_header(names, rows) is True
    # and without it a row of numbers is never taken for one
    assert find_header(rows[0], rows[1:]) is not True


def test_the_header_is_said_asked_or_given():
    told = dialect_of("1.5,2\n1.7,3\n2.5,4\n")
    assert told.names == ("c1", "c2")
    assert not told.header
    assert told.notes == (
        "f.csv has no header, so its columns are called c1 to c2; if line 1 holds their names, "
        "say --header",
    )
    assert dialect_of("1.5,2\n1.7,3\n", header=True).names == ("1.5", "2")
    assert dialect_of("y,x\n1.7,3\n", header=False).names == ("c1", "c2")
    assert dialect_of("a\n3\n", header=False).notes == (
        "f.csv has no header, so its columns are called c1",
    )
    with pytest.raises(FileError, match=r"f.csv, line 3: .*'2019', '2020'.*--header or --no-head"):
        dialect_of("\n\n2019,2020\n5,3\n7,8\n")
    assert dialect_of("2019,2020\n5,3\n", header=True).names == ("2019", "2020")
    assert not dialect_of("2019,2020\n5,3\n", header=True).notes
    named = dialect_of("\nplace,2019\nLugo,5\n")
    assert named.names == ("place", "2019")
    assert "line 2 of f.csv is taken for its header, with names like '2019'" in named.notes[0]
    assert not dialect_of("y,x\n0,1\n").notes
    assert dialect_of("y,x\n0,1\n").line == 1


# Encoding


ACCENTED = "año,señal\n1,café\n2,Íñigo\n"


@pytest.mark.parametrize(
    ("content", "codec", "words"),
    [
        (b"y,x\n0,1\n", "utf-8-sig", "UTF-8"),
        (ACCENTED.encode(), "utf-8-sig", "UTF-8"),
        (ACCENTED.encode("utf-8-sig"), "utf-8-sig", "UTF-8 with a byte-order mark"),
        (ACCENTED.encode("utf-16"), "utf-16", "UTF-16"),
        (codecs.BOM_UTF16_BE + ACCENTED.encode("utf-16-be"), "utf-16", "UTF-16"),
        (ACCENTED.encode("utf-32"), "utf-32", "UTF-32"),
        (codecs.BOM_UTF32_BE + ACCENTED.encode("utf-32-be"), "utf-32", "UTF-32"),
        (ACCENTED.encode("utf-16-le"), "utf-16-le", "UTF-16-LE"),
        (ACCENTED.encode("utf-16-be"), "utf-16-be", "UTF-16-BE"),
        (ACCENTED.encode("latin-1"), "latin-1", "latin-1"),
        (ACCENTED.replace("1", "€").encode("cp1252"), "cp1252", "Windows-1252 (cp1252)"),
        (ACCENTED.replace("1", "“").encode("cp1252"), "cp1252", "Windows-1252 (cp1252)"),
        # an accidental letter of UTF-8 (É» is one) among others
        ("a\n«CAFÉ»\nñ\né\n".encode("latin-1"), "latin-1", "latin-1"),
    ],
)
def test_the_encoding_is_found_and_said(content, codec, words):
    found = dialect_of(content)
    assert found.encoding.codec == codec
    assert found.encoding.words == words
    assert found.words.startswith(words + ",")
    text = content.decode(codec).removeprefix("\ufeff")
    assert found.names == tuple(text.split("\n")[0].split(","))
    said = " ".join(found.notes)
    assert bool(said) != words.startswith("UTF-8")
    if words.startswith(("latin", "Windows")):
        assert f"is not UTF-8 and is read as {words}" in said
        assert "--encoding" in said


def test_a_word_shows_whether_the_encoding_is_right():
    found = dialect_of("y,g\n1,a\n2,Málaga\n".encode("latin-1"))
    assert "makes 'Málaga' of a word on line 3" in found.notes[0]
    found = dialect_of("y,g\r\r\r\n2,Málaga\n".encode("cp1252").replace(b"\xe1", b"\x9f"))
    assert "makes 'MŸlaga' of a word on line 4" in found.notes[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        # UTF-8 but for one byte, and two files joined
        ("y,g\n1,ñandú\n2,é\n".encode() + b"3,\xe9\n", ["line 4", "0xe9", "other letters", "Mend"]),
        (b"y,g\n1,\xe9\n" + "2,é\n".encode(), ["line 2", "0xe9", "joined from two"]),
        ("y,g\n1,€\n2,x".encode() + b"\xe9y\n", ["line 3", "0xe9", "other letters"]),
        # marked as UTF-8
        (codecs.BOM_UTF8 + b"y,g\n1,\xe9\n2,\xf1\n", ["line 2", "0xe9", "not utf-8 text"]),
        # cut in the middle of a letter
        ("y,g\n1,ñ".encode()[:-1], ["line 2", "0xc3", "not utf-8 text"]),
        # no letter of Windows: an old DOS file
        ("y,g\n1,ñ\n2,ü\n".encode("cp850"), ["line 3", "0x81", "--encoding cp850"]),
        (b"y\0,x\n0,1\n", ["NUL bytes"]),
        (b"\0y\0,\0x\n\0", ["NUL bytes"]),
        ("y,x".encode("utf-16-le"), ["NUL bytes"]),
    ],
)
def test_what_cannot_be_read_safely_is_refused(content, words):
    with pytest.raises(FileError) as caught:
        dialect_of(content)
    for word in words:
        assert word in str(caught.value)


def test_an_encoding_that_is_given_wins():
    content = "y,g\n1,ñ\n2,ü\n".encode("cp850")
    assert dialect_of(content, encoding="cp850").encoding.codec == "cp850"
    assert not dialect_of(content, encoding="cp850").notes
    joined = "y,g\n1,ñ\n".encode() + b"2,\xe9\n"
    assert dialect_of(joined, encoding="latin-1").names == ("y", "g")
    with pytest.raises(FileError, match=r"line 2: the byte 0xa4 is not utf-8 text"):
        dialect_of(content, encoding="utf-8")
    with pytest.raises(FileError, match=r"in UTF-16 .*not iso8859-1. Give --encoding utf-16"):
        dialect_of("y,x\n".encode("utf-16"), encoding="latin-1")
    with pytest.raises(FileError, match="NUL bytes, so it is not a CSV file in utf-8"):
        dialect_of("y,x\n".encode("utf-16-le"), encoding="utf-8")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("last", "level"),
    [
        ("caf\u00e9".encode("latin-1"), "café"),
        ("5\u20ac".encode("cp1252"), "5€"),
        ("café".encode(), "café"),
    ],
)
def test_a_letter_far_beyond_the_beginning(packed, last, level, tmp_path):
    """The first five million bytes are ASCII."""
    one, other = "abcd" * 20, "dcba" * 20
    row = f"1,2.5,{one}\n0,3.5,{other}\n".encode()
    times = 5_000_000 // len(row)
    content = b"y,x,g\n" + row * times + b"1,2," + last + b"\n" + row
    path = tmp_path / "f.csv"
    path.write_bytes(gzip.compress(content, 1) if packed else content)
    source = read_source(path)
    values = read_values(source, "g")
    assert values.levels == tuple(sorted((one, other, level)))
    assert source.n_rows == 2 * times + 3
    line = 2 * times + 2
    assert source.place(2 * times) == f"line {line}"
    assert read_values(source, "x").numbers[-1] == 3.5
    said = [note for note in source.notes if f"makes {level!r} of a word on line {line}" in note]
    assert len(said) == (not last.endswith("é".encode()))


def test_a_fault_far_beyond_the_beginning(tmp_path):
    path = tmp_path / "f.csv"
    content = b"y,g\n" + b"1,a\n" * 100_000
    for tail, words in (
        ("1,é\n".encode() + b"1,\xe9\n", "line 100003: the byte 0xe9 is not utf-8 text, where"),
        (b"1,\x81\n", "line 100002: the byte 0x81 is no letter"),
        (b"1,\xe9", "line 100002: the byte 0xe9 is not utf-8 text. Say"),
    ):
        path.write_bytes(content + tail)
        with pytest.raises(FileError, match=words):
            read_source(path)
    path.write_bytes(content + b"1,\xe9\n1\n")
    with pytest.raises(FileError, match="line 100003: 1 value where the header has 2 columns"):
        read_source(path)
    path.write_bytes(content + b"1,\xe9\n")
    with pytest.raises(FileError, match=r"line 100002: the byte 0xe9 is not utf-8 text\. Say"):
        read_source(path, ReadOptions("utf-8"))


# All of it together


def test_all_of_it_in_words():
    found = dialect_of("\nnombre;peso\nJosé;70,5\n".encode("latin-1"))
    assert found.words == "latin-1, columns separated by ';', decimal sign ',', names in line 2"
    assert [note.partition(" f.csv")[0] for note in found.notes[1:]] == [
        "the columns of",
        "the decimal sign of",
    ]
    assert dialect_of("5.5\n6\n").words == "UTF-8, decimal sign '.', no header"
    given = dialect_of("5;1\n6;2\n", delimiter=";", decimal=",", encoding="utf-8", header=False)
    assert given.notes == ("f.csv has no header, so its columns are called c1 to c2",)


def test_options_that_contradict_themselves():
    with pytest.raises(UsageError, match="can be one of them"):
        ReadOptions(delimiter=",", decimal=",")
    with pytest.raises(UsageError, match="decimal sign"):
        ReadOptions(decimal="x")
    assert ReadOptions(delimiter=",").decimal is None


WORDS = st.sampled_from(["año", "casa", "Málaga", "x y", 'a "b"', "c,d", "e;f", "g\th", "i|j"])
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]


@settings(max_examples=60, deadline=None)
@given(
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    comma=st.booleans(),
    encoding=st.sampled_from(ENCODINGS),
    header=st.booleans(),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    packed=st.booleans(),
    words=st.lists(WORDS, min_size=4, max_size=30),
    seed=st.integers(0, 2**32 - 1),
)
def test_one_table_in_every_dialect(
    delimiter, comma, encoding, header, ending, packed, words, seed
):
    """Whatever it is written in, the same values come out, on the same lines."""
    if delimiter == "," and comma:
        return
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "c1": rng.integers(0, 2, len(words)),
            "c2": rng.normal(size=len(words)).round(2) + 0.25,
            "c3": words,
            "c4": "ñ",
        }
    )
    frame.loc[0, "c2"] = 0.5
    frame.loc[len(frame) // 2, "c2"] = np.nan
    text = io.StringIO()
    sign = "," if comma else "."
    frame.to_csv(text, index=False, header=header, sep=delimiter, decimal=sign, lineterminator="\n")
    content = text.getvalue().replace("\n", ending).encode(encoding)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes(gzip.compress(content) if packed else content)
        source = read_source(path)
        assert source.names == tuple(frame)
        assert source.header is header
        for name in ("c1", "c2"):
            np.testing.assert_array_equal(read_values(source, name).numbers, frame[name])
        values = read_values(source, "c3")
        assert [values.levels[code] for code in values.codes] == words
        for row in (0, len(frame) - 1):
            assert source.place(row) == f"line {row + 1 + header}"


def test_every_reader_may_take_the_same_record():
    found = dialect_of(ACCENTED.encode("latin-1"))
    assert found == dialect_of(ACCENTED.encode("latin-1"))
    assert hash(found) == hash(dialect_of(ACCENTED.encode("latin-1")))
    with pytest.raises(AttributeError):
        found.decimal = ","


def test_more_is_looked_at_where_lines_are_long():
    wide = 30_000
    names = [f"column_{j}" for j in range(wide)]
    rows = [[f"{j % 7}" for j in range(wide)] for _ in range(2)]
    for head, expected in ((names, names), (rows[0][::-1], [f"c{j + 1}" for j in range(wide)])):
        text = "".join(";".join(row) + "\n" for row in (head, *rows))
        found = dialect_of(text)
        assert found.names == tuple(expected)
        assert found.delimiter == ";"


def test_all_readings_agree_on_the_number_of_names():
    for header, first in itertools.product((None, True, False), ("y,x", "1.5,2", "p,q")):
        found = dialect_of(f"{first}\n1,2\n3,4\n", header=header)
        assert len(found.names) == 2
        assert len(set(found.names)) == 2
