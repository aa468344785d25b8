"""Weights in files that hold numbers only, and the network as one ONNX graph."""

import copy
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy.typing as npt
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from colorizer.backends import INPUTS, LOOKED_AT, SURVEYED
from colorizer.engine import MULTIPLE
from colorizer.looks import LOOKS
from colorizer.nets.build import ColorNet, build
from colorizer.nets.ground import Ground

_LARGE = 1024  # numbers; biases and normalisations are not worth it


def rounded(net: ColorNet) -> ColorNet:
    """A copy whose large weights are numbers of half precision, for a smaller file."""
    copied = copy.deepcopy(net)
    for weight in copied.parameters():
        if weight.numel() >= _LARGE:
            weight.data = weight.data.half().float()
    return copied


def save_weights(net: ColorNet, path: Path) -> None:
    """Write a network's weights, with its settings in the header.

    Those that lose nothing by it are written in half precision.
    """
    tensors = {
        key: _smallest(value.detach().cpu()).contiguous() for key, value in net.state_dict().items()
    }
    save_file(tensors, path, {"net": json.dumps(net.config.to_json())})


def _smallest(weights: Tensor) -> Tensor:
    half = weights.half()
    return half if weights.numel() >= _LARGE and torch.equal(half.float(), weights) else weights


def load_weights(path: Path, settings: dict[str, Any]) -> ColorNet:
    """Build the network that ``settings`` describe and fill it from a file.

    Raises:
        ValueError: the file is damaged or belongs to another network.
    """
    net = build(**settings)
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 # no dict
    except (OSError, SafetensorError) as error:
        raise ValueError(f"{path.name} is no readable weights file: {error}") from error
    try:
        net.load_state_dict(tensors)
    except RuntimeError as error:
        raise ValueError(f"{path.name} belongs to another network than {net.config}") from error
    return net


def export_onnx(net: ColorNet, path: Path) -> None:
    """Write a network as ONNX, with free batch size and free H and W in multiples of 32."""
    outputs = ["ab", "doubt", "odds"] if net.opinions is not None else ["ab"]
    _export(_All(net), list(INPUTS.values()), path, list(INPUTS), outputs)


def export_ground(ground: Ground, path: Path) -> None:
    """Write the network that surveys a picture as ONNX; sizes as in :func:`export_onnx`."""
    _export(_Survey(ground), [LOOKS], path, [LOOKED_AT], SURVEYED)


class _All(nn.Module):
    """A network whose forward gives all that it says."""

    def __init__(self, net: ColorNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, *planes: Tensor) -> tuple[Tensor, ...]:
        said = self.net.predict(*planes)
        return tuple(plane for plane in said if plane is not None)


class _Survey(nn.Module):
    """A ground whose forward gives the covariance's numbers too."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground = ground

    def forward(self, look: Tensor) -> tuple[Tensor, ...]:
        return (*self.ground(look), self.ground.kernel())


def _export(
    net: nn.Module, channels: list[int], path: Path, inputs: list[str], outputs: list[str]
) -> None:
    example = tuple(torch.rand(2, count, 64, 96) for count in channels)
    free = {0: torch.export.Dim("batch", min=1, max=64)}
    free[2] = MULTIPLE * torch.export.Dim("rows", min=1, max=128)
    free[3] = MULTIPLE * torch.export.Dim("columns", min=1, max=128)
    shapes = (tuple(free for _ in channels),) if len(channels) > 1 else (free,)
    with warnings.catch_warnings():
        # The exporter warns of names for axes that it was given as free ones above.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net.cpu().eval(),
            example,
            path,
            dynamo=True,
            dynamic_shapes=shapes,
            input_names=inputs,
            output_names=outputs,
            external_data=False,
            verbose=False,
        )


def parity(
    net: ColorNet, run: Callable[..., npt.NDArray[Any]], sizes: tuple[tuple[int, int, int], ...]
) -> float:
    """How much farther than torch another way to run the network strays from exact arithmetic.

    Some networks multiply rounding errors, torch's own among them, so that two right answers can
    be farther apart than a wrong one is elsewhere.

    Args:
        net: the network in torch.
        run: called with NumPy planes as :meth:`colorizer.backends.Backend.run` is.
        sizes: (batch, H, W) to compare at.

    Returns:
        The largest difference in ab units.
    """
    worst = 0.0
    generator = torch.Generator().manual_seed(0)
    net = net.cpu().eval()
    exact = copy.deepcopy(net).double()
    for batch, height, width in sizes:
        planes = [
            torch.rand(batch, channels, height, width, generator=generator)
            for channels in INPUTS.values()
        ]
        planes[2] = (planes[2] > 0.95).float()
        planes[1] = (planes[1] * 120 - 60) * planes[2]
        planes[3] = planes[3] * 120 - 60
        with torch.inference_mode():
            truth = exact(*(plane.double() for plane in planes)).numpy()
            own = float(abs(net(*planes).numpy() - truth).max())
        worst = max(worst, float(abs(run(*(p.numpy() for p in planes)) - truth).max()) - own)
    return worst
