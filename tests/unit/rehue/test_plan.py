"""What goes where is known before the first write, and nothing of people's is lost."""

import json
import shutil
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from rehue import plan as plans
from rehue.errors import RehueError
from rehue.plan import journal_of, make_plan
from tests.support.pdfs import image, pdf, scan
from tests.support.pictures import grey_astronaut

HINTS = {"version": 1, "hints": [{"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1,
                                  "color": "#aa3300"}]}  # fmt: skip


def album(tmp_path, *names):
    folder = tmp_path / "album"
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        grey_astronaut(32, 32).save(path, "PNG")
    return folder


def outputs(plan):
    return [task.output.name for task in plan.tasks]


def test_photos_that_differ_in_their_ending_case_or_normal_form_have_results_of_their_own(tmp_path):
    nfd, nfc = unicodedata.normalize("NFD", "Zürich.jpg"), "Zürich.png"
    names = ["IMG.JPG", "img.JPG", "scan01.jpg", "scan01.tif", nfd, nfc]
    plan = make_plan(album(tmp_path, *names), None)
    keys = {unicodedata.normalize("NFC", name).casefold() for name in outputs(plan)}
    assert len(keys) == len(plan.tasks) == 6


def test_what_systems_leave_behind_is_left_out(tmp_path):
    plan = make_plan(album(tmp_path, "a.jpg", "._a.jpg", ".hidden.png", "__MACOSX/b.jpg"), None,
                     recursive=True)  # fmt: skip
    assert [task.name for task in plan.tasks] == ["a.jpg"]


def test_results_may_not_take_the_place_of_photos(tmp_path):
    folder = album(tmp_path, "a.png", "b.png")
    for source, output in ((folder, folder), (folder / "a.png", folder / "a.png")):
        with pytest.raises(RehueError, match="one of the photos"):
            make_plan(source, output, overwrite=True)


def test_what_exists_is_not_overwritten_unless_requested(tmp_path):
    folder, out = album(tmp_path, "a.jpg", "b.jpg"), tmp_path / "out"
    out.mkdir()
    (out / "a.png").write_bytes(b"somebody's")
    plan = make_plan(folder, out)
    assert (outputs(plan), list(plan.refused)) == (["b.png"], ["a.jpg"])
    assert outputs(make_plan(folder, out, overwrite=True)) == ["a.png", "b.png"]
    with pytest.raises(RehueError, match="--overwrite"):
        make_plan(folder / "a.jpg", out / "a.png")


def test_what_an_earlier_run_made_is_not_made_again_unless_the_photo_changed(tmp_path):
    folder, out = album(tmp_path, "a.jpg", "deep/b.jpg"), tmp_path / "out"
    for task in make_plan(folder, out, recursive=True).tasks:
        task.output.parent.mkdir(parents=True, exist_ok=True)
        journal_of(task).add(task)
        task.output.write_bytes(b"a result")
    plan = make_plan(folder, out, recursive=True)
    assert (plan.tasks, len(plan.done), plan.refused) == ([], 2, {})
    (folder / "a.jpg").write_bytes(b"another photo")
    assert list(make_plan(folder, out, recursive=True).refused) == ["a.jpg"]


def test_a_folder_called_by_a_dot_has_its_results_beside_it(tmp_path, monkeypatch):
    monkeypatch.chdir(album(tmp_path, "a.jpg"))
    (task,) = make_plan(Path(), None).tasks
    assert task.output == tmp_path / "album-colour" / "a.png"


@pytest.mark.parametrize("name", ["a.json", "a.jpg.json", "A.JSON", "hints.json"])
def test_hints_that_are_requested_are_used(tmp_path, name):
    folder, hints = album(tmp_path, "a.jpg", "b.jpg"), tmp_path / "hints"
    hints.mkdir()
    content = {"a.jpg": HINTS} if name == "hints.json" else HINTS
    (hints / name).write_bytes(b"\xef\xbb\xbf" + json.dumps(content).encode())
    first, second = make_plan(folder, None, hints=hints).tasks
    assert (len(first.hints.hints), len(second.hints.hints)) == (1, 0)
    if name != "hints.json":
        (task,) = make_plan(folder / "a.jpg", None, hints=hints / name).tasks
        assert len(task.hints.hints) == 1


@pytest.mark.parametrize("hints", ["missing.json", "empty", "other", "photo.json"])
def test_hints_that_cannot_be_used_are_an_error(tmp_path, hints):
    folder = album(tmp_path, "a.jpg")
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "b.json").write_text(json.dumps(HINTS))
    (tmp_path / "photo.json").write_text("no JSON")
    for source in (folder, folder / "a.jpg"):
        with pytest.raises(RehueError):
            make_plan(source, tmp_path / "out", hints=tmp_path / hints)


def test_places_that_cannot_be_are_stated_in_a_sentence(tmp_path):
    folder = album(tmp_path, "a.jpg")
    (tmp_path / "plain.txt").write_text("")
    for output in ("plain.txt/out.png", "plain.txt", "out.docx"):
        with pytest.raises(RehueError, match=r"folder|PNG, JPEG"):
            make_plan(folder / "a.jpg", tmp_path / output)
    with pytest.raises(RehueError, match="no folder"):
        make_plan(folder, tmp_path / "plain.txt")
    shutil.rmtree(folder)
    with pytest.raises(RehueError, match="does not exist"):
        make_plan(folder, None)


def pdf_of(*values):
    return pdf(*(scan(image(np.full((48, 64), value, np.uint8))) for value in values))


def test_each_page_of_a_pdf_in_a_folder_is_a_photo_of_its_own(tmp_path):
    folder, hints = album(tmp_path, "b-2.png"), tmp_path / "hints"
    (folder / "a.pdf").write_bytes(pdf_of(90))
    (folder / "b.pdf").write_bytes(pdf_of(80, 160, 200))
    (folder / "c.pdf").write_bytes(b"%PDF-1.7 of which the rest is missing")
    hints.mkdir()
    (hints / "b-3.json").write_text(json.dumps(HINTS))
    plan = make_plan(folder, None, hints=hints)
    tasks = [(task.photo.name, task.page, task.output.name) for task in plan.tasks]
    assert tasks == [
        ("a.pdf", 1, "a.png"), ("b-2.png", 1, "b-2.png.png"), ("b.pdf", 1, "b-1.png"),
        ("b.pdf", 2, "b-2.pdf.png"), ("b.pdf", 3, "b-3.png"), ("c.pdf", 1, "c.png"),
    ]  # fmt: skip
    assert [len(task.hints.hints) for task in plan.tasks] == [0, 0, 0, 0, 1, 0]


def test_a_pdf_of_more_pages_than_are_taken_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(plans, "MAX_PAGES", 2)
    folder = album(tmp_path, "a.png")
    (folder / "b.pdf").write_bytes(pdf_of(80, 160, 200))
    plan = make_plan(folder, None)
    assert outputs(plan) == ["a.png"]
    assert "3 pages. The limit is 2" in plan.refused["b.pdf"]
