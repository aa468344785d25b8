import inspect

import numpy as np
import pytest
import torch

from colorizer.backends import OnnxBackend
from colorizer.model import GROUND, ONNX, WEIGHTS, Card, ModelFolder, sha256_of, write_card
from colorizer.nets import NETS, build
from colorizer.nets.grid import Grid
from colorizer.nets.store import (
    export_ground,
    export_onnx,
    load_weights,
    parity,
    rounded,
    save_weights,
)
from colorizer.opinions import BINS
from colorizer.torch_backend import TorchBackend

OURS = {"width": 4, "order": "conv-bn-relu", "mask": True, "prior": True, "propagate": True}
SURVEYING = {
    "width": 4,
    "order": "conv-bn-relu",
    "mask": True,
    "prior": True,
    "half": True,
    "ground": 4,
    "opinions": True,
}
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
        net.grid.head.weight.normal_(0, 0.1, generator=generator)
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1, generator=generator)
                module.running_var.uniform_(0.5, 1.5, generator=generator)
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
        ({"net": "unet", "ground": 8}, "set prior too"),
    ],
)
def test_an_unknown_name_or_setting_is_refused_and_named(settings, says):
    with pytest.raises(ValueError, match=says):
        build(**settings)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # torch's exporter warns of its own parts
def test_the_exported_graph_agrees_with_torch_at_any_size(tmp_path):
    net = stirred(build("nested_attention_unet", **OURS, depth=2))
    export_onnx(net, tmp_path / ONNX)
    save_weights(net, tmp_path / WEIGHTS)
    digests = {name: sha256_of(tmp_path / name) for name in (ONNX, WEIGHTS)}
    write_card(tmp_path, Card("exported", net.config.to_json(), 64, digests, {}))
    backend = OnnxBackend(ModelFolder.open(tmp_path), threads=1)
    assert parity(net, backend.run, ((1, 256, 256), (3, 64, 224), (1, 32, 32))) < 1e-3


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_survey_and_opinions_are_exported_too(tmp_path):
    net = stirred(build("nested_attention_unet", **SURVEYING, depth=1))
    export_onnx(net, tmp_path / ONNX)
    export_ground(net.ground, tmp_path / GROUND)
    save_weights(net, tmp_path / WEIGHTS)
    digests = {name: sha256_of(tmp_path / name) for name in (ONNX, WEIGHTS, GROUND)}
    write_card(tmp_path, Card("surveying", net.config.to_json(), 64, digests, {}))
    backend = OnnxBackend(ModelFolder.open(tmp_path), threads=1)
    given = [plane.numpy() for plane in planes(2, 64, 96)]
    own = TorchBackend(net)
    pairs = zip(backend.opinions(*given), own.opinions(*given), strict=True)
    assert all(np.abs(one - other).max() < 1e-3 for one, other in pairs)
    seen = np.random.default_rng(0).random((1, 7, 64, 96), np.float32)
    pairs = zip(backend.survey(seen), own.survey(seen), strict=True)
    assert all(np.abs(one - other).max() < 1e-3 for one, other in pairs)
    assert parity(net, backend.run, ((1, 96, 64),)) < 1e-3


@pytest.mark.parametrize("name", NETS)
def test_every_net_surveys_and_gives_opinions(name):
    net = stirred(build(name, **SURVEYING, depth=2)).train()
    said = net.predict(*planes(2, 32, 64))
    assert said.doubt.shape == (2, 1, 32, 64)
    assert said.odds.shape == (2, len(BINS), 8, 16)
    survey = net.ground(torch.rand(2, 7, 32, 64))
    parts = (*said, *survey, net.ground.kernel())
    sum(part.square().mean() for part in parts).backward()
    assert not [key for key, p in net.named_parameters() if p.grad is None]


def test_parity_sees_a_difference():
    net = stirred(build("unet", **OURS))

    def off(*given):
        with torch.inference_mode():
            return net(*map(torch.from_numpy, given)).numpy() + np.float32(0.01)

    assert parity(net, off, ((1, 32, 32),)) == pytest.approx(0.01, rel=0.1)


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
