"""Model files that earlier versions wrote are read for ever, to the same bits."""

from __future__ import annotations

import json

import pytest

import sigmoide
from support.golden import MODELS


def test_there_are_files_of_both_versions():
    assert {path.name[:2] for path in MODELS} == {"v1", "v2"}
    assert len(MODELS) >= 10


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_file_is_read_whole_and_loses_no_bit(path, tmp_path):
    found = sigmoide.read_model(path)
    found.save(tmp_path / "again.json")
    # Numbers are written so that they are read with the same bits.
    assert json.loads((tmp_path / "again.json").read_bytes()) == json.loads(path.read_bytes())


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_file_is_shown(path):
    text = str(sigmoide.read_model(path).summary())
    for term in sigmoide.read_model(path).params.index[:1]:
        assert term in text
