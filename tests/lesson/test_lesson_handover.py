"""Hand-made weights as a model of the library."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import sigmoide
from sigmoide.errors import ColumnError, UsageError
from sigmoide.lesson import forward, to_model


@pytest.fixture(scope="module")
def tables(lessons):
    data = lessons["es"].data
    return {
        name: {"x1": data.X[rows, 0], "x2": data.X[rows, 1], "y": data.yn[rows]}
        for name, rows in (("train", data.in_train), ("test", ~data.in_train))
    }


@pytest.fixture(scope="module")
def model(lessons):
    record = lessons["es"]
    return to_model(torch.from_numpy(record.weights), torch.tensor([record.bias]), steps=100)


def test_it_holds_the_weights(lessons, model):
    record = lessons["es"]
    assert model.params["x1"] == record.weights[0]
    assert model.params["x2"] == record.weights[1]
    assert model.params["Intercept"] == pytest.approx(record.bias, abs=1e-15)
    assert model.event == "1"
    assert model.nobs == 66


def test_it_is_not_proved_and_has_no_standard_errors(model):
    assert model.status == "not converged"
    assert not model.certificate.proved
    assert model.certificate.delta == pytest.approx(4.87, abs=0.01)
    assert model.bse.isna().all()
    assert model.separation.kind == "undetermined"
    assert "NOT PROVED: not converged after 100 steps" in str(model.summary())
    assert "made by hand" in str(model.summary())


def test_it_predicts_as_the_lesson_does(lessons, model, tables):
    record = lessons["es"]
    X = torch.from_numpy(record.data.X[~record.data.in_train].astype(np.float32))
    p = forward(X, torch.from_numpy(record.weights), torch.tensor([record.bias]))
    np.testing.assert_allclose(model.predict(tables["test"]), p.numpy(), atol=1e-6)


def test_it_is_evaluated(lessons, model, tables):
    scores = model.evaluate(tables["test"])
    assert scores["auc"] == pytest.approx(287 / 288)
    assert scores["accuracy"] == pytest.approx(26 / 34)
    assert scores["log_loss"] == pytest.approx(lessons["es"].test_loss, abs=1e-6)
    loss = -model.llf / model.nobs
    assert loss == pytest.approx(lessons["es"].final_train_loss, abs=1e-6)


def test_it_is_verified(model, tables):
    found = model.verify(tables["train"])
    assert not found.proved
    assert found.delta == model.certificate.delta


def test_it_is_saved_and_read_back(model, tables, tmp_path):
    model.save(tmp_path / "hand.json")
    again = sigmoide.read_model(tmp_path / "hand.json")
    assert again.status == model.status
    assert again.params.equals(model.params)
    assert np.array_equal(again.predict(tables["test"]), model.predict(tables["test"]))


def test_it_is_compared_with_the_optimum(lessons, model, tables):
    best = sigmoide.logit("y ~ x1 + x2", tables["train"])
    away = (model.params - best.params) / best.bse
    for each in lessons["es"].distances:
        term = {"w1": "x1", "w2": "x2", "b": "Intercept"}[each.name]
        assert away[term] == pytest.approx(each.in_standard_errors, abs=1e-6)
    assert model.llnull == pytest.approx(best.llnull, abs=1e-10)
    assert model.llf < best.llf


def test_the_optimum_by_hand_is_proved(tables):
    best = sigmoide.logit("y ~ x1 + x2", tables["train"])
    again = to_model(best.params[["x1", "x2"]], best.params["Intercept"])
    assert again.status == "proved"
    assert again.certificate.distance < 1e-9
    assert again.separation.kind == "none"


def test_the_lesson_makes_it_itself(lessons, model):
    assert lessons["es"].further.model.params.equals(model.params)
    assert lessons["es"].further.best_model.status == "proved"


def test_other_training_data(tables):
    model = to_model([0.5, 0.5], -2.0, tables["test"])
    assert model.nobs == 34
    one = to_model([2.0], 0, {"x1": [0.0, 1, 2, 3], "y": ["no", "yes", "no", "yes"]})
    assert one.event == "yes"
    assert list(one.params) == [0.0, 2.0]


@pytest.mark.parametrize(
    ("weights", "bias", "says"),
    [
        ([1.0], 0.0, "1 weight"),
        ([1.0, 2.0, 3.0], 0.0, "3 weight"),
        ([1.0, np.nan], 0.0, "finite"),
        ([1.0, 2.0], np.inf, "finite"),
        ([1.0, 2.0], [0.0, 0.0], "2 biases"),
        ([], 0.0, "finite"),
    ],
)
def test_weights_that_mean_nothing(weights, bias, says):
    with pytest.raises(UsageError, match=says):
        to_model(weights, bias)


def test_data_without_the_columns():
    with pytest.raises(ColumnError, match="x2"):
        to_model([1.0, 2.0], 0.0, {"x1": [0.0, 1.0], "y": [0, 1]})
