"""The model registry: which model versions there are, and which one is live.

The only door of the laboratory that the site goes through. It never loads a network in this
process: a web process has no inference runtime, and a bad file may take its process down.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from colorizer.model import ModelError, ModelFolder
from colorizer.models import SHIPPED
from training.changes import Change, audit
from training.models import ModelVersion, Run
from training.own_process import ProcessFailed, ProcessTooSlow, run_module

PROBE_SECONDS = 120
USABLE = (ModelVersion.State.LIVE, ModelVersion.State.PUBLISHED)
_SHIPPED_PREFIX = "shipped:"


class NoLiveModel(Exception):
    """No model version is live, so nothing can be coloured."""


class ModelUnusable(Exception):
    """A model version's files are missing, damaged or do not run; the message says which."""


def live_model() -> ModelVersion:
    """Return the model version that colours photos now.

    Raises:
        NoLiveModel: none is live.
    """
    model_version = ModelVersion.objects.filter(state=ModelVersion.State.LIVE).first()
    if model_version is None:
        raise NoLiveModel
    return model_version


def published_models() -> list[ModelVersion]:
    """Return the versions that photos are or were coloured with: the live one, then by age."""
    states = (ModelVersion.State.LIVE, ModelVersion.State.PUBLISHED, ModelVersion.State.RETIRED)
    versions = ModelVersion.objects.filter(state__in=states)
    return sorted(versions, key=lambda version: not version.is_live)


def usable_models() -> list[ModelVersion]:
    """Return the versions that new photos may be coloured with: the live one, then by age."""
    return [version for version in published_models() if version.state in USABLE]


def folder_of(model_version: ModelVersion) -> Path:
    """Return the folder that holds the files of ``model_version``."""
    if model_version.folder.startswith(_SHIPPED_PREFIX):
        return SHIPPED.parent / model_version.folder.removeprefix(_SHIPPED_PREFIX)
    return Path(settings.MODEL_DIR) / model_version.folder


def verify(model_version: ModelVersion) -> Path:
    """Check that the files of ``model_version`` are whole and the ones that were registered.

    Returns:
        Their folder.

    Raises:
        ModelUnusable: they are missing, damaged or others.
    """
    path = folder_of(model_version)
    opened = _open(path)
    if opened.sha256 != model_version.sha256:
        message = gettext("The files in %(folder)s are not those registered as %(name)s.")
        raise ModelUnusable(message % {"folder": path, "name": model_version.name})
    return path


def register(
    *,
    folder: Path,
    stored_as: str,
    state: ModelVersion.State = ModelVersion.State.PUBLISHED,
    run: Run | None = None,
) -> ModelVersion:
    """Return the version for the files in ``folder``, registered if they are new.

    A folder whose weights changed under the same name becomes a version of its own, since a
    version never changes.

    Args:
        folder: where the files are now.
        stored_as: what to keep in :attr:`ModelVersion.folder`.
        state: of a version that is new.
        run: that made it.

    Raises:
        ModelUnusable: the files are missing or damaged.
    """
    opened = _open(folder)
    known = ModelVersion.objects.filter(sha256=opened.sha256, folder=stored_as).first()
    if known is not None:
        return known
    name = opened.name
    if ModelVersion.objects.filter(name=name).exists():
        name = f"{name}-{opened.sha256[:8]}"
    model_version, _created = ModelVersion.objects.get_or_create(
        name=name,
        defaults={
            "sha256": opened.sha256,
            "folder": stored_as,
            "net": str(opened.card.net.get("net", "")),
            "card": opened.card.to_json(),
            "state": state,
            "run": run,
        },
    )
    return model_version


def ensure_shipped_model() -> ModelVersion:
    """Register the model that comes with the code, and see that a usable model is live.

    ``MODEL`` in the environment names a folder to use instead. A live version whose shipped files
    were replaced by an update gives way to the new ones.

    Returns:
        The live version.

    Raises:
        ModelUnusable: the files of the model to use are missing or damaged.
    """
    if settings.MODEL_OVERRIDE:
        folder = Path(settings.MODEL_OVERRIDE).expanduser().resolve()
        wanted = register(folder=folder, stored_as=str(folder))
        _take_over(wanted)
        return wanted
    shipped = register(folder=SHIPPED, stored_as=f"{_SHIPPED_PREFIX}{SHIPPED.name}")
    try:
        live = live_model()
    except NoLiveModel:
        _take_over(shipped)
        return shipped
    if live.folder.startswith(_SHIPPED_PREFIX) and live != shipped:
        _take_over(shipped)
        _retire_former(shipped)
        return shipped
    verify(live)
    return live


