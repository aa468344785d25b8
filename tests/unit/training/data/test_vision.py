"""torch and torchvision import together here, whichever builds of the two the machine has."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

ROOT = Path(__file__).resolve().parents[4]

USE_EVERYTHING_WE_USE = """
from pathlib import Path
import torch
from PIL import Image
from training.data.vision import datasets, transforms, utils

folder = Path("pictures")
for name, colour in (("cat", (200, 30, 30)), ("dog", (30, 30, 200))):
    (folder / name).mkdir(parents=True)
    Image.new("RGB", (24, 20), colour).save(folder / name / "1.png")

prepare = transforms.Compose([
    transforms.RandomResizedCrop(16, antialias=True),
    transforms.RandomHorizontalFlip(),
    transforms.ColorJitter(0.1),
    transforms.PILToTensor(),
])
pictures = datasets.ImageFolder(str(folder), transform=prepare)
assert len(pictures) == 2 and pictures.classes == ["cat", "dog"]
batch = torch.stack([picture for picture, _ in pictures])
assert batch.shape == (2, 3, 16, 16) and batch.dtype == torch.uint8
assert utils.make_grid(batch, padding=0).shape == (3, 16, 32)
for name in ("Places365", "ImageNet"):
    assert hasattr(datasets, name)
print("works")
"""


def run_fresh(code: str, *, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run code in a new interpreter: a cure that only works in a warm one is none."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_data_sets_transforms_and_grids_work_beside_this_torch(tmp_path):
    result = run_fresh(USE_EVERYTHING_WE_USE, folder=tmp_path)
    assert result.stdout.strip() == "works", result.stderr


def test_it_does_not_matter_that_torch_was_used_before(tmp_path):
    warm = "import torch; torch.nn.Conv2d(3, 3, 3)(torch.rand(1, 3, 8, 8))\n"
    result = run_fresh(warm + USE_EVERYTHING_WE_USE, folder=tmp_path)
    assert result.stdout.strip() == "works", result.stderr


def test_only_the_door_imports_torchvision():
    culprits = [
        str(path.relative_to(ROOT))
        for package in ("colorizer", "training", "webapp")
        for path in (ROOT / package).rglob("*.py")
        if path.name != "vision.py"
        and any(
            line.startswith(("import torchvision", "from torchvision"))
            for line in path.read_text().splitlines()
        )
    ]
    assert culprits == []
