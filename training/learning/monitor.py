"""What happens beside learning: measuring, keeping the best, checkpoints, and telling."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from training.data.pictures import Picture
from training.learning.folder import write_best, write_state
from training.learning.journal import Journal
from training.learning.train_state import TrainState
from training.learning.validation import Validation

Figures = dict[str, float]


class Callback(Protocol):
    """Who is told how a training goes."""

    def stepped(self, step: int, steps: int) -> bool:
        """A step is done; returns whether to go on."""
        ...

    def measured(self, step: int, values: Figures, best: Figures) -> None:
        """Figures were taken on the validation pictures; ``best`` are those of the best step."""
        ...


class TrainingMonitor:
    """Measures, keeps and tells, for the one process that leads a training.

    Args:
        train_state: whose work it is.
        folder: of the run.
        val: pictures to measure on.
        data: fingerprint of the pictures learnt from, for the checkpoint.
        callback: who is told, besides the log.
    """

    def __init__(
        self,
        train_state: TrainState,
        folder: Path,
        val: Sequence[Picture],
        data: str,
        callback: Callback | None,
    ) -> None:
        recipe = train_state.recipe
        self.train_state = train_state
        self.folder = folder
        self.data = data
        self.callback = callback
        self.steps = recipe.steps(train_state.pictures)
        self._validation = Validation(val[: recipe.score_pictures], recipe.hints)
        self._journal = Journal(folder, step=train_state.step)
        self._bar = tqdm(total=self.steps, initial=train_state.step, unit="step", mininterval=1)
        self._saved = self._since = time.monotonic()
        self._losses: list[float] = []

    def stepped(self, loss: float) -> bool:
        """Do what is due after a step; returns whether the training should go on."""
        train_state, now = self.train_state, time.monotonic()
        train_state.seconds += now - self._since
        self._since = now
        self._losses.append(loss)
        self._bar.update()
        if self._due():
            self._measure()
        if now - self._saved > 60 * train_state.recipe.save_every_minutes:
            self.save()
        return self.callback is None or self.callback.stepped(train_state.step, self.steps)

    def save(self) -> None:
        """Write the checkpoint.

        Raises:
            OSError: the disk is full or gone; the checkpoint before is as it was.
        """
        write_state(self.folder, self.train_state, self.data)
        self._saved = time.monotonic()

    def close(self) -> None:
        """Write down what is left."""
        self._bar.close()
        if self.train_state.step == self.steps:
            self._journal.add_result(self.train_state.recipe, self.train_state.best)
        self._journal.close()

    def _alive(self) -> None:
        """Show in the middle of a measurement that the training goes on."""
        if self.callback is not None:
            self.callback.stepped(self.train_state.step, self.steps)

    def _due(self) -> bool:
        step, recipe = self.train_state.step, self.train_state.recipe
        batch = recipe.stage_at(step - 1, self.train_state.pictures).batch
        every = recipe.score_every or -(-self.train_state.pictures // batch)
        return step % every == 0 or step == self.steps

    def _measure(self) -> None:
        train_state = self.train_state
        net = train_state.averaged()
        figures = self._validation.score(net, train_state.device, alive=self._alive)
        values = {
            "loss": sum(self._losses) / len(self._losses),
            "learning_rate": train_state.learning_rate(),
            **figures,
        }
        self._losses.clear()
        if figures["psnr"] > train_state.best.get("psnr", float("-inf")):
            write_best(self.folder, net)
            train_state.best = {"step": train_state.step, **figures}
            rows = self._validation.show(net, train_state.device)
            self._journal.add_images(train_state.step, rows)
        self._journal.add_figures(train_state.step, {**values, "seconds": train_state.seconds})
        # The checkpoint that a resumed run starts from knows of every measurement.
        self.save()
        self._bar.set_postfix(loss=values["loss"], psnr=figures["psnr"])
        if self.callback is not None:
            self.callback.measured(train_state.step, values, train_state.best)
