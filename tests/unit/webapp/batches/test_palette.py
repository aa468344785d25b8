"""Palettes: named regions become the same hints on every photo."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from colorizer.hints import MAX_HINTS
from webapp.batches.palette import MAX_REGIONS, PLACES, Palette


def palette(*regions):
    return Palette.model_validate({"version": 1, "regions": list(regions)})


def region(place="top", name="sky", color="#87A7C7"):
    return {"name": name, "color": color, "place": place}


@pytest.mark.parametrize("place", PLACES)
def test_a_region_s_points_lie_where_its_place_says(place):
    box = PLACES[place]
    hints = palette(region(place)).to_hints().hints
    assert len(hints) > 3
    for hint in hints:
        x, y = hint.points[0]
        assert box.x < x < box.x + box.width
        assert box.y < y < box.y + box.height
        assert hint.color == "#87a7c7"


def test_a_small_rectangle_gets_one_point_in_its_middle():
    box = {"x": 0.4, "y": 0.2, "width": 0.1, "height": 0.1}
    (hint,) = palette(region(box)).to_hints().hints
    assert hint.points[0] == (0.45, 0.25)


def test_later_regions_come_last_and_so_win():
    hints = palette(region("everywhere"), region("centre", "skin", "#d9a688")).to_hints().hints
    assert hints[0].color == "#87a7c7"
    assert hints[-1].color == "#d9a688"


@given(
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0.001, 1), st.floats(0.001, 1)).filter(
        lambda box: box[0] + box[2] <= 1 and box[1] + box[3] <= 1
    )
)
def test_any_rectangle_gives_hints_within_the_photo(box):
    place = dict(zip(("x", "y", "width", "height"), box, strict=True))
    hints = palette(*[region(place)] * MAX_REGIONS).to_hints().hints
    assert 0 < len(hints) <= MAX_HINTS


@pytest.mark.parametrize(
    "wrong",
    [
        region("above"),
        region(color="blue"),
        region(name=""),
        region({"x": 0.5, "y": 0, "width": 0.6, "height": 0.1}),
        region({"x": 0, "y": 0, "width": 0, "height": 0.1}),
        region({"x": float("nan"), "y": 0, "width": 0.1, "height": 0.1}),
        region() | {"more": 1},
    ],
)
def test_what_breaks_the_schema_is_refused(wrong):
    with pytest.raises(ValidationError):
        palette(wrong)


def test_an_empty_or_endless_palette_is_refused():
    for regions in ([], [region()] * (MAX_REGIONS + 1)):
        with pytest.raises(ValidationError):
            palette(*regions)
