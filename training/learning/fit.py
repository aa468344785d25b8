"""The training loop, one screen, top to bottom."""

import errno
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import torch
from torch.utils.data import DataLoader

from training.learning.distributed import PATIENCE, is_lost_touch, join, leave
from training.learning.folder import STATE, TrainingError, locked, read_state
from training.learning.keeper import Figures, Keeper, Watch
from training.learning.learner import Learner, LossIsNoNumber
from training.learning.recipe import Recipe
from training.learning.samples import Batches
from training.pictures.data import Picture


class Stopped(Exception):
    """Somebody asked the training to stop; its checkpoint is of the last step."""


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
    watch: Watch | None = None,
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
        watch: who is told how it goes, and may stop it.

    Returns:
        The figures of the best step.

    Raises:
        TrainingError: it cannot start or go on; a checkpoint that is there is usable.
        Stopped: the watch, Ctrl-C or SIGTERM asked it to stop.
    """
    world, device = join(device)
    torch.manual_seed(recipe.seed)
    with _left_at_the_end(), locked(folder) if world.leads else nullcontext():
        learner = Learner(recipe, len(train), device, world)
        _begin(learner, folder, data, resume=resume)
        keeper = Keeper(learner, folder, val, data, watch) if world.leads else None
        batches = Batches(train, recipe, first=learner.step, rank=world.rank, processes=world.size)
        try:
            with _errors_in_words(learner, keeper):
                _learn_all(learner, DataLoader(batches, None, num_workers=workers), keeper)
        finally:
            if keeper is not None:
                keeper.close()
            learner.part()
    return learner.best


def _learn_all(
    learner: Learner, batches: DataLoader[dict[str, torch.Tensor]], keeper: Keeper | None
) -> None:
    if keeper is not None:
        keeper.save()  # from here on there always is a checkpoint, and the disk can be written to
    with _stop_signals() as asked:
        go_on = True
        for batch in batches:
            loss = learner.learn(batch)
            stop = asked.is_set() or not go_on
            loss, stop = learner.world.agree(loss, stop=stop, device=learner.device)
            if keeper is not None:
                go_on = keeper.stepped(loss)
            if stop:
                if keeper is not None:
                    keeper.save()
                raise Stopped


def _begin(learner: Learner, folder: Path, data: str, *, resume: bool) -> None:
    """Start anew, or go back to the folder's checkpoint if it fits."""
    if any(stage.batch % learner.world.size for stage in learner.recipe.stages):
        raise TrainingError(f"each batch must be a multiple of the {learner.world.size} processes")
    if not resume:
        if (folder / STATE).exists():
            raise TrainingError(f"{folder} holds a run already: resume it or name another folder")
        return
    state = read_state(folder)
    if changed := _changed(Recipe.model_validate_json(state["recipe"]), learner.recipe):
        raise TrainingError(
            f"the run in {folder} was started with another recipe: {', '.join(changed)} changed"
        )
    if data and state["data"] != data:
        raise TrainingError(f"the pictures have changed since the run in {folder} began")
    try:
        learner.restore(state)
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
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def ask(number: int, _frame: object) -> None:
        if asked.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        asked.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _errors_in_words(learner: Learner, keeper: Keeper | None) -> Iterator[None]:
    """Turn what goes wrong while learning into a sentence; the checkpoint stays usable.

    Raises:
        TrainingError: instead of the error.
    """
    try:
        yield
    except LossIsNoNumber as error:
        raise TrainingError(
            f"the loss is {error} at step {learner.step}: try a lower learning rate; "
            "the last checkpoint is usable"
        ) from error
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        if is_lost_touch(error):
            raise TrainingError(
                f"another process of this training has gone, or was silent for {PATIENCE}, at "
                f"step {learner.step}: its own message says why; the last checkpoint is usable"
            ) from error
        if not _is_out_of_memory(error):
            raise
        learner.optimiser.zero_grad()
        if keeper is not None:
            keeper.save()
        stage = learner.recipe.stage_at(learner.step, learner.pictures)
        raise TrainingError(
            f"out of memory at step {learner.step} with batches of {stage.batch} samples of "
            f"{stage.crop} pixels: make either smaller; the checkpoint of this step is usable"
        ) from error
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
        raise TrainingError(
            f"step {learner.step} could not be written down: {reason}; "
            "the last checkpoint is usable"
        ) from error


def _is_out_of_memory(error: BaseException) -> bool:
    # torch's allocator on the CPU raises a plain RuntimeError.
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "allocate memory" in str(
        error
    )
