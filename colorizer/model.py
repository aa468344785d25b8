"""A model is a small folder: ``model.onnx``, ``weights.safetensors`` and ``card.json``.

One with a field network (:mod:`colorizer.nets.field`) has ``field.onnx`` too, or in place of
``model.onnx``.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = 2
KIND = "rehue-model"
CARD = "card.json"
ONNX = "model.onnx"
FIELD = "field.onnx"
WEIGHTS = "weights.safetensors"


class ModelError(Exception):
    """A model folder cannot be used; the message says why, for people to read."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a model says of itself.

    Attributes:
        name: short, of lower-case letters, digits and hyphens.
        net: settings of the network (:class:`colorizer.nets.NetConfig`).
        size: longer side of a photo as the network sees it, in pixels.
        sha256: digest of each file beside the card.
        facts: everything else on the card, for people: data, recipe, scores, limits, licence.
    """

    name: str
    net: dict[str, Any]
    size: int
    sha256: dict[str, str]
    facts: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The card as it is written."""
        return {
            "kind": KIND,
            "format": FORMAT,
            "name": self.name,
            "net": self.net,
            "size": self.size,
            "sha256": self.sha256,
            **self.facts,
        }


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model folder whose files are what its card says."""

    path: Path
    card: Card

    @classmethod
    def open(cls, path: Path) -> "ModelFolder":
        """Read the card and verify the files against it; nothing is unpickled or run.

        Raises:
            ModelError: something is missing, damaged, foreign, or made by a newer Rehue.
        """
        card = _read_card(path)
        for name in files_of(card.net):
            try:
                digest = sha256_of(path / name)
            except OSError as error:
                raise ModelError(f"The model in {path} lacks its file {name}.") from error
            if digest != card.sha256.get(name):
                raise ModelError(
                    f"The model in {path} is damaged: {name} is not the file its card names."
                )
        return cls(path, card)

    @property
    def name(self) -> str:
        """The model's name."""
        return self.card.name

    @property
    def sha256(self) -> str:
        """The model's identity: the digest of its graph, or that of the digests of both."""
        graphs = [self.card.sha256[name] for name in files_of(self.card.net) if name != WEIGHTS]
        return (
            graphs[0] if len(graphs) == 1 else hashlib.sha256("".join(graphs).encode()).hexdigest()
        )


def files_of(net: dict[str, Any]) -> tuple[str, ...]:
    """What stands beside the card of a model with such a network."""
    field = (FIELD,) if net.get("field") else ()
    corrects = (ONNX,) if net.get("corrects", True) else ()
    return (*corrects, *field, WEIGHTS)


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_card(path: Path, card: Card) -> None:
    """Put a card into a model folder, in place of any before."""
    fresh = path / f"{CARD}.new"
    fresh.write_text(json.dumps(card.to_json(), indent=2, ensure_ascii=False) + "\n")
    fresh.replace(path / CARD)


def _read_card(path: Path) -> Card:
    try:
        data = json.loads((path / CARD).read_text())
    except OSError as error:
        raise ModelError(f"There is no model in {path}: it has no readable {CARD}.") from error
    except ValueError as error:
        raise ModelError(f"The model in {path} is damaged: {CARD} is no JSON.") from error
    if not isinstance(data, dict) or data.pop("kind", None) != KIND:
        raise ModelError(f"{path} is no Rehue model: its {CARD} is of another kind.")
    version = data.pop("format", None)
    if isinstance(version, int) and version > FORMAT:
        raise ModelError(
            f"The model in {path} was made by a newer Rehue (format {version}; "
            f"{FORMAT} is understood here)."
        )
    if isinstance(version, int) and version < FORMAT:
        raise ModelError(
            f"The model in {path} was made by an older Rehue (format {version}; "
            f"{FORMAT} is understood here): train it again."
        )
    try:
        name, net, size, sha256 = (data.pop(key) for key in ("name", "net", "size", "sha256"))
    except KeyError as error:
        raise ModelError(f"The model in {path} is damaged: its card lacks {error}.") from error
    fits = (
        version == FORMAT
        and isinstance(name, str)
        and isinstance(net, dict)
        and isinstance(size, int)
        and 16 <= size <= 4096
        and isinstance(sha256, dict)
    )
    if not fits:
        raise ModelError(f"The model in {path} is damaged: its card has values out of range.")
    return Card(name, net, size, sha256, data)
