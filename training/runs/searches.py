"""Searches for hyper-parameters as the site knows them, started here or from the command line."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext

from training.data.pictures import DataError
from training.models import Search
from training.registry.data_sets import check_sources, pictures_of
from training.registry.search_files import store_plot, store_trials
from training.runs.claims import HEARTBEAT_SECONDS, send_to_worker
from training.runs.heartbeat import Heartbeat, WorkStoppedError, claimed

if TYPE_CHECKING:
    from collections.abc import Callable

    from optuna import Study

    from training.search.study import Trial

TRIALS = 20
EPOCHS = 5
_DATA = "data"

log = structlog.get_logger(__name__)


class SearchError(Exception):
    """The search cannot be made, joined or gone on with; the message says why."""


def create_search(
    *,
    recipe: dict[str, Any],
    data: Sequence[str],
    val: Sequence[str] = (),
    trials: int = TRIALS,
    epochs: int = EPOCHS,
    pictures: int | None = None,
    actor: AbstractUser | None = None,
) -> Search:
    """Make the row of a search; it waits until a process claims it.

    Args:
        recipe: what every trial starts from, checked and as plain JSON; its name is the search's.
        data: names of data sets, or paths of tars and folders of pictures.
        val: the same for the pictures to compare trials on; ``data``'s own if empty.
        trials: how many to make.
        epochs: of each trial.
        pictures: how many of those to learn from an epoch shows; all if left out.
        actor: who asks.

    Raises:
        DataError: there are no pictures to learn from, or none to compare trials on.
        SearchError: there is a search of that name, or a number or the recipe does not suit one.
    """
    if min(trials, epochs, 1 if pictures is None else pictures) < 1:
        raise SearchError(gettext("A search needs at least one trial, one epoch and one picture."))
    check_sources(data=data, val=val)
    try:
        with transaction.atomic():
            return Search.objects.create(
                name=recipe["name"],
                recipe=start_of_trials(recipe, epochs=epochs),
                data=list(data),
                val=list(val),
                total=trials,
                pictures=pictures,
                actor_id=actor.pk if actor else None,
            )
    except IntegrityError:
        message = gettext(
            "There is a search %(name)s already: resume or join it, or give the recipe another "
            "name."
        )
        raise SearchError(message % {"name": recipe["name"]}) from None


def request_search(**arguments: Any) -> Search:
    """Make a search and have a worker take it; arguments and errors as :func:`create_search`'s."""
    search = create_search(**arguments)
    send_to_worker(search)
    return search


def start_of_trials(recipe: dict[str, Any], *, epochs: int) -> dict[str, Any]:
    """Return what every trial starts from: the recipe for so many epochs, measured after each.

    Raises:
        SearchError: the recipe has several stages, so that an epoch could be of any.
    """
    if len(recipe["stages"]) != 1:
        message = gettext("A search needs a recipe of one stage; %(name)s has %(count)d.")
        raise SearchError(message % {"name": recipe["name"], "count": len(recipe["stages"])})
    stage = {**recipe["stages"][0], "epochs": epochs, "steps": None}
    return {**recipe, "stages": [stage], "score_every": 0}


def require_unchanged(
    search: Search, *, recipe: dict[str, Any], trials: int, epochs: int, pictures: int | None
) -> None:
    """Check that a search would be made like this again.

    Raises:
        SearchError: it was begun with another recipe or other numbers; the message names them.
    """
    now = {**start_of_trials(recipe, epochs=epochs), "trials": trials, "pictures": pictures}
    then = {**search.recipe, "trials": search.total, "pictures": search.pictures}
    changed = [key for key in now if now[key] != then.get(key)]
    if changed:
        raise SearchError(
            f"The search {search.name} was begun otherwise: {', '.join(changed)} changed."
        )


def folder_of_search(search: Search) -> Path:
    """Return the folder of a search's trials."""
    return Path(settings.RUN_DIR) / "searches" / search.name


def execute_search(
    search: Search, *, supervised: bool = False, workers: int = 1, device: str | None = None
) -> None:
    """Make trials in this process until all have an outcome, those of other processes included.

    Args:
        search: a queued search; one that has begun is gone on with.
        supervised: a parent process waits; when that has gone, the search is queued again.
        workers: processes that prepare batches.
        device: a torch device; ``cuda`` if left out and there, else ``cpu``.

    Raises:
        WorkStateError: another process works on it, or it has ended.
        TrainingError: it failed; the row says so too. Likewise ``DataError``.
    """
    from training.learning.fit import TrainingStoppedError
    from training.learning.folder import locked
    from training.search.study import give_up_dead_trials, outcomes, work_off

    folder = folder_of_search(search)
    with (
        claimed(search, supervised=supervised) as heartbeat,
        locked(folder),
        _study_of(search) as study,
    ):
        page = _Page(search, study, heartbeat)
        trial = _trial(search, study, workers, device, go_on=page.go_on, report=page.update)
        stopped = False
        try:
            work_off(study, trial)
            while len(outcomes(study)) < search.total:
                time.sleep(HEARTBEAT_SECONDS)
                give_up_dead_trials(study)
                page.update()
                if not page.go_on():
                    raise TrainingStoppedError
                work_off(study, trial)
        except (TrainingStoppedError, KeyboardInterrupt):
            stopped = True
        page.update()
        page.draw()
        if stopped:
            raise WorkStoppedError
    search.refresh_from_db()


