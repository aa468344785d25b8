"""``manage.py evaluate``: figures of networks beside the training-free rows."""

import json
import os
from argparse import ArgumentParser
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from colorizer.hints import REACH, VIVIDNESS, Controls
from colorizer.model import ModelError
from colorizer.models import SHIPPED
from training.evaluation.protocols import PROTOCOLS, FixedHints, Protocol
from training.management.packages import lab_packages, ready_database
from training.registry.scores import code_version


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
        parser.add_argument(
            "--reach", type=float, nargs="+", default=[], help="score networks at these, too"
        )
        parser.add_argument(
            "--vividness", type=float, nargs="+", default=[], help="score networks at these, too"
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
        with lab_packages():
            from training.data.pictures import DataError
            from training.evaluation.hint_files import with_hints_of
            from training.evaluation.tables import as_json, as_text
            from training.runs.evaluations import keep, play
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
                    callback=partial(_show, bar),
                    controls=_controls(options),
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

    def _write_hints(self, protocol: FixedHints, options: dict[str, Any]) -> None:
        from training.evaluation.evaluate import pictures_for
        from training.evaluation.hint_files import write_hints
        from training.registry.data_sets import resolve_sources

        pictures = pictures_for(protocol, resolve_sources(options["data"]), options["limit"])
        write_hints(options["write_hints"], protocol, pictures)
        self.stdout.write(f"{options['write_hints']}: the hints of {len(pictures)} pictures.")


def _drawn(protocol: Protocol) -> FixedHints:
    if not isinstance(protocol, FixedHints):
        raise CommandError(f"The hints of {protocol.name} depend on the results: no file has them.")
    return protocol


def _controls(options: dict[str, Any]) -> dict[str, Controls]:
    """The controls that networks are also scored at, by the names of their rows."""
    controls = {}
    for name, (least, largest) in (("reach", REACH), ("vividness", VIVIDNESS)):
        for value in options[name]:
            if not least <= value <= largest:
                raise CommandError(f"--{name} is from {least:g} to {largest:g}, not {value:g}.")
            controls[f"{name} {value:g}"] = replace(Controls(), **{name: value})
    return controls


def _show(bar: Any, done: int, total: int) -> None:
    bar.total = total
    bar.update()
