import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from django.core.management import CommandError, call_command
from skimage.metrics import peak_signal_noise_ratio

from colorizer.engine import Colorizer
from colorizer.hints import Controls, HintSet
from colorizer.model import ModelError, ModelFolder
from colorizer.models import SHIPPED
from training.evaluation.evaluate import choose, evaluate
from training.evaluation.methods import Subject, load, name_apart, open_subject
from training.evaluation.protocols import PROTOCOLS, TRAINING_FREE, gains
from training.models import Score


def figures(results):
    """Everything that was found, but for what depends on the clock."""
    return {
        row: [{key: value for key, value in cell.figures.items() if key != "seconds"}
              for cell in cells]
        for row, cells in results.items()
    }  # fmt: skip


def psnr(results):
    return {row: [cell.figures.get("psnr") for cell in cells] for row, cells in results.items()}


@pytest.fixture(scope="module")
def shipped():
    return open_subject(SHIPPED)


@pytest.fixture(scope="module")
def results(pictures, shipped):
    return evaluate(PROTOCOLS["report"], pictures[:3], [shipped])


@pytest.fixture
def run(recipe, tmp_path):
    """The folder of a run that has learnt what the shipped model knows."""
    folder = tmp_path / "my-run"
    folder.mkdir()
    recipe = recipe.model_copy(update={"net": ModelFolder.open(SHIPPED).card.net})
    state = {"recipe": recipe.model_dump_json(), "step": 7, "seconds": 1.0, "best": {}}
    torch.save({**state, "net": {}, "mean": {}}, folder / "state.pt")
    shutil.copy(SHIPPED / "weights.safetensors", folder / "best.safetensors")
    return folder


class TestFigures:
    def test_every_row_and_column_is_there(self, results):
        assert list(results) == [*TRAINING_FREE, "rehue-4"]
        assert all(len(cells) == 4 for cells in results.values())

    def test_the_mean_column_is_the_mean_of_the_amounts(self, results):
        *amounts, mean = psnr(results)["prior"]
        assert mean == pytest.approx(sum(amounts) / 3)

    def test_the_rows_rank_as_they_must(self, results):
        final = {row: values[-1] for row, values in psnr(results).items()}
        assert final["grey"] < final["nearest"] < min(final["levin"], final["prior"])
        assert gains(psnr(results), "rehue-4")[-1] == pytest.approx(
            final["rehue-4"] - max(final["levin"], final["prior"])
        )

    def test_points_without_hints_are_grey_for_every_training_free_row(self, pictures):
        results = evaluate(PROTOCOLS["points"], pictures[:1], [])
        assert len({values[0] for values in psnr(results).values()}) == 1
        assert len(results["prior"]) == 9

    def test_a_row_that_hears_no_hints_is_the_same_for_every_amount(self, results):
        assert len(set(psnr(results)["grey"])) == 1
        assert len({cell.figures["hint_error"] for cell in results["grey"]}) > 1

    @pytest.mark.slow
    def test_two_processes_find_what_one_does(self, pictures, shipped, run):
        subjects = [shipped, open_subject(run)]
        one, two = (
            evaluate(PROTOCOLS["report"], pictures[:2], subjects, processes=n) for n in (1, 2)
        )
        assert figures(one) == figures(two)

    @pytest.mark.slow
    def test_two_processes_play_the_games_that_one_plays(self, pictures):
        protocol = replace(PROTOCOLS["strokes"], training_free=("nearest", "kriging"))
        one, two = (evaluate(protocol, pictures[:2], [], processes=n) for n in (1, 2))
        assert figures(one) == figures(two)

    def test_the_order_of_pictures_and_amounts_changes_no_hints(self, pictures):
        protocol = PROTOCOLS["report"]
        alone = evaluate(protocol, pictures[2:3], [])
        assert figures(alone) == figures(evaluate(protocol, pictures[2:3], []))
        one, other = (evaluate(protocol, some, []) for some in (pictures[:3], pictures[2::-1]))
        for row in TRAINING_FREE:
            assert psnr(one)[row] == pytest.approx(psnr(other)[row], abs=1e-12)

    def test_whoever_watches_hears_of_every_picture_and_may_end_it(self, pictures):
        heard = []

        def callback(done, total):
            heard.append((done, total))
            if done == 2:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            evaluate(PROTOCOLS["report"], pictures[:4], [], callback=callback)
        assert heard == [(1, 4), (2, 4)]

    def test_a_limit_takes_the_same_pictures_every_time(self, pictures):
        some = choose(pictures, 4)
        assert some == choose(pictures[::-1], 4)
        assert choose(pictures, 99) == pictures


