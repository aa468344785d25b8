import inspect
import json

import numpy as np
import onnx
import pytest
import torch
from safetensors.torch import load_file, save_file

from colorizer.backends import OnnxBackend, load_backend
from colorizer.distribution import BINS
from colorizer.model import FIELD, WEIGHTS, Card, ModelFolder, sha256_of, write_card
from colorizer.nets import NETS, build
from colorizer.nets.field import EMBEDDING
from colorizer.nets.grid import Grid
from colorizer.nets.store import load_weights, parity, rounded, save_weights, write_network
from colorizer.torch_backend import TorchBackend
from tests.support.exports import once

OURS = {"width": 4, "order": "conv-bn-relu", "mask": True, "prior": True, "propagate": True}
SURVEYING = {
    "width": 4,
    "order": "conv-bn-relu",
    "mask": True,
    "prior": True,
    "half": True,
    "field": 4,
}
FAST = {**SURVEYING, "corrects": False, "depth": 2}
PARAMETERS = {
    "unet": (31_043_586, 7_766_018, 1_944_066),
    "attention_unet": (31_394_154, 7_854_266, 1_966_434),
    "nested_unet": (36_172_610, 9_049_506, 2_265_554),
    "nested_attention_unet": (36_635_542, 9_166_294, 2_295_286),
}


def planes(batch, height, width, seed=0):
    generator = torch.Generator().manual_seed(seed)
    lightness, noise, prior = (
        torch.rand(batch, channels, height, width, generator=generator) for channels in (1, 2, 2)
    )
    mask = (torch.rand(batch, 1, height, width, generator=generator) > 0.9).float()
    return lightness, (noise * 100 - 50) * mask, mask, prior * 100 - 50


