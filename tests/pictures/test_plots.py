"""Pictures by what is on them: words, marks and their places, not pixels. And their bytes."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

import sigmoide
from sigmoide.api.logit import fit_source
from sigmoide.api.plots import ResultPlots, write_evaluation_plots, write_fit_plots
from sigmoide.design.design import Term
from sigmoide.design.prepare import Request
from sigmoide.errors import AliasedWarning, UsageError
from sigmoide.evaluation.metrics import Scored
from sigmoide.pictures.canvas import PALETTE, TINTS, save
from sigmoide.pictures.frame import (
    distinct,
    filled,
    log_ticks,
    pair,
    probability_ticks,
    shortened,
)
from sigmoide.pictures.plane import _tint
from sigmoide.sources.formats import in_memory
from sigmoide.sources.frames import read_source
from support.reference_sets import FOLDER, data_of, fitted

pytestmark = pytest.mark.filterwarnings("ignore::sigmoide.errors.SeparationWarning")

BIRTHWT = str(FOLDER / "birthwt.csv")
ON_DATA = ("roc", "precision_recall", "calibration", "threshold", "scores")
EVALUATION = {f"{name}.{form}" for name in ON_DATA for form in ("svg", "png")}
FIT = EVALUATION | {
    f"{name}.{form}" for name in ("coefficients", "odds_ratios", "gap") for form in ("svg", "png")
}


@pytest.fixture(scope="module")
def birthwt():
    return sigmoide.logit("low ~ age + lwt + C(race, ref='white') + smoke", BIRTHWT)


@pytest.fixture(scope="module")
def two():
    return sigmoide.logit("low ~ age + lwt", BIRTHWT)


def words(figure):
    """Return every text of a figure, those of empty ticks left out."""
    return [t.get_text() for t in figure.findobj(Text) if t.get_text() and t.get_visible()]


def marks(ax):
    """Return marks by their shape: x and y, and whether they are filled."""
    found = {}
    for line in ax.lines:
        if line.get_marker() not in ("None", "", None):
            hollow = line.get_markerfacecolor() in ("white", "none")
            found.setdefault((line.get_marker(), not hollow), []).append(line.get_xydata())
    return {key: np.concatenate(parts) for key, parts in found.items()}


def inside(figure):
    """Say which texts reach beyond the figure, or over another text, when it is drawn."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    whole, boxes, unseen = figure.bbox, [], set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            beyond = [t for t in axis.get_major_ticks() if not low <= t.get_loc() <= high]
            unseen |= {label for tick in beyond for label in (tick.label1, tick.label2)}
            if not ax.axison:
                unseen |= set(axis.get_majorticklabels())
    for text in figure.findobj(Text):
        if not text.get_text().strip() or not text.get_visible() or text in unseen:
            continue
        box = text.get_window_extent(renderer)
        if box.width > 0 and not (
            box.x0 >= whole.x0 - 1
            and box.x1 <= whole.x1 + 1
            and box.y0 >= whole.y0 - 1
            and box.y1 <= whole.y1 + 1
        ):
            yield f"{text.get_text()!r} is cut"
        boxes.append((text, box))
    for k, (one, box) in enumerate(boxes):
        for other, place in boxes[k + 1 :]:
            shared = [
                min(box.x1, place.x1) - max(box.x0, place.x0),
                min(box.y1, place.y1) - max(box.y0, place.y0),
            ]
            if min(shared) > 2:
                yield f"{one.get_text()!r} lies over {other.get_text()!r}"


def pictures(result, data, **given):
    draw = result.plot
    yield draw.coefficients()
    yield draw.coefficients(odds=True, sort=True)
    yield draw.gap()
    if draw.has_surface:
        yield draw.surface(data, **given)
    rows = result.scored(data, **given)
    for name in ON_DATA:
        yield getattr(draw, name)(rows)


# Coefficients


