"""A folder of photos coloured by a site: in batches where it can, photo by photo where not."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rehue.client import Client, Format
from rehue.errors import ApiError, RehueError
from rehue.things import Batch, BatchItem

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff")
ENDINGS: dict[Format, str] = {"png": ".png", "jpeg": ".jpg", "webp": ".webp"}
STATE = ".rehue-batch.json"
MOST_FILES = 200
MOST_BYTES = 512 * 1024 * 1024
# What a site answers that has no batches for this caller.
_NO_BATCHES = {401, 403, 404, 405}

Tell = Callable[[int], object]


@dataclass(frozen=True)
class Task:
    """A photo, its hints, and where its result goes."""

    photo: Path
    hints: Path | None
    output: Path


@dataclass
class Outcome:
    """What came of a folder: how many were there already, which were made, which failed and why."""

    skipped: list[Path] = field(default_factory=list)
    made: list[Path] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """Return it for other programs."""
        return {
            "skipped": [str(path) for path in self.skipped],
            "made": [str(path) for path in self.made],
            "failed": self.failed,
        }


def tasks_of(source: Path, output: Path, *, hints: Path | None, format: Format) -> list[Task]:
    """Return what there is to do for a folder, or for one photo."""
    photos = [source] if not source.is_dir() else sorted(
        path for path in source.iterdir() if path.suffix.lower() in SUFFIXES
    )  # fmt: skip
    stems = [photo.stem for photo in photos]
    tasks = []
    for photo in photos:
        beside = (hints or photo.parent) / f"{photo.stem}.json"
        # Two photos whose names differ in their endings alone keep them.
        name = photo.stem if stems.count(photo.stem) == 1 else photo.name
        tasks.append(
            Task(
                photo=photo,
                hints=beside if hints is not None and beside.exists() else None,
                output=output / f"{name}{ENDINGS[format]}",
            )
        )
    return tasks


def colorize_folder(
    client: Client,
    tasks: list[Task],
    *,
    output: Path,
    format: Format,
    model: str | None,
    tell: Tell,
) -> Outcome:
    """Colour what is not there yet; what fails is named, and the rest goes on.

    Args:
        client: of the site.
        tasks: what there is to do.
        output: the folder of the results, which remembers a batch that was interrupted.
        format: of the results.
        model: name of the model version; the live one when left out.
        tell: called with how many photos are finished more.

    Raises:
        RehueError: the site cannot be reached, or refuses altogether.
    """
    outcome = Outcome(skipped=[task.output for task in tasks if task.output.exists()])
    tell(len(outcome.skipped))
    _finish_interrupted(client, output, {task.photo.name: task for task in tasks}, outcome, tell)
    known = {*outcome.skipped, *outcome.made}
    waiting = [
        task for task in tasks
        if task.output not in known and task.photo.name not in outcome.failed
    ]  # fmt: skip
    if len(waiting) > 1:
        try:
            for chunk in _chunks(waiting):
                _colorize_together(client, chunk, output, format, model, outcome, tell)
                waiting = [task for task in waiting if task not in chunk]
        except ApiError as error:
            if error.status not in _NO_BATCHES or model is not None:
                raise
    for task in waiting:
        _colorize_alone(client, task, format, outcome)
        tell(1)
    return outcome


def _colorize_alone(client: Client, task: Task, format: Format, outcome: Outcome) -> None:
    try:
        photo = client.upload(task.photo)
        if task.hints is not None:
            client.save_hints(photo, json.loads(task.hints.read_text()))
        outcome.made.append(client.download(client.colorize(photo), task.output, format=format))
    except ApiError as error:
        if error.status in (401, 403):
            raise
        outcome.failed[task.photo.name] = str(error)
    except (OSError, ValueError, RehueError) as error:
        outcome.failed[task.photo.name] = str(error)


def _colorize_together(
    client: Client,
    chunk: list[Task],
    output: Path,
    format: Format,
    model: str | None,
    outcome: Outcome,
    tell: Tell,
) -> None:
    has_hints = any(task.hints is not None for task in chunk)
    with tempfile.TemporaryDirectory() as folder:
        archive = _packed(chunk, Path(folder) / "photos.zip")
        batch = client.make_batch(
            archive=archive,
            name=output.name,
            format=format,
            model=model,
            hints="files" if has_hints else "none",
        )
    _remember(output, client.server, batch)
    _collect(client, batch, {task.photo.name: task for task in chunk}, outcome, tell)
    (output / STATE).unlink(missing_ok=True)


def _collect(
    client: Client, batch: Batch, tasks: dict[str, Task], outcome: Outcome, tell: Tell
) -> None:
    """Fetch results as they are made, and note what failed."""
    seen: set[int] = set()
    for state in client.follow(batch):
        if state.done + state.failed <= len(seen) and not state.has_ended:
            continue
        for item in client.batch_items(batch):
            if item.number in seen or item.status not in ("done", "failed", "cancelled"):
                continue
            seen.add(item.number)
            tell(_keep(client, item, tasks, outcome))


def _keep(client: Client, item: BatchItem, tasks: dict[str, Task], outcome: Outcome) -> int:
    """Save one result or note why there is none; return 1 if that was asked for."""
    task = tasks.get(item.name)
    if task is None or task.output in outcome.skipped:
        return 0
    if item.image_url is None:
        outcome.failed[item.name] = item.error or f"It ended as {item.status}."
    else:
        outcome.made.append(client.download_item(item, task.output))
    return 1


def _finish_interrupted(
    client: Client, output: Path, tasks: dict[str, Task], outcome: Outcome, tell: Tell
) -> None:
    """Go on with the batch that an interrupted run left, if the site still has it."""
    try:
        state = json.loads((output / STATE).read_text())
        if state["server"] != client.server:
            return
        batch = client.batch(state["batch"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    except ApiError as error:
        if error.status != 404:
            raise
        (output / STATE).unlink(missing_ok=True)
        return
    _collect(client, batch, tasks, outcome, tell)
    (output / STATE).unlink(missing_ok=True)


def _remember(output: Path, server: str, batch: Batch) -> None:
    output.mkdir(parents=True, exist_ok=True)
    (output / STATE).write_text(json.dumps({"server": server, "batch": batch.id}))


def _packed(chunk: list[Task], archive: Path) -> Path:
    """Pack photos, which are compressed already, and their hints."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as pack:
        for task in chunk:
            pack.write(task.photo, task.photo.name)
            if task.hints is not None:
                pack.write(task.hints, f"{task.photo.name}.json")
    return archive


def _chunks(tasks: list[Task]) -> Iterator[list[Task]]:
    chunk: list[Task] = []
    size = 0
    for task in tasks:
        more = task.photo.stat().st_size
        if chunk and (len(chunk) >= MOST_FILES or size + more > MOST_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(task)
        size += more
    if chunk:
        yield chunk
