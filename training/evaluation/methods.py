"""The rows of a table as functions: the training-free ones, and networks wherever they are."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from colorizer.baselines import levin, nearest
from colorizer.color import Array
from colorizer.engine import Colorizer
from colorizer.field import PhotoField
from colorizer.hints import Controls
from colorizer.kriging import krige
from colorizer.model import CARD, Card, ModelError, ModelFolder
from colorizer.prepared import Prepared
from colorizer.prior import propagate
from colorizer.raster import HintPlanes
from training.evaluation.protocols import TRAINING_FREE, TRUTH, variant

SIZE = 256  # of a large photo for the rows without a network, as the networks see it
BEST = "best.safetensors"
"""In the folder of a run, the weights that did best so far."""

Color = Callable[[Prepared, Array, Array], Array]


@dataclass(frozen=True, slots=True)
class Subject:
    """A network to score.

    Attributes:
        name: of its row.
        path: a model folder, or the folder of a run with weights.
        sha256: of ``model.onnx``, or of the run's weights.
    """

    name: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Method:
    """A row that is ready to colour.

    Attributes:
        color: a prepared picture, the hints' ab (2, h, w) in CIELAB units and their mask
            (1, h, w), to ab (2, h, w).
        size: longer side of a large photo as the method sees it.
        subject: the network; None for a training-free row.
    """

    color: Color
    size: int = SIZE
    subject: Subject | None = None


def is_scorable(path: Path) -> bool:
    """Whether a folder looks like a model's or like that of a run with weights."""
    return (path / CARD).is_file() or (path / BEST).is_file()


def open_subject(path: Path, name: str | None = None) -> Subject:
    """Look at what is to be scored, without loading more than its identity needs.

    Args:
        path: a model folder or a run's folder.
        name: of its row; the model's own name, or the folder's for a run, if left out.

    Raises:
        ModelError: neither can be read there.
    """
    if (path / CARD).is_file() or not (path / BEST).is_file():
        folder = ModelFolder.open(path)
        return Subject(name or folder.name, path, folder.sha256)
    _, sha256 = _restore(path)
    return Subject(name or path.resolve().name, path, sha256)


def name_apart(subjects: Sequence[Subject]) -> list[Subject]:
    """Give each network one row, with part of its hash in the name where names clash."""
    taken = (*TRAINING_FREE, TRUTH)
    apart: dict[str, Subject] = {name: Subject(name, Path(), "") for name in taken}
    for subject in dict.fromkeys(subjects):
        name = subject.name
        if name in apart:
            name = f"{name}-{subject.sha256[:8]}"
        apart[name] = Subject(name, subject.path, subject.sha256)
    return [subject for subject in apart.values() if subject.sha256]


@cache
def load(subject: Subject) -> Colorizer:
    """Load a network; kept until ``load.cache_clear()``.

    Raises:
        ModelError: it cannot be loaded, or is no longer the one that was opened.
    """
    if (subject.path / CARD).is_file():
        return Colorizer.load(subject.path)
    colorizer, sha256 = _restore(subject.path)
    if sha256 != subject.sha256:
        raise ModelError(
            f"{subject.name} learned on while it was scored; score it when its training rests."
        )
    return colorizer


def methods_of(
    subjects: Sequence[Subject],
    training_free: Sequence[str] = TRAINING_FREE,
    controls: Mapping[str, Controls] | None = None,
) -> dict[str, Method]:
    """Every row by its name: the training-free ones, then the networks.

    Args:
        subjects: the networks.
        training_free: which of the training-free rows.
        controls: by name, those that each network also colours with, in a row of its own.

    Raises:
        ModelError: a network cannot be loaded.
    """
    colors = dict(zip(TRAINING_FREE, (_grey, _nearest, _levin, _prior, _kriging), strict=True))
    methods = {name: Method(colors[name]) for name in training_free}
    for subject in subjects:
        methods[subject.name] = _network(subject, Controls())
        for name, others in (controls or {}).items():
            methods[variant(subject.name, name)] = _network(subject, others)
    return methods


def _network(subject: Subject, controls: Controls) -> Method:
    colorizer = load(subject)

    def color(photo: Prepared, ab: Array, mask: Array) -> Array:
        return colorizer.predict_planes([photo], [HintPlanes(ab, mask, controls=controls)])[0]

    return Method(color, colorizer.card.size, subject)


def _restore(path: Path) -> tuple[Colorizer, str]:
    """The network of a run's folder, and the SHA-256 of its weights."""
    from colorizer.nets.store import load_weights  # models that serve need no torch
    from colorizer.torch_backend import TorchBackend

    try:
        net = load_weights(path / BEST)
    except ValueError as error:
        raise ModelError(f"The weights in {path} cannot be used: {error}.") from error
    weights = {key: tensor.cpu().numpy() for key, tensor in net.state_dict().items()}
    card = Card(path.resolve().name, net.config.to_json(), SIZE, {}, {})
    return Colorizer(card, TorchBackend(net)), _digest(weights)


def _digest(weights: Mapping[str, Array]) -> str:
    digest = hashlib.sha256()
    for key, values in sorted(weights.items()):
        digest.update(f"{key} {values.dtype} {values.shape}\n".encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def _grey(photo: Prepared, ab: Array, mask: Array) -> Array:
    return np.zeros_like(ab)


def _nearest(photo: Prepared, ab: Array, mask: Array) -> Array:
    return nearest(ab, mask)


def _levin(photo: Prepared, ab: Array, mask: Array) -> Array:
    height, width = mask.shape[1:]
    return levin(photo.lightness[0, :, :height, :width], ab, mask)


def _prior(photo: Prepared, ab: Array, mask: Array) -> Array:
    height, width = mask.shape[1:]
    rows, columns = photo.lightness.shape[-2:]
    around = ((0, 0), (0, rows - height), (0, columns - width))
    padded = np.pad(ab, around)[None], np.pad(mask, around)[None]
    spread: Array = propagate(photo.affinities, *padded)[0, :, :height, :width]
    return spread


def _kriging(photo: Prepared, ab: Array, mask: Array) -> Array:
    return krige(photo.once("plain", lambda: PhotoField.plain(photo.cropped)), ab, mask)
