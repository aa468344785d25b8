import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.support.sources import fill_folder, fill_tar, forbidden, jpeg
from training.data.pictures import DataError, array_of, fingerprint, read_pictures
from training.data.prepare import prepare
from training.models import DataSet
from training.registry.data_sets import (
    folder_of,
    list_data_sets,
    register_data_set,
    resolve_sources,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data_sets(tmp_path, settings):
    settings.DATASET_DIR = tmp_path / "datasets"


@pytest.fixture
def source(tmp_path):
    """A tar of eight pictures, one of them broken."""
    files = {f"pic_{number}.jpg": jpeg(number) for number in range(7)}
    return fill_tar(tmp_path / "pictures.tar", {**files, "broken.jpg": jpeg(8)[:300]})


@pytest.fixture
def folder(source):
    """A prepared folder that the site does not know yet."""
    folder = settings.DATASET_DIR / "small"
    splits = {"train": 5, "val": 2}
    prepare(read_pictures([source]), folder, splits=splits, side=32, seed=0, sources=["pictures"])
    return folder


def _spoil(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_a_data_set_is_known_by_its_name(folder):
    data_set = register_data_set(name="small", folder=folder)
    assert list_data_sets() == [data_set]
    assert (data_set.side, data_set.counts) == (32, {"train": 5, "val": 2})
    assert data_set.findings["found"] == 8
    assert set(data_set.findings) >= {"looked_at", "damaged", "near_grey", "duplicates"}
    assert data_set.sha256 == fingerprint([folder])
    assert resolve_sources(["small"]) == [folder]


def test_data_sets_below_the_sites_folder_can_move_with_it(folder, tmp_path, settings):
    data_set = register_data_set(name="small", folder=folder)
    assert data_set.folder == "small"
    settings.DATASET_DIR = settings.DATASET_DIR.rename(tmp_path / "moved")
    assert resolve_sources(["small"]) == [tmp_path / "moved" / "small"]


def test_a_data_set_elsewhere_is_found_there(folder, tmp_path):
    elsewhere = folder.rename(tmp_path / "elsewhere")
    assert folder_of(register_data_set(name="small", folder=elsewhere)) == elsewhere


def test_a_taken_name_is_refused(folder):
    register_data_set(name="small", folder=folder)
    with pytest.raises(DataError, match="named small already"):
        register_data_set(name="small", folder=folder)


@pytest.mark.parametrize("name", ["", "../up", "two words", "a" * 61, "a/b"])
def test_a_name_that_cannot_be_one_is_refused(folder, name):
    with pytest.raises(DataError, match="cannot name a data set"):
        register_data_set(name=name, folder=folder)


def test_a_folder_that_is_no_data_set_is_not_registered(folder, tmp_path):
    _spoil(array_of(folder, "train"))
    for path, says in ((folder, "has changed"), (tmp_path, r"manifest\.json does not exist")):
        with pytest.raises(DataError, match=says):
            register_data_set(name="small", folder=path)
    assert not DataSet.objects.exists()


def test_a_data_set_whose_arrays_changed_is_refused(folder):
    register_data_set(name="small", folder=folder)
    _spoil(array_of(folder, "val"))
    for names in (["small"], [str(folder)]):
        with pytest.raises(DataError, match="has changed since it was prepared"):
            resolve_sources(names)


def test_a_data_set_that_was_swapped_is_refused(folder, source, tmp_path):
    register_data_set(name="small", folder=folder)
    folder.rename(tmp_path / "old")
    splits = {"train": 5, "val": 2}
    prepare(read_pictures([source]), folder, splits=splits, side=32, seed=1, sources=["pictures"])
    with pytest.raises(DataError, match="small has changed since it was prepared"):
        resolve_sources(["small"])


def test_a_data_set_that_is_gone_is_named(folder, tmp_path):
    register_data_set(name="small", folder=folder)
    folder.rename(tmp_path / "old")
    with pytest.raises(DataError, match=r"data set small .* does not exist"):
        resolve_sources(["small"])


def test_paths_stand_for_themselves(source, tmp_path):
    pictures = fill_folder(tmp_path / "some", {"a.jpg": jpeg(1)})
    assert resolve_sources([str(source), str(pictures)]) == [source, pictures]


def test_an_unknown_name_is_reported_with_those_known(folder):
    with pytest.raises(DataError, match=r"big is neither a data set \(none so far\) nor a path"):
        resolve_sources(["big"])
    register_data_set(name="small", folder=folder)
    with pytest.raises(DataError, match=r"big is neither a data set \(small\)"):
        resolve_sources(["big"])


def test_a_path_that_may_not_be_read_is_named(tmp_path):
    closed = fill_folder(tmp_path / "closed", {"set/a.jpg": jpeg(1)})
    with forbidden(closed), pytest.raises(DataError, match="may not be read"):
        resolve_sources([str(closed / "set")])


def test_the_command_prepares_and_registers(source, capsys):
    arguments = ("--splits", "train=4,val=2,test=1", "--side", "48", "--seed", "3", "--json")
    call_command("prepare_data", "mine", "--from", str(source), *arguments)
    report = json.loads(capsys.readouterr().out)
    assert report["counts"] == {"train": 4, "val": 2, "test": 1}
    [path] = resolve_sources(["mine"])
    assert report["folder"] == str(path)
    assert [len(read_pictures([path], split)) for split in ("train", "val", "test")] == [4, 2, 1]
    assert read_pictures([path], "test")[0].rgb().size == (48, 48)


def test_the_command_reports_what_was_left_out(tmp_path, capsys):
    files = {"train/a.jpg": jpeg(1), "test/b.jpg": jpeg(2), "train/c.jpg": b"broken"}
    folder = fill_folder(tmp_path / "pictures", {**files, "train/d.jpg": jpeg(2)})
    call_command("prepare_data", "mine", "--from", str(folder), "--splits", "kept")
    reported = capsys.readouterr().out
    assert "1 train, 1 test; 128x128" in reported
    assert "1 damaged, 0 near-grey, 1 that look like another" in reported


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("mine", "--from", "gone.tar"), r"gone\.tar does not exist"),
        (("mine", "--from", "SOURCE"), "6000 pictures were asked for; there are 8"),
        (("mine", "--from", "SOURCE", "--splits", "thirds"), "'thirds' is no way to split"),
        (("mine", "--from", "SOURCE", "--splits", "kept"), "has to begin with train/"),
        (("mine", "--from", "SOURCE", "--splits", "train=8"), "7 can be used"),
        (("my/own", "--from", "SOURCE"), "cannot name a data set"),
        (("mine", "--places365", "FOLDER"), "is no Places365 folder"),
        (("mine", "--imagenet", "FOLDER"), "is no ImageNet folder"),
        (("mine",), "--from"),
    ],
)
def test_a_command_that_cannot_work_says_why_and_leaves_nothing(tmp_path, source, arguments, says):
    known = {"SOURCE": str(source), "FOLDER": str(tmp_path)}
    with pytest.raises(CommandError, match=says):
        call_command("prepare_data", *(known.get(argument, argument) for argument in arguments))
    assert not DataSet.objects.exists()
    assert not settings.DATASET_DIR.exists() or not list(settings.DATASET_DIR.iterdir())


def test_the_web_process_needs_neither_torch_nor_scipy_for_data_sets():
    code = (
        "import django, sys; django.setup(); import training.registry.data_sets; "
        "print([name for name in ('torch', 'scipy') if name in sys.modules])"
    )
    reported = subprocess.run(
        [sys.executable, "-c", code],
        env={"DJANGO_SETTINGS_MODULE": "webapp.settings", "DATA_DIR": str(settings.DATASET_DIR)},
        cwd=Path(__file__).parents[4],
        capture_output=True,
        text=True,
        check=True,
    )
    assert reported.stdout.strip() == "[]"
