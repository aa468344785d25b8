"""Photos coloured on this machine."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from colorizer import intake, output
from colorizer.intake import IntakeError
from colorizer.metadata.fields import Carry
from colorizer.metadata.xmp import Provenance
from colorizer.output import FormatLimitError, OutputOptions
from colorizer.output.signing import Credentials, SigningError
from rehue.look import Look
from rehue.messages import gettext
from rehue.plan import Plan, Task, journal_of

if TYPE_CHECKING:
    from colorizer.engine import Colorizer

Progress = Callable[[int], object]


@dataclass
class Outcome:
    """What came of a plan: results that were there already or are made, failures with reasons."""

    skipped: list[Path] = field(default_factory=list)
    made: list[Path] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> Outcome:
        """Return what is known before the work begins."""
        return cls(skipped=[task.output for task in plan.done], failed=dict(plan.refused))

    def to_json(self) -> dict[str, object]:
        """Return it for other programs."""
        return {
            "skipped": [str(path) for path in self.skipped],
            "made": [str(path) for path in self.made],
            "failed": self.failed,
        }


def load_colorizer(options: argparse.Namespace) -> Colorizer:
    """Return the engine with the model that was asked for."""
    # Not above: what a site colours (rehue remote) needs no inference runtime here.
    from colorizer.engine import Colorizer

    return Colorizer.load(options.model, backend=options.backend, threads=options.threads)


def colorize_here(
    colorizer: Colorizer,
    plan: Plan,
    *,
    look: Look,
    carry: Carry,
    saved: OutputOptions,
    software: str,
    credentials: Credentials | None,
    jobs: int,
    progress: Progress,
) -> Outcome:
    """Colour what a plan holds; a photo that cannot be is named, and the rest goes on."""
    outcome, lock = Outcome.of(plan), Lock()

    def work(task: Task) -> None:
        reason = ""
        try:
            photo = intake.read(task.photo, page=task.page)
            output.check_format(task.format, photo.width, photo.height)
            provenance = Provenance(
                software=software,
                model=colorizer.card.name,
                hints=len(task.hints.hints),
                hint_set=task.hints_name,
            )
            data = output.encode(
                look.colorize(colorizer, photo.pixels, task.hints),
                task.format,
                metadata=photo.metadata.carried(carry),
                provenance=provenance,
                options=saved,
            )
            if credentials is not None:
                data = credentials.sign(data, task.format, provenance)
            with lock:
                place_result(task, data)
                outcome.made.append(task.output)
        except (IntakeError, FormatLimitError, SigningError) as error:
            reason = error.translated(gettext)
        except OSError as error:
            reason = gettext("%(path)s: %(reason)s") % {
                "path": error.filename or task.output,
                "reason": error.strerror or error,
            }
        except Exception as error:  # one bad photo never ends a run
            reason = gettext("It could not be coloured: %(reason)s") % {"reason": error}
        with lock:
            if reason:
                outcome.failed[task.name] = reason
            progress(1)

    with ThreadPoolExecutor(max_workers=jobs) as pool:
        try:
            list(pool.map(work, plan.tasks))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return outcome


def place_result(task: Task, data: bytes) -> None:
    """Write beside the place, then move there: an interrupted run leaves no half a file."""
    fresh = task.output.with_name(f".{task.output.name}.new")
    task.output.parent.mkdir(parents=True, exist_ok=True)
    try:
        fresh.write_bytes(data)
        journal_of(task).add(task)
        fresh.replace(task.output)
    finally:
        fresh.unlink(missing_ok=True)
