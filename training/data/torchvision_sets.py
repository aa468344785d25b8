"""Pictures of published data sets, found as torchvision knows their folders. Nothing is fetched."""

from collections.abc import Sequence
from pathlib import Path

from training.data.pictures import DataError, Picture
from training.data.vision import datasets


def read_places365(root: Path) -> list[Picture]:
    """List the training pictures of Places365 at 256x256 (``train-standard``).

    Args:
        root: has the lists of the standard devkit and ``data_256_standard``.

    Raises:
        DataError: torchvision does not find them.
    """
    try:
        data_set = datasets.Places365(root, split="train-standard", small=True, download=False)
    except (RuntimeError, OSError) as error:
        raise DataError(f"{root} is no Places365 folder: {error}") from error
    return _pictures(root, data_set.imgs)


def read_imagenet(root: Path) -> list[Picture]:
    """List the training pictures of ImageNet 2012.

    Args:
        root: has ``meta.bin`` and ``train``, or the archives that torchvision unpacks to them.

    Raises:
        DataError: torchvision does not find them.
    """
    try:
        data_set = datasets.ImageNet(root, split="train")
    except (RuntimeError, OSError) as error:
        raise DataError(f"{root} is no ImageNet folder: {error}") from error
    return _pictures(root, data_set.imgs)


def _pictures(root: Path, files: Sequence[tuple[str, int]]) -> list[Picture]:
    paths = [Path(path) for path, _ in files]
    return [Picture(path.relative_to(root).as_posix(), path) for path in paths]
