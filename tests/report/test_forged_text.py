"""No name of a column, value, file or model begins a line of its own in what is printed.

The law: what is printed for a name that holds line ends, controls or marks of direction is what is
printed for the harmless name that spells them out, word by word; it holds no such letter; and no
line of it begins with what the name says.
"""

from __future__ import annotations

import json
import pickle
import re
import traceback
import warnings
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

import sigmoide
from sigmoide import errors
from sigmoide.arguments.words import printable
from sigmoide.lesson import run_lesson
from sigmoide.modelfile.to_json import digest
from sigmoide.report.text import Paragraph, lines_of, plain_console
from support.cli_run import controls, run
from support.hostile import BREAKS, FORGED, ROLES, forged, hostile_table, name_of

# What stands before the text of a line in tables, lists, comments and headings.
BORDERS = " |#%*->&;:.,\\"
# The ways to break a line that a file's name can hold, and a text of tabs or CSV.
HOW = list(BREAKS)


def checked(text: str) -> str:
    """Check that a text has lines of its own only, and return it."""
    assert not controls(text), sorted(map(ascii, controls(text)))
    for line in text.split("\n"):
        assert not line.lstrip(BORDERS).startswith(FORGED), ascii(line)
    return text


def words(text: str, folder: Path) -> str:
    """Return a text without blanks, and without what differs from one run to the next."""
    plain = re.sub(r"[\d.e-]+ s\b", "", text.replace(str(folder), "FOLDER"))
    # A name is said as it is, or as a string of Python, in which its backslashes are two.
    return re.sub(r"(&#92;|\\textbackslash\{\}|\\)+", "/", "".join(plain.split()))


def same_words(both: list[list[str]], folders: list[Path]) -> None:
    """Check that as many texts were printed for both names, and the same words."""
    one, two = both
    assert len(one) == len(two)
    for hostile, spelled in zip(one, two, strict=True):
        assert words(checked(hostile), folders[0]) == words(spelled, folders[1])


# --- the texts that are printed


def said(*arguments: object, codes: tuple[int, ...] = (0,)) -> str:
    done = run(*arguments)
    assert done.exit_code in codes, (done.exit_code, done.stderr)
    assert "Traceback" not in done.stderr
    return f"{done.stdout}\n{done.stderr}"


def fit_options(role: str, names: dict[str, str]) -> list[str]:
    """Return what gives a column of that role its part in the fit."""
    name = name_of(role, names)
    quoted = f'"{name}"'
    return {
        "id": ["--cluster", quoted],
        "w": ["--weights", name],
        "f": ["--frequency", name],
        "o": ["--offset", name],
        "part": ["--split", f"column:{name}=train"],
        "x": ["--l2", "1", "--penalty-factor", f"{name}=2"],
        "level": ["--firth"],
        "event": ["--event", name],
    }.get(role, [])


def command_texts(role: str, name: str, folder: Path, table: pd.DataFrame) -> Iterator[str]:
    """Yield what every command prints where a name has that role."""
    names = {role: name}
    data, model, other = folder / "d.parquet", folder / "m.json", folder / "other.json"
    table.to_parquet(data)
    target, reference = name_of("y", names), name_of("reference", names)
    kept = {name_of(r, names) for r in ("y", "x", "g", role)} | {"z"}
    excluded = [
        f'"{c}"' for c in table if c not in kept or (c == name and role in ("id", "w", "f", "o"))
    ]
    base = ["fit", data, "--target", target, "--exclude", ",".join(excluded)]
    base += ["--reference", f"{name_of('g', names)}={reference}"]
    yield said(*base, *fit_options(role, names), "--out", model)
    yield said(*base, "--ci", "profile", "--missing", "indicator", "--out", other)
    for form in ("html", "latex", "markdown"):
        yield said("show", model, "--format", form)
    checked(said("show", model, "--json"))
    yield said("compare", model, other)
    yield said("describe", data, "--target", target)
    gaps = table.copy()
    gaps.loc[3:5, [name_of("x", names), name_of("g", names)]] = None
    gaps.to_parquet(data)
    for command in ("predict", "evaluate"):
        yield said(command, model, data)
    yield said("verify", model, data, codes=(0, 3, 4))


