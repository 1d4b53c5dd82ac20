"""No output destroys an input or another output, whatever their paths are spelled like.

The commands, their inputs and their outputs are tables; every pair is tried in every spelling. What
is refused leaves every byte as it was, and nothing beside.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd
import pytest

import sigmoide
from sigmoide.api import paths
from sigmoide.cli import main
from sigmoide.errors import FileError, UsageError
from sigmoide.lesson import figures, write_notebook
from sigmoide.modelfile import atomic
from sigmoide.sources import options
from sigmoide.sources.file_kinds import fits_pattern, listed
from support.cli_run import contents, refused, run

# The parameters of commands that are read; every other path is an output.
INPUTS = {"data", "model", "models"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A command with places for its inputs.

    Attributes
    ----------
    command : tuple of str
        Its words; ``=data`` is the place of the data.
    inputs : tuple of str
        Those places.
    outputs : dict
        From an option to None for a file; for a folder to a name that is written in it, which is
        empty for the cache, whose file has no name.
    """

    command: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: dict[str, str | None]

    def arguments(self, **inputs: object) -> list[object]:
        """Fill the places in."""
        filled = {"data": "data.csv", "model": "model.json", **inputs}
        return [filled[word[1:]] if word.startswith("=") else word for word in self.command]

    def kind(self, option: str) -> str:
        """Say what an output is."""
        written = self.outputs[option]
        return "file" if written is None else "folder" if written else "cache"


PICTURE, LESSON_PICTURE = "roc.png", "early-stopping.svg"
COMMANDS = {
    "fit": Asked(
        ("fit", "=data", "--target", "y"),
        ("data",),
        {"--out": None, "--checkpoint": None, "--plots": PICTURE, "--cache": ""},
    ),
    "predict": Asked(
        ("predict", "=model", "=data"), ("model", "data"), {"--out": None, "--cache": ""}
    ),
    "evaluate": Asked(
        ("evaluate", "=model", "=data"), ("model", "data"), {"--plots": PICTURE, "--cache": ""}
    ),
    "verify": Asked(("verify", "=model", "=data"), ("model", "data"), {"--cache": ""}),
    "describe": Asked(("describe", "=data"), ("data",), {"--cache": ""}),
    "show": Asked(("show", "=model"), ("model",), {}),
    "compare": Asked(("compare", "model.json", "=model"), ("model",), {}),
    "lesson": Asked(
        ("lesson", "--data", "=data", "--y", "y"),
        ("data",),
        {"--html": None, "--notebook": None, "--out": "data.csv", "--plots": LESSON_PICTURE},
    ),
}


