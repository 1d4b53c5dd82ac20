"""The whole lesson: the notebook's lines to the letter, its path, and the optimum."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sigmoide.errors import UsageError
from sigmoide.lesson import run_lesson, transcript
from sigmoide.lesson.record import TRAJECTORY_COLUMNS

LANGUAGES = pytest.mark.parametrize("lang", ["es", "en"])


def prose_of(transcript: str) -> str:
    return "\n".join(line for line in transcript.splitlines() if line.startswith("#"))


def without_code(prose: str) -> str:
    """Leave out the lines of code, whose numbers are of no language."""
    return "\n".join(line for line in prose.splitlines() if "train(X" not in line)


@LANGUAGES
def test_what_is_not_prose_is_what_the_notebook_prints(lessons, reference, lang):
    shown = [line for line in lessons[lang].transcript.splitlines() if not line.startswith("#")]
    assert shown == (reference / "seed_stdout.txt").read_text(encoding="utf-8").splitlines()


@LANGUAGES
def test_prose_lines_begin_with_a_hash_and_a_space_and_fit_a_terminal(lessons, lang):
    for line in prose_of(lessons[lang].transcript).splitlines():
        assert line == "#" or line.startswith(("# ", "## "))
        assert line == line.rstrip()
    assert max(map(len, lessons[lang].transcript.splitlines())) <= 80


@LANGUAGES
def test_the_texts_leave_nothing_unfilled(lessons, lang):
    assert not re.search(r"[{}~\N{NO-BREAK SPACE}]", lessons[lang].transcript)


def test_decimals_are_written_in_the_language_of_the_prose(lessons):
    spanish, english = (without_code(prose_of(lessons[lang].transcript)) for lang in ("es", "en"))
    assert not re.search(r"\d\.\d", spanish)
    # In English a comma sets thousands apart, and nothing else.
    assert not re.search(r"\d,(?=\d)(?!\d{3}\b)|\b0,\d", english)
    assert "48 912" in spanish
    assert "48,912" in english
    for value in ("0,51135", "0,1210703437", "3,1601285269", "3,5451288097", "-16,5548720323"):
        assert value in spanish
        assert value.replace(",", ".") in english


@LANGUAGES
def test_the_authors_are_credited(lessons, lang):
    opening = lessons[lang].transcript.replace("\n# ", " ").split("\n#\n## ")[0]
    assert "Multivacs" in opening
    assert "2025" in opening
    assert "Juan Antonio Pérez" in opening


def test_it_prints_by_default_and_records_what_it_printed(capsys):
    record = run_lesson()
    assert record.lang == "es"
    assert capsys.readouterr().out == record.transcript


def test_it_writes_line_by_line(capsys):
    lines: list[str] = []
    record = run_lesson("en", lines.append)
    assert capsys.readouterr().out == ""
    assert not any("\n" in line for line in lines)
    assert "".join(f"{line}\n" for line in lines) == record.transcript


def test_a_language_it_does_not_speak_is_refused_before_anything_is_written():
    lines: list[str] = []
    with pytest.raises(UsageError):
        run_lesson("fr", lines.append)
    assert lines == []


def test_the_trajectory_is_the_notebooks(lessons, reference):
    path = reference / "seed_trajectory.csv"
    assert tuple(path.read_text().splitlines()[0].split(",")) == TRAJECTORY_COLUMNS
    expected = np.loadtxt(path, delimiter=",", skiprows=1)
    trajectory = lessons["es"].trajectory
    assert trajectory.shape == (101, 7)
    np.testing.assert_allclose(trajectory, expected, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(trajectory[:, -1], expected[:, -1])


def test_both_languages_learn_the_same(lessons):
    assert np.array_equal(lessons["es"].trajectory, lessons["en"].trajectory)


def test_the_record_holds_what_was_learned(lessons):
    record = lessons["es"]
    end = dict(zip(TRAJECTORY_COLUMNS, record.trajectory[-1], strict=True))
    assert record.device == "cpu"
    assert record.weights.tolist() == [end["w1"], end["w2"]]
    assert record.bias == end["b"]
    assert record.test_loss == end["test_loss_f32"]
    assert record.accuracy == pytest.approx(100 * end["test_correct"] / 34, abs=1e-4)
    assert record.final_train_loss == end["train_loss_f32"] == pytest.approx(0.51135, abs=5e-6)
    # train returns the loss of its last predictions, made before the last update
    assert record.train_loss == record.trajectory[-2, 4] == pytest.approx(0.512196, abs=1e-6)


def test_the_optimum(lessons):
    optimum = lessons["es"].optimum
    assert optimum.weights.tolist() == pytest.approx([3.1601285269, 3.5451288097], abs=5.1e-11)
    assert optimum.bias == pytest.approx(-16.5548720323, abs=5.1e-11)
    assert optimum.loss == pytest.approx(0.1210703437, abs=5.1e-11)
    assert optimum.certificate.proved
    assert optimum.certificate.delta <= 0.5
    assert optimum.certificate.distance <= 1e-9
    assert lessons["es"].optimum_correct == 32


def test_the_distance_to_the_optimum_in_its_standard_errors(lessons):
    record = lessons["es"]
    assert [each.name for each in record.distances] == ["w1", "w2", "b"]
    assert [each.lesson for each in record.distances] == [*record.weights, record.bias]
    assert [each.difference for each in record.distances] == pytest.approx(
        [-2.5617, -3.5321, 15.9429], abs=5e-5
    )
    assert [each.in_standard_errors for each in record.distances] == pytest.approx(
        [-2.08996, -2.73037, 2.82925], abs=2e-5
    )


@LANGUAGES
def test_sections_are_numbered_in_turn(lessons, lang):
    headings = re.findall(r"^## (\d+)\. ", lessons[lang].transcript, flags=re.MULTILINE)
    assert headings == [str(k) for k in range(1, 21)]


@LANGUAGES
def test_the_numbers_of_the_second_half_are_in_the_text(lessons, lang):
    text = " ".join(prose_of(lessons[lang].transcript).replace("#", " ").split())
    numbers = {
        "es": "48 912|195 248|14 152|99 374|4,43e-4|0,0218|0,508|1148|3,934|3,9|4,0|210 377|10 "
        "saltos|528|538|16,64|y = 47|y = -229|31|85|26 de los 34|76,5 %|0,9965|0,64|33 de 34",
        "en": "48,912|195,248|14,152|99,374|4.43e-4|0.0218|0.508|1,148|3.934|3.9|4.0|210,377|10 "
        "jumps|528|538|16.64|y = 47|y = -229|31|85|26 of the 34|76.5 %|0.9965|0.64|33 of 34",
    }
    for number in numbers[lang].split("|"):
        assert number in text


@LANGUAGES
def test_the_proof_is_in_the_text(lessons, lang):
    word = {"es": "Demostrado", "en": "Proved"}[lang]
    assert f"# {word}: " in lessons[lang].transcript


@pytest.mark.parametrize(("lang", "word"), [("es", "No demostrado"), ("en", "Not proved")])
def test_an_optimum_without_a_proof_is_not_called_proved(lessons, monkeypatch, lang, word):
    failed = SimpleNamespace(proved=False, delta=math.inf)
    unproved = replace(lessons[lang].optimum, certificate=failed)
    monkeypatch.setattr(transcript, "exact_fit", lambda X, y: unproved)
    text = run_lesson(lang, lambda line: None).transcript
    assert f"# {word}: " in text
    assert "# Demostrado" not in text
    assert "# Proved" not in text
