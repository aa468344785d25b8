"""What one colouring costs the network, beside networks of the field's sizes.

``python -m benchmarks.network_speed [--threads 1] [--rounds 30]``: all run in ONNX Runtime, one
picture at a time, in turns in one run, so that a busy machine slows all of them; ratios count.
The field network is paid once a photo, the row of dabs at each stroke: kriging, handing colours to
things, and the network that sees the hints, where the model has one.
"""

import argparse
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import onnxruntime as ort
import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.peers import SIDE, Siggraph17, ViT
from colorizer.engine import Colorizer
from colorizer.features import CHANNELS
from colorizer.hints import Hint, HintSet
from colorizer.models import SHIPPED

WARM_UP = 3
SHIPPED_BOTH = [SHIPPED, SHIPPED.with_name(f"{SHIPPED.name}-fast")]
PEERS: dict[str, tuple[type[torch.nn.Module], int]] = {
    "ViT, iColoriT-Tiny's size": (ViT, SIDE),
    "CNN, siggraph17's size": (Siggraph17, 256),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--model", type=Path, nargs="*", default=SHIPPED_BOTH, help="folders")
    options = parser.parse_args()
    runs: dict[str, Callable[[], object]] = {}
    for folder in options.model:
        colorizer = Colorizer.load(folder, threads=options.threads)
        if colorizer.corrects:
            for side in (SIDE, 256):
                runs[f"{folder.name}, network, {side}"] = network(colorizer, side)
        if colorizer.has_field:
            runs[f"{folder.name}, field, 256"] = encode(colorizer)
            for count in (5, 50):
                runs[f"{folder.name}, {count} dabs, 256"] = stroke(colorizer, count)
    for name, (net, side) in PEERS.items():
        runs[f"{name}, {side}"] = peer(net(), side, options.threads)
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(WARM_UP + options.rounds):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            if number >= WARM_UP:
                times[name].append(time.perf_counter() - began)
    middle = {name: median(values) for name, values in times.items()}
    vit, cnn = list(middle.values())[-2:]
    print(f"{options.threads} thread(s), batch 1, medians of {options.rounds}")
    print(f"{'':36}{'ms':>8}{'/ ViT':>8}{'/ CNN':>8}")
    for name, seconds in middle.items():
        print(f"{name:36}{seconds * 1000:8.0f}{seconds / vit:8.2f}{seconds / cnn:8.2f}")


def network(colorizer: Colorizer, side: int) -> Callable[[], object]:
    """One run of the network that sees the hints alone: (1, C, side, side)."""
    rng = np.random.default_rng(0)
    planes = [rng.random((1, channels, side, side), dtype=np.float32) for channels in (1, 2, 1, 2)]
    return lambda: colorizer.backend.run(*planes)


def encode(colorizer: Colorizer) -> Callable[[], object]:
    """One run of a model's field network on a photo of 256x256."""
    planes = np.random.default_rng(0).random((1, CHANNELS, 256, 256), dtype=np.float32)
    return lambda: colorizer.backend.encode(planes)


def stroke(colorizer: Colorizer, count: int) -> Callable[[], object]:
    """All that a stroke costs on a photo of 256x256 with so many dabs of random colours."""
    rng = np.random.default_rng(0)
    photo = colorizer.prepare(rng.integers(0, 256, (256, 256), np.uint8))
    hints = tuple(
        Hint(((x, y),), radius=0.015, color=f"#{color:06x}", stroke=False)
        for x, y, color in zip(
            *rng.random((2, count)), rng.integers(0, 1 << 24, count), strict=True
        )
    )
    return lambda: colorizer.predict(photo, HintSet(hints))


def peer(net: torch.nn.Module, side: int, threads: int) -> Callable[[], object]:
    """One run of a network of the field's size, exported as ours is; tells what it is."""
    planes = torch.rand(1, 4, side, side)
    net.eval()
    with FlopCounterMode(display=False) as counter:
        net(planes)
    millions = sum(p.numel() for p in net.parameters()) / 1e6
    print(f"{type(net).__name__}: {millions:.1f} M, {counter.get_total_flops() / 1e9:.1f} GFLOPs")
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(name) / "net.onnx"
        torch.onnx.export(net, (planes,), path, dynamo=True, verbose=False, external_data=False)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    inputs = {session.get_inputs()[0].name: planes.numpy()}
    return lambda: session.run(None, inputs)


if __name__ == "__main__":
    main()
