"""A transformer of iColoriT-Tiny's size, trained by us: what the same time buys without our parts.

``python -m benchmarks.peer learn --data TRAIN.tar EXTRA.tar --minutes 60 --to vit.pt`` trains it
from random weights on pictures and hints like those of our own networks (224x224, hints of
:func:`colorizer.samplers.sample_mixed`, PSNR as the loss); called again, it goes on.

``python -m benchmarks.peer score vit.pt --data TEST.tar --limit 120`` plays the protocol
``points`` with it, on the pictures and hints that ``manage.py evaluate`` takes.
"""

import argparse
import copy
import math
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.peers import SIDE, ViT
from colorizer.color import Array, rgb_to_lab
from colorizer.samplers import sample_mixed, seeded
from training.data.pictures import Picture, read_pictures
from training.evaluation.evaluate import SPLIT, choose
from training.evaluation.fixed_hints import join
from training.evaluation.metrics import psnr
from training.evaluation.protocols import PROTOCOLS, FixedHints
from training.learning.crops import random_crop
from training.learning.losses import psnr_loss

BATCH = 8
RATE, WARM_UP, EMA = 5e-4, 150, 0.999
DENSE = 0.25
_AB = 110  # CIELAB units at 1, on both sides of the network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    learn_command = commands.add_parser("learn")
    learn_command.add_argument("--data", type=Path, nargs="+", required=True)
    learn_command.add_argument("--minutes", type=float, required=True, help="in all")
    learn_command.add_argument("--to", type=Path, required=True)
    learn_command.set_defaults(run=learn)
    score_command = commands.add_parser("score")
    score_command.add_argument("weights", type=Path)
    score_command.add_argument("--data", type=Path, nargs="+", required=True)
    score_command.add_argument("--limit", type=int)
    score_command.set_defaults(run=score)
    options = parser.parse_args()
    options.run(options)


def learn(options: argparse.Namespace) -> None:
    """Train for some minutes, those of earlier calls included."""
    pictures = read_pictures(options.data, "train")
    torch.manual_seed(0)
    net = fresh()
    mean = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.05, betas=(0.9, 0.95))
    step, spent = 0, 0.0
    if options.to.exists():
        state = torch.load(options.to)
        for part, key in ((net, "net"), (mean, "mean"), (optimiser, "optimiser")):
            part.load_state_dict(state[key])
        step, spent = state["step"], state["seconds"]
    started = time.monotonic() - spent
    done = 0.0
    while done < 1:
        lightness, ab, hint_ab, mask = batch(pictures, step)
        done = min(1.0, (time.monotonic() - started) / (60 * options.minutes))
        for group in optimiser.param_groups:
            fall = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))
            group["lr"] = RATE * min(1, (step + 1) / WARM_UP) * fall
        loss = psnr_loss(lightness, color(net, lightness, hint_ab, mask), ab)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1)
        optimiser.step()
        step += 1
        with torch.no_grad():
            for old, new in zip(mean.parameters(), net.parameters(), strict=True):
                old.lerp_(new, 1 - min(EMA, (1 + step) / (10 + step)))
        if step % 100 == 0 or done == 1:
            print(f"step {step}, {done:.0%}: {float(loss.detach()):.3f}", flush=True)
            parts = {"net": net, "mean": mean, "optimiser": optimiser}
            state = {key: part.state_dict() for key, part in parts.items()}
            seconds = time.monotonic() - started
            torch.save({**state, "step": step, "seconds": seconds}, options.to)


def score(options: argparse.Namespace) -> None:
    """Play ``points``."""
    net = ViT().eval()
    net.load_state_dict(torch.load(options.weights)["mean"])
    protocol = PROTOCOLS["points"]
    assert isinstance(protocol, FixedHints)
    pictures = choose(read_pictures(options.data, SPLIT), options.limit)
    qualities: dict[str, list[float]] = {}
    for picture in pictures:
        truth = protocol.truth(picture.rgb())
        lab = rgb_to_lab(truth)
        ab = np.ascontiguousarray(lab[..., 1:].transpose(2, 0, 1))
        lightness = torch.from_numpy(lab[None, None, ..., 0] / np.float32(100))
        for amount in protocol.amounts:
            hints = protocol.hints(picture.name, ab, amount)
            planes = (torch.from_numpy(plane[None]) for plane in hints)
            with torch.inference_mode():
                predicted = color(net, lightness, *planes)[0].numpy()
            qualities.setdefault(f"@{amount}", []).append(psnr(join(lab, predicted), truth))
    print(f"ViT, {len(pictures)} pictures")
    for amount, values in qualities.items():
        error = np.std(values, ddof=1) / math.sqrt(len(values))
        print(f"{amount:>5} {np.mean(values):6.2f} dB (standard error {error:.2f})")


def fresh() -> ViT:
    """The network at a start that predicts grey."""
    net = ViT()
    nn.init.trunc_normal_(net.places, std=0.02)
    for layer in (net.head, net.smooth):
        for parameter in layer.parameters():
            nn.init.zeros_(parameter)
    nn.init.dirac_(net.smooth.weight)
    return net


def color(net: ViT, lightness: Tensor, hint_ab: Tensor, mask: Tensor) -> Tensor:
    """Ab (N, 2, 224, 224) in CIELAB units; as everywhere, hints stay as they are."""
    predicted: Tensor = _AB * net(torch.cat([lightness - 0.5, hint_ab / _AB, mask], dim=1))
    return torch.where(mask > 0, hint_ab, predicted)


def batch(pictures: Sequence[Picture], step: int) -> list[Tensor]:
    """Lightness, ab, hints' ab and mask of a step's crops."""
    rng = seeded("peer", step)
    samples: list[tuple[Array, ...]] = []
    for number in rng.integers(0, len(pictures), BATCH):
        lab = rgb_to_lab(random_crop(pictures[number].rgb(), SIDE, rng)).transpose(2, 0, 1)
        samples.append((lab[:1] / 100, lab[1:], *sample_mixed(lab[1:], rng, dense=DENSE)))
    planes = (np.stack(plane).astype(np.float32) for plane in zip(*samples, strict=True))
    return [torch.from_numpy(np.ascontiguousarray(plane)) for plane in planes]


if __name__ == "__main__":
    main()