def test_coefficients_are_the_tables_numbers(birthwt):
    figure = birthwt.plot.coefficients()
    (ax,) = figure.axes
    terms = ["age", "lwt", "race = black", "race = other", "smoke"]
    assert [t.get_text() for t in ax.get_yticklabels()] == terms
    found = np.concatenate(list(marks(ax).values()))
    found = found[np.argsort(found[:, 1])]
    np.testing.assert_allclose(found[:, 0], birthwt.params.iloc[1:])
    assert found[:, 1].tolist() == [0, 1, 2, 3, 4]
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "the first is on top"
    ends = birthwt.conf_int().iloc[1:].to_numpy()
    segments = np.concatenate([c.get_segments() for c in ax.collections])
    segments = segments[np.argsort(segments[:, 0, 1])]
    np.testing.assert_allclose(segments[:, :, 0], ends)
    # hollow where the interval holds 0
    holds = (ends[:, 0] <= 0) & (ends[:, 1] >= 0)
    assert set(marks(ax)[("o", False)][:, 1]) == set(np.flatnonzero(holds))
    assert set(marks(ax)[("o", True)][:, 1]) == set(np.flatnonzero(~holds))
    text = " ".join(" ".join(words(figure)).split())
    for said in ("low = 1", "95 % Wald", "Intercept", "Compared with race = white", "per unit"):
        assert said in text
    assert "90 % Wald" in " ".join(words(birthwt.plot.coefficients(alpha=0.1)))


def test_odds_ratios_on_a_logarithmic_scale(birthwt):
    figure = birthwt.plot.coefficients(odds=True, sort=True)
    (ax,) = figure.axes
    assert ax.get_xscale() == "log"
    found = np.concatenate(list(marks(ax).values()))
    found = found[np.argsort(found[:, 1])]
    expected = birthwt.odds_ratios()["odds_ratio"].iloc[1:].sort_values(ascending=False)
    np.testing.assert_allclose(found[:, 0], expected)
    for tick, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True):
        assert float(label.get_text()) == pytest.approx(tick)
    assert not len(ax.get_xticks(minor=True))


def test_infinite_coefficients_are_arrows_at_the_frame():
    found = fitted("endometrial")
    for odds, word in ((False, "+inf"), (True, "+inf")):
        figure = found.plot.coefficients(odds=odds)
        (ax,) = figure.axes
        arrows = [t for t in ax.texts if getattr(t, "arrow_patch", None) is not None]
        (label,) = [t for t in ax.texts if t.get_text() == word]
        (arrow,) = arrows
        row = [t.get_text() for t in ax.get_yticklabels()].index("NV")
        assert arrow.xy == (1.0, row)
        assert label.xy[1] == row
        assert "NOT PROVED: classes separated (quasi-complete)" in "\n".join(words(figure))
        assert sum(map(len, marks(ax).values())) == 2
    down = sigmoide.logit(
        "y ~ x + z",
        {"y": [0, 0, 0, 1, 1, 1], "x": [6.0, 5, 4, 3, 2, 1], "z": [0.0, 1, 0, 1, 0, 1]},
    )
    for odds, word in ((False, "-inf"), (True, "0")):
        (ax,) = down.plot.coefficients(odds=odds).axes
        at = {t.xy for t in ax.texts if getattr(t, "arrow_patch", None) is not None}
        assert (0.0, 0) in at
        assert word in [t.get_text() for t in ax.texts]
    open_sign = fitted_open()
    (ax,) = open_sign.plot.coefficients().axes
    assert [t.get_text() for t in ax.texts].count("±inf") == 2 * int(
        np.isnan(open_sign.params.iloc[1:]).sum()
    )
    assert "not even the direction" in " ".join(words(ax.figure))


