"""A search for hyper-parameters: an Optuna study whose trials are short trainings.

The space is the report's: learning rate, optimiser and loss, for the best PSNR of an epoch on the
validation pictures. Several processes may work on one study; it alone says what is left to do.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna
from optuna.exceptions import ExperimentalWarning
from optuna.trial import FrozenTrial, TrialState

from colorizer.samplers import seeded
from training.data.pictures import DataError, Picture
from training.evaluation.methods import BEST
from training.learning.fit import TrainingStoppedError, fit
from training.learning.folder import STATE, TrainingError
from training.learning.recipe import Recipe, check_recipe
from training.learning.train_state import NonFiniteLossError

LEARNING_RATES = (1e-4, 1e-3)
OPTIMISERS = ("sgd", "adam", "rmsprop")
LOSSES = ("mse", "l1")
COMPLETE_BEFORE_PRUNING = 5
FIRST_PRUNED_EPOCH = 2
HEARTBEAT_SECONDS = 5
GRACE_SECONDS = 30
"""After so long without a heartbeat, a trial's process is taken for dead."""
LOCKED_SECONDS = 60
ERROR = "error"


class TrialFailedError(Exception):
    """The values that a trial tried cannot be learnt with; that is its result."""


class NoTrialLeftError(Exception):
    """Other processes have taken up all trials since this one looked."""


@contextmanager
def opened_study(url: str, name: str, folder: Path) -> Iterator[optuna.Study]:
    """Open a study for the length of a ``with`` block; it is made if it is not there.

    A trial is pruned after its second epoch or later, once five are complete, if its best PSNR is
    below the median of theirs after as many epochs (Optuna's ``MedianPruner``).

    Args:
        url: of the database, as SQLAlchemy has it.
        name: of the study.
        folder: of the trials, from which a dead trial's checkpoint is removed.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sqlite = url.startswith("sqlite")
    with _experimental():
        storage = optuna.storages.RDBStorage(
            url,
            engine_kwargs={"connect_args": {"timeout": LOCKED_SECONDS}} if sqlite else None,
            heartbeat_interval=HEARTBEAT_SECONDS,
            grace_period=GRACE_SECONDS,
            heartbeat_stale_trial_callback=lambda _, trial: forget_checkpoint(folder, trial.number),
        )
    pruner = optuna.pruners.MedianPruner(
        n_startup_trials=COMPLETE_BEFORE_PRUNING, n_warmup_steps=FIRST_PRUNED_EPOCH
    )
    try:
        yield optuna.create_study(
            study_name=name,
            storage=storage,
            pruner=pruner,
            direction="maximize",
            load_if_exists=True,
        )
    finally:
        storage.remove_session()
        storage.engine.dispose()


def outcomes(study: optuna.Study) -> list[FrozenTrial]:
    """Trials that count: complete, pruned, or failed by their own values.

    One whose process died or was stopped says nothing of its values, and is made up for.
    """
    return [trial for trial in study.get_trials(deepcopy=False) if _has_outcome(trial)]


def work_off(study: optuna.Study, trial: Trial) -> None:
    """Make one trial after the other, until all have an outcome or are in other hands.

    Raises:
        TrainingStoppedError: it was asked to stop; the trial in work does not count.
        TrainingError: no trial can be trained here, whatever its values.
    """
    while _left(study, trial.total):
        with _experimental():
            study.optimize(trial, n_trials=1, catch=(TrialFailedError, NoTrialLeftError))
        trial.report()


def give_up_dead_trials(study: optuna.Study) -> None:
    """Fail the trials whose processes have gone, so that others are made for them."""
    with _experimental():
        optuna.storages.fail_stale_trials(study)


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial of a study, as often as it is called.

    Attributes:
        recipe: what all trials share: one stage, measured once an epoch.
        total: trials to have an outcome in the end.
        train: pictures to learn from.
        val: pictures to measure on.
        folder: of the search; each trial has a folder below, with its log.
        device: a torch device.
        workers: processes that prepare batches.
        go_on: asked after every step whether to go on.
        report: called after every epoch and every trial.
    """

    recipe: Recipe
    total: int
    train: Sequence[Picture]
    val: Sequence[Picture]
    folder: Path
    device: str
    workers: int
    go_on: Callable[[], bool]
    report: Callable[[], None]

    def __call__(self, trial: optuna.Trial) -> float:
        """Train with the values that the study suggests.

        Returns:
            PSNR on the validation pictures after the best epoch, in dB.

        Raises:
            TrialPruned: other trials are better.
            TrialFailedError: the loss is no number.
            NoTrialLeftError: the trial would be one too many.
            TrainingStoppedError: it was asked to stop.
            TrainingError: no trial can be trained here.
        """
        if _left(trial.study, self.total, before=trial.number) < 1:
            raise NoTrialLeftError
        recipe = suggested(trial, self.recipe)
        callback = TrialCallback(trial, recipe, len(self.train), self.go_on, self.report)
        try:
            best = fit(
                recipe,
                self.train,
                self.val,
                folder_of_trial(self.folder, trial.number),
                device=self.device,
                workers=self.workers,
                callback=callback,
            )
        except TrainingStoppedError:
            if callback.pruned:
                raise optuna.TrialPruned from None
            raise
        except TrainingError as error:
            if not isinstance(error.__cause__, NonFiniteLossError):
                raise
            trial.set_user_attr(ERROR, str(error.__cause__))
            raise TrialFailedError(str(error)) from error
        finally:
            forget_checkpoint(self.folder, trial.number)
        return best["psnr"]


