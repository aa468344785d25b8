"""Backups: every row as of one moment, and the files that these rows speak of, in one TAR.

A backup is taken while the site runs: the database gives a snapshot, and files are written once and
never change. What was deleted while files were copied is deleted after restoring, too. Rows travel
as JSON, so that a backup of SQLite can be restored to PostgreSQL and the other way round.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.db.models.deletion import ProtectedError, RestrictedError

FORMAT = 1
SNAPSHOT = "snapshot"
"""A second connection, in whose transaction the database stands still."""
ROWS, MANIFEST = "rows.jsonl", "manifest.json"
BLOCK = 1024 * 1024
STORED = {
    "library.photo": ("original", "lightness"),
    "studio.version": ("image",),
    "batches.batch": ("archive",),
    "batches.batchitem": ("result",),
    "uploads.piece": ("key",),
    "accounts.dataexport": ("file",),
    "training.modelversion": ("samples",),
    "training.search": ("plots",),
}
"""The fields that hold storage keys. What can be made of other files again is left out."""
FOLDERS = ("models", "runs")
"""Below ``DATA_DIR``. Data sets are left out: they are large, and prepared from files elsewhere."""


class BackupError(Exception):
    """The backup cannot be made or restored; the message says why."""


@dataclass
class Report:
    """What went into a backup, or came out of one."""

    rows: int = 0
    files: int = 0
    bytes: int = 0
    gone: list[tuple[str, str]] = field(default_factory=list)


def back_up(target: Path) -> Report:
    """Write a backup to ``target``, which appears whole or not at all.

    Raises:
        BackupError: there is something at ``target``, or it cannot be written.
    """
    if target.exists():
        raise BackupError(f"{target} exists already.")
    partial = target.with_name(f".{target.name}.partial")
    try:
        with partial.open("wb") as sink:
            partial.chmod(0o600)
            with tarfile.open(fileobj=sink, mode="w|") as tar:
                report = _Writer(tar).write()
        partial.replace(target)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return report


def restore(source: Path) -> Report:
    """Put a backup's rows and files into an empty site: all of it, or none of the rows.

    Raises:
        BackupError: it is damaged or of another version, or the site is not empty.
    """
    manifest = _verified(source)
    _check_target(manifest)
    report = Report(gone=[(label, pk) for label, pk in manifest["gone"]])
    with tarfile.open(source, "r|") as tar, tempfile.TemporaryDirectory() as scratch:
        rows = Path(scratch) / ROWS
        for member, content in _members(tar):
            if member.name == ROWS:
                with rows.open("wb") as sink:
                    shutil.copyfileobj(content, sink, BLOCK)
            elif member.name != MANIFEST:
                _put(member.name, content, member.size)
                report.files += 1
                report.bytes += member.size
        with rows.open(encoding="utf-8") as lines, transaction.atomic():
            report.rows = _load(lines)
            _delete_gone(report.gone)
    return report


class _Writer:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._sums: dict[str, str] = {}
        self._report = Report()

    def write(self) -> Report:
        with tempfile.TemporaryFile() as rows, snapshot():
            keys = self._dump(rows)
            migrations = _applied(SNAPSHOT)
            size = rows.seek(0, io.SEEK_END)
            rows.seek(0)
            self._add(ROWS, rows, size)
        for (label, pk), key in keys:
            self._add_stored(label, pk, key)
        self._add_folders()
        manifest = {
            "format": FORMAT,
            "migrations": migrations,
            "rows": self._report.rows,
            "sha256": self._sums,
            "gone": self._report.gone,
        }
        data = json.dumps(manifest).encode()
        self._add(MANIFEST, io.BytesIO(data), len(data))
        return self._report

    def _dump(self, rows: IO[bytes]) -> list[tuple[tuple[str, str], str]]:
        keys = []
        for model in _models():
            label = model._meta.label_lower
            for row in model._base_manager.using(SNAPSHOT).order_by("pk").iterator(500):
                rows.write(serializers.serialize("jsonl", [row], cls=_Encoder).encode())
                self._report.rows += 1
                for name in STORED.get(label, ()):
                    keys += [((label, str(row.pk)), key) for key in _keys_in(getattr(row, name))]
        return keys

    def _add_stored(self, label: str, pk: str, key: str) -> None:
        """Add a file of the storage; one that went since the snapshot takes its row along."""
        try:
            with default_storage.open(key) as file:
                self._add(f"media/{key}", file, default_storage.size(key))
        except FileNotFoundError:
            if (label, pk) not in self._report.gone and not label.startswith("training."):
                self._report.gone.append((label, pk))

    def _add_folders(self) -> None:
        own = settings.DATA_DIR / "secret_key"
        paths = [own] if own.exists() else []
        for name in FOLDERS:
            folder = settings.DATA_DIR / name
            paths += sorted(path for path in folder.rglob("*") if path.is_file())
        for path in paths:
            try:
                with path.open("rb") as file:
                    size = path.stat().st_size
                    self._add(f"data/{path.relative_to(settings.DATA_DIR)}", file, size)
            except FileNotFoundError:  # of a training that goes on
                continue

    def _add(self, name: str, content: Any, size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        summing = _Summing(content, size)
        self._tar.addfile(member, summing)  # type: ignore[arg-type]  # it only reads
        self._sums[name] = summing.hexdigest()
        if name != ROWS:
            self._report.files += 1
            self._report.bytes += size


class _Encoder(DjangoJSONEncoder):
    """Django's rounds moments to milliseconds."""

    def default(self, o: Any) -> Any:
        """Return a value that JSON has no word for."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


class _Summing:
    """A file that is summed as it is read; one that shrinks meanwhile is filled up with zeros."""

    def __init__(self, file: Any, size: int) -> None:
        self._file, self._left = file, size
        self._sum = hashlib.sha256()

    def read(self, size: int) -> bytes:
        requested = min(size, self._left)
        data: bytes = self._file.read(requested).ljust(requested, b"\0")
        self._left -= len(data)
        self._sum.update(data)
        return data

    def hexdigest(self) -> str:
        return self._sum.hexdigest()


@contextmanager
def snapshot() -> Iterator[None]:
    """Let the connection ``SNAPSHOT`` see the database as it is now for a ``with`` block.

    Nobody waits for it: in SQLite readers of the write-ahead log hold up no writer.
    """
    options = dict(connection.settings_dict["OPTIONS"])
    if connection.vendor == "postgresql":
        from django.db.backends.postgresql.psycopg_any import IsolationLevel  # needs psycopg

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    else:
        options["transaction_mode"] = "DEFERRED"
    connections.databases[SNAPSHOT] = {**connection.settings_dict, "OPTIONS": options}
    try:
        with transaction.atomic(using=SNAPSHOT):
            _applied(SNAPSHOT)  # the first read is what the snapshot is of
            yield
    finally:
        connections[SNAPSHOT].close()
        del connections[SNAPSHOT]
        del connections.databases[SNAPSHOT]


def _keys_in(value: Any) -> list[str]:
    """Return the storage keys in a field, which may be JSON."""
    if isinstance(value, dict):
        return [key for one in value.values() for key in _keys_in(one)]
    return [value] if value and isinstance(value, str) else []


def _models() -> list[type[Model]]:
    """Every model with a table of its own; links between two are dumped with their first side."""
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


def _applied(using: str) -> list[list[str]]:
    recorder = MigrationRecorder(connections[using])
    return sorted([app, name] for app, name in recorder.applied_migrations())


def _members(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member)
        if content is None:
            raise BackupError(f"{member.name} is no file: this is no backup of Rehue.")
        yield member, content


def _verified(source: Path) -> dict[str, Any]:
    """Read a backup from end to end and return its manifest.

    Raises:
        BackupError: it is not whole.
    """
    sums: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    try:
        with tarfile.open(source, "r|") as tar:
            for member, content in _members(tar):
                if member.name == MANIFEST:
                    manifest = json.load(content)
                    continue
                total = hashlib.sha256()
                while block := content.read(BLOCK):
                    total.update(block)
                sums[member.name] = total.hexdigest()
    except (OSError, tarfile.TarError, ValueError) as error:
        raise BackupError(f"{source} cannot be read: {error}.") from error
    if manifest.get("format") != FORMAT or manifest.get("sha256") != sums:
        raise BackupError(f"{source} is damaged, incomplete, or no backup of Rehue.")
    return manifest


def _check_target(manifest: dict[str, Any]) -> None:
    if _applied("default") != manifest["migrations"]:
        raise BackupError(
            "The backup was made by another version of Rehue. Restore it with that version, and "
            "then update."
        )
    for label in ("accounts.user", "library.photo"):
        if apps.get_model(label)._base_manager.exists():
            raise BackupError("There are users or photos here. Restore to an empty site.")


def _put(name: str, content: IO[bytes], size: int) -> None:
    """Write a file of a backup to its place."""
    root, _, key = name.partition("/")
    if root == "media":
        default_storage.save(key, File(content, name=key))
        return
    path = (settings.DATA_DIR / key).resolve()
    if root != "data" or not path.is_relative_to(settings.DATA_DIR.resolve()):
        raise BackupError(f"{name} has no place here.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("wb") as sink:
        path.chmod(0o600)
        shutil.copyfileobj(content, sink, BLOCK)


def _load(lines: IO[str]) -> int:
    """Put rows into the database, whose tables are emptied of what migrations brought."""
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    count = 0
    with connection.constraint_checks_disabled():
        for line in lines:
            for row in serializers.deserialize("jsonl", line):
                row.save(force_insert=True)
                count += 1
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
    return count


def _delete_gone(gone: list[tuple[str, str]]) -> None:
    for label, pk in sorted(gone, key=lambda one: list(STORED).index(one[0])):
        try:
            apps.get_model(label)._base_manager.filter(pk=pk).delete()
        except (ProtectedError, RestrictedError):  # goes with what it belongs to
            continue
