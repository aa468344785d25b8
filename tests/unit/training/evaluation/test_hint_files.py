"""Hints travel in a file: what is read in is what was written out, or is refused in words."""

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from training.data.pictures import DataError
from training.evaluation.evaluate import evaluate
from training.evaluation.hint_files import with_hints_of, write_hints
from training.evaluation.protocols import PROTOCOLS

REPORT, POINTS = PROTOCOLS["report"], PROTOCOLS["points"]


@pytest.fixture(scope="module")
def file(pictures, tmp_path_factory):
    path = tmp_path_factory.mktemp("hints") / "hints.npz"
    write_hints(path, REPORT, pictures[:2])
    return path


def psnr(results):
    return {row: [cell.figures["psnr"] for cell in cells] for row, cells in results.items()}


def test_what_is_read_in_gives_the_figures_of_what_was_drawn(file, pictures):
    drawn = evaluate(REPORT, pictures[:2], [])
    read = evaluate(with_hints_of(file, REPORT), pictures[:2], [], processes=2)
    assert psnr(read) == psnr(drawn)


def test_few_points_travel_as_well(pictures, tmp_path):
    picture = pictures[0]
    write_hints(tmp_path / "hints.npz", POINTS, [picture])
    given = with_hints_of(tmp_path / "hints.npz", POINTS)
    ab = np.random.default_rng(0).normal(size=(2, 224, 224)).astype(np.float32)
    for amount in (0, 10):
        _, drawn_at = POINTS.hints(picture.name, ab, amount)
        _, given_at = given.hints(picture.name, ab, amount)
        assert np.array_equal(drawn_at, given_at)


def test_a_score_would_say_where_its_hints_are_from(file):
    assert with_hints_of(file, REPORT).hints_seed.startswith("file ")


def test_hints_of_other_pictures_are_refused(file, pictures):
    with pytest.raises(DataError, match="no hints for"):
        evaluate(with_hints_of(file, REPORT), pictures[2:3], [])


def test_hints_for_another_protocol_are_refused(file):
    with pytest.raises(DataError, match="holds hints for report, not points"):
        with_hints_of(file, POINTS)


def test_places_outside_the_picture_are_refused(pictures, tmp_path):
    name = pictures[0].name
    arrays = {"protocol": np.array("report"), f"{name}|0.01|pixels": np.array([128 * 128])}
    np.savez(tmp_path / "bad.npz", **arrays, **{f"{name}|0.01|ab": np.zeros((2, 1))})
    given = with_hints_of(tmp_path / "bad.npz", REPORT)
    with pytest.raises(DataError, match="outside"):
        given.hints(name, np.zeros((2, 128, 128), np.float32), 0.01)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive at all", b"\x93NUMPY"])
def test_a_file_that_is_something_else_is_refused(tmp_path, content):
    (tmp_path / "hints.npz").write_bytes(content)
    with pytest.raises(DataError, match="no file of hints"):
        with_hints_of(tmp_path / "hints.npz", REPORT)


@pytest.mark.django_db
def test_the_command_says_which_protocols_have_hints_to_write(tmp_path):
    with pytest.raises(CommandError, match="depend on the results"):
        call_command(
            "evaluate", "--protocol", "strokes", "--data", "x", "--write-hints", tmp_path / "h.npz"
        )