def _take_over(model_version: ModelVersion) -> None:
    """Make a version live on the site's own account."""
    with transaction.atomic():
        before = _flip(model_version)
        if before != model_version:
            audit(None, model_version, Change.LIVE, before)


def _retire_former(shipped: ModelVersion) -> None:
    """Take shipped versions out of use whose files an update has replaced or removed."""
    published = ModelVersion.objects.filter(state=ModelVersion.State.PUBLISHED)
    former = published.filter(folder__startswith=_SHIPPED_PREFIX).exclude(pk=shipped.pk)
    for model_version in former:
        retire(actor=None, model_version=model_version)


def make_live(
    *,
    actor: AbstractUser | None,
    model_version: ModelVersion,
    probe: Callable[[Path], None] | None = None,
) -> None:
    """Colour with ``model_version`` from now on; jobs already asked for keep theirs.

    Args:
        actor: who decides; nobody in particular on the command line.
        model_version: the version to switch to; a retired one comes back that way.
        probe: loads the folder's model and runs it once, raising :class:`ModelUnusable` if that
            fails; a process of its own when left out.

    Raises:
        ModelUnusable: its files are missing or damaged, it does not run, or it is a draft. Nothing
            has changed.
    """
    _switch(actor, model_version, Change.LIVE, probe or run_probe)


def model_before() -> ModelVersion | None:
    """Return the version that :func:`roll_back` would go back to, if there is one."""
    earlier = ModelVersion.objects.filter(
        state=ModelVersion.State.PUBLISHED, went_live__isnull=False
    )
    return earlier.order_by("-went_live").first()


def roll_back(*, actor: AbstractUser | None) -> ModelVersion:
    """Colour again with the version that was live before the one that is.

    Returns:
        The version that is live now.

    Raises:
        ModelUnusable: none was live before, or it cannot be used any more. Nothing has changed.
    """
    model_version = model_before()
    if model_version is None:
        raise ModelUnusable(gettext("No other version was live before this one."))
    _switch(actor, model_version, Change.ROLLED_BACK, run_probe)
    return model_version


def retire(*, actor: AbstractUser | None, model_version: ModelVersion) -> None:
    """Take a version out of use; its files, its scores and what it coloured stay.

    Raises:
        ModelUnusable: it is live, or a draft that nobody has used yet.
    """
    with transaction.atomic():
        published = ModelVersion.objects.filter(
            pk=model_version.pk, state=ModelVersion.State.PUBLISHED
        )
        if not published.update(state=ModelVersion.State.RETIRED):
            model_version.refresh_from_db()
            message = gettext("Only published versions retire, and %(name)s is not one.")
            raise ModelUnusable(message % {"name": model_version.name})
        audit(actor, model_version, Change.RETIRED)


def run_probe(folder: Path) -> None:
    """Load the model in ``folder`` and colour one small picture, in a process of its own.

    Raises:
        ModelUnusable: it does not load, fails, crashes or takes longer than two minutes.
    """
    try:
        run_module("training.probe", str(folder), seconds=PROBE_SECONDS)
    except ProcessTooSlow:
        message = gettext("The model did not answer in %(seconds)d seconds.")
        raise ModelUnusable(message % {"seconds": PROBE_SECONDS}) from None
    except ProcessFailed as error:
        raise ModelUnusable(str(error) or gettext("The model's process crashed.")) from None


def _open(folder: Path) -> ModelFolder:
    try:
        return ModelFolder.open(folder)
    except ModelError as error:
        raise ModelUnusable(str(error)) from error


def _switch(
    actor: AbstractUser | None,
    model_version: ModelVersion,
    change: Change,
    probe: Callable[[Path], None],
) -> None:
    """Try a version out, then make it live; nothing has changed if it fails."""
    model_version.refresh_from_db()
    if model_version.state == ModelVersion.State.DRAFT:
        message = gettext("%(name)s is a draft: publish it first.")
        raise ModelUnusable(message % {"name": model_version.name})
    probe(verify(model_version))
    with transaction.atomic():
        before = _flip(model_version)
        if before != model_version:
            audit(actor, model_version, change, before)


def _flip(model_version: ModelVersion) -> ModelVersion | None:
    """Make ``model_version`` the one live row; return the one that was live before."""
    states = ModelVersion.State
    with transaction.atomic():
        before = ModelVersion.objects.select_for_update().filter(state=states.LIVE).first()
        if before == model_version:
            return before
        if before is not None:
            ModelVersion.objects.filter(pk=before.pk).update(state=states.PUBLISHED)
        ModelVersion.objects.filter(pk=model_version.pk).update(
            state=states.LIVE, went_live=timezone.now()
        )
    model_version.refresh_from_db()
    return before
