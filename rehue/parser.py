"""What ``rehue`` can be called with."""

from __future__ import annotations

import argparse
import importlib.metadata
from functools import partial
from pathlib import Path
from typing import TypeAlias, get_args

from colorizer.hints import CONTROLS
from colorizer.models import SHIPPED
from colorizer.output import FORMATS, Place
from rehue.client import SERVER

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="rehue", description="Colour photos here or on a site, and serve a site."
    )
    parser.add_argument("--version", action="version", version=importlib.metadata.version("rehue"))
    commands = parser.add_subparsers(dest="command", required=True)
    _add_here(commands)
    _add_remote(commands)
    _add_site(commands)
    return parser


def _add_here(commands: Commands) -> None:
    colorize = commands.add_parser("colorize", help="colour a photo, or a folder of them")
    _add_plan(colorize)
    watch = commands.add_parser("watch", help="colour what is put into a folder, until Ctrl+C")
    watch.add_argument("photo", type=Path, metavar="IN", help="the folder that is watched")
    watch.add_argument("output", type=Path, metavar="OUT", help="the folder of the results")
    watch.add_argument("--hints", type=Path, help="a folder of NAME.json")
    _add_output(watch)
    for command in (colorize, watch):
        _add_look(command)
        command.add_argument("--backend", choices=("onnx", "torch"), default="onnx")
        command.add_argument("--threads", type=int, default=0, help="0: one for each core")
        command.add_argument(
            "--sign",
            type=Path,
            nargs=2,
            metavar=("CERTIFICATE", "KEY"),
            help="PEM files: state in results, signed (C2PA), that a model coloured them",
        )
    models = commands.add_parser("models", help="show a model's card")
    models.add_argument("--json", action="store_true", help="the whole card, as JSON")
    for command in (colorize, watch, models):
        command.add_argument("--model", type=Path, default=SHIPPED, help="model folder")


def _add_look(command: argparse.ArgumentParser) -> None:
    for name, meaning in (
        ("reach", "how far hints act: 0, their own thing, to 1, everywhere; 0.5"),
        ("vividness", "of colours that no hint decides, 0 to 2; 1"),
        ("warmth", "of colours that no hint decides: -1, cold, to 1, warm; 0"),
    ):
        command.add_argument(f"--{name}", type=partial(_within, *CONTROLS[name]), help=meaning)
    command.add_argument(
        "--like",
        type=Path,
        action="append",
        default=[],
        metavar="PHOTO",
        help="take colours from this photo, by look; may be given several times",
    )
    command.add_argument(
        "--like-strength", type=partial(_within, 0, 1), default=1.0, help="of them, 0 to 1; 1"
    )


def _add_remote(commands: Commands) -> None:
    remote = commands.add_parser("remote", help="have a site do it")
    inner = remote.add_subparsers(dest="remote_command", required=True)
    colorize = inner.add_parser("colorize", help="colour a folder of photos, or one")
    _add_plan(colorize)
    colorize.add_argument("--model", help="name of the model version; the live one if left out")
    models = inner.add_parser("models", help="show the site's models")
    models.add_argument("--json", action="store_true", help="all of it, as JSON")
    for command in (colorize, models):
        command.add_argument("--server", help=f"the site's address (REHUE_SERVER; {SERVER})")
        command.add_argument("--token", help="a personal token (REHUE_TOKEN)")


def _add_plan(command: argparse.ArgumentParser) -> None:
    """Add what says which photos are coloured to which places; here and on a site alike."""
    command.add_argument("photo", type=Path, help="a photo, or a folder of photos")
    command.add_argument("-o", "--output", type=Path, help="file or folder for the result")
    command.add_argument(
        "--hints",
        type=Path,
        help="hint set as JSON; for a folder a folder of NAME.json, or one hints.json",
    )
    command.add_argument("--page", type=_count, default=1, help="of a PDF; 1")
    command.add_argument("--dry-run", action="store_true", help="say what would go where")
    _add_output(command)


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=sorted(FORMATS), help="of results; PNG if left out")
    command.add_argument("--quality", type=_quality, default=95, help="of JPEG and WebP, 1-100")
    command.add_argument(
        "--metadata",
        choices=("all", "no_place", "none"),
        help="what results carry of the photo's dates, names and places; "
        "if left out all, or what your account on the site prefers",
    )
    command.add_argument(
        "--mark",
        choices=get_args(Place),
        default="none",
        help="a visible note on results that a model coloured them",
    )
    command.add_argument("--recursive", action="store_true", help="folders in the folder too")
    command.add_argument("--overwrite", action="store_true", help="replace results that exist")
    command.add_argument("--jobs", type=_count, default=1, help="photos at the same time")
    command.add_argument("--json", action="store_true", help="say what came of it as JSON")


def _add_site(commands: Commands) -> None:
    serve = commands.add_parser("serve", help="serve a site from this machine")
    serve.add_argument("--host", help="the address to listen on (HOST; 127.0.0.1)")
    serve.add_argument("--port", type=int, help="the port to listen on (PORT; 8000)")
    serve.add_argument("--data", type=Path, help="folder of photos and settings (DATA_DIR)")
    manage = commands.add_parser("manage", help="run another command of the site's; see --help")
    manage.add_argument("arguments", nargs=argparse.REMAINDER, help="such as: createsuperuser")


def _within(low: float, high: float, text: str) -> float:
    number = float(text)
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"{low:g} to {high:g}")
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _quality(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100:
        raise argparse.ArgumentTypeError("1 to 100")
    return number
