"""What goes where, known before the first write; one plan for here and for a site."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from colorizer import intake
from colorizer.filenames import SUFFIXES, is_junk, page_names, result_names, unique
from colorizer.hintfiles import HintFileError, is_hint_file, match_hints, parse_hints
from colorizer.hints import HintSet
from colorizer.intake import IntakeError
from colorizer.output import FORMATS, FormatName
from rehue.errors import RehueError
from rehue.messages import gettext

_FORMAT_OF_SUFFIX: dict[str, FormatName] = {
    ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp", ".tif": "tiff",
    ".tiff": "tiff",
}  # fmt: skip


MAX_PAGES = 2000
"""Of a PDF in a folder, as many as a site's batch has photos."""
_Page = tuple[Path, int, int]
"""A file, one of its pages, and how many it has."""


class NoPhotosError(RehueError):
    """A folder holds no photos."""


@dataclass(frozen=True)
class Task:
    """A photo, its name within the folder, its hints, and where its result goes in which format.

    Of a PDF it is the page of that number, of so many that are coloured.
    """

    photo: Path
    name: str
    hints: HintSet
    hints_name: str
    output: Path
    format: FormatName
    page: int = 1
    pages: int = 1

    @property
    def mark(self) -> list[object]:
        """What tells this state of the photo from others."""
        state = self.photo.stat()
        return [self.name, state.st_size, state.st_mtime_ns]


@dataclass
class Plan:
    """What is to be done, what was done by an earlier run, and what cannot be done and why."""

    tasks: list[Task] = field(default_factory=list)
    done: list[Task] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


