"""A small model that gives opinions, of weights that nobody trained."""

from pathlib import Path

import torch

from colorizer.model import ONNX, WEIGHTS, Card, sha256_of, write_card
from colorizer.nets.build import build
from colorizer.nets.store import export_onnx, save_weights

SETTINGS = {"width": 4, "depth": 2, "mask": True, "prior": True, "opinions": True}
SIZE = 128
LOUDER = 160
DOUBTING = 10.5


def opinionated(folder: Path, name: str = "tiny-opinions") -> Path:
    """Write such a model into ``folder``."""
    folder.mkdir(parents=True)
    torch.manual_seed(0)
    net = build("unet", **SETTINGS)
    with torch.no_grad():  # heads that have learned nothing say the same everywhere
        for head in (net.opinions.doubt, net.opinions.odds):
            head[-1].weight.mul_(LOUDER)
        net.opinions.doubt[-1].bias.add_(DOUBTING)
    export_onnx(net, folder / ONNX)
    save_weights(net, folder / WEIGHTS)
    files = {file: sha256_of(folder / file) for file in (ONNX, WEIGHTS)}
    write_card(folder, Card(name, net.config.to_json(), SIZE, files, {}))
    return folder
