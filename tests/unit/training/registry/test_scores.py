"""Scores are kept once a row, say what they were found with, and stand in tables that compare."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as site

from colorizer.model import ModelError
from colorizer.models import SHIPPED
from training.evaluation.methods import Subject, open_subject
from training.evaluation.protocols import PROTOCOLS, Cell, variant
from training.models import ModelVersion, Run, Score
from training.registry.scores import code_version, save_scores, score_tables
from training.registry.subjects import find_subjects
from training.registry.versions import ensure_shipped_model

REPORT = PROTOCOLS["report"]
NETWORK = Subject("mine", SHIPPED, "12" * 32)


def results(**psnr):
    """A table of the report whose rows have this PSNR in every column, two pictures apart by 2."""
    return {
        row: [
            Cell.of(column, [{"psnr": value + off, "seconds": 0.5} for off in (-1, 1)])
            for column in REPORT.columns
        ]
        for row, value in psnr.items()
    }


def keep(found, *subjects, data_sha256="ab" * 32, pictures=2):
    return save_scores(
        protocol=REPORT,
        results=found,
        subjects=subjects,
        data="test.tar",
        data_sha256=data_sha256,
        pictures=pictures,
    )


class TestCell:
    def test_it_has_mean_median_and_standard_error(self):
        column = REPORT.columns[0]
        cell = Cell.of(column, [{"psnr": value} for value in (20.0, 21.0, 25.0)])
        assert cell.to_json() == {
            "psnr": 22.0,
            "psnr_median": 21.0,
            "psnr_error": pytest.approx(2.6457513 / 3**0.5, abs=1e-5),
        }

    def test_it_is_empty_where_a_row_has_nothing(self):
        assert Cell.of(REPORT.columns[0], [{}, {}]).to_json() == {}


@pytest.mark.django_db
class TestSaveScores:
    def test_a_row_says_all_that_makes_it_repeatable(self):
        score = keep(results(prior=30.0))[0]
        score.refresh_from_db()
        assert score.subject_sha256 == ""
        assert score.hints_seed == "sha256(protocol/picture/amount)/1"
        assert score.code_version == code_version()
        assert score.seconds == 0.5
        assert [cell["column"] for cell in score.figures] == ["1%", "3%", "5%", "mean"]
        assert score.figures[0]["psnr"] == score.figures[0]["psnr_median"] == 30.0
        assert score.figures[0]["psnr_error"] == 1.0

    def test_scoring_again_replaces_a_row(self):
        first, again = (keep(results(prior=value))[0] for value in (30.0, 31.0))
        assert first.pk == again.pk
        assert Score.objects.get().figures[0]["psnr"] == 31.0

    def test_other_weights_and_other_pictures_have_rows_of_their_own(self):
        keep(results(mine=30.0), NETWORK)
        keep(results(mine=30.0), Subject("mine", SHIPPED, "34" * 32))
        keep(results(mine=30.0), NETWORK, pictures=9)
        assert Score.objects.count() == 3

    def test_a_network_is_linked_to_its_version_however_it_was_named(self):
        ensure_shipped_model()
        shipped = ModelVersion.objects.get(name=SHIPPED.name)
        subject = open_subject(SHIPPED)
        found = results(**{"rehue-4": 30.0, variant("rehue-4", "lanczos"): 30.0, "levin": 29.0})
        linked = [score.model_version for score in keep(found, subject)]
        assert linked == [shipped, shipped, None]

    def test_a_run_is_linked(self, settings, tmp_path):
        settings.RUN_DIR = tmp_path
        run = Run.objects.create(name="mine", recipe={}, folder="mine")
        score = keep(results(mine=30.0), Subject("mine", tmp_path / "mine", "56" * 32))[0]
        assert score.run == run


@pytest.mark.django_db
class TestTables:
    def test_scores_that_compare_stand_in_one_table(self, django_assert_num_queries):
        keep(results(prior=30.0, levin=29.0, mine=32.0, grey=20.0), NETWORK)
        keep(results(other=33.0), Subject("other", SHIPPED, "78" * 32))
        keep(results(prior=31.0), pictures=9)
        with django_assert_num_queries(1):
            tables = score_tables()
        assert [table.pictures for table in tables] == [9, 2]
        table = tables[1]
        assert table.columns == ["1%", "3%", "5%", "mean"]
        rows = [row.score.method for row in table.rows]
        assert rows == ["grey", "levin", "prior", "other", "mine"]
        assert [row.is_training_free for row in table.rows] == [True] * 3 + [False] * 2

    def test_gains_are_over_the_better_training_free_row(self):
        keep(results(prior=30.0, levin=31.0, mine=32.5), NETWORK)
        (table,) = score_tables()
        assert table.rows[-1].gains == [1.5] * 4
        assert table.rows[-1].cells[0]["psnr"] == 32.5

    def test_without_a_training_free_row_there_is_no_gain(self):
        keep(results(mine=32.5), NETWORK)
        assert score_tables()[0].rows[0].gains == [None] * 4

    def test_no_scores_are_no_tables(self):
        assert score_tables() == []


@pytest.mark.django_db
class TestFindSubjects:
    def test_by_the_name_of_a_version_and_by_folder_it_is_one_row(self):
        ensure_shipped_model()
        assert len(find_subjects(["rehue-4"])) == 1
        assert find_subjects(["rehue-4", str(SHIPPED)]) == find_subjects(["rehue-4"])

    def test_a_run_without_a_checkpoint_says_so(self, settings, tmp_path):
        settings.RUN_DIR = tmp_path
        Run.objects.create(name="young", recipe={}, folder="young")
        with pytest.raises(ModelError, match="young has no weights yet"):
            find_subjects(["young"])

    def test_what_stands_for_nothing_is_named(self):
        with pytest.raises(ModelError, match="nobody is neither"):
            find_subjects(["nobody"])


class TestCodeVersion:
    @pytest.fixture
    def checkout(self, settings, tmp_path):
        """A checkout with one commit, in place of this one."""
        settings.BASE_DIR = tmp_path
        (tmp_path / "training").mkdir()
        (tmp_path / "training" / "fit.py").write_text("1\n")
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "one"]):
            subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
        code_version.cache_clear()
        yield tmp_path
        code_version.cache_clear()

    def test_it_names_the_commit_and_changes_to_it(self, checkout):
        clean = code_version()
        assert len(clean.split()[1]) == 12
        (checkout / "notes.txt").write_text("no code\n")
        code_version.cache_clear()
        assert code_version() == clean
        (checkout / "training" / "fit.py").write_text("2\n")
        code_version.cache_clear()
        assert code_version() == f"{clean}+dirty"

    def test_without_a_checkout_or_git_it_is_the_packages(self, checkout, monkeypatch):
        monkeypatch.setenv("PATH", "")
        assert " " not in code_version()


def test_pages_can_show_scores_without_the_laboratorys_packages():
    code = (
        "import sys, django; django.setup(); import training.registry.scores; "
        "heavy = {'torch', 'scipy', 'onnxruntime', 'optuna', 'matplotlib'} & set(sys.modules); "
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=site.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "webapp.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
