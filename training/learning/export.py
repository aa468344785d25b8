"""From a training to a model folder that can be served."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from colorizer.backends import OnnxBackend
from colorizer.model import Card, ModelFolder, write_card
from colorizer.nets.store import parity, rounded, write_network
from training.learning.folder import TrainingError, restore_network

SIZE = 256
LARGEST_DIFFERENCE = 1e-3  # ab units where they are colours, between torch and ONNX Runtime
_PARITY_SIZES = ((1, 256, 256), (3, 64, 224), (2, 128, 128))


def export_model(run: Path, folder: Path, facts: dict[str, Any]) -> ModelFolder:
    """Export a run's network, check it against torch, and write the folder with its card.

    Args:
        run: folder of the run.
        folder: of the model; replaced as a whole, or left as it was if anything fails.
        facts: what else the card says: data, limits, licence, scores.

    Raises:
        TrainingError: the run has no checkpoint, or the export does not agree with torch.
        ModelError: the folder that came out does not open.
    """
    learnt, recipe, progress = restore_network(run)
    net = rounded(learnt)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        fresh = Path(temporary) / folder.name
        fresh.mkdir()
        files = write_network(net, fresh)
        training = {"recipe": recipe.model_dump(mode="json"), **progress}
        card = Card(recipe.name, net.config.to_json(), SIZE, files, {"training": training, **facts})
        write_card(fresh, card)
        model = ModelFolder.open(fresh)
        difference = parity(net, OnnxBackend(model, threads=1), _PARITY_SIZES)
        if difference > LARGEST_DIFFERENCE:
            raise TrainingError(f"ONNX differs from torch by {difference:.2g} ab units.")
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    return ModelFolder.open(folder)
