"""Two processes learn what one would have learnt from the same batches."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.support.services import free_port
from training.learning.folder import LOG, read_state

ROOT = Path(__file__).resolve().parents[4]
# A plain script: torchrun starts it in each process.
LEARN = """
import sys, torch
from pathlib import Path
torch.set_num_threads(1)
from training.pictures.data import read_shards
from training.learning.fit import fit
from training.learning.recipe import read_recipe
recipe, shard, folder = map(Path, sys.argv[1:])
pictures = read_shards([shard])
fit(read_recipe(recipe), pictures, pictures, folder, workers=0)
"""
RECIPE = """
name = "tiny"
score_every = 1
score_pictures = 2
warm_up = 0
learning_rate = 1e-3
optimiser = "sgd"  # Adam turns rounding errors of tiny gradients into whole steps
net = {net = "nested_attention_unet", width = 4, depth = 2, mask = true, prior = true}
stages = [{steps = 4, crop = 32, batch = 4}]
"""


def learn(folder, shard, processes):
    folder.mkdir()
    (folder / "learn.py").write_text(LEARN)
    (folder / "recipe.toml").write_text(RECIPE)
    torchrun = ["-m", "torch.distributed.run", "--nproc-per-node", str(processes)]
    port = ["--master-port", str(free_port())]
    arguments = [folder / "learn.py", folder / "recipe.toml", shard, folder / "run"]
    done = subprocess.run(
        [sys.executable, *torchrun, *port, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    rows = [json.loads(line) for line in (folder / "run" / LOG).read_text().splitlines()]
    return [row["loss"] for row in rows], read_state(folder / "run")


@pytest.mark.slow
def test_two_processes_have_the_loss_of_one_on_the_same_batch(tmp_path, shard):
    alone, state = learn(tmp_path / "alone", shard, 1)
    shared, other = learn(tmp_path / "shared", shard, 2)
    assert len(alone) == 4
    assert shared == pytest.approx(alone, abs=1e-5)
    for key, value in state["net"].items():
        assert torch.allclose(value.float(), other["net"][key].float(), atol=1e-5), key