def join_search(search: Search, *, workers: int = 1, device: str | None = None) -> None:
    """Make trials of a search that runs in another process, as long as there are some to take up.

    Args:
        search: a running search.
        workers: processes that prepare batches.
        device: a torch device; ``cuda`` if left out and there, else ``cpu``.

    Raises:
        SearchError: it is not running.
        TrainingError: its trials cannot be trained here. Likewise ``DataError``.
    """
    from training.learning.fit import TrainingStoppedError
    from training.search.study import work_off

    if search.status != Search.Status.RUNNING:
        raise SearchError(f"The search {search.name} is {search.status}: none can join it.")
    alive = Search.objects.filter(pk=search.pk, status__in=Search.ALIVE, cancel_asked=False)
    with _study_of(search) as study:
        trial = _trial(search, study, workers, device, go_on=alive.exists, report=lambda: None)
        try:
            work_off(study, trial)
        except TrainingStoppedError:
            log.info("search_left", search=search.name)


def database_url(site: Mapping[str, Any]) -> str:
    """Return a database of Django's settings as SQLAlchemy names it."""
    from sqlalchemy import URL

    if site["ENGINE"] == "django.db.backends.sqlite3":
        url = URL.create("sqlite", database=str(site["NAME"]))
    else:
        url = URL.create(
            "postgresql+psycopg",
            username=site["USER"] or None,
            password=site["PASSWORD"] or None,
            host=site["HOST"] or None,
            port=int(site["PORT"]) if site["PORT"] else None,
            database=site["NAME"],
            query={key: str(value) for key, value in site["OPTIONS"].items()},
        )
    return url.render_as_string(hide_password=False)


@contextmanager
def _study_of(search: Search) -> Iterator[Study]:
    from training.search.study import opened_study

    url = database_url(connection.settings_dict)
    with opened_study(url, str(search.pk), folder_of_search(search)) as study:
        yield study


def _trial(
    search: Search,
    study: Study,
    workers: int,
    device: str | None,
    *,
    go_on: Callable[[], bool],
    report: Callable[[], None],
) -> Trial:
    """What to do again and again.

    Raises:
        DataError: the pictures are gone, or are others than those of the trials before.
    """
    import torch

    from training.learning.recipe import check_recipe
    from training.search.study import Trial, draw_pictures

    recipe = check_recipe(search.recipe)
    train, val, data = pictures_of(search)
    if study.user_attrs.get(_DATA, data) != data:
        raise DataError(f"The pictures have changed since the search {search.name} began.")
    study.set_user_attr(_DATA, data)
    return Trial(
        recipe=recipe,
        total=search.total,
        train=draw_pictures(train, search.pictures, recipe.seed),
        val=val,
        folder=folder_of_search(search),
        device=device or ("cuda" if torch.cuda.is_available() else "cpu"),
        workers=workers,
        go_on=go_on,
        report=report,
    )


class _Page:
    """What pages show of a search, written by the one process that claimed it."""

    def __init__(self, search: Search, study: Study, heartbeat: Heartbeat) -> None:
        self._search = search
        self._study = study
        self._pulse = heartbeat
        self._done = search.done

    def go_on(self) -> bool:
        """Show that the search is alive; returns whether to go on."""
        return self._pulse.stepped(self._done, self._search.total)

    def update(self) -> None:
        """Bring the table up to date, and its CSV too if a trial has ended."""
        from training.search.study import outcomes, table

        ended = len(outcomes(self._study))
        if ended != self._done:
            store_trials(self._search, self._study.trials_dataframe().to_csv(index=False))
            log.info("trials_ended", search=self._search.name, ended=ended)
        self._done = ended
        self._pulse.stepped(ended, self._search.total)
        self._pulse.show(trials=table(self._study))

    def draw(self) -> None:
        """Draw the study's plots anew."""
        from training.search.plots import draw_plots

        before = {key for keys in self._search.plots.values() for key in keys.values()}
        plots = {
            name: {
                theme: store_plot(self._search, name, theme, svg) for theme, svg in themes.items()
            }
            for name, themes in draw_plots(self._study).items()
        }
        self._pulse.show(plots=plots)
        for key in before - {key for keys in plots.values() for key in keys.values()}:
            default_storage.delete(key)
