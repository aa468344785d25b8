import json
import shutil
from dataclasses import replace

import pytest

from colorizer.engine import Colorizer
from colorizer.model import CARD, FIELD, ONNX, WEIGHTS, ModelError, ModelFolder, sha256_of
from colorizer.models import SHIPPED


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(SHIPPED, tmp_path / "model")


def rewrite(folder, **change):
    card = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps({**card, **change}))


def test_the_shipped_model_is_whole_and_small():
    model = ModelFolder.open(SHIPPED)
    assert model.name == "rehue-4"
    assert model.card.net["net"] == "nested_attention_unet"
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) <= 30 * 2**20


def test_the_shipped_card_states_where_the_model_comes_from_and_how_good_it_is():
    facts = ModelFolder.open(SHIPPED).card.facts
    assert {"description", "data", "training", "scores", "limits", "licence"} <= set(facts)


@pytest.mark.parametrize("name", [ONNX, WEIGHTS, FIELD])
class TestFiles:
    def test_a_missing_file_is_named(self, folder, name):
        (folder / name).unlink()
        with pytest.raises(ModelError, match=f"lacks its file {name}"):
            ModelFolder.open(folder)

    def test_a_damaged_file_is_named(self, folder, name):
        data = bytearray((folder / name).read_bytes())
        data[len(data) // 2] ^= 1
        (folder / name).write_bytes(data)
        with pytest.raises(ModelError, match=f"damaged: {name}"):
            ModelFolder.open(folder)


def test_a_folder_without_a_card_is_no_model(tmp_path):
    with pytest.raises(ModelError, match="no model"):
        ModelFolder.open(tmp_path)


def test_a_card_that_is_no_json_is_damage(folder):
    (folder / CARD).write_text("{")
    with pytest.raises(ModelError, match="no JSON"):
        ModelFolder.open(folder)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "tokenizer"}, "another kind"),
        ({"format": 3}, "newer Rehue"),
        ({"format": 1}, "older Rehue"),
        ({"format": "1"}, "out of range"),
        ({"size": 10**9}, "out of range"),
        ({"net": "unet"}, "out of range"),
        ({"sha256": []}, "out of range"),
    ],
)
def test_a_foreign_or_newer_card_says_so(folder, change, says):
    rewrite(folder, **change)
    with pytest.raises(ModelError, match=says):
        ModelFolder.open(folder)


def test_a_card_that_lacks_something_says_what(folder):
    card = json.loads((folder / CARD).read_text())
    del card["sha256"]
    (folder / CARD).write_text(json.dumps(card))
    with pytest.raises(ModelError, match="lacks 'sha256'"):
        ModelFolder.open(folder)


def test_bytes_that_are_no_network_get_a_sentence(folder):
    (folder / ONNX).write_bytes(b"\x80\x04not a network, maybe a pickle")
    digests = json.loads((folder / CARD).read_text())["sha256"]
    rewrite(folder, sha256={**digests, ONNX: sha256_of(folder / ONNX)})
    with pytest.raises(ModelError, match="no network"):
        Colorizer.load(folder)


def test_weights_of_another_network_are_refused_by_torch_too(folder):
    net = json.loads((folder / CARD).read_text())["net"]
    rewrite(folder, net={**net, "net": "unet"})
    with pytest.raises(ModelError, match="another network"):
        Colorizer.load(folder, backend="torch")


def test_an_unknown_backend_is_named():
    with pytest.raises(ModelError, match="onnx and torch"):
        Colorizer.load(SHIPPED, backend="tpu")


def test_another_field_network_makes_another_model():
    model = ModelFolder.open(SHIPPED)
    digests = {**model.card.sha256, FIELD: "0" * 64}
    other = replace(model, card=replace(model.card, sha256=digests))
    assert len(other.sha256) == 64
    assert other.sha256 != model.sha256
