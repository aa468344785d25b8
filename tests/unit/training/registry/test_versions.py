"""One model is live, and only a model that works becomes it."""

import json
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from colorizer.model import ModelFolder, sha256_of
from colorizer.models import SHIPPED
from tests.support.people import user
from training.models import ModelVersion
from training.registry import versions
from training.registry.versions import ModelUnusableError, NoLiveModelError
from webapp.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_is_shipped(monkeypatch, tmp_path):
    """A model alone, whatever else comes with the code."""
    alone = tmp_path / "shipped" / SHIPPED.name
    alone.parent.mkdir()
    alone.symlink_to(SHIPPED)
    monkeypatch.setattr(versions, "SHIPPED", alone)


@pytest.fixture
def folder(settings, tmp_path):
    """A model of one's own below MODEL_DIR, named ``mine``."""
    settings.MODEL_DIR = tmp_path / "models"
    return copied(settings.MODEL_DIR / "mine", "mine")


def copied(path, name):
    shutil.copytree(SHIPPED, path)
    edit_card(path, name=name)
    return path


def edit_card(path, **facts):
    card = json.loads((path / "card.json").read_text())
    (path / "card.json").write_text(json.dumps(card | facts))


def damage(path):
    with (path / "model.onnx").open("r+b") as file:
        file.write(b"harm")


def retrain(path):
    """Give the folder other weights that its card knows of."""
    with (path / "model.onnx").open("ab") as file:
        file.write(b"\0")
    card = json.loads((path / "card.json").read_text())
    edit_card(path, sha256=card["sha256"] | {"model.onnx": sha256_of(path / "model.onnx")})


def test_nothing_is_live_at_first():
    with pytest.raises(NoLiveModelError):
        versions.live_model()


def test_the_shipped_model_is_live_after_the_first_start_and_registered_once():
    first = versions.ensure_shipped_model()
    assert versions.ensure_shipped_model() == first == versions.live_model()
    assert ModelVersion.objects.count() == 1
    assert versions.folder_of(first) == versions.SHIPPED
    assert first.sha256 == ModelFolder.open(versions.SHIPPED).sha256
    assert first.net


def test_two_cannot_be_live():
    versions.ensure_shipped_model()
    facts = {"sha256": "0" * 64, "folder": "x", "net": "unet", "card": {}}
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.create(name="second", state="live", **facts)


def test_a_registered_model_is_found_by_its_folder(folder):
    model_version = versions.register(folder=folder, stored_as="mine")
    assert versions.register(folder=folder, stored_as="mine") == model_version
    assert versions.verify(model_version) == folder


@pytest.mark.parametrize(
    ("harm", "stated"),
    [
        (shutil.rmtree, "mine"),
        (lambda path: (path / "model.onnx").unlink(), "model.onnx"),
        (damage, "damaged"),
        (lambda path: (path / "card.json").write_text("{"), "card.json"),
        (retrain, "not those registered"),
    ],
)
def test_a_model_that_is_missing_damaged_or_other_is_not_made_live(folder, harm, stated):
    live = versions.ensure_shipped_model()
    noted = Entry.objects.count()
    model_version = versions.register(folder=folder, stored_as="mine")
    harm(folder)
    with pytest.raises(ModelUnusableError, match=stated):
        versions.make_live(actor=user("chief"), model_version=model_version)
    assert versions.live_model() == live
    assert Entry.objects.count() == noted


def test_a_model_that_fails_its_trial_is_not_made_live(folder):
    live = versions.ensure_shipped_model()
    model_version = versions.register(folder=folder, stored_as="mine")

    def fail(tried):
        assert tried == folder
        raise ModelUnusableError("It answers with noise.")

    with pytest.raises(ModelUnusableError, match="noise"):
        versions.make_live(actor=user("chief"), model_version=model_version, probe=fail)
    assert versions.live_model() == live


def test_going_live_and_back(folder):
    shipped = versions.ensure_shipped_model()
    mine = versions.register(folder=folder, stored_as="mine")
    chief = user("chief")
    for model_version in (mine, shipped):
        versions.make_live(actor=chief, model_version=model_version)
        assert versions.live_model() == model_version
        assert model_version.went_live
    noted = Entry.objects.exclude(actor=None).order_by("pk")
    assert list(noted.values_list("subject", flat=True)) == ["mine", SHIPPED.name]
    assert ModelVersion.objects.filter(state="live").count() == 1


@pytest.mark.own_process
def test_the_trial_runs_the_network_in_a_process_of_its_own(folder):
    versions.run_probe(folder)
    (folder / "model.onnx").write_bytes(b"no network at all")
    with pytest.raises(ModelUnusableError, match=r"\w+"):
        versions.run_probe(folder)


