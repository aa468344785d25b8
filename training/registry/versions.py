"""The model registry: which model versions there are, and which one is live.

The only door of the lab that the site goes through. It never loads a network in this
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
from training.models import ModelVersion, Run
from training.processes import ProcessFailedError, ProcessTimeoutError, run_module
from training.registry.cuda import has_cuda
from training.registry.signals import Change, audit

AUTO = "auto"
"""The value of ``MODEL`` that leaves the choice to the site and its administrators."""
PROBE_SECONDS = 120
USABLE = (ModelVersion.State.LIVE, ModelVersion.State.PUBLISHED)
_SHIPPED_PREFIX = "shipped:"


class NoLiveModelError(Exception):
    """No model version is live, so nothing can be coloured."""


class ModelUnusableError(Exception):
    """A model version's files are missing, damaged or do not run; the message says which."""


def live_model() -> ModelVersion:
    """Return the model version that colours photos now.

    Raises:
        NoLiveModelError: none is live.
    """
    model_version = ModelVersion.objects.filter(state=ModelVersion.State.LIVE).first()
    if model_version is None:
        raise NoLiveModelError
    return model_version


def published_models() -> list[ModelVersion]:
    """Return the versions that photos are or were coloured with: the live one, then by age."""
    states = (ModelVersion.State.LIVE, ModelVersion.State.PUBLISHED, ModelVersion.State.RETIRED)
    versions = ModelVersion.objects.filter(state__in=states)
    return sorted(versions, key=lambda version: not version.is_live)


def usable_models() -> list[ModelVersion]:
    """Return the versions that new photos may be coloured with: the live one, then by age."""
    return [version for version in published_models() if version.state in USABLE]


def has_distribution(model_version: ModelVersion) -> bool:
    """Tell, by its card, whether a version can suggest colours and say where it is unsure."""
    net = model_version.card.get("net")
    return isinstance(net, dict) and bool(net.get("field"))


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
        ModelUnusableError: they are missing, damaged or others.
    """
    path = folder_of(model_version)
    opened = _open(path)
    if opened.sha256 != model_version.sha256:
        message = gettext("The files in %(folder)s are not those registered as %(name)s.")
        raise ModelUnusableError(message % {"folder": path, "name": model_version.name})
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
        ModelUnusableError: the files are missing or damaged.
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
    """Register the models that come with the code, and see that a usable model is live.

    ``MODEL`` names the version or the folder to use. With ``auto``, what a person made live stays
    live; else the site chooses by what the host can do. A live version whose shipped files were
    replaced by an update gives way.

    Returns:
        The live version.

    Raises:
        ModelUnusableError: the files of the model to use are missing or damaged.
    """
    shipped = _register_shipped()
    selected = _choose(shipped) if settings.MODEL == AUTO else _named(settings.MODEL, shipped)
    verify(selected)
    _take_over(selected)
    _retire_former()
    return selected


def leave_choice() -> ModelVersion:
    """Let the site choose by itself again, at once and at later starts.

    Returns:
        The version that is live now.

    Raises:
        ModelUnusableError: its files are missing or damaged. Nothing has changed.
    """
    shipped = _register_shipped()
    selected = shipped[0] if has_cuda() else shipped[-1]
    verify(selected)
    _take_over(selected)
    ModelVersion.objects.filter(pk=selected.pk).update(by_hand=False)
    return selected


def serve_in_full() -> None:
    """Make the full shipped model live, where a worker has found a device that is fit for it.

    A version that a person chose stays live, and so does one that ``MODEL`` names.
    """
    live = ModelVersion.objects.filter(state=ModelVersion.State.LIVE).first()
    if settings.MODEL != AUTO or live is None or not _is_our_choice(live):
        return
    _take_over(register(folder=SHIPPED, stored_as=f"{_SHIPPED_PREFIX}{SHIPPED.name}"))


def _register_shipped() -> list[ModelVersion]:
    """The full model and, where there is one, the fast one for hosts without a GPU."""
    fast = SHIPPED.with_name(f"{SHIPPED.name}-fast")
    return [
        register(folder=folder, stored_as=f"{_SHIPPED_PREFIX}{folder.name}")
        for folder in (SHIPPED, fast)
        if folder == SHIPPED or folder.is_dir()
    ]


def _named(name: str, shipped: list[ModelVersion]) -> ModelVersion:
    """The version that ``MODEL`` means: a shipped one, any other by its name, or a folder."""
    for model_version in shipped:
        if model_version.folder == f"{_SHIPPED_PREFIX}{name}":
            return model_version
    known = ModelVersion.objects.filter(name=name).exclude(state=ModelVersion.State.DRAFT).first()
    if known is not None:
        return known
    folder = Path(name).expanduser().resolve()
    return register(folder=folder, stored_as=str(folder))


def _choose(shipped: list[ModelVersion]) -> ModelVersion:
    """The version to serve with: what is live, unless that was the site's own choice or is gone."""
    full, quick = shipped[0], shipped[-1]
    live = ModelVersion.objects.filter(state=ModelVersion.State.LIVE).first()
    if live is not None and not _is_our_choice(live):
        return live
    if has_cuda():
        return full
    # Workers elsewhere may have the device that this host lacks: one that does has told.
    return full if live == full and not settings.EMBEDDED else quick


