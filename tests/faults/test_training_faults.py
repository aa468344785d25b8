"""A training that is killed without warning ends with the weights of one that was not."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from colorizer.model import sha256_of
from tests.support.server import make_tables

ROOT = Path(__file__).resolve().parents[2]
RECIPE = """
name = "{name}"
warm_up = 2
score_every = 4
score_pictures = 2
save_every_minutes = 1e-5
net = {{net = "unet", width = 2, depth = 1, prior = true}}
stages = [{{steps = 40, crop = 64, batch = 2}}]
"""


def train(folder, shard, name, *options):
    recipe = folder / f"{name}.toml"
    recipe.write_text(RECIPE.format(name=name))
    return subprocess.Popen(
        [
            *(sys.executable, "manage.py", "train", str(recipe), "--threads", "1"),
            *("--data", str(shard), "--val", str(shard), "--workers", "0", *options),
        ],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder / "data"), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.slow
def test_a_killed_training_resumes_to_the_same_weights(tmp_path, shard):
    make_tables(tmp_path / "data")
    whole = train(tmp_path, shard, "whole")
    printed, _ = whole.communicate(timeout=240)
    assert whole.returncode == 0, printed[-3000:]

    broken = train(tmp_path, shard, "broken")
    log = tmp_path / "data" / "runs" / "broken" / "log.jsonl"
    while not log.exists() or len(log.read_text().splitlines()) < 3:
        assert broken.poll() is None, broken.stdout.read()[-3000:]
        time.sleep(0.01)
    broken.send_signal(signal.SIGKILL)
    broken.communicate()
    assert not (tmp_path / "data" / "models" / "broken").exists(), (
        "it was done before it was killed"
    )

    resumed = train(tmp_path, shard, "broken", "--resume")
    printed, _ = resumed.communicate(timeout=240)
    assert resumed.returncode == 0, printed[-3000:]
    assert re.search(r"Done: broken, \d+\.\d\d dB", printed)
    weights = [
        sha256_of(tmp_path / "data" / "models" / name / "weights.safetensors")
        for name in ("whole", "broken")
    ]
    assert weights[0] == weights[1]
