import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from colorizer.models import SHIPPED
from training.evaluate import TRAINING_FREE, choose, evaluate, gains
from training.protocols import PROTOCOLS


@pytest.fixture(scope="module")
def results(pictures):
    return evaluate(PROTOCOLS["report"], pictures[:3], {"shipped": SHIPPED})


def test_every_row_and_column_is_there(results):
    assert set(results) == {*TRAINING_FREE, "shipped"}
    assert all(len(cells) == 4 for cells in results.values())


def test_the_mean_column_is_the_mean_of_the_amounts(results):
    *amounts, mean = (cell.figures["psnr"] for cell in results["prior"])
    assert mean == pytest.approx(np.mean(amounts))


def test_the_rows_rank_as_they_must(results):
    final = {method: cells[-1].figures["psnr"] for method, cells in results.items()}
    assert final["grey"] < final["nearest"] < min(final["levin"], final["prior"])
    assert gains(results, "shipped")[-1] == pytest.approx(
        final["shipped"] - max(final["levin"], final["prior"])
    )


def test_the_same_pictures_give_the_same_figures(results, pictures):
    again = evaluate(PROTOCOLS["report"], pictures[:3], {}, processes=2)
    assert [cell.figures["psnr"] for cell in again["prior"]] == [
        cell.figures["psnr"] for cell in results["prior"]
    ]


def test_points_without_hints_are_grey_for_every_training_free_row(pictures):
    results = evaluate(PROTOCOLS["points"], pictures[:1], {})
    assert len({cells[0].figures["psnr"] for cells in results.values()}) == 1
    assert len(results["prior"]) == 9


def test_a_limit_takes_the_same_pictures_every_time(pictures):
    some = choose(pictures, 4)
    assert some == choose(pictures[::-1], 4)
    assert choose(pictures, 99) == pictures


@pytest.mark.django_db
class TestCommand:
    def test_prints_the_table_and_writes_json(self, shard, tmp_path, capsys):
        out = tmp_path / "figures.json"
        arguments = ["--protocol", "report", "--data", str(shard), "--limit", "2"]
        call_command("evaluate", *arguments, "--json", str(out), "--processes", "1")
        printed = capsys.readouterr().out
        assert "above the better of levin and prior" in printed
        figures = json.loads(out.read_text())
        assert figures["pictures"] == 2
        assert set(figures["rows"]) == {*TRAINING_FREE, "rehue-1"}
        assert figures["rows"]["prior"]["mean"]["psnr"] > 20

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (("--model", "nobody"), "neither a model folder nor a registered"),
            (("--limit", "0"), "at least 1"),
            (("--data", "gone.tar"), "no readable tar"),
        ],
    )
    def test_says_what_is_wrong(self, shard, change, says):
        arguments = ["--protocol", "report", "--data", str(shard), *change]
        with pytest.raises(CommandError, match=says):
            call_command("evaluate", *arguments)