def tables(role: str, hostile: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the name and its spelling, with a table of each."""
    for name in (hostile, printable(hostile)):
        yield name, hostile_table({role: name})


@pytest.mark.parametrize(("role", "how"), list(zip(ROLES, cycle(HOW), strict=False)))
def test_no_name_in_the_data_begins_a_line(role, how, tmp_path):
    both, folders = [], [tmp_path / "a", tmp_path / "b"]
    for (name, table), folder in zip(tables(role, forged(how)), folders, strict=True):
        folder.mkdir()
        both.append(list(command_texts(role, name, folder, table)))
    same_words(both, folders)


@pytest.mark.parametrize("how", HOW)
def test_no_break_begins_a_line(how, tmp_path):
    """The roles that stand in most texts, all at once."""
    names = {r: f"{r}{BREAKS[how]}{FORGED}" for r in ("y", "event", "other", "x", "level")}
    data, model = tmp_path / "d.parquet", tmp_path / "m.json"
    hostile_table(names).to_parquet(data)
    checked(
        said("fit", data, "--target", names["y"], "--columns", f'"{names["x"]}",g', "--out", model)
    )
    for form in ("text", "html", "latex", "markdown", "json"):
        checked(said("show", model, "--format", form))
    checked(said("describe", data, "--target", names["y"]))
    checked(said("evaluate", model, data))


@pytest.mark.parametrize("how", [h for h in HOW if "/" not in BREAKS[h]])
def test_no_name_of_a_file_begins_a_line(how, tmp_path):
    both, folders = [], [tmp_path / "a", tmp_path / "b"]
    table = hostile_table({})
    for name, folder in zip((forged(how), printable(forged(how))), folders, strict=True):
        inside = folder / name
        inside.mkdir(parents=True)
        data, model = inside / f"{name}.parquet", inside / f"{name}.json"
        table.to_parquet(data)
        (inside / f"{name}.csv").write_text("not, a\ntable", encoding="utf-8")
        texts = [
            said("fit", data, "--target", "y", "--columns", "x", "--out", model),
            said("show", model),
            said("compare", model, model),
            said("evaluate", model, data),
            said("verify", model, data),
            said("describe", data),
            said("predict", model, data, "--out", inside / "p.csv"),
            # What is refused names the file, too.
            said("fit", data, "--target", "absent", codes=(3,)),
            said("fit", data, "--target", "y", "--out", data, codes=(2,)),
            said("fit", inside / f"{name}.absent", "--target", "y", codes=(3,)),
            said("fit", data, "--target", "y", "--out", inside / name / "m.json", codes=(2, 3)),
            said("show", data, codes=(3,)),
            said("predict", data, model, codes=(3,)),
            said("describe", inside / f"{name}.csv", codes=(0, 3)),
            said("evaluate", model, data, "--plots", model, codes=(2, 3)),
        ]
        both.append(texts)
    same_words(both, folders)


def refusals(name: str, data: Path) -> Iterator[str]:
    """Yield what is said of a name that is nowhere."""
    fit = ["fit", data, "--target", "y", "--columns", "x"]
    yield said("fit", data, "--target", name, codes=(2, 3))
    yield said("fit", data, "--formula", f"`{name}` ~ x", codes=(2, 3))
    yield said("fit", data, "--formula", f"y ~ x + `{name}`", codes=(2, 3))
    yield said("fit", data, "--formula", f"y ~ C(`{name}`, ref='a')", codes=(2, 3))
    yield said("fit", data, "--formula", f"y ~ C(g, ref='{name}')", codes=(2, 3))
    yield said("fit", data, "--target", "y", "--columns", f'"{name}"', codes=(2, 3))
    yield said("fit", data, "--target", "y", "--exclude", f'"{name}"', codes=(2, 3))
    for option in ("event", "weights", "frequency", "offset", "cluster", "split", "split-key"):
        yield said(*fit, f"--{option}", name, codes=(2, 3))
    yield said(*fit, "--split", f"column:{name}={name}", codes=(2, 3))
    for option in ("reference", "penalty-factor", "cov", "ci", "missing", "memory", "l2", "tol"):
        yield said(*fit, f"--{option}", name, codes=(2, 3))
    yield said(*fit, "--reference", f"x={name}", codes=(2, 3))
    yield said(*fit, "--l2", "1", "--penalty-factor", f"{name}=2", codes=(2, 3))
    yield said("describe", data, "--target", name, codes=(2, 3))
    yield said("lesson", "--data", data, "--y", name, codes=(2, 3))
    yield said("lesson", "--data", data, "--y", "y", "--x", f'x,"{name}"', codes=(2, 3))
    yield said(f"{name}", codes=(2,))
    yield said("fit", f"--{name}", codes=(2,))


@pytest.mark.parametrize("how", HOW)
def test_no_refusal_begins_a_line_with_what_it_refuses(how, tmp_path):
    data = tmp_path / "d.parquet"
    hostile_table({}).to_parquet(data)
    for text in refusals(forged(how), data):
        message = text.strip("\n")
        assert FORGED in checked(message)


def test_no_line_of_the_lesson_begins_with_a_name():
    names = {role: f"{role}\n{FORGED}" for role in ("x", "y", "event", "other")}
    lines: list[str] = []
    x, y = name_of("x", names), name_of("y", names)
    run_lesson("en", lines.append, source=hostile_table(names), x=(x, "z"), y=y)
    assert sum(FORGED in line for line in lines) > 3
    for line in lines:
        assert "\n" not in checked(line)


# --- lines that are wrapped


def test_no_wrapped_line_begins_at_the_margin(tmp_path):
    """A name may be as long as it takes for what it says to begin a line: then that is set in."""
    data, model = tmp_path / "d.parquet", tmp_path / "m.json"
    broken = 0
    for filler in range(8, 98, 3):
        names = {r: f"{r}{'n' * filler} {FORGED}" for r in ("y", "x", "level", "event", "g")}
        hostile_table(names, rows=60).to_parquet(data)
        base = ["--target", names["y"], "--columns", f"{names['x']},{names['g']}"]
        texts = [said("fit", data, *base, "--out", model), said("compare", model, model)]
        for text in (*texts, said("describe", data, "--target", names["y"])):
            lines = text.split("\n")
            assert not [line for line in lines if line.startswith(FORGED)]
            broken += sum(line.startswith(f"  {FORGED}") for line in lines)
    assert broken > 10


LETTERS = st.characters(codec="utf-8") | st.sampled_from([*" \n\r\u2028\u202e日e\u0301"])


@given(text=st.text(LETTERS, max_size=400), width=st.integers(4, 90))
@example("n" * 80 + FORGED, 80)
@example("日" * 60, 5)
@example(" " * 200, 20)
def test_a_paragraph_loses_no_letter_and_only_its_first_line_is_at_the_margin(text, width):
    console, out = plain_console()
    console.width = width
    console.print(Paragraph(text))
    first, *others = lines_of(out).split("\n")
    assert all(line.startswith("  ") for line in others)
    assert all(cell_len(line) <= width for line in (first, *others))
    shown = "".join("".join((first, *others)).split())
    assert shown == "".join(printable(text).split())


# --- what Python prints


def python_texts(names: dict[str, str], folder: Path) -> Iterator[str]:
    """Yield what a user of the library sees: what is printed, warned of and raised."""
    table = hostile_table(names)
    y, x, g = (name_of(role, names) for role in ("y", "x", "g"))
    one = table[[y, x, g, "z"]].copy()
    one["copy"] = 2 * one[x]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fitted = sigmoide.logit(f"`{y}` ~ `{x}` + `{g}`", one)
        other = sigmoide.logit(f"`{y}` ~ `{x}` + copy + C(`{g}`, Sum)", one)
        apart = sigmoide.logit(f"wall ~ `{x}` + z", one.assign(wall=one[x] > 0))
        unseen = one.assign(**{g: "another"})
        for frame, how in ((unseen, "reference"), (one.mask(one[[x]] > 1), "error")):
            again = sigmoide.logit(f"`{y}` ~ `{x}` + `{g}`", one, unseen=how)
            again.predict(frame)
    for result in (fitted, other, apart):
        yield f"{result.summary()}\n{result!r}\n{result.separation!r}"
        yield result.summary().as_markdown() + result.summary().as_latex()
        yield "\n".join(str(combination) for combination in result.aliased.values())
    model = names.get("model", "model")
    yield str(sigmoide.compare(fitted, other, names=[f"{model} a", f"{model} b"]))
    yield from (warnings.formatwarning(w.message, w.category, "f.py", 1, "") for w in caught)
    for wrong in wrong_calls(fitted, one, y, x, g):
        with pytest.raises(errors.SigmoideError) as raised:
            wrong()
        yield "".join(traceback.format_exception_only(raised.value))


def wrong_calls(fitted: sigmoide.Result, data: pd.DataFrame, y: str, x: str, g: str) -> list:
    """Return calls that are refused because of what is called so."""
    logit = sigmoide.logit
    return [
        lambda: logit(f"`{y}` ~ `{g} absent`", data),
        lambda: logit(f"`{y}` ~ log(`{g}`)", data),
        lambda: logit(f"`{y}` ~ C(`{g}`, ref='none')", data),
        lambda: logit(f"`{x}` ~ `{g}`", data),
        lambda: logit(f"`{y}` ~ `{x}`", data.assign(**{y: "only"})),
        lambda: logit(f"`{y}` ~ `{x}`", data, weights=g),
        lambda: logit(f"`{y}` ~ `{x}`", data, frequency=x),
        lambda: logit(f"`{y}` ~ `{x}`", data, event=f"{y} absent"),
        lambda: fitted.predict(data.drop(columns=[x])),
        lambda: fitted.predict(data.assign(**{g: "another"})),
        lambda: fitted.predict(data.assign(**{x: "text"})),
        lambda: fitted.evaluate(data.drop(columns=[y])),
        lambda: fitted.wald_test(f"`{x} absent` = 0"),
        lambda: fitted.with_cov("CR1", cluster=f"{x} absent"),
        lambda: sigmoide.read_model(f"{x} absent"),
        lambda: logit(f"`{y}` ~ `{x}`", f"{x} absent"),
    ]


@pytest.mark.parametrize("how", HOW)
def test_nothing_that_python_prints_begins_a_line_with_a_name(how, tmp_path):
    roles = ("y", "event", "other", "x", "g", "level", "model")
    both = []
    for spell in (str, printable):
        names = {role: spell(f"{role}{BREAKS[how]}{FORGED}") for role in roles}
        both.append(list(python_texts(names, tmp_path)))
    same_words(both, [tmp_path, tmp_path])


def test_every_error_and_warning_is_one_line():
    for cls in vars(errors).values():
        if isinstance(cls, type):
            said_so = str(cls("".join(map(forged, BREAKS))))
            assert said_so.count(FORGED) == len(BREAKS)
            assert len(checked(said_so).splitlines()) == 1
            again = pickle.loads(pickle.dumps(cls("a\nb")))
            assert (str(again), again.args) == ("a\\nb", ("a\nb",))


# --- a model file that was written to deceive


def forgeries(value: object, text: str) -> Iterator[object]:
    """Yield entries of JSON with one text of theirs, or one key, in place of which another is."""
    if isinstance(value, str):
        yield text
    elif isinstance(value, list):
        for k, held in enumerate(value[:4]):
            yield from ([*value[:k], new, *value[k + 1 :]] for new in forgeries(held, text))
    elif isinstance(value, dict):
        for key, held in value.items():
            yield {text if other == key else other: old for other, old in value.items()}
            yield from (value | {key: new} for new in forgeries(held, text))


@pytest.mark.parametrize("how", ["line feed", "erase", "line separator"])
def test_no_text_of_a_model_file_begins_a_line(how, tmp_path):
    """Every text of it that is not one of the program's own words, one after the other."""
    data, model = tmp_path / "d.parquet", tmp_path / "m.json"
    hostile_table({}).to_parquet(data)
    said("fit", data, "--target", "y", "--columns", "x,g", "--cov", "HC1", "--out", model)
    whole = json.loads(model.read_text(encoding="utf-8"))
    shown = 0
    for forgery in forgeries(whole, forged(how)):
        if "schema" in forgery:
            forgery["schema_sha256"] = digest(forgery["schema"])
        model.write_text(json.dumps(forgery), encoding="utf-8")
        for command in (["show", model], ["predict", model, data]):
            shown += FORGED in checked(said(*command, codes=(0, 2, 3, 4)))
    assert shown > 8