class TestSubjects:
    def test_a_run_scores_as_the_model_with_its_weights(self, results, pictures, run):
        subject = open_subject(run)
        assert subject.name == "my-run"
        found = psnr(evaluate(PROTOCOLS["report"], pictures[:3], [subject]))
        assert found["my-run"] == pytest.approx(psnr(results)["rehue-4"], abs=0.01)

    def test_a_run_that_learns_on_meanwhile_is_refused(self, run):
        subject = open_subject(run)
        load.cache_clear()
        with pytest.raises(ModelError, match="learned on"):
            load(Subject(subject.name, subject.path, "0" * 64))

    def test_the_identity_of_a_run_is_its_weights(self, run):
        before = open_subject(run).sha256
        state = torch.load(run / "state.pt", weights_only=True)
        torch.save({**state, "seconds": 99.0}, run / "state.pt")
        assert open_subject(run).sha256 == before

    def test_networks_of_one_name_get_rows_of_their_own(self, shipped):
        twin = Subject("rehue-4", SHIPPED, "ab" * 32)
        prior = Subject("prior", SHIPPED, "cd" * 32)
        names = [subject.name for subject in name_apart([shipped, twin, shipped, prior])]
        assert names == ["rehue-4", "rehue-4-abababab", "prior-cdcdcdcd"]

    def test_a_folder_of_neither_kind_is_named(self, tmp_path):
        with pytest.raises(ModelError, match=str(tmp_path)):
            open_subject(tmp_path)


class TestControls:
    def test_networks_are_scored_at_named_controls_too(self, pictures, shipped):
        results = evaluate(
            PROTOCOLS["colorfulness"],
            pictures[:1],
            [shipped],
            controls={"vividness 2": Controls(vividness=2)},
        )
        assert list(results) == ["truth", "grey", "rehue-4", "rehue-4 · vividness 2"]
        vivid, plain = (
            results[row][0].figures["colorfulness"] for row in ("rehue-4 · vividness 2", "rehue-4")
        )
        assert vivid > 1.5 * plain

    def test_a_row_has_the_figures_of_the_engines_result(self, pictures, shipped):
        controls = Controls(vividness=0)
        results = evaluate(
            PROTOCOLS["colorfulness"], pictures[:1], [shipped], controls={"dull": controls}
        )
        rgb = np.asarray(pictures[0].rgb().resize((224, 224), 2))
        result = Colorizer.load(SHIPPED).colorize(rgb, HintSet(controls=controls))
        found = results["rehue-4 · dull"][0].figures
        assert found["psnr"] == pytest.approx(peak_signal_noise_ratio(rgb, result), abs=0.02)


@pytest.mark.django_db
class TestCommand:
    def test_prints_the_table_writes_json_and_keeps_scores(self, shard, tmp_path, capsys):
        out = tmp_path / "figures.json"
        arguments = ["--protocol", "report", "--data", str(shard), "--limit", "2"]
        call_command("evaluate", *arguments, "--json", str(out), "--processes", "1")
        printed = capsys.readouterr().out
        assert "above the better of levin and prior" in printed
        found = json.loads(out.read_text())
        assert found["pictures"] == 2
        assert set(found["rows"]) == {*TRAINING_FREE, "rehue-4"}
        assert found["rows"]["prior"]["mean"]["psnr"] > 20
        kept = Score.objects.get(method="rehue-4")
        assert kept.figures[-1]["psnr"] == found["rows"]["rehue-4"]["mean"]["psnr"]
        assert kept.data_sha256 == found["data_sha256"]

    def test_scores_the_training_free_rows_alone(self, shard, run, capsys):
        arguments = ["--protocol", "report", "--data", str(shard), "--limit", "1"]
        call_command("evaluate", *arguments, "--processes", "1", "--no-save", "--model")
        assert "prior" in capsys.readouterr().out
        assert not Score.objects.exists()

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (("--model", "nobody"), "neither a registered model version, nor a run"),
            (("--limit", "0"), "at least 1"),
            (("--processes", "0"), "at least 1"),
            (("--data", "gone.tar"), "gone.tar is neither a data set"),
            (("--vividness", "2.5"), "--vividness is from 0 to 2"),
        ],
    )
    def test_says_what_is_wrong(self, shard, change, says):
        arguments = ["--protocol", "report", "--data", str(shard), *change]
        with pytest.raises(CommandError, match=says):
            call_command("evaluate", *arguments)