def suggested(trial: optuna.Trial, recipe: Recipe) -> Recipe:
    """A trial's recipe, drawn by Optuna's TPE as independent parameters.

    The draw depends on the recipe's seed, the trial's number and the trials before it. So workers
    side by side, or a search that goes on, never draw what another trial has drawn by chance.
    """
    seed = int(seeded(recipe.seed, "trial", trial.number).integers(2**32))
    trial.study.sampler = optuna.samplers.TPESampler(seed=seed, multivariate=False)
    values = recipe.model_dump()
    values["learning_rate"] = trial.suggest_float("learning_rate", *LEARNING_RATES, log=True)
    values["optimiser"] = trial.suggest_categorical("optimiser", OPTIMISERS)
    values["stages"][0]["loss"] = trial.suggest_categorical("loss", LOSSES)
    return check_recipe(values)


class TrialCallback:
    """Tells the study of each epoch, and ends a trial that others have outdone.

    Args:
        trial: that is trained.
        recipe: its own.
        pictures: how many there are to learn from.
        go_on: asked after every step whether to go on.
        report: called after every epoch.
    """

    def __init__(
        self,
        trial: optuna.Trial,
        recipe: Recipe,
        pictures: int,
        go_on: Callable[[], bool],
        report: Callable[[], None],
    ) -> None:
        self.pruned = False
        self._trial = trial
        self._batch = recipe.stages[0].batch
        self._pictures = pictures
        self._go_on = go_on
        self._report = report

    def stepped(self, _step: int, _steps: int) -> bool:
        """A step is done; returns whether to go on."""
        return not self.pruned and self._go_on()

    def measured(self, step: int, values: dict[str, float], _best: dict[str, float]) -> None:
        """Report the PSNR after an epoch."""
        self._trial.report(values["psnr"], step * self._batch // self._pictures)
        self.pruned = self._trial.should_prune()
        self._report()


def draw_pictures(pictures: Sequence[Picture], count: int | None, seed: int) -> Sequence[Picture]:
    """The first ``count`` of the pictures in an order that ``seed`` decides; all if it is None.

    Raises:
        DataError: there are not so many.
    """
    if count is None:
        return pictures
    if count > len(pictures):
        raise DataError(f"There are only {len(pictures)} pictures to learn from, not {count}.")
    order = seeded(seed, "pictures of the search").permutation(len(pictures))
    return [pictures[place] for place in order[:count]]


def table(study: optuna.Study) -> list[dict[str, Any]]:
    """The study's trials as rows of plain values.

    ``value`` is the PSNR in dB after the best epoch so far, ``state`` one of ``running``,
    ``complete``, ``pruned``, ``fail`` (the loss is no number) and ``interrupted``.
    """
    return [_row(trial) for trial in study.get_trials(deepcopy=False) if trial.params]


def folder_of_trial(folder: Path, number: int) -> Path:
    """The folder of a trial's log, below that of its search."""
    return folder / f"trial-{number}"


def forget_checkpoint(folder: Path, number: int) -> None:
    """Remove a trial's weights and checkpoint; its log stays."""
    for name in (STATE, BEST):
        (folder_of_trial(folder, number) / name).unlink(missing_ok=True)


def _row(trial: FrozenTrial) -> dict[str, Any]:
    epochs = trial.intermediate_values
    best = max(epochs, key=epochs.__getitem__, default=None)
    interrupted = trial.state is TrialState.FAIL and not _has_outcome(trial)
    return {
        "number": trial.number,
        "state": "interrupted" if interrupted else trial.state.name.lower(),
        "value": None if best is None else epochs[best],
        **{key: trial.params.get(key) for key in ("learning_rate", "optimiser", "loss")},
        "best_epoch": best,
        "seconds": trial.duration.total_seconds() if trial.duration else None,
    }


def _has_outcome(trial: FrozenTrial) -> bool:
    return trial.state in {TrialState.COMPLETE, TrialState.PRUNED} or ERROR in trial.user_attrs


def _left(study: optuna.Study, total: int, *, before: int | None = None) -> int:
    """How many of ``total`` trials are not taken up, or had when the trial ``before`` began."""
    taken = [
        trial
        for trial in study.get_trials(deepcopy=False)
        if (trial.state is TrialState.RUNNING or _has_outcome(trial))
        and (before is None or trial.number < before)
    ]
    return total - len(taken)


@contextmanager
def _experimental() -> Iterator[None]:
    """Use what Optuna may change one day, and say so in the pins rather than in warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        yield
