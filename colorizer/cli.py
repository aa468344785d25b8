"""``rehue``: colour photos and folders of them from the command line."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image, UnidentifiedImageError
from tqdm import tqdm

from colorizer.color import Bytes
from colorizer.hints import HintError, HintSet
from colorizer.model import ModelError, ModelFolder
from colorizer.models import SHIPPED
from colorizer.pixels import to_srgb

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff")


class CliError(Exception):
    """The command cannot go on; the message says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser, _ = make_parser()
    return run(parser.parse_args(arguments))


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; returns the exit code."""
    try:
        if options.command == "models":
            return _show_models(options.model, as_json=options.json)
        return _colorize(options)
    except (CliError, HintError, ModelError) as error:
        print(f"rehue: {error}", file=sys.stderr)
        return 2


def make_parser() -> tuple[argparse.ArgumentParser, Commands]:
    """Return the parser, and where further commands can be added to it."""
    parser = argparse.ArgumentParser(prog="rehue", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    colorize = commands.add_parser("colorize", help="colour a photo, or a folder of them")
    colorize.add_argument("photo", type=Path, help="a photo, or a folder of photos")
    colorize.add_argument("-o", "--output", type=Path, help="file or folder for the result")
    colorize.add_argument(
        "--hints",
        type=Path,
        help="hint set as JSON; for a folder of photos a folder of NAME.json",
    )
    models = commands.add_parser("models", help="show a model's card")
    models.add_argument("--json", action="store_true", help="the whole card, as JSON")
    for command in (colorize, models):
        command.add_argument("--model", type=Path, default=SHIPPED, help="model folder")
    colorize.add_argument("--backend", choices=("onnx", "torch"), default="onnx")
    colorize.add_argument("--threads", type=int, default=0, help="0: one for each core")
    return parser, commands


def _colorize(options: argparse.Namespace) -> int:
    # Not above: what a site colours (rehue remote) needs no inference runtime here.
    from colorizer.engine import Colorizer

    work = list(_work(options.photo, options.output, options.hints))
    colorizer = Colorizer.load(options.model, backend=options.backend, threads=options.threads)
    failed = 0
    for photo, output, hints in tqdm(work, unit="photo", disable=None):
        try:
            result = colorizer.colorize(_read_photo(photo), _read_hints(hints))
            _write_photo(result, output)
        except (CliError, HintError) as error:
            if len(work) == 1:
                raise
            failed += 1
            tqdm.write(f"rehue: {error}", file=sys.stderr)
    if failed:
        print(f"rehue: {failed} of {len(work)} photos could not be coloured", file=sys.stderr)
    return 1 if failed else 0


def _work(
    source: Path, output: Path | None, hints: Path | None
) -> Iterable[tuple[Path, Path, Path | None]]:
    """What to do: (photo, output, hints) of each photo."""
    if not source.is_dir():
        default = source.with_name(f"{source.stem}-colour.png")
        target = output / default.name if output and output.is_dir() else output or default
        yield source, target, hints
        return
    photos = sorted(path for path in source.iterdir() if path.suffix.lower() in SUFFIXES)
    if not photos:
        raise CliError(f"{source} holds no photos ({', '.join(SUFFIXES)}).")
    folder = output or source.with_name(f"{source.name}-colour")
    for photo in photos:
        beside = hints / f"{photo.stem}.json" if hints else None
        yield (
            photo,
            folder / f"{photo.stem}.png",
            beside if beside and beside.exists() else None,
        )


def _read_photo(path: Path) -> Bytes:
    try:
        with Image.open(path) as image:
            pixels = to_srgb(image)
    except FileNotFoundError as error:
        raise CliError(f"{path} does not exist.") from error
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise CliError(f"{path} is no readable photo: {error}") from error
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


def _read_hints(path: Path | None) -> HintSet:
    if path is None:
        return HintSet.empty
    try:
        return HintSet.parse(json.loads(path.read_text()))
    except OSError as error:
        raise CliError(f"{path} cannot be read: {error.strerror}") from error
    except HintError as error:
        raise HintError(f"{path}: {error}") from error
    except ValueError as error:
        raise CliError(f"{path} is no JSON: {error}") from error


def _write_photo(photo: Bytes, path: Path) -> None:
    """Write beside the place, then move there: an interrupted run leaves no half a file."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        kind = Image.registered_extensions().get(path.suffix.lower())
        if kind is None:
            raise CliError(f"{path}: the result can be PNG, JPEG, WebP or TIFF.")
        Image.fromarray(photo).save(fresh, kind, quality=95, subsampling=0)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise CliError(f"{path} cannot be written: {error}") from error


def _show_models(path: Path, *, as_json: bool) -> int:
    card = ModelFolder.open(path).card
    if as_json:
        print(json.dumps(card.to_json(), indent=2, ensure_ascii=False))
    else:
        print(f"{card.name}: {card.net.get('net')}, width {card.net.get('width')}")
        print(card.facts.get("description", ""))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
