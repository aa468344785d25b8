"""A run's folder: its checkpoint, its best weights, its logs, and the lock that guards them."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

import torch
from filelock import FileLock, Timeout

from colorizer.nets import ColorNet, build
from colorizer.nets.store import load_weights, save_weights
from training.evaluation.methods import BEST
from training.learning.recipe import Recipe
from training.learning.train_state import TrainState

STATE = "state.pt"
PIECE = 16 * 2**20
"""Bytes of a checkpoint's pieces, for ways that carry small files only."""
LOG = "log.jsonl"
BOARD = "tensorboard"
_LOCK = "lock"
_MODULE = "module."


class TrainingError(Exception):
    """Training cannot start or go on; the message says why, for people to read."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a run's folder for this process; it is made if it is not there.

    Raises:
        TrainingError: another process holds it, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / _LOCK, timeout=0):
            yield
    except Timeout:
        raise TrainingError(f"{folder} is being trained in by another process.") from None
    except PermissionError as error:
        raise TrainingError(f"{folder} may not be written to.") from error


def is_locked(folder: Path) -> bool:
    """Whether a process on this machine trains in a folder."""
    try:
        with locked(folder):
            return False
    except TrainingError:
        return True


def split_state(folder: Path) -> list[Path]:
    """Write a run's checkpoint and best weights once more, in pieces of :data:`PIECE` bytes.

    Raises:
        OSError: there is no checkpoint, or the disk is full or gone.
    """
    pieces = []
    for name in (STATE, BEST):
        for old in _pieces(folder, name):
            old.unlink()
        if name == BEST and not (folder / BEST).exists():
            continue  # nothing has been measured yet
        content = (folder / name).read_bytes()
        for number, start in enumerate(range(0, len(content), PIECE)):
            (folder / f"{name}.{number:03}").write_bytes(content[start : start + PIECE])
        pieces += _pieces(folder, name)
    return pieces


def join_state(folder: Path) -> bool:
    """Put together what came in pieces, where there is no whole one.

    Returns:
        Whether there is a checkpoint now.
    """
    for name in (STATE, BEST):
        pieces = _pieces(folder, name)
        if pieces and not (folder / name).exists():
            _replace(folder / name, partial(_write_all, pieces))
    return (folder / STATE).exists()


def _write_all(pieces: Iterable[Path], file: IO[bytes]) -> None:
    for piece in pieces:
        file.write(piece.read_bytes())


def _pieces(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(f"{name}.[0-9][0-9][0-9]"))


def read_state(folder: Path) -> dict[str, Any]:
    """The checkpoint of a run; no code in it is run.

    Raises:
        TrainingError: there is none, or it is damaged.
    """
    try:
        state: dict[str, Any] = torch.load(folder / STATE, map_location="cpu", weights_only=True)
    except OSError as error:
        raise TrainingError(f"There is no run in {folder}: it has no readable {STATE}.") from error
    except Exception as error:  # torch raises many kinds for what it cannot read
        raise TrainingError(f"The checkpoint in {folder} is damaged.") from error
    if not isinstance(state, dict) or not {"recipe", "net", "mean", "step"} <= set(state):
        raise TrainingError(f"{folder / STATE} is no checkpoint of a run.")
    return state


def write_state(folder: Path, train_state: TrainState, data: str) -> None:
    """Write the checkpoint beside the old one, then put it in its place.

    Args:
        folder: of the run.
        train_state: what to save.
        data: fingerprint of the pictures it learns from.

    Raises:
        OSError: the disk is full or gone; the old checkpoint is as it was.
    """
    state = {**train_state.state(), "data": data}
    _replace(folder / STATE, lambda file: torch.save(state, file))


def write_best(folder: Path, net: ColorNet) -> None:
    """Keep a network as the best of its run, in place of any before.

    Raises:
        OSError: the disk is full or gone; the weights before are as they were.
    """
    fresh = folder / f"{BEST}.new"
    try:
        save_weights(net, fresh)
        fresh.replace(folder / BEST)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def append_log(folder: Path, row: dict[str, float]) -> None:
    """Add a line of JSON to the run's log."""
    with (folder / LOG).open("a") as file:
        file.write(json.dumps(row) + "\n")


def restore_network(folder: Path) -> tuple[ColorNet, Recipe, dict[str, Any]]:
    """The best network of a run so far, its recipe, and how far it came.

    Raises:
        TrainingError: there is no readable checkpoint, or it is of another network.
    """
    state = read_state(folder)
    recipe = Recipe.model_validate_json(state["recipe"])
    if (folder / BEST).exists():
        try:
            net = load_weights(folder / BEST, recipe.net)
        except ValueError as error:
            raise TrainingError(f"The weights in {folder} cannot be used: {error}.") from error
    else:
        net = build(**recipe.net)
        net.load_state_dict(_current(state, recipe))
    facts = {"steps": state["step"], "seconds": round(state["seconds"]), "best": state["best"]}
    return net.eval(), recipe, facts


def _current(state: dict[str, Any], recipe: Recipe) -> dict[str, Any]:
    if not recipe.ema:
        return dict(state["net"])
    return {
        key.removeprefix(_MODULE): value
        for key, value in state["mean"].items()
        if key.startswith(_MODULE)
    }


def _replace(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    fresh = path.with_name(f"{path.name}.new")
    try:
        with fresh.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
