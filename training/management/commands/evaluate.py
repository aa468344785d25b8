"""``manage.py evaluate``: figures of networks beside the training-free rows."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from colorizer.model import ModelError
from colorizer.models import SHIPPED
from training.management.packages import laboratory_packages, ready_database
from training.scores import code_version
from training.scoring.protocols import PROTOCOLS


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

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate, keep and print."""
        with laboratory_packages():
            from training.evaluations import keep, play
            from training.pictures.data import DataError
            from training.scoring.tables import as_json, as_text
        for option in ("limit", "processes"):
            if options[option] is not None and options[option] < 1:
                raise CommandError(f"--{option} is a whole number, at least 1.")
        ready_database()
        protocol = PROTOCOLS[options["protocol"]]
        bar = tqdm(unit="picture", disable=None)

        def watch(done: int, total: int) -> None:
            bar.total = total
            bar.update()

        try:
            with bar:
                outcome = play(
                    protocol=protocol,
                    names=options["model"],
                    data=options["data"],
                    limit=options["limit"],
                    processes=options["processes"],
                    watch=watch,
                )
        except (ModelError, DataError) as error:
            raise CommandError(str(error)) from error
        if not options["no_save"]:
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
