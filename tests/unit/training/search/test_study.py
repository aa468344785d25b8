import subprocess
import sys
import time
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from optuna.trial import TrialState

from training.data.pictures import DataError
from training.learning.fit import TrainingStoppedError
from training.learning.folder import LOG, STATE, TrainingError
from training.learning.recipe import Recipe
from training.learning.train_state import NonFiniteLossError
from training.search import study as studies
from training.search.plots import PLOTS, THEMES, draw_plots
from training.search.study import (
    LEARNING_RATES,
    LOSSES,
    OPTIMISERS,
    NoTrialLeftError,
    Trial,
    draw_pictures,
    folder_of_trial,
    give_up_dead_trials,
    opened_study,
    outcomes,
    suggested,
    table,
    work_off,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorboard"),
    pytest.mark.filterwarnings("ignore:Heartbeat of storage"),  # trials asked for by hand
]


@pytest.fixture
def short(recipe):
    """Two epochs of the tiny network, measured after each."""
    stage = recipe.stages[0].model_copy(update={"epochs": 2, "steps": None, "batch": 3})
    return recipe.model_copy(update={"stages": (stage,), "score_every": 0, "warm_up": 0})


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'studies.sqlite3'}"


@pytest.fixture
def study(url, tmp_path):
    with opened_study(url, "study", tmp_path) as study:
        yield study


def trial_of(recipe, folder, *, total=4, pictures=(1, 2, 3), go_on=lambda: True, **facts):
    return Trial(
        recipe=recipe,
        total=total,
        train=pictures,
        val=pictures,
        folder=folder,
        device="cpu",
        workers=0,
        go_on=go_on,
        report=lambda: None,
        **facts,
    )


def pretend(monkeypatch, figures):
    """Have trials reach what ``figures`` say, epoch by epoch, instead of being trained."""
    requested = iter(figures)

    def fit(recipe, train, _val, folder, *, callback, **_):
        found = next(requested)
        if isinstance(found, Exception):
            raise found
        for epoch, psnr in enumerate(found, start=1):
            callback.measured(epoch * len(train) // recipe.stages[0].batch, {"psnr": psnr}, {})
            if not callback.stepped(epoch, len(found)):
                raise TrainingStoppedError
        return {"psnr": max(found)}

    monkeypatch.setattr(studies, "fit", fit)


def no_number():
    error = TrainingError("the loss is nan at step 3")
    error.__cause__ = NonFiniteLossError(float("nan"))
    return error


@pytest.mark.slow
def test_trials_are_trainings_and_leave_a_log_and_no_checkpoint(study, short, pictures, tmp_path):
    work_off(study, trial_of(short, tmp_path, total=3, pictures=pictures))
    rows = table(study)
    assert [row["number"] for row in rows] == [0, 1, 2]
    assert {row["state"] for row in rows} == {"complete"}
    for row, trial in zip(rows, study.trials, strict=True):
        lines = (folder_of_trial(tmp_path, row["number"]) / LOG).read_text().splitlines()
        assert len(lines) == 2 == len(trial.intermediate_values)
        assert row["value"] == trial.value == trial.intermediate_values[row["best_epoch"]]
        assert row["value"] == max(trial.intermediate_values.values())
        assert row["seconds"] > 0
    assert list(tmp_path.rglob("*.pt")) == list(tmp_path.rglob("*.safetensors")) == []


def test_values_are_of_the_space_and_all_else_of_the_recipe(study, short):
    drawn = [suggested(study.ask(), short) for _ in range(30)]
    assert {one.optimiser for one in drawn} == set(OPTIMISERS)
    assert {one.stages[0].loss for one in drawn} == set(LOSSES)
    rates = sorted(one.learning_rate for one in drawn)
    assert LEARNING_RATES[0] <= rates[0] < 2e-4 < 5e-4 < rates[-1] <= LEARNING_RATES[1]
    same = {"learning_rate", "optimiser", "stages"}
    assert all(one.model_dump(exclude=same) == short.model_dump(exclude=same) for one in drawn)


def test_a_draw_depends_on_seed_and_number_alone_while_little_is_known(tmp_path, short):
    def draw(name, seed, *, before):
        recipe = short.model_copy(update={"seed": seed})
        with opened_study(f"sqlite:///{tmp_path / name}", "study", tmp_path) as study:
            for _ in range(before):
                study.ask()
            return suggested(study.ask(), recipe)

    assert draw("one", 0, before=2) == draw("two", 0, before=2)
    assert draw("one", 0, before=2).learning_rate != draw("three", 0, before=3).learning_rate
    assert draw("two", 0, before=2).learning_rate != draw("four", 1, before=2).learning_rate


def test_what_is_worse_than_the_median_is_pruned_after_its_second_epoch(
    study, short, tmp_path, monkeypatch
):
    good, bad = [20, 21, 22, 23, 24], [10, 11, 12, 13, 14]
    pretend(monkeypatch, [bad, *[good] * 4, bad, [10, 30, 31, 32, 33]])
    work_off(study, trial_of(short, tmp_path, total=7))
    assert [row["state"] for row in table(study)] == [*["complete"] * 5, "pruned", "complete"]
    pruned = study.trials[5]
    assert pruned.intermediate_values == {1: 10, 2: 11}
    assert study.best_trial.number == 6


def test_a_loss_that_is_no_number_counts_and_the_search_goes_on(
    study, short, tmp_path, monkeypatch
):
    pretend(monkeypatch, [[20.0], no_number(), [21.0], [22.0]])
    work_off(study, trial_of(short, tmp_path))
    assert [row["state"] for row in table(study)] == ["complete", "fail", "complete", "complete"]
    assert study.trials[1].user_attrs["error"] == "nan"


def test_a_full_disk_ends_the_search_and_its_trial_is_made_up_for(
    study, short, tmp_path, monkeypatch
):
    pretend(monkeypatch, [[20.0], TrainingError("the disk is full"), [21.0], [22.0], [23.0]])
    with pytest.raises(TrainingError, match="disk is full"):
        work_off(study, trial_of(short, tmp_path))
    work_off(study, trial_of(short, tmp_path))
    states = [row["state"] for row in table(study)]
    assert states == ["complete", "interrupted", "complete", "complete", "complete"]
    assert len(outcomes(study)) == 4


def test_a_stopped_trial_is_made_up_for(study, short, tmp_path, monkeypatch):
    pretend(monkeypatch, [[20.0, 21.0]] * 5)
    answers = iter([True, True, False])
    with pytest.raises(TrainingStoppedError):
        work_off(study, trial_of(short, tmp_path, go_on=lambda: next(answers)))
    assert [row["state"] for row in table(study)] == ["complete", "interrupted"]
    work_off(study, trial_of(short, tmp_path))
    assert len(outcomes(study)) == 4


def test_a_dead_trial_is_given_up_with_its_checkpoint(url, short, tmp_path, monkeypatch):
    with opened_study(url, "study", tmp_path) as study:
        dead = study.ask()
        suggested(dead, short)
        study._storage.record_heartbeat(dead._trial_id)
        state = folder_of_trial(tmp_path, dead.number) / STATE
        state.parent.mkdir()
        state.touch()
        give_up_dead_trials(study)
        assert study.trials[0].state is TrialState.RUNNING  # it might be alive
    monkeypatch.setattr(studies, "GRACE_SECONDS", 1)
    time.sleep(2.5)  # the database's clock counts whole seconds
    with opened_study(url, "study", tmp_path) as study:
        give_up_dead_trials(study)
        assert [row["state"] for row in table(study)] == ["interrupted"]
        assert outcomes(study) == []
    assert not state.exists()


def test_of_two_that_took_the_last_trial_one_withdraws(study, short, tmp_path, monkeypatch):
    pretend(monkeypatch, [[20.0]])
    trial = trial_of(short, tmp_path, total=1)
    first, second = study.ask(), study.ask()
    with pytest.raises(NoTrialLeftError):
        trial(second)
    assert trial(first) == 20.0
    assert [row["number"] for row in table(study)] == [0]


WORKER = """
import sys, time
from pathlib import Path
from training.search import study as search
from training.learning.recipe import Recipe

def fit(recipe, train, val, folder, *, callback, **_):
    time.sleep(0.02)
    callback.measured(1, {"psnr": recipe.learning_rate}, {})
    return {"psnr": recipe.learning_rate}

search.fit = fit
url, folder, recipe, total = sys.argv[1:]
recipe = Recipe.model_validate_json(recipe)
with search.opened_study(url, "study", Path(folder)) as study:
    print("ready", flush=True)
    sys.stdin.readline()
    trial = search.Trial(
        recipe, int(total), [1, 2, 3], [], Path(folder), "cpu", 0, lambda: True, lambda: None
    )
    search.work_off(study, trial)
"""


@pytest.mark.slow
def test_workers_side_by_side_make_exactly_the_wanted_number(study, url, short, tmp_path):
    short = Recipe.model_validate(short.model_dump())
    command = [sys.executable, "-c", WORKER, url, tmp_path, short.model_dump_json(), "8"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, **pipes) for _ in range(3)]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    assert [worker.communicate() and worker.returncode for worker in workers] == [0, 0, 0]
    rows = table(study)
    assert len(rows) == 8 == len(outcomes(study))
    assert len({row["learning_rate"] for row in rows}) == 8
    assert len({row["number"] for row in rows}) == 8


