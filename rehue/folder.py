"""A folder of photos coloured by a site: in batches where it can, photo by photo where not."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from colorizer.filenames import page_names
from colorizer.metadata.fields import Carry
from colorizer.output import Place
from rehue.client import Client
from rehue.errors import ApiError, RehueError
from rehue.local import Outcome, Progress
from rehue.models import Batch, BatchItem
from rehue.plan import Plan, Task, journal_of

STATE = ".rehue-batch.json"
MOST_FILES = 200
MOST_BYTES = 512 * 1024 * 1024
# What a site answers that has no batches for this caller.
_NO_BATCHES = {401, 403, 404, 405}


@dataclass(frozen=True)
class _Saved:
    """How results are saved, beside their format."""

    quality: int
    metadata: Carry | None
    mark: Place


def colorize_folder(
    client: Client,
    plan: Plan,
    *,
    output: Path,
    model: str | None,
    quality: int,
    metadata: Carry | None,
    mark: Place,
    jobs: int,
    progress: Progress,
) -> Outcome:
    """Colour what is not there yet; what fails is named, and the rest goes on.

    Args:
        client: of the site.
        plan: what there is to do.
        output: the folder of the results, which remembers a batch that was interrupted.
        model: name of the model version; the live one when left out.
        quality: of JPEG and WebP, 1 to 100.
        metadata: what results carry of the photos'; as the account prefers when left out.
        mark: where they say visibly that a model coloured them.
        jobs: how many photos are sent at once where the site has no batches.
        progress: called with how many photos are finished more.

    Raises:
        RehueError: the site cannot be reached, or refuses altogether.
    """
    outcome = Outcome.of(plan)
    saved = _Saved(quality, metadata, mark)
    _finish_interrupted(client, output, plan.tasks, outcome, progress)
    waiting = [
        task
        for task in plan.tasks
        if task.output not in outcome.made and task.name not in outcome.failed
    ]
    if len(waiting) > 1:
        try:
            for chunk in _chunks(waiting):
                _colorize_together(client, chunk, output, model, saved, outcome, progress)
                waiting = [task for task in waiting if task not in chunk]
        except ApiError as error:
            if error.status not in _NO_BATCHES or model is not None:
                raise

    def alone(task: Task) -> None:
        _colorize_alone(client, task, saved, outcome)
        progress(1)

    with ThreadPoolExecutor(max_workers=jobs) as pool:
        list(pool.map(alone, waiting))
    return outcome


def _colorize_alone(client: Client, task: Task, saved: _Saved, outcome: Outcome) -> None:
    def fetch(to: Path) -> object:
        return client.download(
            version,
            to,
            format=task.format,
            quality=saved.quality,
            metadata=saved.metadata,
            mark=saved.mark,
        )

    try:
        photo = client.upload(task.photo, page=task.page)
        if task.hints.hints:
            client.save_hints(photo, task.hints)
        version = client.render(photo)
        _place(task, fetch, outcome)
    except ApiError as error:
        if error.status in (401, 403):
            raise
        outcome.failed[task.name] = str(error)
    except (OSError, ValueError, RehueError) as error:
        outcome.failed[task.name] = str(error)


def _place(task: Task, download: Callable[[Path], object], outcome: Outcome) -> None:
    """Fetch a result to its place, noted first: what is noted and there is done."""
    journal_of(task).add(task)
    download(task.output)
    outcome.made.append(task.output)


def _colorize_together(
    client: Client,
    chunk: list[Task],
    output: Path,
    model: str | None,
    saved: _Saved,
    outcome: Outcome,
    progress: Progress,
) -> None:
    has_hints = any(task.hints.hints for task in chunk)
    with tempfile.TemporaryDirectory() as folder:
        archive = _packed(chunk, Path(folder) / "photos.zip")
        batch = client.make_batch(
            archive=archive,
            name=output.name,
            format=chunk[0].format,
            quality=saved.quality,
            metadata=saved.metadata,
            mark=saved.mark,
            model=model,
            hints="files" if has_hints else "none",
        )
    tasks = {_name_in_archive(task): task for task in chunk}
    _remember(output, client.server, batch)
    _collect(client, batch, tasks, outcome, progress)
    (output / STATE).unlink(missing_ok=True)


def _collect(
    client: Client, batch: Batch, tasks: dict[str, Task], outcome: Outcome, progress: Progress
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
            progress(_keep(client, item, tasks, outcome))


def _keep(client: Client, item: BatchItem, tasks: dict[str, Task], outcome: Outcome) -> int:
    """Save one result or note why there is none; return 1 if that was asked for."""
    task = tasks.get(item.name)
    if task is None:
        return 0
    if item.image_url is None:
        outcome.failed[task.name] = item.error or f"It ended as {item.status}."
        return 1
    try:
        _place(task, lambda to: client.download_item(item, to), outcome)
    except OSError as error:
        outcome.failed[task.name] = str(error)
    return 1


def _finish_interrupted(
    client: Client, output: Path, tasks: list[Task], outcome: Outcome, progress: Progress
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
    _collect(client, batch, {_name_in_archive(task): task for task in tasks}, outcome, progress)
    (output / STATE).unlink(missing_ok=True)


def _remember(output: Path, server: str, batch: Batch) -> None:
    output.mkdir(parents=True, exist_ok=True)
    (output / STATE).write_text(json.dumps({"server": server, "batch": batch.id}))


def _packed(chunk: list[Task], archive: Path) -> Path:
    """Pack photos, which are compressed already, and their hints."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as pack:
        for photo, name in {task.photo: _file_in_archive(task) for task in chunk}.items():
            pack.write(photo, name)
        for task in chunk:
            name = _name_in_archive(task)
            if task.hints.hints:
                pack.writestr(f"{name}.json", json.dumps(task.hints.to_json()))
    return archive


def _name_in_archive(task: Task) -> str:
    """Return what a site calls a photo: a page of a PDF has a number in its name."""
    return page_names(_file_in_archive(task), task.pages)[task.page - 1 if task.pages > 1 else 0]


def _file_in_archive(task: Task) -> str:
    """Return a name that says which file in which state it is, and that no system changes."""
    mark = [str(task.photo), *task.mark[1:]] if task.pages > 1 else task.mark
    digest = hashlib.sha256(json.dumps(mark).encode()).hexdigest()[:24]
    return f"{digest}{task.photo.suffix.lower()}"


def _chunks(tasks: list[Task]) -> Iterator[list[Task]]:
    chunk: list[Task] = []
    size = 0
    for task in tasks:
        if chunk and chunk[-1].photo == task.photo:  # a page of the same PDF
            chunk.append(task)
            continue
        more = task.photo.stat().st_size
        if chunk and (len(chunk) >= MOST_FILES or size + more > MOST_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(task)
        size += more
    if chunk:
        yield chunk