def test_an_update_of_the_shipped_model_takes_over_from_the_older_one(monkeypatch, tmp_path):
    shipped = copied(tmp_path / "rehue-2", "rehue-2")
    monkeypatch.setattr(versions, "SHIPPED", shipped)
    old = versions.ensure_shipped_model()
    retrain(shipped)
    new = versions.ensure_shipped_model()
    assert new != old
    assert new.name.startswith("rehue-2-")
    assert versions.live_model() == new
    old.refresh_from_db()
    assert old.state == "retired", "its files are gone"


def test_an_update_may_bring_a_shipped_model_of_another_name(monkeypatch, tmp_path):
    monkeypatch.setattr(versions, "SHIPPED", copied(tmp_path / "rehue-0", "rehue-0"))
    versions.ensure_shipped_model()
    shutil.rmtree(tmp_path / "rehue-0")
    monkeypatch.setattr(versions, "SHIPPED", copied(tmp_path / "rehue-9", "rehue-9"))
    assert versions.ensure_shipped_model().name == "rehue-9" == versions.live_model().name
    assert ModelVersion.objects.get(name="rehue-0").state == "retired"


def test_an_update_does_not_push_aside_a_model_that_was_chosen(monkeypatch, tmp_path, folder):
    shipped = copied(tmp_path / "rehue-2", "rehue-2")
    monkeypatch.setattr(versions, "SHIPPED", shipped)
    versions.ensure_shipped_model()
    mine = versions.register(folder=folder, stored_as="mine")
    versions.make_live(actor=user("chief"), model_version=mine)
    retrain(shipped)
    assert versions.ensure_shipped_model() == mine == versions.live_model()
    assert ModelVersion.objects.filter(name__startswith="rehue-2-", state="published").exists()


def test_at_start_a_damaged_live_model_is_reported(folder):
    versions.ensure_shipped_model()
    mine = versions.register(folder=folder, stored_as="mine")
    versions.make_live(actor=user("chief"), model_version=mine)
    damage(folder)
    with pytest.raises(ModelUnusableError, match="damaged"):
        versions.ensure_shipped_model()


def test_at_start_a_damaged_shipped_model_is_reported(monkeypatch, tmp_path):
    shipped = copied(tmp_path / "rehue-2", "rehue-2")
    damage(shipped)
    monkeypatch.setattr(versions, "SHIPPED", shipped)
    with pytest.raises(ModelUnusableError, match="damaged"):
        versions.ensure_shipped_model()


def test_the_environment_may_name_another_model(settings, folder):
    settings.MODEL = str(folder)
    assert versions.ensure_shipped_model().name == "mine" == versions.live_model().name
    settings.MODEL = "auto"
    assert versions.ensure_shipped_model().name == "mine"


def test_a_missing_model_named_by_the_environment_is_reported(settings, tmp_path):
    settings.MODEL = str(tmp_path / "nowhere")
    with pytest.raises(ModelUnusableError, match="nowhere"):
        versions.ensure_shipped_model()
    with pytest.raises(NoLiveModelError):
        versions.live_model()


def test_published_models_come_with_the_live_one_first(folder):
    shipped = versions.ensure_shipped_model()
    mine = versions.register(folder=folder, stored_as="mine")
    assert versions.published_models() == [shipped, mine]


class TestRollBackAndRetire:
    @pytest.fixture
    def mine(self, folder):
        versions.ensure_shipped_model()
        return versions.register(folder=folder, stored_as="mine")

    def test_rolling_back_makes_the_version_before_live_again(self, mine):
        shipped = versions.live_model()
        with pytest.raises(ModelUnusableError, match="No other version"):
            versions.roll_back(actor=None)
        versions.make_live(actor=user("chief"), model_version=mine)
        assert versions.roll_back(actor=user("deputy")) == shipped == versions.live_model()
        assert versions.roll_back(actor=None) == mine
        assert Entry.objects.exclude(actor=None).count() == 2

    def test_a_live_version_cannot_be_retired_and_a_retired_one_comes_back(self, mine):
        with pytest.raises(ModelUnusableError, match="Only published versions retire"):
            versions.retire(actor=None, model_version=versions.live_model())
        versions.retire(actor=None, model_version=mine)
        mine.refresh_from_db()
        assert mine.state == "retired"
        versions.make_live(actor=None, model_version=mine)
        assert versions.live_model() == mine

    def test_the_command_lists_and_switches(self, mine, capsys):
        call_command("models", "live", "mine")
        call_command("models", "--json")
        printed = capsys.readouterr().out
        states = {row["name"]: row["state"] for row in json.loads(printed[printed.index("[") :])}
        assert states == {"mine": "live", SHIPPED.name: "published"}
        with pytest.raises(CommandError, match="no model version nobody"):
            call_command("models", "retire", "nobody")
        with pytest.raises(CommandError, match="need the name"):
            call_command("models", "live")


