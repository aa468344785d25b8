"""Two processes learn what one would have learnt from the same batches, and end when it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.support.services import free_port
from training.data.pictures import read_shards
from training.learning.fit import fit
from training.learning.folder import LOG, read_state
from training.learning.recipe import parse_recipe

ROOT = Path(__file__).resolve().parents[4]
SECONDS = 120
# A plain script: torchrun starts it in each process. One of them may be told to vanish.
LEARN = """
import os, sys, torch
from pathlib import Path
torch.set_num_threads(1)
from training.learning import train_state
from training.data.pictures import read_shards
from training.learning.fit import fit
from training.learning.recipe import read_recipe
recipe, shard, folder, vanishes = sys.argv[1:]
if os.environ["RANK"] == vanishes:
    train_state.ab_loss = lambda *_: os._exit(0)
pictures = read_shards([Path(shard)])
fit(read_recipe(Path(recipe)), pictures, pictures, Path(folder), workers=0)
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

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorboard")


@pytest.fixture
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def learn_together(folder, shard, vanishes="nobody"):
    """Start two processes as torchrun does; returns its exit status and what was said."""
    folder.mkdir()
    (folder / "learn.py").write_text(LEARN)
    (folder / "recipe.toml").write_text(RECIPE)
    torchrun = ["-m", "torch.distributed.run", "--nproc-per-node", "2"]
    port = ["--master-port", str(free_port())]
    arguments = [folder / "learn.py", folder / "recipe.toml", shard, folder / "run", vanishes]
    with subprocess.Popen(
        [sys.executable, *torchrun, *port, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as processes:
        try:
            _, stated = processes.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            processes.terminate()  # not killed: torchrun is to take the others along
            _, stated = processes.communicate()
            pytest.fail(f"the processes did not end in {SECONDS} seconds: {stated[-3000:]}")
    return processes.returncode, stated


def losses_in(folder):
    return [json.loads(line)["loss"] for line in (folder / LOG).read_text().splitlines()]


@pytest.mark.slow
def test_two_processes_have_the_loss_of_one_on_the_same_batch(tmp_path, shard, one_thread):
    pictures = read_shards([shard])
    fit(parse_recipe(RECIPE), pictures, pictures, tmp_path / "alone", workers=0)
    status, stated = learn_together(tmp_path / "shared", shard)
    assert status == 0, stated[-3000:]
    alone, shared = losses_in(tmp_path / "alone"), losses_in(tmp_path / "shared" / "run")
    assert len(alone) == 4
    assert shared == pytest.approx(alone, abs=1e-5)
    other = read_state(tmp_path / "shared" / "run")
    for key, value in read_state(tmp_path / "alone")["net"].items():
        assert torch.allclose(value.float(), other["net"][key].float(), atol=1e-5), key


@pytest.mark.slow
def test_a_process_that_vanishes_ends_the_training_with_a_sentence(tmp_path, shard):
    status, stated = learn_together(tmp_path / "shared", shard, vanishes="1")
    assert status != 0
    assert "TrainingError: another process of this training has gone" in stated, stated[-3000:]
    assert read_state(tmp_path / "shared" / "run")["step"] == 0