class Journal:
    """What earlier runs made in a folder, so that one that was interrupted is gone on with.

    It lies with the user's other state (XDG's STATE_HOME): a folder of results holds results.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
        place = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:32]
        self._path = state / "rehue" / f"{place}.jsonl"
        self._marks: dict[str, list[object]] = {}
        try:
            lines = self._path.read_text("utf-8").splitlines()
        except OSError:
            lines = []
        for line in lines:
            try:
                entry = json.loads(line)
                self._marks[entry["output"]] = entry["photo"]
            except (ValueError, KeyError, TypeError):
                continue  # a line that a killed run left half-written

    def has(self, task: Task) -> bool:
        """Tell whether a result is there that was made of this very photo."""
        return task.output.exists() and self._marks.get(self._key(task)) == task.mark

    def add(self, task: Task) -> None:
        """Note a result that is about to be put into its place."""
        line = json.dumps({"output": self._key(task), "photo": task.mark})
        with contextlib.suppress(OSError):  # without a place for it a run cannot be gone on with
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    def _key(self, task: Task) -> str:
        return task.output.relative_to(self._folder).as_posix()


def make_plan(
    source: Path,
    output: Path | None,
    *,
    hints: Path | None = None,
    format: FormatName | None = None,
    recursive: bool = False,
    overwrite: bool = False,
    page: int = 1,
) -> Plan:
    """Decide what becomes of a photo, or of a folder of them; nothing is written yet.

    Args:
        source: the photo or the folder.
        output: a file for a photo, or a folder; beside the source when left out.
        hints: a hint set; for a folder, a folder of them or one file for all (``hints.json``).
        format: of the results; by the output's name, else PNG.
        recursive: whether folders within the folder are gone through as well.
        overwrite: whether results may take the place of what is there.
        page: of a PDF that is named by itself, from 1.

    Raises:
        NoPhotosError: the folder holds none.
        RehueError: it cannot be done; nothing is.
    """
    if not source.exists():
        raise RehueError(gettext("%(path)s does not exist.") % {"path": source})
    if source.is_dir() and page != 1:
        raise RehueError(gettext("--page goes with one PDF, not with a folder."))
    if source.is_dir():
        plan = _plan_folder(source, output, hints, format or "png", recursive=recursive)
    else:
        plan = Plan([replace(_plan_photo(source, output, hints, format), page=page)])
    _refuse_inputs(plan, source)
    _divide(plan, overwrite=overwrite, alone=not source.is_dir())
    return plan


def folder_of(source: Path, output: Path | None) -> Path:
    """Return the folder of the results of a folder."""
    whole = source.resolve()  # "." has no name of its own
    return output or whole.with_name(f"{whole.name}-colour")


def _plan_photo(
    source: Path, output: Path | None, hints: Path | None, format: FormatName | None
) -> Task:
    named = _FORMAT_OF_SUFFIX.get(output.suffix.lower()) if output else None
    is_folder = output is not None and (output.is_dir() or not output.suffix)
    if output is not None and not is_folder and named is None:
        message = gettext("%(path)s: the result can be PNG, JPEG, WebP or TIFF.")
        raise RehueError(message % {"path": output})
    if named and format and named != format and not is_folder:
        message = gettext("%(path)s is no name for %(format)s.")
        raise RehueError(message % {"path": output, "format": FORMATS[format].name})
    chosen = format or (named if not is_folder else None) or "png"
    beside = output is None or (is_folder and output.resolve() == source.resolve().parent)
    name = f"{source.stem}{'-colour' if beside else ''}.{FORMATS[chosen].extension}"
    target = source.with_name(name) if output is None else output / name if is_folder else output
    hint_set, hints_name = HintSet.empty, ""
    if hints is not None:
        hint_set, hints_name = _hints_of_photo(source, hints)
    return Task(source, source.name, hint_set, hints_name, target, chosen)


def _hints_of_photo(source: Path, hints: Path) -> tuple[HintSet, str]:
    if hints.is_dir():
        files = {path.name: path for path in sorted(hints.iterdir()) if is_hint_file(path.name)}
        own = {
            name: path
            for name, path in files.items()
            if source.name in (name[:-5], Path(name[:-5]).name) or name[:-5] == source.stem
        }
        found = _matched([source.name], own)
        if source.name not in found:
            message = gettext("%(folder)s holds no hints for %(name)s.")
            raise RehueError(message % {"folder": hints, "name": source.name})
        return found[source.name], next(iter(own))
    try:
        return parse_hints(hints.name, _read(hints)), hints.name
    except HintFileError as error:
        raise RehueError(error.translated(gettext)) from None


def _plan_folder(
    source: Path, output: Path | None, hints: Path | None, format: FormatName, *, recursive: bool
) -> Plan:
    folder = folder_of(source, output)
    if folder.exists() and not folder.is_dir():
        raise RehueError(gettext("%(path)s is no folder.") % {"path": folder})
    pages, refused = _pages_of(dict(_photos_in(source, folder, recursive=recursive)))
    if not pages and not refused:
        message = gettext("%(folder)s holds no photos (%(suffixes)s).")
        raise NoPhotosError(message % {"folder": source, "suffixes": ", ".join(SUFFIXES)})
    found = _hints_of_folder(pages, hints) if hints is not None else {}
    results = result_names(pages, FORMATS[format].extension)
    return Plan(
        [
            Task(
                photo,
                name,
                found.get(name, HintSet.empty),
                f"{name}.json" if name in found else "",
                folder / result,
                format,
                page,
                of,
            )
            for (name, (photo, page, of)), result in zip(pages.items(), results, strict=True)
        ],
        refused=refused,
    )


def _pages_of(photos: dict[str, Path]) -> tuple[dict[str, _Page], dict[str, str]]:
    """Return photos by name, each page of a PDF as one of its own, and files of too many pages."""
    found: dict[str, _Page] = {}
    refused = {}
    for name, photo in photos.items():
        try:
            of = intake.count_pages(photo)
        except (IntakeError, OSError):
            of = 1  # reading it says later what is wrong, by name
        if of > MAX_PAGES:
            message = gettext("The PDF has %(pages)d pages. The limit is %(limit)d.")
            refused[name] = message % {"pages": of, "limit": MAX_PAGES}
            continue
        taken = [] if of == 1 else [*photos, *found]  # a file may have a page's name already
        names = unique([*taken, *page_names(name, of)])[len(taken) :]
        found |= {one: (photo, page, of) for page, one in enumerate(names, start=1)}
    return found, refused


def _photos_in(source: Path, folder: Path, *, recursive: bool) -> Iterator[tuple[str, Path]]:
    """Yield a folder's photos by their names within it, not those of the results' own folder."""
    inside = folder.resolve() if folder.resolve() != source.resolve() else None
    for path in sorted(source.rglob("*") if recursive else source.iterdir()):
        name = path.relative_to(source).as_posix()
        if is_junk(name) or path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        if inside is None or inside not in path.resolve().parents:
            yield name, path


def _hints_of_folder(photos: Iterable[str], hints: Path) -> dict[str, HintSet]:
    if hints.is_dir():
        files = {
            path.relative_to(hints).as_posix(): path
            for path in sorted(hints.rglob("*"))
            if is_hint_file(path.name) and not is_junk(path.relative_to(hints).as_posix())
        }
        if not files:
            message = gettext("%(folder)s holds no hints (NAME.json).")
            raise RehueError(message % {"folder": hints})
        return _matched(photos, files)
    _read(hints)
    # One file for all names the photos that its hint sets are for.
    return _matched(photos, {"hints.json": hints})


def _matched(photos: Iterable[str], files: dict[str, Path]) -> dict[str, HintSet]:
    try:
        found = match_hints(list(photos), files, lambda path: _read(files[path]))
    except HintFileError as error:
        raise RehueError(error.translated(gettext)) from None
    return {name: HintSet.parse(data) for name, data in found.items()}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = gettext("%(path)s cannot be read: %(reason)s")
        raise RehueError(message % {"path": path, "reason": error.strerror}) from None


def _refuse_inputs(plan: Plan, source: Path) -> None:
    """Refuse a plan that would write over a photo it reads."""
    inputs = {(state.st_dev, state.st_ino) for task in plan.tasks for state in [task.photo.stat()]}
    for task in plan.tasks:
        try:
            state = task.output.stat()
        except OSError:
            continue
        if (state.st_dev, state.st_ino) in inputs:
            message = gettext("%(path)s is one of the photos: choose another place for results.")
            raise RehueError(message % {"path": task.output})


def _divide(plan: Plan, *, overwrite: bool, alone: bool) -> None:
    """Set aside what was done, and what would take the place of something else."""
    journals: dict[Path, Journal] = {}
    waiting = []
    for task in plan.tasks:
        blocked = next((one for one in task.output.parents if one.exists()), None)
        if blocked is not None and not blocked.is_dir():
            raise RehueError(gettext("%(path)s is no folder.") % {"path": blocked})
        if task.output.is_dir():
            raise RehueError(gettext("%(path)s is a folder.") % {"path": task.output})
        folder = _journal_folder(task)
        journal = journals.setdefault(folder, Journal(folder))
        if overwrite or not task.output.exists():
            waiting.append(task)
        elif not alone and journal.has(task):
            plan.done.append(task)
        else:
            message = gettext("%(path)s exists already; --overwrite takes its place.")
            if alone:
                raise RehueError(message % {"path": task.output})
            plan.refused[task.name] = message % {"path": task.output}
    plan.tasks = waiting


def _journal_folder(task: Task) -> Path:
    """Return the folder of all results: above those that lie deeper, as their photos do."""
    depth = len(PurePosixPath(task.name).parts)
    return task.output.parents[depth - 1]


def journal_of(task: Task) -> Journal:
    """Return the journal that a task's result is noted in."""
    return Journal(_journal_folder(task))
