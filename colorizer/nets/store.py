"""Weights in files that hold numbers only, and the network as one ONNX graph."""

import copy
import json
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from colorizer.features import CHANNELS
from colorizer.graphs import FIELD_INPUT, FIELD_OUTPUTS, INPUTS, MULTIPLE, Backend
from colorizer.model import FIELD, ONNX, WEIGHTS, files_of, sha256_of
from colorizer.nets.build import ColorNet, build
from colorizer.nets.field import FieldNet

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


def load_weights(path: Path, settings: dict[str, Any] | None = None) -> ColorNet:
    """Build the network that ``settings`` describe and fill it from a file.

    Args:
        path: of the file.
        settings: those in the file's header if left out.

    Raises:
        ValueError: the file is damaged or belongs to another network.
    """
    try:
        with safe_open(path, framework="pt") as file:
            if settings is None:
                settings = json.loads((file.metadata() or {}).get("net", "{}"))
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 # no dict
    except (OSError, SafetensorError) as error:
        raise ValueError(f"{path.name} is no readable weights file: {error}") from error
    net = build(**settings)
    if net.field is not None:
        _tell_things_by_colors(net.field, tensors)
    try:
        net.load_state_dict(tensors)
    except RuntimeError as error:
        raise ValueError(f"{path.name} belongs to another network than {net.config}") from error
    return net


def _tell_things_by_colors(field: FieldNet, tensors: dict[str, Tensor]) -> None:
    """Add what weights of 0.1.0 lack: they have one embedding for colours and things."""
    if "field.things.weight" in tensors or "field.unit" not in tensors:
        return
    unit = tensors["field.unit"].float().exp()
    weight = torch.zeros_like(field.things.weight)
    learned = tensors["field.embedder.2.weight"].float() * unit
    weight[:, : learned.shape[1]] = learned
    tensors["field.things.weight"] = weight
    tensors["field.things.bias"] = tensors["field.embedder.2.bias"] * unit
    tensors["field.thing_ranges"] = tensors["field.ranges"]


def write_network(net: ColorNet, folder: Path) -> dict[str, str]:
    """Write all files of a model but its card.

    Args:
        net: in evaluation mode.
        folder: that is there already.

    Returns:
        The digest of each file by its name.
    """
    if net.grid is not None:
        _export(net, list(INPUTS.values()), folder / ONNX, list(INPUTS), ["ab"])
    if net.field is not None:
        _export(
            _FieldGraph(net.field), [CHANNELS], folder / FIELD, [FIELD_INPUT], list(FIELD_OUTPUTS)
        )
    save_weights(net, folder / WEIGHTS)
    (folder / WEIGHTS).chmod(0o644)  # safetensors makes it private
    return {name: sha256_of(folder / name) for name in files_of(net.config.to_json())}


class _FieldGraph(nn.Module):
    """A field network whose forward gives the mode and the covariance's numbers too."""

    def __init__(self, field: FieldNet) -> None:
        super().__init__()
        self.field = field

    def forward(self, features: Tensor) -> tuple[Tensor, ...]:
        maps = self.field(features)
        return (*maps, self.field.mode(maps.ab_logits), self.field.kernel())


def _export(
    net: nn.Module, channels: list[int], path: Path, inputs: list[str], outputs: list[str]
) -> None:
    example = tuple(torch.rand(2, count, 64, 96) for count in channels)
    free = {0: torch.export.Dim("batch", min=1, max=64)}
    free[2] = MULTIPLE * torch.export.Dim("rows", min=1, max=128)
    free[3] = MULTIPLE * torch.export.Dim("columns", min=1, max=128)
    shapes = tuple(free for _ in channels)
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
    model = onnx.load(path)
    _forget_its_origin(model)
    _store_small(model)
    onnx.save(model, path)


def _forget_its_origin(model: onnx.ModelProto) -> None:
    """Take out where in the source each node comes from: files of the machine that exported it."""
    model.doc_string = ""
    del model.metadata_props[:], model.graph.metadata_props[:]
    for part in (*model.graph.node, *model.graph.value_info, *model.graph.initializer):
        part.doc_string = ""
        del part.metadata_props[:]


def _store_small(model: onnx.ModelProto) -> None:
    """Keep a graph's large weights in half precision where that loses nothing, behind casts.

    ONNX Runtime folds the casts when it loads the graph, so that it runs as before.
    """
    casts = []
    for weights in model.graph.initializer:
        array = onnx.numpy_helper.to_array(weights)
        if array.size < _LARGE or array.dtype != np.float32:
            continue
        with np.errstate(over="ignore"):  # what is too large for it differs from itself
            half = array.astype(np.float16)
        if not np.array_equal(half, array):
            continue
        name = weights.name
        weights.CopyFrom(onnx.numpy_helper.from_array(half, f"{name}_half"))
        casts.append(onnx.helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)


def parity(net: ColorNet, backend: Backend, sizes: Sequence[tuple[int, int, int]]) -> float:
    """How much farther than torch a backend strays from exact arithmetic.

    Some networks multiply rounding errors, torch's own among them, so that two right answers can
    be farther apart than a wrong one is elsewhere.

    Args:
        net: the network in torch.
        backend: that runs the same network.
        sizes: (batch, H, W) to compare at.

    Returns:
        The largest difference of the outputs, in ab units where they are colours.
    """
    generator = torch.Generator().manual_seed(0)
    net = net.cpu().eval()
    worst = 0.0
    for size in sizes:
        if net.grid is not None:
            worst = max(worst, _stray(net, backend.run, _hinted_planes(*size, generator)))
        if net.field is not None:
            features = torch.rand(size[0], CHANNELS, *size[1:], generator=generator)
            worst = max(worst, _stray(_FieldGraph(net.field), backend.encode, [features]))
    return worst


def _stray(net: nn.Module, run: Callable[..., Any], planes: list[Tensor]) -> float:
    exact = copy.deepcopy(net).double()
    with torch.inference_mode():
        truths = _tuple(exact(*(plane.double() for plane in planes)))
        own = _tuple(net(*planes))
    others = _tuple(run(*(plane.numpy() for plane in planes)))
    return max(
        float(abs(other - truth.numpy()).max() - (mine - truth).abs().max())
        for truth, mine, other in zip(truths, own, others, strict=True)
    )


def _tuple(outputs: Any) -> tuple[Any, ...]:
    return outputs if isinstance(outputs, tuple) else (outputs,)


def _hinted_planes(batch: int, height: int, width: int, generator: torch.Generator) -> list[Tensor]:
    planes = [
        torch.rand(batch, channels, height, width, generator=generator)
        for channels in INPUTS.values()
    ]
    planes[2] = (planes[2] > 0.95).float()
    planes[1] = (planes[1] * 120 - 60) * planes[2]
    planes[3] = planes[3] * 120 - 60
    return planes