def _is_our_choice(live: ModelVersion) -> bool:
    """Whether another shipped version may take this one's place without anybody being asked."""
    if not live.folder.startswith(_SHIPPED_PREFIX):
        return False
    return not live.by_hand or not _is_whole(live)


def _is_whole(model_version: ModelVersion) -> bool:
    try:
        verify(model_version)
    except ModelUnusableError:
        return False
    return True


def _take_over(model_version: ModelVersion) -> None:
    """Make a version live on the site's own account."""
    with transaction.atomic():
        before = _flip(model_version, by_hand=False)
        if before != model_version:
            audit(None, model_version, Change.LIVE, before)


def _retire_former() -> None:
    """Take shipped versions out of use whose files an update has replaced or removed."""
    published = ModelVersion.objects.filter(state=ModelVersion.State.PUBLISHED)
    for model_version in published.filter(folder__startswith=_SHIPPED_PREFIX):
        if not _is_whole(model_version):
            retire(actor=None, model_version=model_version)


def make_live(
    *,
    actor: AbstractUser | None,
    model_version: ModelVersion,
    probe: Callable[[Path], None] | None = None,
) -> None:
    """Colour with ``model_version`` from now on; jobs already asked for keep theirs.

    Args:
        actor: who decides; None on the command line.
        model_version: the version to switch to; a retired one comes back that way.
        probe: loads the folder's model and runs it once, raising :class:`ModelUnusableError` if
            that fails; a process of its own when left out.

    Raises:
        ModelUnusableError: its files are missing or damaged, it does not run, or it is a draft.
            Nothing has changed.
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
        ModelUnusableError: none was live before, or it cannot be used any more. Nothing has
            changed.
    """
    model_version = model_before()
    if model_version is None:
        raise ModelUnusableError(gettext("No other version was live before this one."))
    _switch(actor, model_version, Change.ROLLED_BACK, run_probe)
    return model_version


def retire(*, actor: AbstractUser | None, model_version: ModelVersion) -> None:
    """Take a version out of use; its files, its scores and what it coloured stay.

    Raises:
        ModelUnusableError: it is live, or a draft.
    """
    with transaction.atomic():
        published = ModelVersion.objects.filter(
            pk=model_version.pk, state=ModelVersion.State.PUBLISHED
        )
        if not published.update(state=ModelVersion.State.RETIRED):
            model_version.refresh_from_db()
            message = gettext("Only published versions retire, and %(name)s is not one.")
            raise ModelUnusableError(message % {"name": model_version.name})
        audit(actor, model_version, Change.RETIRED)


def run_probe(folder: Path) -> None:
    """Load the model in ``folder`` and colour one small picture, in a process of its own.

    Raises:
        ModelUnusableError: it does not load, fails, crashes or takes longer than two minutes.
    """
    try:
        run_module("training.registry.probe", str(folder), seconds=PROBE_SECONDS)
    except ProcessTimeoutError:
        message = gettext("The model did not answer in %(seconds)d seconds.")
        raise ModelUnusableError(message % {"seconds": PROBE_SECONDS}) from None
    except ProcessFailedError as error:
        raise ModelUnusableError(str(error) or gettext("The model's process crashed.")) from None


def _open(folder: Path) -> ModelFolder:
    try:
        return ModelFolder.open(folder)
    except ModelError as error:
        raise ModelUnusableError(str(error)) from error


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
        raise ModelUnusableError(message % {"name": model_version.name})
    probe(verify(model_version))
    with transaction.atomic():
        before = _flip(model_version, by_hand=True)
        if before != model_version:
            audit(actor, model_version, change, before)


def _flip(model_version: ModelVersion, *, by_hand: bool) -> ModelVersion | None:
    """Make ``model_version`` the one live row; return the one that was live before."""
    states = ModelVersion.State
    with transaction.atomic():
        before = ModelVersion.objects.select_for_update().filter(state=states.LIVE).first()
        if before == model_version:
            if by_hand:
                ModelVersion.objects.filter(pk=before.pk).update(by_hand=True)
            return before
        if before is not None:
            ModelVersion.objects.filter(pk=before.pk).update(state=states.PUBLISHED)
        ModelVersion.objects.filter(pk=model_version.pk).update(
            state=states.LIVE, went_live=timezone.now(), by_hand=by_hand
        )
    model_version.refresh_from_db()
    return before
