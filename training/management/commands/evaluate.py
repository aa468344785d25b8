"""``manage.py evaluate``: figures of networks beside the training-free rows."""

import json
import os
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from colorizer.model import ModelError
from colorizer.models import SHIPPED
from training.management.packages import laboratory_packages, ready_database
from training.scores import code_version
from training.scoring.protocols import PROTOCOLS, DrawnHints, Protocol


class Command(BaseCommand):
    """Print the table of one protocol, and keep its rows as scores."""

    help = "Score networks beside the training-free rows, under one protocol."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--protocol", choices=tuple(PROTOCOLS), required=True)
        parser.add_argument(
            "--model",
            nargs="*",
            default=[str(SHIPPED)],
            help="model versions or runs by name, or folders of either; none after it scores the "
            "training-free rows alone; the shipped model if left out",
        )
        parser.add_argument(
            "--data", nargs="+", required=True, help="data sets by name, tars or folders"
        )
        parser.add_argument("--limit", type=int, help="score this many pictures only")
        parser.add_argument("--json", type=Path, help="also write the figures to this file")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
        parser.add_argument(
            "--no-save", action="store_true", help="keep no scores in the site's database"
        )
        files = parser.add_mutually_exclusive_group()
        files.add_argument(
            "--write-hints", type=Path, help="write the hints to this file and score nothing"
        )
        files.add_argument(
            "--hints", type=Path, help="take the hints from this file; no scores are kept"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate, keep and print."""
        with laboratory_packages():
            from training.evaluations import keep, play
            from training.pictures.data import DataError
            from training.scoring.hint_files import with_hints_of
            from training.scoring.tables import as_json, as_text
        for option in ("limit", "processes"):
            if options[option] is not None and options[option] < 1:
                raise CommandError(f"--{option} is a whole number, at least 1.")
        ready_database()
        protocol = PROTOCOLS[options["protocol"]]
        try:
            if options["write_hints"]:
                self._write_hints(_drawn(protocol), options)
                return
            if options["hints"]:
                protocol = with_hints_of(options["hints"], _drawn(protocol))
            with tqdm(unit="picture", disable=None) as bar:
                outcome = play(
                    protocol=protocol,
                    names=options["model"],
                    data=options["data"],
                    limit=options["limit"],
                    processes=options["processes"],
                    watch=partial(_show, bar),
                )
        except (ModelError, DataError) as error:
            raise CommandError(str(error)) from error
        if not (options["no_save"] or options["hints"]):  # other hints, other figures
            keep(protocol=protocol, outcome=outcome)
        models = {subject.name: subject.sha256 for subject in outcome.subjects}
        heading = (
            f"protocol {protocol.name}, {protocol.about}; "
            f"{outcome.facts['pictures']} pictures of {outcome.facts['data']}"
        )
        self.stdout.write(as_text(protocol, outcome.results, list(models), heading=heading))
        if options["json"]:
            figures = as_json(
                protocol,
                outcome.results,
                list(models),
                **outcome.facts,
                hints_seed=protocol.hints_seed,
                code_version=code_version(),
                model_sha256=models,
            )
            options["json"].write_text(json.dumps(figures, indent=1) + "\n")

    def _write_hints(self, protocol: DrawnHints, options: dict[str, Any]) -> None:
        from training.datasets import resolve_sources
        from training.scoring.evaluate import pictures_for
        from training.scoring.hint_files import write_hints

        pictures = pictures_for(protocol, resolve_sources(options["data"]), options["limit"])
        write_hints(options["write_hints"], protocol, pictures)
        self.stdout.write(f"{options['write_hints']}: the hints of {len(pictures)} pictures.")


def _drawn(protocol: Protocol) -> DrawnHints:
    if not isinstance(protocol, DrawnHints):
        raise CommandError(f"The hints of {protocol.name} depend on the results: no file has them.")
    return protocol


def _show(bar: Any, done: int, total: int) -> None:
    bar.total = total
    bar.update()
