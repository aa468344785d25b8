"""What a training writes down as it goes: a log of lines, and TensorBoard's files."""

from pathlib import Path
from typing import Any

from torch import Tensor
from torch.utils.tensorboard import SummaryWriter

from training.learning.folder import BOARD, append_log
from training.learning.recipe import Recipe


class Journal:
    """The log and the TensorBoard folder of a run.

    Args:
        folder: of the run.
        step: to go on from; what TensorBoard has of later steps is hidden.
    """

    def __init__(self, folder: Path, *, step: int) -> None:
        self._folder = folder
        self._board = SummaryWriter(str(folder / BOARD), purge_step=step or None)

    def add_figures(self, step: int, values: dict[str, float]) -> None:
        """Note the figures of a step."""
        append_log(self._folder, {"step": step, **values})
        for name, value in values.items():
            self._board.add_scalar(name, value, step)
        self._board.flush()

    def add_images(self, step: int, rows: Tensor) -> None:
        """Note pictures, (4 n, 3, H, W) in [0, 1]: grey, hints, result and truth of each."""
        from training.data.vision import utils  # as long to import as all the rest

        self._board.add_image("grey, hints, result, truth", utils.make_grid(rows, nrow=4), step)

    def add_result(self, recipe: Recipe, best: dict[str, float]) -> None:
        """Note the hyper-parameters with the best figures that they led to."""
        facts: dict[str, Any] = {
            **recipe.net,
            **recipe.model_dump(include={"optimiser", "learning_rate", "schedule", "precision"}),
            "loss": recipe.stages[-1].loss,
            "batch": recipe.stages[-1].batch,
        }
        figures = {f"best/{name}": value for name, value in best.items()}
        self._board.add_hparams(facts, figures, run_name=".")

    def close(self) -> None:
        """Write what is left."""
        self._board.close()