def test_the_chosen_pictures_are_a_draw_of_the_seed(pictures):
    first = draw_pictures(pictures, 4, seed=0)
    assert first == draw_pictures(pictures, 4, seed=0) == draw_pictures(pictures, 9, seed=0)[:4]
    assert first != draw_pictures(pictures, 4, seed=1)
    assert draw_pictures(pictures, None, seed=0) == pictures
    with pytest.raises(DataError, match="only 9 pictures to learn from, not 10"):
        draw_pictures(pictures, 10, seed=0)


def test_plots_are_pictures_for_light_and_dark_pages(study, short, tmp_path, monkeypatch):
    pretend(monkeypatch, [[20.0, 21.0], [22.0, 24.0], [22.0, 23.0], no_number()])
    work_off(study, trial_of(short, tmp_path, total=1))
    assert draw_plots(study) == {}
    work_off(study, trial_of(short, tmp_path, total=4))
    plots = draw_plots(study)
    assert set(plots) == set(PLOTS)
    for themes in plots.values():
        for name, theme in THEMES.items():
            text = themes[name].decode()
            assert ElementTree.fromstring(text).tag.endswith("svg")  # noqa: S314  (our own)
            assert theme.ink in text
        assert THEMES["dark"].ink not in themes["light"].decode()


def test_trials_that_are_all_alike_have_no_plots(study, short, tmp_path, monkeypatch):
    pretend(monkeypatch, [[20.0]] * 4)
    work_off(study, trial_of(short, tmp_path))
    assert draw_plots(study) == {}


def test_optuna_keeps_its_style_to_itself(study, short, tmp_path, monkeypatch):
    pretend(monkeypatch, [[20.0], [21.0], [22.0], [23.0]])
    work_off(study, trial_of(short, tmp_path))
    before = dict(mpl.rcParams)
    draw_plots(study)
    assert {key: mpl.rcParams[key] for key in ("axes.facecolor", "axes.grid")} == {
        key: before[key] for key in ("axes.facecolor", "axes.grid")
    }
