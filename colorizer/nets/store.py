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

from colorizer.nets.build import ColorNet, build

INPUTS = {"lightness": 1, "hint_ab": 2, "mask": 1, "prior_ab": 2}
MULTIPLE = 16


def save_weights(net: ColorNet, path: Path) -> None:
    """Write a network's weights, with its settings in the header."""
    tensors = {key: value.detach().cpu().contiguous() for key, value in net.state_dict().items()}
    save_file(tensors, path, {"net": json.dumps(net.config.to_json())})


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
    """Write a network as ONNX, with free batch size and free H and W in multiples of 16."""
    net = net.cpu().eval()
    example = tuple(torch.rand(2, channels, 64, 96) for channels in INPUTS.values())
    free = {0: torch.export.Dim("batch", min=1, max=64)}
    free[2] = MULTIPLE * torch.export.Dim("rows", min=1, max=256)
    free[3] = MULTIPLE * torch.export.Dim("columns", min=1, max=256)
    with warnings.catch_warnings():
        # The exporter warns of names for axes that it was given as free ones above.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net,
            example,
            path,
            dynamo=True,
            dynamic_shapes=dict.fromkeys(INPUTS, free),
            input_names=list(INPUTS),
            output_names=["ab"],
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
