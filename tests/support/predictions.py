"""A small model with a field, of weights that nobody trained."""

from pathlib import Path

import torch

from colorizer.model import Card, write_card
from colorizer.nets.build import build
from colorizer.nets.store import write_network
from tests.support.exports import once

SETTINGS = {
    "width": 4,
    "depth": 2,
    "mask": True,
    "prior": True,
    "half": True,
    "field": 4,
    "corrects": False,
}
SIZE = 128
LOUDER = 160


def predicting_model(folder: Path, exports: Path, name: str = "tiny-predicting") -> Path:
    """Write such a model into ``folder``; ``exports`` has what was exported already."""
    folder.mkdir(parents=True)
    torch.manual_seed(0)
    net = build("unet", **SETTINGS)
    with torch.no_grad():  # a head that has learned nothing says the same everywhere
        net.field.distribution[-1].weight.mul_(LOUDER)
        net.field.constant.fill_(5.0)  # nor is anybody unsure of it
        net.field.partial_sill.fill_(4.0)  # or is, once there is a hint anywhere
    files = once(write_network, exports)(net.eval(), folder)
    write_card(folder, Card(name, net.config.to_json(), SIZE, files, {}))
    return folder