def stirred(net):
    """A network whose layers all matter: fresh ones of ours return the prior."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        if net.grid is not None:
            net.grid.head.weight.normal_(0, 0.1, generator=generator)
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1, generator=generator)
                module.running_var.uniform_(0.5, 1.5, generator=generator)
        if net.field is not None:
            net.field.unit.fill_(0.7)
    return net.eval()


@pytest.mark.parametrize("name", NETS)
class TestEveryNet:
    def test_has_the_parameters_its_docstring_says(self, name):
        for width, expected in zip((64, 32, 16), PARAMETERS[name], strict=True):
            with torch.device("meta"):
                net = build(name, width=width)
            count = sum(parameter.numel() for parameter in net.parameters())
            assert count == expected
            assert f"{count:,}" in inspect.getdoc(Grid)

    def test_learns_in_every_parameter(self, name):
        net = stirred(build(name, **OURS)).train()
        loss = net(*planes(2, 32, 48)).abs().mean()
        loss.backward()
        still = [key for key, p in net.named_parameters() if p.grad is None]
        assert not still

    def test_takes_any_multiple_of_16(self, name):
        net = build(name, width=4).eval()
        with torch.inference_mode():
            assert net(*planes(1, 16, 80)).shape == (1, 2, 16, 80)

    def test_saves_and_loads_the_same(self, name, tmp_path):
        net = stirred(build(name, **OURS))
        save_weights(net, tmp_path / WEIGHTS)
        again = load_weights(tmp_path / WEIGHTS, net.config.to_json()).eval()
        with torch.inference_mode():
            assert torch.equal(net(*planes(1, 32, 32)), again(*planes(1, 32, 32)))


def test_every_node_has_its_own_up_and_gate():
    net = build("nested_attention_unet", width=4)
    assert len(net.grid.ups) == len(net.grid.gates) == 10
    assert len(build("attention_unet", width=4).grid.gates) == 4
    assert set(build("unet", width=4).grid.nodes) < set(net.grid.nodes)


def test_the_network_as_built_returns_the_prior_where_it_predicts_a_residual():
    net = build("unet", width=4, mask=True, prior=True).eval()
    lightness, hint_ab, mask, prior = planes(1, 32, 32)
    with torch.inference_mode():
        assert torch.allclose(net(lightness, hint_ab, mask, prior), prior, atol=1e-4)


def test_learned_propagation_holds_hints_fixed():
    net = stirred(build("unet", **OURS))
    lightness, hint_ab, mask, prior = planes(1, 32, 32)
    with torch.inference_mode():
        ab = net(lightness, hint_ab, mask, prior)
    assert torch.allclose(ab * mask, hint_ab, atol=1e-3)


@pytest.mark.parametrize("up", ["transpose", "upsample"])
@pytest.mark.parametrize("blocks", [1, 2])
def test_the_ablations_build_and_run(up, blocks):
    net = build("nested_attention_unet", width=4, up=up, blocks=blocks).eval()
    with torch.inference_mode():
        assert net(*planes(1, 32, 32)).shape == (1, 2, 32, 32)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"net": "resnet"}, "nested_attention_unet"),
        ({"net": "unet", "colour": 3}, "colour"),
        ({"net": "unet", "width": 3}, "width"),
        ({"net": "unet", "depth": 9}, "depth"),
        ({"net": "unet", "depth": 5, "half": True}, "with half"),
        ({"net": "unet", "field": 8}, "set prior too"),
    ],
)
def test_an_unknown_name_or_setting_is_refused_and_named(settings, says):
    with pytest.raises(ValueError, match=says):
        build(**settings)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # torch's exporter warns of its own parts
@pytest.mark.parametrize(
    "settings",
    # Exporting takes seconds a layer: the second is deep enough for a node with two before it.
    [{**OURS, "depth": 1}, {**SURVEYING, "depth": 2}, FAST],
    ids=["plain", "full", "fast"],
)
def test_the_exported_graphs_agree_with_torch_at_any_size(tmp_path, exports, settings):
    net = stirred(build("nested_attention_unet", **settings))
    digests = once(write_network, exports)(net, tmp_path)
    write_card(tmp_path, Card("exported", net.config.to_json(), 64, digests, {}))
    backend = OnnxBackend(ModelFolder.open(tmp_path), threads=1)
    sizes = ((1, 256, 256), (3, 64, 224), (1, 32, 32))
    assert parity(net, backend, sizes) < 1e-3
    assert parity(net, TorchBackend(net), sizes) < 1e-3
    # Nothing tells on what machine it was made.
    assert not any(b".py" in path.read_bytes() for path in tmp_path.glob("*.onnx"))


@pytest.mark.parametrize("name", NETS)
def test_every_net_has_a_field(name):
    net = stirred(build(name, **SURVEYING, depth=2)).train()
    maps = net.field(torch.rand(2, 7, 32, 64))
    assert maps.mean.shape == net.field.mode(maps.ab_logits).shape == (2, 2, 32, 64)
    assert maps.scale.shape == (2, 1, 32, 64)
    assert maps.embedding.shape == (2, 7 + EMBEDDING, 32, 64)
    assert maps.ab_logits.shape == (2, len(BINS), 8, 16)
    parts = (net(*planes(2, 32, 64)), *maps, net.field.kernel())
    sum(part.square().mean() for part in parts).backward()
    assert not [key for key, p in net.named_parameters() if p.grad is None]


def test_the_mode_is_the_likeliest_colour_where_rare_ones_count_more():
    field = build("unet", **SURVEYING).field
    red, grey = (np.flatnonzero((ab == BINS).all(axis=1))[0] for ab in ((50, 40), (0, 0)))
    logits = torch.full((1, len(BINS), 2, 2), -20.0)
    logits[:, grey], logits[:, red] = 1.0, 0.0
    assert field.mode(logits).abs().max() < 1
    field.log_rarity[red] = 3.0
    assert torch.allclose(field.mode(logits)[0, :, 0, 0], torch.tensor([50.0, 40.0]), atol=0.1)


def test_parity_sees_a_difference():
    net = stirred(build("unet", **OURS))

    class Off(TorchBackend):
        def run(self, *given):
            return super().run(*given) + np.float32(0.01)

    assert parity(net, Off(net), ((1, 32, 32),)) == pytest.approx(0.01, rel=0.1)


def test_rounded_weights_make_a_file_half_as_big_and_lose_nothing(tmp_path):
    net = stirred(build("unet", **OURS))
    sizes = []
    for weights in (net, rounded(net)):
        save_weights(weights, tmp_path / WEIGHTS)
        again = load_weights(tmp_path / WEIGHTS, net.config.to_json()).eval()
        with torch.inference_mode():
            assert torch.equal(weights(*planes(1, 32, 32)), again(*planes(1, 32, 32)))
        sizes.append((tmp_path / WEIGHTS).stat().st_size)
    assert sizes[1] < 0.7 * sizes[0]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # torch's exporter warns of its own parts
def test_weights_and_graphs_of_0_1_0_separate_things_by_their_one_embedding(tmp_path, exports):
    net = stirred(build("nested_attention_unet", **FAST))
    folder = tmp_path / "new"
    folder.mkdir()
    digests = once(write_network, exports)(net, folder)
    graph = onnx.load(folder / FIELD)
    (things,) = (output for output in graph.graph.output if output.name == "thing_embedding")
    graph.graph.output.remove(things)
    onnx.save(graph, folder / FIELD)
    digests[FIELD] = sha256_of(folder / FIELD)
    tensors = load_file(folder / WEIGHTS)
    for name in ("things.weight", "things.bias", "thing_ranges"):
        del tensors[f"field.{name}"]
    save_file(tensors, folder / WEIGHTS, {"net": json.dumps(net.config.to_json())})
    digests[WEIGHTS] = sha256_of(folder / WEIGHTS)
    write_card(folder, Card("old", net.config.to_json(), 64, digests, {}))
    features = np.random.default_rng(0).random((1, 7, 64, 64), np.float32)
    for backend in ("onnx", "torch"):
        runner = load_backend(ModelFolder.open(folder), backend, threads=1)
        _, _, colors, things, *_ = runner.encode(features)
        assert np.abs(colors - things).max() < 1e-4
