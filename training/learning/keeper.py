"""What happens beside learning: measuring, keeping the best, checkpoints, and telling."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from training.learning.folder import write_best, write_state
from training.learning.journal import Journal
from training.learning.learner import Learner
from training.learning.validation import Validation
from training.pictures.data import Picture

Figures = dict[str, float]


class Watch(Protocol):
    """Who is told how a training goes."""

    def stepped(self, step: int, steps: int) -> bool:
        """A step is done; returns whether to go on."""
        ...

    def measured(self, step: int, values: Figures, best: Figures) -> None:
        """Figures were taken on the validation pictures; ``best`` are those of the best step."""
        ...


class Keeper:
    """Measures, keeps and tells, for the one process that leads a training.

    Args:
        learner: whose work it is.
        folder: of the run.
        val: pictures to measure on.
        data: fingerprint of the pictures learnt from, for the checkpoint.
        watch: who is told, besides the log.
    """

    def __init__(
        self,
        learner: Learner,
        folder: Path,
        val: Sequence[Picture],
        data: str,
        watch: Watch | None,
    ) -> None:
        recipe = learner.recipe
        self.learner = learner
        self.folder = folder
        self.data = data
        self.watch = watch
        self.steps = recipe.steps(learner.pictures)
        self._validation = Validation(val[: recipe.score_pictures], recipe.hints)
        self._journal = Journal(folder, step=learner.step)
        self._bar = tqdm(total=self.steps, initial=learner.step, unit="step", mininterval=1)
        self._saved = self._since = time.monotonic()
        self._losses: list[float] = []

    def stepped(self, loss: float) -> bool:
        """Do what is due after a step; returns whether the training should go on."""
        learner, now = self.learner, time.monotonic()
        learner.seconds += now - self._since
        self._since = now
        self._losses.append(loss)
        self._bar.update()
        if self._due():
            self._measure()
        if now - self._saved > 60 * learner.recipe.save_every_minutes:
            self.save()
        return self.watch is None or self.watch.stepped(learner.step, self.steps)

    def save(self) -> None:
        """Write the checkpoint.

        Raises:
            OSError: the disk is full or gone; the checkpoint before is as it was.
        """
        write_state(self.folder, self.learner, self.data)
        self._saved = time.monotonic()

    def close(self) -> None:
        """Write down what is left."""
        self._bar.close()
        if self.learner.step == self.steps:
            self._journal.ended(self.learner.recipe, self.learner.best)
        self._journal.close()

    def _alive(self) -> None:
        """Show in the middle of a measurement that the training goes on."""
        if self.watch is not None:
            self.watch.stepped(self.learner.step, self.steps)

    def _due(self) -> bool:
        step, recipe = self.learner.step, self.learner.recipe
        batch = recipe.stage_at(step - 1, self.learner.pictures).batch
        every = recipe.score_every or -(-self.learner.pictures // batch)
        return step % every == 0 or step == self.steps

    def _measure(self) -> None:
        learner = self.learner
        net = learner.kept()
        figures = self._validation.score(net, learner.device, told=self._alive)
        values = {
            "loss": sum(self._losses) / len(self._losses),
            "learning_rate": learner.learning_rate(),
            **figures,
        }
        self._losses.clear()
        if figures["psnr"] > learner.best.get("psnr", float("-inf")):
            write_best(self.folder, net)
            learner.best = {"step": learner.step, **figures}
            self._journal.shown(learner.step, self._validation.show(net, learner.device))
        self._journal.measured(learner.step, {**values, "seconds": learner.seconds})
        # The checkpoint that a resumed run starts from knows of every measurement.
        self.save()
        self._bar.set_postfix(loss=values["loss"], psnr=figures["psnr"])
        if self.watch is not None:
            self.watch.measured(learner.step, values, learner.best)