def pairs(*kinds: str, inputs: tuple[str, ...] = ("data", "model")) -> list:
    """Return every input with every output of those kinds: file, folder, cache."""
    return [
        pytest.param(asked, which, option, id=f"{name}-{which}-{option}")
        for name, asked in COMMANDS.items()
        for which in asked.inputs
        for option in asked.outputs
        if which in inputs and asked.kind(option) in kinds
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return data of each kind and a model, of which every command makes something."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(60, 2)), columns=["a", "b"])
    frame["y"] = (frame["a"] + rng.logistic(size=60) > 0).astype(int)
    folder = tmp_path_factory.mktemp("made")
    frame.to_csv(folder / "data.csv", index=False)
    (folder / "parts" / "in").mkdir(parents=True)
    frame[:30].to_parquet(folder / "parts" / "p1.parquet")
    frame[30:].to_parquet(folder / "parts" / "in" / "p2.parquet")
    sigmoide.logit("y ~ a + b", frame).save(folder / "model.json")
    return contents(folder)


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """Return a folder with all that, where the test works."""
    folder = tmp_path / "work"
    for name, held in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(held)
    (folder / "sub").mkdir()
    (folder / "also").symlink_to(folder, target_is_directory=True)
    monkeypatch.chdir(folder)
    return folder


def everything(folder: Path) -> dict[str, object]:
    """Return all there is in a folder: bytes of files, targets of links, folders."""
    return {
        str(path.relative_to(folder)): os.readlink(path)
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else "folder"
        for path in folder.rglob("*")
    }


def spellings(path: str, folder: Path) -> list[str]:
    """Return ways to name a file or folder, some of them by links that are made."""
    named = path.replace("/", "-")
    (folder / f"link-{named}").symlink_to(folder / path)
    (folder / f"second-{named}").symlink_to(f"link-{named}")
    found = [
        path,
        f"./{path}",
        str(folder / path),
        f"sub/../{path}",
        f"sub//..//{path}",
        f"{os.pardir}/{folder.name}/{path}",
        f"also/{path}",
        f"also/sub/../{path}",
        f"link-{named}",
        f"second-{named}",
    ]
    if (folder / path).is_file():
        os.link(folder / path, folder / f"hard-{named}")
        found.append(f"hard-{named}")
    if (folder / path).exists() and os.path.exists(folder / path.swapcase()):
        found.append(path.swapcase())
    return found


def without_links(folder: Path) -> Path:
    """Take the links away that ``spellings`` made."""
    for path in folder.iterdir():
        if path.name.startswith(("link-", "second-", "hard-")):
            path.unlink()
    return folder


def refuse_untouched(folder: Path, arguments: list[object], *words: str) -> str:
    before = everything(folder)
    message = refused(run(*arguments), 2, *words)
    assert everything(folder) == before
    return message


def test_the_table_has_every_command_and_every_file():
    assert set(COMMANDS) == set(main.commands)
    for name, asked in COMMANDS.items():
        kinds = {p.name: p for p in main.commands[name].params if isinstance(p.type, click.Path)}
        assert {p.opts[0] for n, p in kinds.items() if n not in INPUTS} == set(asked.outputs)
        assert {n.removesuffix("s") for n in kinds if n in INPUTS} == set(asked.inputs)


@pytest.mark.parametrize(("asked", "which", "option"), pairs("file", "folder", "cache"))
def test_an_output_that_is_the_file_that_is_read(asked, which, option, place):
    file = {"data": "data.csv", "model": "model.json"}[which]
    for typed in spellings(file, place):
        # The output in other words, and the input.
        words = (f"{option} {Path(typed)} is the file that is read", "Name another")
        refuse_untouched(place, [*asked.arguments(), option, typed], *words)
        arguments = asked.arguments(**{which: typed})
        message = refuse_untouched(place, [*arguments, option, file], f"{option} {file} is the")
        assert Path(typed) == Path(file) or repr(str(Path(typed))) in message


@pytest.mark.parametrize(
    ("asked", "which", "option"), pairs("file", "folder", "cache", inputs=("data",))
)
@pytest.mark.parametrize(
    ("data", "part"),
    [
        ("parts", "parts/p1.parquet"),
        ("also/parts", "parts/in/p2.parquet"),
        ("parts/*.parquet", "parts/p1.parquet"),
        ("sub/../p*/in/p?.parquet", "parts/in/p2.parquet"),
        ("parts/**/p[1-3].*", "parts/in/p2.parquet"),
    ],
)
def test_an_output_that_is_a_part_of_the_data(data, part, asked, which, option, place):
    for out in spellings(part, place):
        words = (f"{option} {Path(out)} is one of the files", repr(str(Path(data))), "Name another")
        refuse_untouched(place, [*asked.arguments(data=data), option, out], *words)


@pytest.mark.parametrize(("asked", "which", "option"), pairs("file", "folder", inputs=("data",)))
def test_an_output_that_would_become_a_part_of_the_data(asked, which, option, place):
    for data, new in {
        "file": [
            ("parts", "parts/p3.parquet"),
            ("also/parts", "parts/in/model"),
            ("parts/*.parquet", "parts/p3.parquet"),
            ("sub/../p*/in/p?.parquet", "parts/in/p3.parquet"),
            ("parts/**/p?.*", "parts/p3.parquet"),
        ],
        "folder": [
            ("parts", "parts/new"),
            ("also/parts", "parts/in/new/deep"),
            ("parts/**", "parts/new"),
            ("parts/*/*", "parts/other"),
            ("also/parts/in/*.???", "parts/in"),
        ],
    }[asked.kind(option)]:
        for out in spellings(new, place):
            words = (f"{option} {Path(out)}", repr(str(Path(data))), "become a part of the data")
            refuse_untouched(place, [*asked.arguments(data=data), option, out], *words)
        without_links(place)
    if asked.kind(option) == "file":
        message = refuse_untouched(place, [*asked.arguments(data="parts"), option, "also/parts"])
        assert f"{option} also/parts is the folder that is read" in message


@pytest.mark.parametrize(("asked", "which", "option"), pairs("folder"))
@pytest.mark.parametrize("how", ["the same", "a link", "a hard link"])
def test_a_folder_in_which_what_is_read_would_be_written_over(how, asked, which, option, place):
    file = {"data": "data.csv", "model": "model.json"}[which]
    inside = place / "out" / asked.outputs[option]
    inside.parent.mkdir()
    if how == "the same":
        (place / file).rename(inside)
        file = str(inside.relative_to(place))
    elif how == "a link":
        inside.symlink_to(place / file)
    else:
        os.link(place / file, inside)
    arguments = asked.arguments(**{which: file})
    for out in spellings("out", place):
        words = (f"{str(Path(out, inside.name))!r}, which {option} {Path(out)} would write",)
        message = refuse_untouched(place, [*arguments, option, out], *words, "Name another")
        assert repr(file) in message or Path(out, inside.name) == Path(file)


TWO = [
    pytest.param(asked, one, other, id=f"{name}{one}{other}")
    for name, asked in COMMANDS.items()
    for one, other in itertools.permutations(asked.outputs, 2)
]


@pytest.mark.parametrize(("asked", "one", "other"), TWO)
def test_two_outputs_that_are_one(asked, one, other, place):
    kinds = asked.kind(one), asked.kind(other)
    if "file" not in kinds:
        # Two folders may be one: what is written in them has different names.
        names = (_names(asked, one), _names(asked, other))
        paths.refuse_clashes(
            [], [paths.Output(o, Path("f"), n) for o, n in zip(kinds, names, strict=True)]
        )
        return
    for exists in (False, True) if kinds == ("file", "file") else (False,):
        if exists:
            (place / "out.x").write_text("old")
        for out in spellings("out.x", without_links(place)):
            words = (f"{one} out.x", f"{other} {Path(out)}", "Name another")
            refuse_untouched(place, [*asked.arguments(), one, "out.x", other, out], *words)
    if kinds[0] == "file" != kinds[1]:
        words = (f"{one} new is to be a file", f"{other} new/deep a folder")
        refuse_untouched(place, [*asked.arguments(), one, "new", other, "new/deep"], *words)
    if kinds == ("file", "folder"):
        (place / "to").mkdir()
        held = f"to/{asked.outputs[other]}"
        for out in spellings(held, without_links(place)):
            words = (f"{one} {Path(out)} and {held!r}, which {other} to would write", "one file")
            refuse_untouched(place, [*asked.arguments(), one, out, other, "to"], *words)


def _names(asked: Asked, option: str) -> tuple[str, ...]:
    if asked.kind(option) == "cache":
        return ()
    if asked.outputs[option] == "data.csv":
        return atomic.LESSON_FILES
    return atomic.picture_files((*atomic.FIT_PICTURES, *atomic.LESSON_PICTURES))


def test_names_that_differ_by_case_are_one_where_the_system_says_so(place, monkeypatch):
    outputs = [paths.Output("--out", Path("m.json")), paths.Output("--checkpoint", Path("M.json"))]
    insensitive = os.path.exists("DATA.CSV")
    if not insensitive:
        paths.refuse_clashes([], outputs)
        monkeypatch.setattr(os.path, "samefile", lambda one, other: True)
    with pytest.raises(UsageError, match=r"--out m\.json and --checkpoint M\.json are one file"):
        paths.refuse_clashes([], outputs)


def test_a_link_to_nothing_is_where_it_leads(place):
    (place / "dangling").symlink_to("nothing.json")
    (place / "parts" / "p9.parquet").symlink_to(place / "later.parquet")
    fit = ["fit", "data.csv", "--target", "y"]
    refuse_untouched(place, [*fit, "--out", "dangling", "--checkpoint", "nothing.json"], "one file")
    parts = ["fit", "parts", "--target", "y", "--out"]
    for out in ("later.parquet", "parts/p9.parquet"):
        refuse_untouched(place, [*parts, out], f"--out {out} is one of the files", "'parts'")


def test_a_cache_that_is_a_file_is_refused_early(place):
    (place / "old").write_text("old")
    for name, asked in COMMANDS.items():
        if "--cache" in asked.outputs:
            before = everything(place)
            arguments = asked.arguments(data="nowhere.csv", model="nowhere.json")
            refused(
                run(*arguments, "--cache", "old"), 3, "old: no folder can be made there", "Name"
            )
            assert everything(place) == before, name


@pytest.mark.parametrize(
    ("data", "outputs"),
    [
        ("data.csv", {"--out": "data.json", "--checkpoint": "data.json.c", "--plots": "data"}),
        ("data.csv", {"--out": "sub/data.csv", "--plots": "sub", "--cache": "."}),
        ("data.csv", {"--out": "sub/data.csv.gz", "--plots": ".", "--cache": "sub"}),
        ("parts", {"--out": "parts/_m.json", "--checkpoint": "parts/.c", "--cache": "parts"}),
        ("parts", {"--out": "parts.parquet", "--plots": "parts/_pictures"}),
        ("parts/*.parquet", {"--out": "parts/model.json", "--plots": "parts/p"}),
        ("parts/**/p?.parquet", {"--out": "parts/in/p10.parquet", "--cache": "parts"}),
    ],
)
def test_neighbours_are_no_clash(data, outputs, place, monkeypatch):
    """The same stem, hidden names in the folder that is read, one folder for two."""

    def stop(*arguments):
        raise UsageError("the work begins.")

    monkeypatch.setattr("sigmoide.cli.fit.request_of", stop)
    options = [word for option in outputs.items() for word in option]
    refuse_untouched(place, ["fit", data, "--target", "y", *options], "the work begins")


def test_neighbours_are_written_with_names_that_are_known_before(place):
    before = contents(place)
    pictures = {f"sub/{n}" for n in atomic.picture_files(atomic.FIT_PICTURES)}
    outputs = ("--out", "sub/data.csv", "--checkpoint", "sub/c", "--plots", "sub")
    done = run("fit", "data.csv", "--target", "y", *outputs)
    assert done.exit_code == 0, done.stderr
    after = contents(place)
    assert after.items() >= before.items()
    assert set(after) - set(before) == {"sub/data.csv", *pictures}
    done = run("predict", "sub/data.csv", "parts", "--out", "sub/model.json")
    assert done.exit_code == 0, done.stderr
    done = run("lesson", "--data", "data.csv", "--y", "y", "--notebook", "data.ipynb")
    assert done.exit_code == 0, done.stderr
    assert set(contents(place)) - set(after) == {"sub/model.json", "data.ipynb"}
    assert tuple(figures.PICTURES) == atomic.LESSON_PICTURES


def test_devices_never_clash(place):
    null = [Path(os.devnull)]
    outputs = [paths.Output(option, Path(os.devnull)) for option in ("--out", "--checkpoint")]
    reading, writing = os.pipe()
    try:
        outputs += [paths.Output(f"--{k}", Path(f"/dev/fd/{writing}")) for k in range(2)]
        paths.check_paths(null, outputs, {"standard output": writing, "standard error": reading})
    finally:
        os.close(reading)
        os.close(writing)
    paths.check_paths(null, [], {"standard output": 987654})


def sent(arguments: list[str], **streams: object) -> subprocess.CompletedProcess:
    """Run a command whose streams go to files."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-m", "sigmoide", *arguments]
    return subprocess.run(command, timeout=60, check=False, **(pipes | streams))


@pytest.mark.parametrize(
    ("arguments", "file", "words"),
    [
        (["predict", "model.json", "data.csv"], "data.csv", ["the file that is read, 'data.csv'"]),
        (["show", "also/model.json"], "model.json", ["the file that is read, 'also/model.json'"]),
        (["describe", "parts"], "parts/log.txt", ["one of the files that 'parts' stands for"]),
        (["fit", "p*/*.parquet", "--target", "y"], "parts/p1.parquet", ["'p*/*.parquet'"]),
        (["predict", "model.json", "data.csv", "--out", "sub/../f"], "f", ["--out sub/../f and"]),
        (["evaluate", "model.json", "data.csv", "--plots", "sub"], "sub/roc.svg", ["sub/roc.svg"]),
    ],
)
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_stream_that_was_sent_to_what_is_read_or_written(arguments, file, words, stream, place):
    """To append, so that the bytes are there to be compared: with ``>`` the shell empties it."""
    before = contents(place)
    with open(file, "ab") as there:
        done = sent(arguments, **{stream: there})
    assert done.returncode == 2
    after = contents(place)
    said = (done.stderr or after[file].removeprefix(before.get(file, b""))).decode()
    name = {"stdout": "standard output", "stderr": "standard error"}[stream]
    assert all(word in said for word in (name, *words)), said
    after[file] = after[file].removesuffix(said.encode()) if stream == "stderr" else after[file]
    assert after == {**before, file: before.get(file, b"")}


@pytest.mark.parametrize("descriptor", [1, 2])
@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_sends_a_stream_to_what_it_reads(name, descriptor, place, monkeypatch):
    real = os.fstat
    for which in COMMANDS[name].inputs:
        file = {"data": "also/data.csv", "model": "also/model.json"}[which]
        monkeypatch.setattr(
            os, "fstat", lambda d, f=file: os.stat(f) if d == descriptor else real(d)
        )
        said = f"goes to the file that is read, '{Path(file).name}'"
        refuse_untouched(place, COMMANDS[name].arguments(), "standard", said)


def test_standard_input_is_the_file_that_it_is_read_from(place):
    before = contents(place)
    for extra in (["--out", "also/data.csv"], []):
        with open("data.csv", "rb") as given, open("data.csv", "ab") as there:
            streams = {"stdin": given} if extra else {"stdin": given, "stdout": there}
            done = sent(["fit", "-", "--target", "y", *extra], **streams)
        assert done.returncode == 2
        assert b"the file that standard input is read from" in done.stderr
        assert contents(place) == before


def test_streams_that_clash_with_nothing(place):
    """One file for both, among files that are not read; the null device, and a pipe."""
    with open("parts/_log", "wb") as log:
        done = sent(["predict", "model.json", "parts"], stdout=log, stderr=log)
    assert done.returncode == 0
    out = sent(
        ["predict", "model.json", "parts", "--out", "/dev/stdout"], stderr=subprocess.DEVNULL
    )
    assert out.returncode == 0
    assert out.stdout == (place / "parts" / "_log").read_bytes()
    assert out.stdout.count(b"\n") == 61


def test_from_python(place):
    before = everything(place)
    with pytest.raises(UsageError, match=r"checkpoint also/data\.csv is the file that is read"):
        sigmoide.logit("y ~ a", "data.csv", checkpoint="also/data.csv", resume=True)
    with pytest.raises(UsageError, match=r"checkpoint parts/c would be one of the files that"):
        sigmoide.logit("y ~ a", Path("parts"), checkpoint="parts/c")
    with pytest.raises(FileError, match=r"model\.json: no folder can be made there"):
        sigmoide.logit("y ~ a", "data.csv", cache="model.json")
    with pytest.raises(UsageError, match=r"sub/\.\./data\.csv is the file that is"):
        write_notebook("sub/../data.csv", source="data.csv", y="y")
    for data, out in (("data.csv", "also/data.csv"), ("parts", "parts/in/p2.parquet")):
        result = sigmoide.logit("y ~ a", data)
        for held in (result, result.with_cov("HC1")):
            with pytest.raises(UsageError, match=r"is (one of )?the files? that"):
                held.save(out)
    assert everything(place) == before
    result.remove_data()
    result.save("parts/_m.json")
    sigmoide.read_model("parts/_m.json").save("parts/_m.json")


def test_from_python_beyond_memory(place, monkeypatch):
    monkeypatch.setattr(options, "LEAST", 0)
    rows = pd.concat([pd.read_csv("data.csv")] * 500)
    rows.to_parquet("large.parquet")
    result = sigmoide.logit("y ~ a", "large.parquet", memory="2MB")
    before = everything(place)
    with pytest.raises(UsageError, match=r"is the file that is read, 'large\.parquet'"):
        result.save("also/large.parquet")
    assert everything(place) == before


@pytest.mark.parametrize(
    "pattern",
    [
        "*.p",
        "d/*.p",
        "d/**",
        "**/*.p",
        "d/**/b.p",
        "?/[ab].p",
        "*/*/c*",
        "l/*.p",
        "**",
        "d/e/../*.p",
    ],
)
def test_a_name_fits_a_pattern_when_glob_would_find_the_file(pattern, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("d/e", "o/.h", "_u"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "l").symlink_to("d")
    folders = ("", "d/", "d/e/", "o/", "o/.h/", "_u/", "l/", "d/e/../", "new/")
    for folder, name in itertools.product(folders, ("a.p", "b.p", ".a.p", "_a.p", "c.q", "cc")):
        file = Path(folder, name)
        fits = fits_pattern(Path(pattern), file)
        file.parent.mkdir(exist_ok=True)
        file.write_text("")
        found = {os.path.realpath(each) for each in listed(Path(pattern)) or ()}
        assert fits == (os.path.realpath(file) in found), (pattern, file)
        file.unlink()
        if folder == "new/":
            file.parent.rmdir()
