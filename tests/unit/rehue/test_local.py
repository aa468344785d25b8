import json

import numpy as np
import pytest
from PIL import Image

from colorizer.color import rgb_to_lab
from rehue.cli import main
from tests.support.pdfs import image, pdf, scan
from tests.support.pictures import astronaut, grey_astronaut

HINT_SET = {
    "version": 1,
    "hints": [{"type": "point", "x": 0.5, "y": 0.8, "radius": 0.05, "color": "#d0602c"}],
}


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "portrait.jpg"
    grey_astronaut(120, 90).save(path)
    return path


def test_a_photo_gets_its_colours_beside_it(photo):
    assert main(["colorize", str(photo)]) == 0
    with Image.open(photo.with_name("portrait-colour.png")) as result:
        assert result.size == (120, 90)


def test_hints_are_followed(photo, tmp_path):
    hints = tmp_path / "hints.json"
    hints.write_text(json.dumps(HINT_SET))
    out = tmp_path / "out.png"
    assert main(["colorize", str(photo), "--hints", str(hints), "-o", str(out)]) == 0
    with Image.open(out) as result:
        red, _, blue = np.asarray(result, int)[72, 60]
    assert red > blue + 20


def colors_of(path):
    with Image.open(path) as result:
        return rgb_to_lab(np.asarray(result.convert("RGB")))[..., 1:]


def test_controls_go_before_those_of_the_hints(photo, tmp_path):
    hints, cold, warm = (tmp_path / name for name in ("hints.json", "cold.png", "warm.png"))
    hints.write_text(json.dumps(HINT_SET | {"version": 2, "warmth": -1}))
    call = ["colorize", str(photo), "--hints", str(hints), "--vividness", "0.5", "-o"]
    assert main([*call, str(cold)]) == 0
    assert main([*call, str(warm), "--warmth", "1", "--reach", "0"]) == 0
    assert (colors_of(warm) - colors_of(cold))[..., 1].mean() > 5


def test_colours_come_from_another_photo(photo, tmp_path, capsys):
    like, out = tmp_path / "like.png", [tmp_path / f"{n}.png" for n in range(3)]
    astronaut().save(like)
    call = ["colorize", str(photo)]
    for path, more in zip(out, ([], ["--like-strength", "0.4"], None), strict=True):
        given = [] if more is None else ["--like", str(like), "--like", str(like), *more]
        assert main([*call, "-o", str(path), *given]) == 0
    with Image.open(like) as reference:
        truth = rgb_to_lab(np.asarray(reference.resize((120, 90))))[..., 1:]
    whole, some, none = (np.hypot(*(colors_of(path) - truth).T).mean() for path in out)
    assert whole < some < none
    assert main([*call, "--like", str(photo)]) == 2
    assert "portrait.jpg: A photo without colours" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option",
    [("--reach", "1.5"), ("--warmth", "nan"), ("--like-strength", "2"), ("--vividness", "x")],
)
def test_controls_out_of_range_are_refused(photo, option, capsys):
    with pytest.raises(SystemExit):
        main(["colorize", str(photo), *option])
    assert option[0] in capsys.readouterr().err


def test_a_folder_is_coloured_whole_and_a_broken_photo_is_reported(photo, tmp_path, capsys):
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8nonsense")
    hints = tmp_path / "hints"
    hints.mkdir()
    (hints / "portrait.json").write_text(json.dumps(HINT_SET))
    out = tmp_path / "out"
    assert main(["colorize", str(tmp_path), "-o", str(out), "--hints", str(hints)]) == 1
    assert [path.name for path in out.iterdir()] == ["portrait.png"]
    reported = capsys.readouterr().err
    assert "broken.jpg" in reported
    assert "broken.jpg" in reported


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["colorize", "{tmp}/missing.jpg"], "does not exist"),
        (["colorize", "{tmp}/empty"], "holds no photos"),
        (["colorize", "{photo}", "-o", "{tmp}/out.docx"], "PNG, JPEG"),
        (["colorize", "{photo}", "--hints", "{tmp}/none.json"], "cannot be read"),
        (["colorize", "{photo}", "--hints", "{photo}"], "no JSON"),
        (["colorize", "{photo}", "--model", "{tmp}/empty"], "no model"),
        (["models", "--model", "{tmp}/empty"], "no model"),
    ],
)
def test_what_cannot_be_done_is_stated_in_a_sentence(photo, tmp_path, capsys, arguments, says):
    (tmp_path / "empty").mkdir()
    assert main([part.format(tmp=tmp_path, photo=photo) for part in arguments]) == 2
    assert says in capsys.readouterr().err
    assert not list(tmp_path.glob(".*.new"))


def test_the_card_is_shown(capsys):
    assert main(["models", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "rehue-4"


def test_a_page_of_a_pdf_is_named_by_its_number(tmp_path, capsys):
    pages = [np.full((48, 64), value, np.uint8) for value in (60, 190)]
    album = tmp_path / "album.pdf"
    album.write_bytes(pdf(*(scan(image(page)) for page in pages)))
    for number, page in enumerate(pages, start=1):
        result = tmp_path / f"{number}.png"
        assert main(["colorize", str(album), "--page", str(number), "-o", str(result)]) == 0
        lightness = rgb_to_lab(np.asarray(Image.open(result)))[..., 0]
        expected = rgb_to_lab(np.repeat(page[..., None], 3, axis=-1))[..., 0]
        assert np.abs(lightness - expected).max() < 1
    assert main(["colorize", str(album), "--page", "3", "-o", str(tmp_path / "3.png")]) == 1
    assert "no page 3" in capsys.readouterr().err
    assert main(["colorize", str(tmp_path), "--page", "2"]) == 2
    assert not (tmp_path / "3.png").exists()


def test_results_wear_a_mark(photo, tmp_path):
    for mark in ("none", "corner", "caption"):
        assert main(["colorize", str(photo), "-o", f"{tmp_path}/{mark}.png", "--mark", mark]) == 0
    plain, corner, caption = (
        np.asarray(Image.open(tmp_path / f"{mark}.png")) for mark in ("none", "corner", "caption")
    )
    assert 0 < (corner != plain).any(axis=-1).mean() < 0.2
    assert np.array_equal(caption[:90], plain)
