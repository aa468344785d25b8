"""Figures without weights: taken out of one site's database, and shown on another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from colorizer.model import sha256_of
from training.models import Measurement, ModelVersion, Publication, Run, Score, Search, Work
from training.registry.figure_files import (
    FigureFile,
    FiguresError,
    RunFigures,
    ScoreFigures,
    SearchFigures,
    read_figures,
)
from training.registry.search_files import read_plot, store_plot, store_trials, trials_csv

SHIPPED = Path(__file__).parents[1] / "published"
"""Files that come with the code."""
_SUFFIX = "-published"
_SAME = ("protocol", "method", "subject_sha256", "data_sha256", "pictures")


def collect_figures(*, names: Sequence[str], about: str = "") -> FigureFile:
    """Put together what runs, searches and model versions have, with the training-free rows.

    Args:
        names: of runs, searches or model versions of this site.
        about: where and how the figures were made, for people to read.

    Raises:
        FiguresError: a name stands for nothing here.
    """
    runs = list(Run.objects.filter(name__in=names).prefetch_related("measurements"))
    searches = list(Search.objects.filter(name__in=names))
    versions = list(ModelVersion.objects.filter(name__in=names))
    if unknown := set(names) - {str(item) for item in (*runs, *searches, *versions)}:
        raise FiguresError(
            f"There is no run, search or model version {', '.join(sorted(unknown))}."
        )
    of_runs = Q(run__in=runs) | Q(model_version__run__in=runs)
    networks = Score.objects.filter(of_runs | Q(model_version__in=versions))
    scores = [*_training_free_beside(networks), *networks.select_related("run", "model_version")]
    return FigureFile(
        about=about,
        runs=[_run_figures(run) for run in runs],
        searches=[_search_figures(search) for search in searches],
        scores=[_score_figures(score, {run.pk: run.name for run in runs}) for score in scores],
    )


def load_shipped_figures() -> None:
    """Show the figures that come with the code; errors as :func:`load_figures`'s."""
    for path in sorted(SHIPPED.glob("*.json")):
        load_figures(path)


def load_figures(path: Path) -> bool:
    """Show the figures of a file, in place of those of an earlier file of that name.

    What this site has scored itself is left as it is.

    Returns:
        Whether anything changed: not if the same file has been loaded before.

    Raises:
        FiguresError: the file cannot be used; nothing has changed.
    """
    figures, sha256 = read_figures(path), sha256_of(path)
    if Publication.objects.filter(name=path.stem, sha256=sha256).exists():
        return False
    with transaction.atomic():
        forget_figures(path.stem)
        publication = Publication.objects.create(name=path.stem, sha256=sha256, about=figures.about)
        runs = {run.name: _load_run(run, publication) for run in figures.runs}
        for search in figures.searches:
            _load_search(search, publication)
        _load_scores(figures.scores, runs, publication)
    return True


def forget_figures(name: str) -> bool:
    """Remove what was loaded from a file; whether there was anything."""
    plots = Search.objects.filter(publication__name=name).values_list("plots", flat=True)
    keys = [key for themes in plots for pair in themes.values() for key in pair.values()]
    removed, _ = Publication.objects.filter(name=name).delete()
    transaction.on_commit(lambda: _delete(keys))
    return bool(removed)


def _delete(keys: Iterable[str]) -> None:
    for key in keys:
        default_storage.delete(key)


def _training_free_beside(networks: QuerySet[Score]) -> list[Score]:
    tables = set(networks.order_by().values_list("protocol", "data_sha256", "pictures"))
    free = Score.objects.filter(subject_sha256="")
    return [s for s in free if (s.protocol, s.data_sha256, s.pictures) in tables]


def _run_figures(run: Run) -> RunFigures:
    return RunFigures(
        name=run.name,
        recipe=run.recipe,
        data=run.data,
        val=run.val,
        device=run.device,
        steps=run.done,
        seconds=run.seconds,
        best=run.best,
        measurements=[(row.step, row.values) for row in run.measurements.all()],
    )


def _search_figures(search: Search) -> SearchFigures:
    plots = {
        name: {theme: read_plot(key) for theme, key in keys.items()}
        for name, keys in search.plots.items()
    }
    return SearchFigures(
        name=search.name,
        recipe=search.recipe,
        data=search.data,
        val=search.val,
        pictures=search.pictures,
        seconds=search.seconds,
        trials=search.trials,
        csv=trials_csv(search),
        plots=plots,
    )


def _score_figures(score: Score, runs: dict[object, str]) -> ScoreFigures:
    version = score.model_version
    run = runs.get(score.run_id) or (runs.get(version.run_id) if version else None)
    values = {key: getattr(score, key) for key in ScoreFigures.model_fields if key != "run"}
    return ScoreFigures(run=run, **values)


def _load_run(figures: RunFigures, publication: Publication) -> Run:
    """Make a run that has no folder, under a name that a run made here would not have."""
    run = Run.objects.create(
        name=f"{figures.name}{_SUFFIX}",
        recipe=figures.recipe,
        data=figures.data,
        val=figures.val,
        device=figures.device,
        best=figures.best,
        **_ended(figures.steps, figures.seconds),
        publication=publication,
    )
    Measurement.objects.bulk_create(
        Measurement(run=run, step=step, values=values) for step, values in figures.measurements
    )
    return run


def _load_search(figures: SearchFigures, publication: Publication) -> None:
    search = Search.objects.create(
        name=f"{figures.name}{_SUFFIX}",
        recipe=figures.recipe,
        data=figures.data,
        val=figures.val,
        pictures=figures.pictures,
        trials=figures.trials,
        **_ended(len(figures.trials), figures.seconds),
        publication=publication,
    )
    store_trials(search, figures.csv)
    search.plots = {
        name: {theme: store_plot(search, name, theme, svg.encode()) for theme, svg in pair.items()}
        for name, pair in figures.plots.items()
    }
    search.save(update_fields=["plots"])


def _ended(done: int, seconds: float) -> dict[str, object]:
    return {
        "status": Work.Status.DONE,
        "done": done,
        "total": done,
        "seconds": seconds,
        "finished": timezone.now(),
    }


def _load_scores(
    scores: Sequence[ScoreFigures], runs: dict[str, Run], publication: Publication
) -> None:
    for figures in scores:
        facts = figures.model_dump(exclude={"run", *_SAME})
        versions = ModelVersion.objects.filter(sha256=figures.subject_sha256 or None)
        Score.objects.get_or_create(
            **{key: getattr(figures, key) for key in _SAME},
            defaults={
                **facts,
                "run": runs[figures.run] if figures.run else None,
                "model_version": None if figures.run else versions.first(),
                "publication": publication,
            },
        )
