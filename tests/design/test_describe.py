"""``sigmoide describe``: what is understood, before fitting."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from sigmoide.cli import main
from sigmoide.design.describe import description_of
from sigmoide.errors import ColumnError
from sigmoide.sources.frames import read_source
from support.reference_sets import FOLDER


def shown(*arguments: str):
    done = CliRunner().invoke(main, ["describe", *arguments])
    assert max(map(len, done.stdout.splitlines()), default=0) <= 80
    return done


def test_a_reference_set():
    done = shown(str(FOLDER / "pima_tr2.csv"), "--target", "type")
    assert done.exit_code == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "pima_tr2.csv: 300 rows, 8 columns",
        "UTF-8, columns separated by ',', decimal sign '.', names in line 1",
        "",
    ]
    table = {line.split()[0]: line.split()[1:] for line in lines[4:-2]}
    assert len(table) == 8
    assert table["bp"] == ["numeric", "13", "38", "to", "114,", "38", "different"]
    assert table["type"] == ["text", "No,", "Yes"]
    assert lines[-1] == "type = Yes would be modelled, against type = No"


def test_every_kind_of_column(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(
        "n,b,t,gone,code,share,one,many\n"
        + "\n".join(
            f"{i / 2},{i % 2 == 0},{'ab'[i % 2]},,0{i},{i}%,7,level{i % 9}" for i in range(18)
        )
        + "\n",
        encoding="utf-8",
    )
    found = {c.name: c for c in description_of(read_source(path)).columns}
    assert (found["n"].kind, found["n"].holds) == ("numeric", "0 to 8.5, 18 different")
    assert (found["b"].kind, found["b"].holds) == ("boolean", "9 of 18 True")
    assert (found["t"].kind, found["t"].holds) == ("text", "a, b")
    assert (found["gone"].missing, found["gone"].holds) == (18, "no values")
    assert found["code"].kind == "text"
    assert "leading zeros" in found["code"].note
    assert found["share"].kind == "refused"
    assert "percentages" in found["share"].holds
    assert found["one"].holds == "7 only"
    assert found["many"].holds.endswith(", … (9 levels)")
    done = shown(str(path), "--target", "n")
    assert done.exit_code == 0
    assert "18 different values" in " ".join(done.stdout.split())


def test_what_was_found_out_in_reading_is_said(tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes("año;b\n1,5;2\n3;4\n".encode("latin-1"))
    lines = shown(str(path)).stdout.splitlines()
    assert lines[1] == "latin-1, columns separated by ';', decimal sign ',', names in line 1"
    said = " ".join(lines[2 : lines.index("")])
    for words in (
        "is not UTF-8 and is read as latin-1",
        "separated by ';'",
        "sign of f.csv is ','",
    ):
        assert words in said


def test_the_page_shows_what_is_printed(tmp_path, monkeypatch):
    page = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
    command, printed = re.search(r"```console\n\$ sigmoide (.+)\n([\s\S]*?)\n```", page).groups()
    rows = (
        "nombre;peso;renta;compra/José;70,5;1.234,50;sí/Ana;55,2;2.000,00;no/Íñigo;80,1;950,25;sí"
    )
    rows += "/Eva;;1.500,00;no/Hugo;61,5;2.100,75;sí/Iria;58,5;900,00;no/"
    monkeypatch.chdir(tmp_path)
    Path("renta.csv").write_bytes(rows.replace("/", "\n").encode("latin-1"))
    assert CliRunner().invoke(main, shlex.split(command)).stdout == printed + "\n"


def test_the_line_of_a_word_among_numbers_is_told(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("x,g\n" + "1,a\n2,5\n" * 4 + "\n3?,b\n" + "4,c\n" * 3, encoding="utf-8")
    found = {c.name: c for c in description_of(read_source(path)).columns}
    assert found["x"].kind == "text"
    assert found["x"].note == "text for '3?' (line 11), which is no number"
    assert found["g"].note == ""


def test_what_has_no_text_says_what_it_is(tmp_path):
    frame = pd.DataFrame({"y": [0, 1], "x": ["1", "b"]})
    assert description_of(read_source(frame)).form == ""
    frame.to_parquet(tmp_path / "f.parquet")
    assert shown(str(tmp_path / "f.parquet")).stdout.splitlines()[1] == "Parquet"


def test_hostile_names_are_spelled_out(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("a\x1b[31m,b\n1,x\x1b]0;t\x07\n2,y\n", encoding="utf-8")
    done = shown(str(path))
    assert "\x1b" not in done.stdout
    assert "\\x1b[31m" in done.stdout


def test_errors(tmp_path):
    done = shown(str(tmp_path / "none.csv"))
    assert done.exit_code == 3
    assert done.stdout == ""
    with pytest.raises(ColumnError, match="no column 'z'"):
        description_of(read_source({"a": [1]}), "z")