def fitted_open():
    """A separated fit with a coefficient that may go either way."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(12, 4))
    y = (X[:, 0] > 0).astype(int)
    found = sigmoide.logit("y ~ a + b + c + d", dict(zip("abcd", X.T, strict=True)) | {"y": y})
    assert np.isnan(found.params.iloc[1:]).any()
    return found


def test_an_interval_much_wider_than_the_others_is_cut_off_with_heads():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(400, 4))
    X[:, 3] = 0.0
    X[:2, 3] = 1.0
    y = (rng.random(400) < 1 / (1 + np.exp(-X[:, 0]))).astype(int)
    y[:2] = [0, 1]
    data = {f"x{j}": X[:, j] for j in range(4)} | {"y": y}
    found = sigmoide.logit("y ~ x0 + x1 + x2 + x3", data)
    for odds in (False, True):
        (ax,) = found.plot.coefficients(odds=odds).axes
        heads = marks(ax)
        low, high = ax.get_xlim()
        np.testing.assert_allclose(heads[("<", True)], [[low, 3]])
        np.testing.assert_allclose(heads[(">", True)], [[high, 3]])
    ends = found.conf_int().loc["x3"]
    assert ends[0] < low or ends[1] > high


def test_a_penalised_fit_has_no_intervals():
    found = sigmoide.logit("low ~ age + lwt + smoke", BIRTHWT, l2=2.0)
    figure = found.plot.coefficients()
    (ax,) = figure.axes
    assert not ax.collections
    assert marks(ax)[("D", True)].shape == (3, 2)
    text = " ".join(words(figure))
    assert "No intervals" in text
    assert "Ridge penalty, l2 = 2" in text


def many(columns, n=1500, name="measurement_{:03d}_of_the_left_side"):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, columns))
    y = (rng.random(n) < 1 / (1 + np.exp(-X[:, :5].sum(axis=1)))).astype(int)
    data = {name.format(j): X[:, j] for j in range(columns)} | {"outcome": y}
    return sigmoide.logit("outcome ~ .", data), data


def test_sixty_coefficients_are_legible():
    found, _ = many(60)
    figure = found.plot.coefficients()
    (ax,) = figure.axes
    assert len(ax.get_yticklabels()) == sum(map(len, marks(ax).values())) == 60
    assert figure.get_size_inches()[0] == 6.4
    assert min(t.get_fontsize() for t in ax.get_yticklabels()) >= 9
    assert list(inside(figure)) == []
    names = {t.get_text() for t in ax.get_yticklabels()}
    assert len(names) == 60
    few = Figure(figsize=(5, 5), layout="constrained")
    found.plot.coefficients(ax=few.add_subplot())
    assert not [line for line in inside_of(few) if "measurement" in line]


def inside_of(figure):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    return list(inside(figure))


def test_of_very_many_coefficients_the_largest_are_drawn_and_it_is_said():
    found, _ = many(130, name="x{:03d}")
    figure = found.plot.coefficients()
    (ax,) = figure.axes
    assert sum(map(len, marks(ax).values())) == 100
    drawn = {t.get_text() for t in ax.get_yticklabels()}
    strongest = found.zvalues.iloc[1:].abs().nlargest(100).index
    assert drawn == {shortened(term, 28) for term in strongest}
    text = " ".join(" ".join(words(figure)).split())
    assert "The 100 of 130 terms with the largest |z|" in text


def test_the_intercept_alone_is_drawn():
    (ax,) = sigmoide.logit("low ~ 1", BIRTHWT).plot.coefficients().axes
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Intercept"]


# Curves


def test_roc_and_precision_recall(birthwt):
    rows = birthwt.scored(BIRTHWT)
    scores = birthwt.evaluate(BIRTHWT, threshold=0.3)
    (right, wrong), (missed, hit) = scores["confusion"]
    figure = birthwt.plot.roc(rows, threshold=0.3)
    (ax,) = figure.axes
    assert f"AUC {scores['auc']:.4f}" in words(figure)
    assert marks(ax)[("D", False)][0] == pytest.approx(
        [wrong / (right + wrong), hit / (missed + hit)]
    )
    curve = max((line.get_xydata() for line in ax.lines), key=len)
    assert np.trapezoid(curve[:, 1], curve[:, 0]) == pytest.approx(scores["auc"], rel=1e-12)
    assert "said where p ≥ 0.3" in words(figure)
    assert ax.get_xlabel().endswith("low = 0")
    assert ax.get_ylabel().endswith("low = 1")
    figure = birthwt.plot.precision_recall(rows, threshold=0.3)
    (ax,) = figure.axes
    assert marks(ax)[("D", False)][0] == pytest.approx([hit / (missed + hit), hit / (hit + wrong)])
    assert "at random 0.3122" in words(figure)


def test_calibration_with_bands_and_histogram(birthwt):
    figure = birthwt.plot.calibration(BIRTHWT, groups=5)
    upper, lower = figure.axes
    points = marks(upper)[("o", True)]
    assert points.shape == (5, 2)
    assert len(upper.patches) == 5
    for patch, (x, y) in zip(upper.patches, points, strict=True):
        box = patch.get_path().get_extents()
        assert box.x0 <= x <= box.x1
        assert box.y0 <= y <= box.y1
    heights = np.array([bar.get_height() for bar in lower.patches])
    assert heights[heights > 0].sum() == 59
    assert heights[heights < 0].sum() == -130
    assert lower.get_xlim() == upper.get_xlim()
    assert "probability of low = 1" in lower.get_xlabel()
    assert "5 groups" in " ".join(words(figure))


def test_calibration_of_rare_events_is_on_a_scale_of_logits():
    figure = fitted("default").plot.calibration(data_of("default")[0])
    upper, lower = figure.axes
    assert "logit scale" in lower.get_xlabel()
    for ax in (upper, lower):
        np.testing.assert_array_equal(ax.get_xticks(), upper.get_yticks())
    for tick, label in zip(lower.get_xticks(), lower.get_xticklabels(), strict=True):
        assert 1 / (1 + math.exp(-tick)) == pytest.approx(float(label.get_text()), rel=1e-9)
    # groups without any event have no logit: they stand hollow on the frame
    hollow = marks(upper)[("o", False)]
    assert len(hollow) + len(marks(upper)[("o", True)]) == 10
    assert len(hollow) == 3
    assert "beyond the scale" in " ".join(" ".join(words(figure)).split())


def test_thresholds_and_the_confusion_matrix(birthwt):
    figure = birthwt.plot.threshold(BIRTHWT, threshold=0.3)
    upper, lower = figure.axes
    (right, wrong), (missed, hit) = birthwt.evaluate(BIRTHWT, threshold=0.3)["confusion"]
    cells = [t.get_text() for t in lower.texts if t.get_text().replace(",", "").isdigit()]
    assert cells == [f"{v:.0f}" for v in (right, wrong, missed, hit)]
    said = [t.get_text() for t in lower.texts]
    for word in ("said 0", "said 1", "low = 0", "low = 1", "p ≥ 0.3"):
        assert word in said
    assert f"{100 * hit / (hit + missed):.1f} % of the row" in said
    names = [t.get_text() for t in upper.get_legend().get_texts()]
    assert names == ["accuracy", "sensitivity", "specificity", "precision"]
    curves = upper.lines[:4]
    assert len({(c.get_color(), c.get_linestyle(), str(c._dash_pattern)) for c in curves}) == 4
    assert len({str(c._dash_pattern) for c in curves}) == 4, "told apart without colour too"


def test_scores_by_class_back_to_back(birthwt):
    (ax,) = birthwt.plot.scores(BIRTHWT).axes
    heights = np.array([bar.get_height() for bar in ax.patches])
    assert heights[heights > 0].sum() == pytest.approx(1.0)
    assert heights[heights < 0].sum() == pytest.approx(-1.0)
    assert all("-" not in t.get_text() and "−" not in t.get_text() for t in ax.get_yticklabels())
    for tick, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True):
        assert 1 / (1 + math.exp(-tick)) == pytest.approx(float(label.get_text()), rel=1e-9)
    (ax,) = fitted("endometrial").plot.scores(data_of("endometrial")[0]).axes
    assert ax.get_xticklabels()[-1].get_text() == "1"
    certain = [b for b in ax.patches if b.get_x() < ax.get_xticks()[-1] < b.get_x() + b.get_width()]
    assert [b.get_height() for b in certain] == pytest.approx([13 / 30])


def test_one_class_and_a_constant_score_are_said(birthwt):
    frame = pd.read_csv(BIRTHWT)
    ones = birthwt.scored(frame[frame.low == 1])
    zeros = birthwt.scored(frame[frame.low == 0])
    assert "Not defined" in " ".join(words(birthwt.plot.roc(ones)))
    assert "Not defined" in " ".join(words(birthwt.plot.precision_recall(zeros)))
    constant = sigmoide.logit("low ~ 1", BIRTHWT).scored(BIRTHWT)
    for rows in (ones, zeros, constant):
        for name in ON_DATA:
            assert list(inside(getattr(birthwt.plot, name)(rows))) == [], name


# The gap


def test_the_proved_gap_against_reads(birthwt):
    figure = birthwt.plot.gap()
    (ax,) = figure.axes
    assert ax.get_yscale() == "log"
    star = marks(ax)[("*", True)]
    assert star[0].tolist() == [birthwt.model.fit.history[-1].reads, birthwt.certificate.gap]
    assert len(marks(ax)[("o", True)]) == len(birthwt.model.fit.history) - 1
    assert ax.get_xlabel() == "reads of the data"
    for tick, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True):
        assert float(label.get_text()) == pytest.approx(tick)


def test_the_gap_of_a_fit_that_is_not_proved():
    figure = fitted("endometrial").plot.gap()
    (ax,) = figure.axes
    assert ("*", True) not in marks(ax)
    assert "supremum" in " ".join(words(figure))
    model = fitted("birthwt").model
    certificate = replace(model.fit.certificate, proved=False, gap=math.inf)
    fit = replace(model.fit, status="undetermined", certificate=certificate)
    figure = sigmoide.Result(replace(model, fit=fit)).plot.gap()
    assert not figure.axes[0].lines
    text = " ".join(" ".join(words(figure)).split())
    assert "No gap is proved" in text
    assert "NOT PROVED: undetermined" in text


def test_a_result_without_its_history(birthwt):
    model = replace(birthwt.model, fit=replace(birthwt.model.fit, history=()))
    with pytest.raises(UsageError, match="does not hold the points"):
        ResultPlots(sigmoide.Result(model)).gap()


# The surface


def test_the_surface_of_two_columns(two):
    frame = pd.read_csv(BIRTHWT)
    train, test = frame[frame.index % 3 != 0], frame[frame.index % 3 == 0]
    figure = two.plot.surface(train, test)
    (ax,) = figure.axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("age", "lwt")
    found = marks(ax)
    for shape, value in (("o", 0), ("^", 1)):
        for filled_in, part in ((True, train), (False, test)):
            expected = part[part.low == value][["age", "lwt"]].to_numpy(float)
            np.testing.assert_array_equal(found[(shape, filled_in)], expected)
    lines = {
        line.get_linestyle(): line.get_xydata() for line in ax.lines if line.get_marker() == "None"
    }
    b, w1, w2 = two.params
    assert b + w1 * lines["-"][:, 0] + w2 * lines["-"][:, 1] == pytest.approx([0, 0], abs=1e-9)
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    for ends in lines.values():
        assert ((low - 1e-9 <= ends[:, 0]) & (ends[:, 0] <= high + 1e-9)).all()
        assert ((bottom - 1e-9 <= ends[:, 1]) & (ends[:, 1] <= top + 1e-9)).all()
    labels = [t.get_text() for t in ax.get_legend().get_texts()]
    assert labels[:4] == ["0", "1", "0, held out", "1, held out"]
    assert "p = 0.5" in labels
    assert "126 points and 63 held out" in " ".join(words(figure))


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        ("low ~ age", "has 1: age"),
        ("low ~ age + lwt + smoke", "has 3"),
        ("low ~ age + race", r"race \(levels\)"),
        ("low ~ 1", "has 0: none"),
    ],
)
def test_the_surface_needs_two_numeric_columns(formula, what):
    found = sigmoide.logit(formula, BIRTHWT)
    with pytest.raises(UsageError, match="exactly two numeric columns") as error:
        found.plot.surface(BIRTHWT)
    assert re.search(what, str(error.value))
    assert not found.plot.has_surface


def test_the_surface_wants_the_data_themselves(two):
    with pytest.raises(UsageError, match="give the data"):
        two.plot.surface(two.scored(BIRTHWT))


def test_the_surface_of_an_aliased_column_and_of_an_offset():
    frame = pd.read_csv(BIRTHWT).assign(twice=lambda f: 2 * f.age)
    with pytest.warns(AliasedWarning):
        found = sigmoide.logit("low ~ age + twice", frame)
    (ax,) = found.plot.surface(frame).axes
    ends = next(line.get_xdata() for line in ax.lines if line.get_linestyle() == ":" or True)
    assert len(ends)
    shifted = sigmoide.logit("low ~ age + lwt", frame, offset=np.full(len(frame), 0.1))
    figure = shifted.plot.surface(frame, offset=np.full(len(frame), 0.1))
    assert "offset of 0" in " ".join(words(figure))


def test_a_hundred_thousand_points(tmp_path):
    rng = np.random.default_rng(0)
    n = 100_000
    X = rng.normal(size=(n, 2))
    y = (rng.random(n) < 1 / (1 + np.exp(-X[:, 0] - X[:, 1]))).astype(int)
    data = {"a": X[:, 0], "b": X[:, 1], "y": y}
    found = sigmoide.logit("y ~ a + b", data)
    figure = found.plot.surface(data)
    assert sum(map(len, marks(figure.axes[0]).values())) == 1000
    assert "1,000 of 100,000 points, chosen by a hash" in " ".join(" ".join(words(figure)).split())
    files = write_fit_plots(found, data, tmp_path)
    sizes = {f.name: f.stat().st_size for f in files if f.suffix == ".svg"}
    assert max(sizes.values()) < 200_000
    assert sorted(sizes.values())[-2] < 60_000, "only the points themselves take more"


# What holds for all


def hostile():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(300, 2))
    y = rng.random(300) < 1 / (1 + np.exp(-X[:, 0]))
    names = ["_under$score$^2$", "a very long name of a column that nobody would read in FULL",
             "y$\n\x1b[1m"]  # fmt: skip
    frame = pd.DataFrame(
        {
            names[0]: X[:, 0],
            names[1]: X[:, 1],
            names[2]: np.where(y, "<script>alert('π')</script>", "$x^2$ & _größe_ and so on, on"),
        }
    )
    terms = tuple(Term(name, name) for name in names[:2])
    return fit_source(in_memory(read_source(frame)), Request(names[2], terms)), frame


def capitals():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(200, 2))
    y = rng.random(200) < 0.5
    data = {
        "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW": X[:, 0],
        "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM": 1.6e9 + 1e7 * X[:, 1],
        "TOTAL_OF_MANY_THINGS": np.where(y, "WWWWWWWWWWWWWWWWWWWWWWWW", "MMMMMMMMMMMMMMMMMMMM"),
    }
    return sigmoide.logit("TOTAL_OF_MANY_THINGS ~ .", data), data


def levels():
    frame = pd.read_csv(BIRTHWT).assign(
        race=lambda f: "a level with quite a long name: " + f.race.astype(str)
    )
    return sigmoide.logit("low ~ C(race) + age", frame, event=1), frame


WHOLE = {
    "birthwt": lambda: (fitted("birthwt"), data_of("birthwt")[0]),
    "pima_tr2": lambda: (fitted("pima_tr2"), data_of("pima_tr2")[0]),
    "default": lambda: (fitted("default"), data_of("default")[0]),
    "endometrial": lambda: (fitted("endometrial"), data_of("endometrial")[0]),
    "hostile": hostile,
    "capitals": capitals,
    "levels": levels,
}


@pytest.mark.parametrize("name", WHOLE)
def test_no_text_is_cut_or_lies_over_another(name):
    found, data = WHOLE[name]()
    for figure in pictures(found, data):
        assert figure.get_size_inches()[0] == 6.4
        assert list(inside(figure)) == []


def test_names_are_shown_as_they_are(tmp_path):
    found, data = hostile()
    shown = []
    for k, figure in enumerate(pictures(found, data)):
        (file,) = save(figure, tmp_path, str(k), ("svg",))
        root = ElementTree.parse(file).getroot()  # well-formed, whatever the names
        assert "script" not in {element.tag.rpartition("}")[2] for element in root.iter()}
        shown.append("".join(root.itertext()))
    assert not any("\x1b" in text for text in shown)
    assert "_under$score$^2$" in shown[0]
    assert "y$ \\x1b[1m" in shown[3]
    labels = [t.get_text() for t in found.plot.surface(data).axes[0].get_legend().get_texts()]
    assert labels[0].startswith("$x")
    assert not any(t.get_parse_math() for f in pictures(found, data) for t in f.findobj(Text)
                   if "$" in t.get_text())  # fmt: skip


def test_a_column_that_starts_with_a_line_is_in_the_legend():
    rng = np.random.default_rng(0)
    data = {"a": rng.normal(size=50), "b": rng.normal(size=50), "_y": ["_no", "_yes"] * 25}
    (ax,) = sigmoide.logit("_y ~ a + b", data).plot.surface(data).axes
    legend = ax.get_legend()
    assert [t.get_text() for t in legend.get_texts()][:2] == ["_no", "_yes"]
    assert legend.get_title().get_text() == "_y"


def test_the_same_fit_gives_the_same_bytes(two, tmp_path):
    here = write_fit_plots(two, BIRTHWT, tmp_path / "here")
    assert {f.name for f in here} == FIT | {"surface.svg", "surface.png"}
    script = (
        "import sigmoide, sys; from sigmoide.api.plots import write_fit_plots\n"
        "data, folder = sys.argv[1:]\n"
        "write_fit_plots(sigmoide.logit('low ~ age + lwt', data), data, folder)"
    )
    subprocess.run(
        [sys.executable, "-W", "error", "-c", script, BIRTHWT, str(tmp_path / "there")],
        check=True,
        timeout=120,
        # The numbers are those of one machine with one BLAS: the variables that choose it are kept.
        env=os.environ
        | {"PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(sys.path), "HOME": str(tmp_path)},
    )
    for file in here:
        assert file.read_bytes() == (tmp_path / "there" / file.name).read_bytes(), file.name


def test_what_is_written(birthwt, tmp_path):
    files = write_evaluation_plots(birthwt, BIRTHWT, tmp_path / "evaluate", threshold=0.3)
    assert {f.name for f in files} == EVALUATION
    assert all(f.stat().st_size for f in files)
    assert "p ≥ 0.3" in (tmp_path / "evaluate" / "threshold.svg").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="threshold"):
        write_evaluation_plots(birthwt, BIRTHWT, tmp_path / "none", threshold=2)
    assert not (tmp_path / "none").exists()


def test_it_draws_on_axes_that_are_given(birthwt, two):
    rows = birthwt.scored(BIRTHWT)
    figure = Figure(figsize=(12.8, 9.6), layout="constrained")
    axes = figure.subplots(3, 3).ravel()
    for name, ax in zip(ON_DATA, axes, strict=False):
        assert getattr(birthwt.plot, name)(rows, ax=ax) is figure
        assert ax.get_title(loc="left") or ax.get_title()
    assert birthwt.plot.coefficients(ax=axes[5]) is figure
    assert birthwt.plot.coefficients(odds=True, ax=axes[6]) is figure
    assert birthwt.plot.gap(ax=axes[7]) is figure
    assert two.plot.surface(BIRTHWT, ax=axes[8]) is figure
    assert all(ax.has_data() for ax in axes)
    assert len(figure.axes) == 11, "calibration and threshold divide their axes"
    placed = Figure()
    ax = placed.add_axes((0.1, 0.1, 0.8, 0.8))
    birthwt.plot.threshold(rows, ax=ax)
    upper, lower = (each.get_position() for each in placed.axes)
    assert lower.y1 < upper.y0
    assert lower.y0 == pytest.approx(0.1)
    assert upper.y1 == pytest.approx(0.9)
    part = Figure().subfigures(1, 2)
    assert birthwt.plot.roc(rows, ax=part[0].subplots()) is part[0].figure


def test_settings_of_matplotlib_stay_as_they_were(birthwt):
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 31.0, "axes.grid": False, "lines.linewidth": 9.0}):
        before = dict(mpl.rcParams)
        figure = birthwt.plot.roc(BIRTHWT)
        assert dict(mpl.rcParams) == before
    assert figure.axes[0].lines[0].get_linewidth() == 2.0


def test_a_scored_record_saves_a_read(birthwt):
    rows = birthwt.scored(BIRTHWT)
    assert isinstance(rows, Scored)
    assert (rows.n, rows.counted, rows.source) == (189.0, True, "birthwt.csv")
    assert words(birthwt.plot.roc(rows)) == words(birthwt.plot.roc(BIRTHWT))
    weighted = sigmoide.logit("low ~ age", BIRTHWT, weights="lwt")
    assert not weighted.scored(BIRTHWT).counted
    assert weighted.scored(BIRTHWT).n == 189.0
    counted = sigmoide.logit("low ~ age", BIRTHWT, frequency="lwt")
    assert counted.scored(BIRTHWT).counted
    assert counted.scored(BIRTHWT).n == pd.read_csv(BIRTHWT).lwt.sum()


def luminance(color):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast(one, other):
    """Contrast of two colours, as the Web Content Accessibility Guidelines define it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_marks_stand_out():
    for color in PALETTE.values():
        assert contrast(color, "white") >= 3.0
    for p in (0.0, 0.05, 0.5, 0.95, 1.0):
        side = PALETTE["vermilion" if p >= 0.5 else "blue"]
        assert contrast(side, _tint(p)) >= 3.0
        assert contrast("black", _tint(p)) >= 3.0
    # the marks of the groups stand on their bands
    assert contrast(PALETTE["blue"], np.array(to_rgb(TINTS["sky"])) * 0.4 + 0.6) >= 3.0


