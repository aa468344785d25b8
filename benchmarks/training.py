"""Pictures a second of a training, beside the same step on one batch that is kept in memory.

``python -m benchmarks.training --data SOURCE [RECIPE] [--threads N] [--workers N]``. Both are
measured in turns in one run, so that a busy machine slows both; the ratio is what counts.
"""

import argparse
import itertools
import time
from pathlib import Path
from statistics import median

import torch
from torch.utils.data import DataLoader

from training.data.pictures import read_pictures
from training.learning.distributed import World
from training.learning.recipe import read_recipe
from training.learning.samples import Batches
from training.learning.train_state import TrainState

ROUNDS = 6
STEPS = 30  # many more than a worker prepares ahead
WARM_UP = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", type=Path, nargs="?", default=Path("recipes/rehue.toml"))
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--width", type=int, help="of the network, in place of the recipe's")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = read_recipe(options.recipe)
    if options.width:
        recipe = recipe.model_copy(update={"net": {**recipe.net, "width": options.width}})
    pictures = read_pictures(options.data, "train")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    train_state = TrainState(recipe, len(pictures), device, World())
    batches = iter(DataLoader(Batches(pictures, recipe), None, num_workers=options.workers))
    batch = next(batches)
    for batch in itertools.islice(batches, WARM_UP):
        train_state.learn(batch)
    ratios, speeds = [], []
    for _ in range(ROUNDS):
        fed = seconds(train_state, batches)
        still = seconds(train_state, itertools.repeat(batch))
        ratios.append(still / fed)
        speeds.append((batch["ab"].shape[0] * STEPS / fed, batch["ab"].shape[0] * STEPS / still))
    fed, still = (median(column) for column in zip(*speeds, strict=True))
    print(f"{options.recipe.stem}: {recipe.net}, batches of {batch['ab'].shape[0]}")
    print(f"{options.threads} threads, {options.workers} workers, {device}, {ROUNDS} rounds")
    print(f"training             {fed:7.1f} pictures a second")
    print(f"one batch in memory  {still:7.1f} pictures a second")
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    print(f"ratio                {median(ratios):7.2f} (median; {spread})")


def seconds(train_state, batches) -> float:
    """Time that some steps take, the waiting for their batches included."""
    began = time.perf_counter()
    for batch in itertools.islice(batches, STEPS):
        train_state.learn(batch)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
