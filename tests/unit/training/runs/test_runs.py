"""Runs as rows: made, refused, trained, resumed, and exported as drafts."""

import json

import pytest
from django.core.management import CommandError, call_command

from training.data.pictures import DataError
from training.models import ModelVersion, Run
from training.runs.claims import cancel
from training.runs.runs import RunError, create_run, execute_run

pytestmark = pytest.mark.django_db

RECIPE = """
name = "tiny"
warm_up = 2
score_every = 3
score_pictures = 2
net = {net = "unet", width = 2, depth = 1, prior = true}
stages = [{steps = 6, crop = 32, batch = 2}]
"""


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.RUN_DIR, settings.MODEL_DIR = tmp_path / "runs", tmp_path / "models"
    settings.DATASET_DIR = tmp_path / "datasets"


@pytest.fixture
def recipe_file(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(RECIPE)
    return path


@pytest.fixture
def no_draft(monkeypatch):
    """For tests that do not look at what a finished run leaves: exporting takes its time."""
    monkeypatch.setattr("training.runs.runs.draft_of_run", lambda run, folder: None)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # torch's exporter warns of its own parts
class TestTheCommand:
    def test_trains_measures_and_leaves_a_draft(self, recipe_file, shard, capsys):
        call_command("train", str(recipe_file), "--data", str(shard), "--val", str(shard))
        run = Run.objects.get()
        assert (run.status, run.done, run.total) == ("done", 6, 6)
        steps = list(run.measurements.values_list("step", flat=True))
        assert steps == [3, 6]
        assert {"loss", "psnr", "learning_rate"} <= set(run.measurements.last().values)
        assert run.best["psnr"] == max(m.values["psnr"] for m in run.measurements.all())
        draft = ModelVersion.objects.get()
        assert (draft.name, draft.state, draft.run) == ("tiny", "draft", run)
        assert "manage.py publish tiny" in capsys.readouterr().out

    def test_goes_on_where_a_cancelled_run_was(self, recipe_file, shard, no_draft, monkeypatch):
        arguments = [str(recipe_file), "--data", str(shard), "--val", str(shard)]
        monkeypatch.setattr("training.runs.heartbeat.HEARTBEAT_SECONDS", 0)
        from training.runs import runs

        stepped = runs.RunCallback.stepped

        def cancelled_at_2(callback, step, steps):
            if step == 2:
                cancel(Run.objects.get())
            return stepped(callback, step, steps)

        monkeypatch.setattr(runs.RunCallback, "stepped", cancelled_at_2)
        with pytest.raises(CommandError, match="Stopped; --resume goes on"):
            call_command("train", *arguments)
        run = Run.objects.get()
        assert (run.status, run.done < 6) == ("cancelled", True)
        with pytest.raises(CommandError, match="There is a run tiny already"):
            call_command("train", *arguments)
        with pytest.raises(CommandError, match="another recipe"):
            call_command("train", *arguments, "--resume", "--set", "seed=5")
        monkeypatch.setattr(runs.RunCallback, "stepped", stepped)
        call_command("train", *arguments, "--resume")
        run.refresh_from_db()
        assert (run.status, run.done) == ("done", 6)
        with pytest.raises(CommandError, match="there is nothing to resume"):
            call_command("train", *arguments, "--resume")

    def test_goes_on_elsewhere_from_pieces(self, recipe_file, shard, no_draft, tmp_path):
        arguments = [str(recipe_file), "--data", str(shard), "--val", str(shard), "--budget", "1s"]
        call_command("train", *arguments, "--pieces", "--folder", str(tmp_path / "here"))
        run = Run.objects.get()
        best = run.best
        run.delete()
        (tmp_path / "there").mkdir()
        for piece in (tmp_path / "here").glob("*.0[0-9][0-9]"):
            piece.rename(tmp_path / "there" / piece.name)
        call_command("train", *arguments, "--folder", str(tmp_path / "there"))
        assert Run.objects.get().best == best

    def test_changes_a_recipe_by_the_way(self, recipe_file, shard, no_draft):
        changes = ["name=other", "stages.0.steps=2", "precision=bf16", "net.width=4"]
        arguments = ["--data", str(shard), "--val", str(shard), "--set", *changes]
        call_command("train", str(recipe_file), *arguments)
        run = Run.objects.get()
        assert (run.name, run.done) == ("other", 2)
        assert (run.recipe["precision"], run.recipe["net"]["width"]) == ("bf16", 4)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--set", "colour=1"], "colour: there is no such key"),
        (["--set", "stages.7.steps=1"], "the recipe has no stages.7.steps"),
        (["--set", "stages.0.crop=33"], "stages.0.crop: .* multiple of 16"),
        (["--resume"], "no run tiny to resume"),
        ([], "Say with --data"),
        (["--data", "nowhere"], "nowhere is neither a data set"),
        (["--data", "SHARD"], "only prepared data sets have some apart"),
    ],
)
def test_the_command_says_what_is_wrong_and_leaves_nothing(
    recipe_file, shard, settings, arguments, says
):
    given = [str(shard) if word == "SHARD" else word for word in arguments]
    with pytest.raises(CommandError, match=says):
        call_command("train", str(recipe_file), *given)
    assert not Run.objects.exists()
    assert not settings.RUN_DIR.exists()


@pytest.mark.slow
def test_a_run_refuses_data_that_has_changed(recipe, shard, settings):
    settings.DATASET_DIR.mkdir()
    call_command(
        "prepare_data", "pieces", "--from", str(shard), "--side", "64",
        "--splits", "train=5,val=2,test=0",
    )  # fmt: skip
    run = create_run(recipe=recipe.model_dump(mode="json"), data=["pieces"])
    array = settings.DATASET_DIR / "pieces" / "train.npy"
    content = bytearray(array.read_bytes())
    content[-1] ^= 1
    array.write_bytes(content)
    with pytest.raises(DataError, match="pieces"):
        execute_run(run)
    run.refresh_from_db()
    assert run.status == "failed"
    assert "pieces" in run.error
    assert not run.path.exists()


def test_a_second_run_of_the_same_name_is_refused(recipe, shard):
    create_run(recipe=recipe.model_dump(mode="json"), data=[str(shard)], val=[str(shard)])
    with pytest.raises(RunError, match="There is a run tiny already"):
        create_run(recipe=recipe.model_dump(mode="json"), data=[str(shard)], val=[str(shard)])
    assert json.dumps(Run.objects.get().recipe)
