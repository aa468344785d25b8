"""``rehue``: the command line. Colours photos here, and on a site with ``rehue remote``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from colorizer import cli as here
from rehue.client import SERVER, Client
from rehue.errors import ApiError, RehueError
from rehue.folder import ENDINGS, SUFFIXES, Outcome, colorize_folder, tasks_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0, 1 where photos failed, 2 where all did."""
    parser, commands = here.make_parser()
    _add_remote(commands)
    options = parser.parse_args(arguments)
    if options.command != "remote":
        return here.run(options)
    try:
        return _colorize(options) if options.remote_command == "colorize" else _models(options)
    except RehueError as error:
        print(f"rehue: {error}", file=sys.stderr)
        return 2


def _add_remote(commands: here.Commands) -> None:
    remote = commands.add_parser("remote", help="have a site do it")
    inner = remote.add_subparsers(dest="remote_command", required=True)
    colorize = inner.add_parser("colorize", help="colour a folder of photos, or one")
    colorize.add_argument("photo", type=Path, help="a folder of photos, or a photo")
    colorize.add_argument("-o", "--output", type=Path, help="folder for the results")
    colorize.add_argument("--hints", type=Path, help="a folder of NAME.json with hint sets")
    colorize.add_argument("--format", choices=sorted(ENDINGS), default="png")
    colorize.add_argument("--model", help="name of the model version; the live one if left out")
    models = inner.add_parser("models", help="show the site's models")
    for command in (colorize, models):
        command.add_argument("--server", help=f"the site's address (REHUE_SERVER; {SERVER})")
        command.add_argument("--token", help="a personal token (REHUE_TOKEN)")
        command.add_argument("--json", action="store_true", help="say what came of it as JSON")


def _client(options: argparse.Namespace) -> Client:
    return Client(options.server, token=options.token)


def _colorize(options: argparse.Namespace) -> int:
    source: Path = options.photo
    if not source.exists():
        raise RehueError(f"{source} does not exist.")
    output = options.output or source.with_name(f"{source.stem}-colour")
    tasks = tasks_of(source, output, hints=options.hints, format=options.format)
    if not tasks:
        raise RehueError(f"{source} holds no photos ({', '.join(SUFFIXES)}).")
    with _client(options) as client, tqdm(total=len(tasks), unit="photo", disable=None) as bar:
        try:
            outcome = colorize_folder(
                client,
                tasks,
                output=output,
                format=options.format,
                model=options.model,
                tell=bar.update,
            )
        except ApiError as error:
            if error.status == 401 and not (options.token or os.environ.get("REHUE_TOKEN")):
                hint = "Make a token on the site's page /account/tokens and give it with --token."
                raise RehueError(f"{error} {hint}") from error
            raise
    return _report(outcome, as_json=options.json)


def _report(outcome: Outcome, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(outcome.to_json(), indent=2, ensure_ascii=False))
    else:
        for name, why in outcome.failed.items():
            print(f"rehue: {name}: {why}", file=sys.stderr)
        there = f", {len(outcome.skipped)} were there already" if outcome.skipped else ""
        failed = f", {len(outcome.failed)} failed" if outcome.failed else ""
        print(f"{len(outcome.made)} photos coloured{there}{failed}.")
    if not outcome.failed:
        return 0
    return 1 if outcome.made or outcome.skipped else 2


def _models(options: argparse.Namespace) -> int:
    with _client(options) as client:
        models = client.models()
    if options.json:
        rows = [vars(model) for model in models]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return 0
    for model in models:
        live = " (live)" if model.live else ""
        print(f"{model.name}{live}: {model.net}, {len(model.scores)} scores")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