# Words and ticks


def test_shortened_names():
    assert shortened("age", 10) == "age"
    assert shortened("a\nb\tc  d", 20) == "a b c d"
    short = shortened("measurement_number_one_of_many", 16)
    assert len(short) < 20
    assert short.startswith("meas")
    assert short.endswith("many")
    assert "…" in short
    assert len(shortened("W" * 40, 16)) < len(shortened("i" * 40, 16))
    assert shortened("\x1b[31m", 20) == "\\x1b[31m"
    assert pair("vote", "Dole", 24) == "vote = Dole"
    both = pair("a_long_name_of_a_column", "and_a_long_level_of_it", 24)
    assert both.count("…") == 2
    assert pair("a_long_name_of_a_column", "NO", 24).endswith(" = NO")
    assert pair("y", "a_long_level_of_one_letter", 24).startswith("y = a_long")
    alike = [f"measurement_{k:02d}_of_the_left_side" for k in range(12)]
    assert len({shortened(name, 20) for name in alike}) == 1
    assert len(set(distinct(alike, 20))) == 12
    assert all(f"_{k:02d}_" in word for k, word in enumerate(distinct(alike, 20)))
    assert distinct(["a", "b", "a"], 9) == ["a", "b", "a"]
    twins = ["same beginning " + "x" * 50 + c + "y" * 50 for c in "ab"]
    assert len(set(distinct(twins, 20))) == 2
    assert filled("a b c", 1) == "a\nb\nc"
    assert filled("", 10) == ""


@pytest.mark.parametrize(
    "ends", [(1e-25, 10.0), (0.8, 1.3), (0.01, 100.0), (0.5, 3.0), (1e-6, 1e6), (0.999, 1.001)]
)
def test_ticks_of_a_logarithmic_axis(ends):
    ticks = log_ticks(*ends)
    assert 3 <= len(ticks) <= 9
    assert list(ticks) == sorted(ticks)
    for value, word in ticks.items():
        assert ends[0] <= value <= ends[1]
        assert float(word) == pytest.approx(value, rel=1e-9)
    assert len(set(ticks.values())) == len(ticks)


@pytest.mark.parametrize("ends", [(-13.8, 13.8), (-2, 2), (-9, -5), (0.1, 0.2), (3, 3.001)])
def test_ticks_of_a_logit_axis(ends):
    ticks = probability_ticks(*ends)
    assert 3 <= len(ticks) <= 12
    for value, word in ticks.items():
        assert ends[0] - 1e-9 <= value <= ends[1] + 1e-9
        assert float(word) == pytest.approx(1 / (1 + math.exp(-value)), rel=1e-2)
    assert np.diff(list(ticks)).min() >= 0.08 * (ends[1] - ends[0])