def well(folder):
    """A trial that every model passes."""


class TestWhichModelServes:
    """By what the host can do, until somebody chooses."""

    @pytest.fixture
    def cuda(self, monkeypatch):
        """Say whether networks can run on CUDA here."""
        return lambda there: monkeypatch.setattr(versions, "has_cuda", lambda: there)

    @pytest.fixture(autouse=True)
    def _shipped(self, monkeypatch, tmp_path, cuda):
        """A full and a fast model are shipped, and there is no GPU."""
        monkeypatch.setattr(versions, "SHIPPED", copied(tmp_path / "rehue-9", "rehue-9"))
        copied(tmp_path / "rehue-9-fast", "rehue-9-fast")
        cuda(False)

    @pytest.mark.parametrize(("there", "name"), [(True, "rehue-9"), (False, "rehue-9-fast")])
    def test_a_first_start_installs_both_and_serves_by_the_host(self, cuda, there, name):
        cuda(there)
        assert versions.ensure_shipped_model().name == name == versions.live_model().name
        names = {version.name for version in versions.usable_models()}
        assert names == {"rehue-9", "rehue-9-fast"}

    def test_another_host_gets_another_model_and_the_first_stays_at_hand(self, cuda):
        versions.ensure_shipped_model()
        cuda(True)
        assert versions.ensure_shipped_model().name == "rehue-9"
        cuda(False)
        assert versions.ensure_shipped_model().name == "rehue-9-fast"
        assert len(versions.usable_models()) == 2

    def test_what_an_administrator_chose_stays(self, cuda):
        versions.ensure_shipped_model()
        full = ModelVersion.objects.get(name="rehue-9")
        versions.make_live(actor=user("chief"), model_version=full, probe=well)
        assert versions.ensure_shipped_model() == full
        versions.roll_back(actor=user("deputy"))
        cuda(True)
        versions.serve_in_full()
        assert versions.ensure_shipped_model().name == "rehue-9-fast"

    def test_choosing_the_live_one_is_a_choice_too(self, cuda):
        fast = versions.ensure_shipped_model()
        versions.make_live(actor=user("chief"), model_version=fast, probe=well)
        cuda(True)
        assert versions.ensure_shipped_model() == fast

    def test_a_worker_with_a_gpu_brings_the_full_one_and_the_next_start_keeps_it(self, settings):
        settings.EMBEDDED = False
        versions.ensure_shipped_model()
        versions.serve_in_full()
        assert versions.live_model().name == "rehue-9"
        assert versions.ensure_shipped_model().name == "rehue-9"

    def test_a_worker_with_a_gpu_leaves_a_model_of_one_s_own(self, folder):
        versions.ensure_shipped_model()
        mine = versions.register(folder=folder, stored_as="mine")
        versions.make_live(actor=None, model_version=mine, probe=well)
        versions.serve_in_full()
        assert versions.live_model() == mine

    def test_an_update_replaces_the_older_model_by_the_one_that_fits(self, monkeypatch, tmp_path):
        both = versions.SHIPPED
        monkeypatch.setattr(versions, "SHIPPED", copied(tmp_path / "rehue-1", "rehue-1"))
        assert versions.ensure_shipped_model().name == "rehue-1"
        monkeypatch.setattr(versions, "SHIPPED", both)
        assert versions.ensure_shipped_model().name == "rehue-9-fast"

    def test_an_update_keeps_the_older_model_if_it_was_chosen_and_is_still_there(
        self, monkeypatch, tmp_path
    ):
        both = versions.SHIPPED
        monkeypatch.setattr(versions, "SHIPPED", copied(tmp_path / "rehue-1", "rehue-1"))
        old = versions.ensure_shipped_model()
        versions.make_live(actor=user("chief"), model_version=old, probe=well)
        monkeypatch.setattr(versions, "SHIPPED", both)
        assert versions.ensure_shipped_model() == old
        shutil.rmtree(tmp_path / "rehue-1")
        assert versions.ensure_shipped_model().name == "rehue-9-fast"

    @pytest.mark.parametrize("name", ["rehue-9", "rehue-9-fast"])
    def test_the_environment_may_name_a_version(self, settings, name):
        settings.MODEL = name
        assert versions.ensure_shipped_model().name == name == versions.live_model().name

    def test_the_choice_can_be_given_back(self, cuda, folder):
        versions.ensure_shipped_model()
        mine = versions.register(folder=folder, stored_as="mine")
        versions.make_live(actor=user("chief"), model_version=mine, probe=well)
        call_command("models", "auto")
        assert versions.live_model().name == "rehue-9-fast"
        cuda(True)
        assert versions.ensure_shipped_model().name == "rehue-9"
