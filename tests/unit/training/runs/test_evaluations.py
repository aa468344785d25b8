"""Evaluations as rows: asked for, played, and kept as scores."""

import pytest

from colorizer.models import SHIPPED
from training.data.pictures import DataError
from training.models import Evaluation, Score
from training.registry.versions import ensure_shipped_model
from training.runs import evaluations
from training.runs.claims import cancel
from training.runs.evaluations import EvaluationError, execute_evaluation, request_evaluation

pytestmark = pytest.mark.django_db


def requested(shard, **changes):
    wanted = {"protocol": "report", "subjects": [SHIPPED.name], "data": [str(shard)], "limit": 2}
    return request_evaluation(**{**wanted, **changes})


def test_scores_networks_beside_the_training_free_rows(shard):
    ensure_shipped_model()
    evaluation = requested(shard)
    execute_evaluation(evaluation, supervised=False)
    assert (evaluation.status, evaluation.done, evaluation.total) == ("done", 2, 2)
    rows = {score.method: score for score in Score.objects.all()}
    assert set(rows) == {"grey", "nearest", "levin", "prior", "kriging", SHIPPED.name}
    assert rows[SHIPPED.name].model_version.name == SHIPPED.name
    assert {score.pictures for score in rows.values()} == {2}
    execute_evaluation(requested(shard), supervised=False)
    assert Score.objects.count() == len(rows), (
        "the same rows on the same pictures replace each other"
    )


def test_stops_when_it_is_cancelled_and_keeps_nothing(shard, monkeypatch):
    evaluation = requested(shard, subjects=[], limit=3)
    monkeypatch.setattr("training.runs.heartbeat.HEARTBEAT_SECONDS", 0)
    play = evaluations.play

    def cancelled_at_once(**wanted):
        cancel(Evaluation.objects.get(pk=evaluation.pk))
        return play(**wanted)

    monkeypatch.setattr(evaluations, "play", cancelled_at_once)
    execute_evaluation(evaluation)
    assert (evaluation.status, evaluation.done) == ("cancelled", 1)
    assert not Score.objects.exists()


def test_what_cannot_be_scored_is_refused_before_anything_is_made(shard):
    for changes, error, says in (
        ({"protocol": "beauty"}, EvaluationError, "no protocol beauty; there are report, points"),
        ({"subjects": ["nobody"]}, EvaluationError, "nobody is neither a model version nor"),
        ({"subjects": [], "data": ["nowhere"]}, DataError, "nowhere is neither a data set"),
    ):
        with pytest.raises(error, match=says):
            requested(shard, **changes)
    assert not Evaluation.objects.exists()
