"""``rehue``: the command line. Colours photos here or on a site, and serves a site."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from colorizer.hints import HintError
from colorizer.model import ModelError, ModelFolder
from colorizer.output import Mark, OutputOptions
from colorizer.output.signing import Credentials, SigningError
from rehue.client import Client
from rehue.errors import ApiError, RehueError
from rehue.folder import colorize_folder
from rehue.local import Outcome, colorize_here, load_colorizer
from rehue.look import Look
from rehue.messages import gettext
from rehue.parser import make_parser
from rehue.plan import Plan, folder_of, make_plan
from rehue.watch import watch

if TYPE_CHECKING:  # it brings the inference runtime
    from colorizer.engine import Colorizer
    from rehue.local import Progress

INTERRUPTED = 130
"""As shells have it for a program that Ctrl+C ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        The exit code: 0, 1 where photos failed, 2 where the call was wrong and nothing was done.
    """
    options = make_parser().parse_args(arguments)
    try:
        match options.command:
            case "remote":
                remote = _colorize_remotely if options.remote_command == "colorize" else _models
                return remote(options)
            case "serve":
                return _serve(options)
            case "manage":
                return _manage(options.arguments)
            case "watch":
                return _watch(options)
            case "models":
                return _show_card(options.model, as_json=options.json)
            case _:
                return _colorize(options)
    except SigningError as error:
        print(f"rehue: {error.translated(gettext)}", file=sys.stderr)
        return 2
    except (RehueError, HintError, ModelError) as error:
        print(f"rehue: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("rehue: " + gettext("Interrupted. The same call goes on from here."), file=sys.stderr)
        return INTERRUPTED


def _plan_of(options: argparse.Namespace, output: Path | None) -> Plan:
    return make_plan(
        options.photo,
        output,
        hints=options.hints,
        format=options.format,
        recursive=options.recursive,
        overwrite=options.overwrite,
        page=options.page,
    )


def _colorize(options: argparse.Namespace) -> int:
    plan = _plan_of(options, options.output)
    if options.dry_run:
        return _show(plan, as_json=options.json)
    outcome = Outcome.of(plan)
    if plan.tasks:
        colorizer = load_colorizer(options)
        look = Look.of(options, colorizer)
        with tqdm(total=len(plan.tasks), unit="photo", disable=None) as bar:
            outcome = _here(options, colorizer, look, plan, bar.update)
    return _report(outcome, as_json=options.json)


def _here(
    options: argparse.Namespace,
    colorizer: Colorizer,
    look: Look,
    plan: Plan,
    progress: Progress,
) -> Outcome:
    return colorize_here(
        colorizer,
        plan,
        look=look,
        carry=options.metadata or "all",
        saved=OutputOptions(quality=options.quality, mark=Mark.at(options.mark, gettext)),
        software=f"Rehue {importlib.metadata.version('rehue')}",
        credentials=Credentials.read(*options.sign) if options.sign else None,
        jobs=options.jobs,
        progress=progress,
    )


def _watch(options: argparse.Namespace) -> int:
    planned = {
        name: getattr(options, name) for name in ("hints", "format", "recursive", "overwrite")
    }
    colorizer = load_colorizer(options)
    watch(
        options.photo,
        planned,
        options.output,
        partial(_here, options, colorizer, Look.of(options, colorizer), progress=lambda _: None),
        partial(_report, as_json=options.json),
    )
    return 0


def _colorize_remotely(options: argparse.Namespace) -> int:
    output = options.output or folder_of(options.photo, None)
    if not options.photo.is_dir() and options.output is None:
        output = None
    plan = _plan_of(options, output)
    if options.dry_run:
        return _show(plan, as_json=options.json)
    folder = plan.tasks[0].output.parent if plan.tasks and output is None else output
    with (
        Client(options.server, token=options.token) as client,
        tqdm(total=len(plan.tasks), unit="photo", disable=None) as bar,
    ):
        try:
            outcome = colorize_folder(
                client,
                plan,
                output=folder or Path(),
                model=options.model,
                quality=options.quality,
                metadata=options.metadata,
                mark=options.mark,
                jobs=options.jobs,
                progress=bar.update,
            )
        except ApiError as error:
            if error.status == 401 and not (options.token or os.environ.get("REHUE_TOKEN")):
                hint = "Make a token on the site's page /account/tokens and give it with --token."
                raise RehueError(f"{error} {gettext(hint)}") from error
            raise
    return _report(outcome, as_json=options.json)


def _show(plan: Plan, *, as_json: bool) -> int:
    """Say what a plan would do."""
    if as_json:
        rows = {
            "tasks": [
                {"photo": str(task.photo), "output": str(task.output), "hints": task.hints_name}
                for task in plan.tasks
            ],
            "done": [str(task.output) for task in plan.done],
            "refused": plan.refused,
        }
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for task in plan.tasks:
            hints = f" ({task.hints_name})" if task.hints_name else ""
            print(f"{task.photo}{hints} -> {task.output}")
        for name, why in plan.refused.items():
            print(f"rehue: {name}: {why}", file=sys.stderr)
    return 1 if plan.refused else 0


def _report(outcome: Outcome, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(outcome.to_json(), indent=2, ensure_ascii=False))
    else:
        for name, why in outcome.failed.items():
            print(f"rehue: {name}: {why}", file=sys.stderr)
        counts = {"made": len(outcome.made), "skipped": len(outcome.skipped),
                  "failed": len(outcome.failed)}  # fmt: skip
        message = gettext(
            "Photos coloured: %(made)d. There already: %(skipped)d. Failed: %(failed)d."
        )
        print(message % counts)
    return 1 if outcome.failed else 0


def _show_card(path: Path, *, as_json: bool) -> int:
    card = ModelFolder.open(path).card
    if as_json:
        print(json.dumps(card.to_json(), indent=2, ensure_ascii=False))
    else:
        print(f"{card.name}: {card.net.get('net')}, width {card.net.get('width')}")
        print(card.facts.get("description", ""))
    return 0


def _serve(options: argparse.Namespace) -> int:
    given = {"HOST": options.host, "PORT": options.port, "DATA_DIR": options.data}
    os.environ.update({name: str(value) for name, value in given.items() if value is not None})
    return _manage(["serve"])


def _manage(arguments: list[str]) -> int:
    """Become the site's own program: the client imports nothing of a site."""
    if importlib.util.find_spec("django") is None:
        raise RehueError("The site's packages are missing: pip install 'rehue[site]'.")
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "webapp", *arguments])  # noqa: S606 - no shell


def _models(options: argparse.Namespace) -> int:
    with Client(options.server, token=options.token) as client:
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
