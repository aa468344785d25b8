import json
import math
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from colorizer import hints
from colorizer.color import hex_to_lab
from colorizer.hints import HintError, HintSet, rasterise

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "hints.json").read_text())

unit = st.floats(0, 1)
radii = st.floats(1e-4, 0.5)
colors = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
points = st.fixed_dictionaries(
    {"type": st.just("point"), "x": unit, "y": unit, "radius": radii, "color": colors}
)
strokes = st.fixed_dictionaries(
    {
        "type": st.just("stroke"),
        "points": st.lists(st.tuples(unit, unit).map(list), min_size=1, max_size=8),
        "radius": radii,
        "color": colors,
    }
)
hint_sets = st.fixed_dictionaries(
    {"version": st.just(1), "hints": st.lists(points | strokes, max_size=6)}
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(("version", "hints", "type", "x", "points", "radius", "color"))
            | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


def one(**change):
    point = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.01, "color": "#7a4b2c"}
    return {"version": 1, "hints": [{**point, **change}]}


@given(hint_sets)
def test_what_is_written_reads_back_the_same(data):
    parsed = HintSet.parse(data)
    assert HintSet.parse(json.loads(json.dumps(parsed.to_json()))) == parsed


@given(json_values)
def test_any_json_is_read_or_refused_as_a_hint_set(data):
    with suppress(HintError):
        assert HintSet.parse(data).to_json()["version"] == 1


@given(hint_sets, st.integers(1, 40), st.integers(1, 40))
def test_every_hint_is_seen_at_any_size(data, height, width):
    hint_set = HintSet.parse(data)
    ab, mask = rasterise(hint_set, height, width)
    assert set(np.unique(mask)) <= {0.0, 1.0}
    assert (ab[:, mask[0] == 0] == 0).all()
    if hint_set.hints:
        last = hint_set.hints[-1]
        x, y = last.points[-1]
        row, column = min(int(y * height), height - 1), min(int(x * width), width - 1)
        assert ab[:, row, column] == pytest.approx(last.ab, abs=1e-4)


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_rasters_equal_the_golden_ones(case):
    ab, mask = rasterise(HintSet.parse(case["hint_set"]), case["height"], case["width"])
    assert ["".join("01"[int(v)] for v in row) for row in mask[0]] == case["mask"]
    for row, column, color in case["colors"]:
        assert ab[:, row, column] == pytest.approx(hex_to_lab(color)[1:], abs=1e-3)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "object"),
        ({"version": 2, "hints": []}, "version 2"),
        ({"version": True, "hints": []}, "version True"),
        ({"hints": []}, "version None"),
        ({"version": 1}, "list"),
        ({"version": 1, "hints": {}}, "list"),
        ({"version": 1, "hints": [], "extra": 0}, "'extra'"),
        ({"version": 1, "hints": [7]}, "Hint 1"),
        (one(type="circle"), "'circle'"),
        (one(type=["point"]), "type"),
        (one(x=math.nan), "finite"),
        (one(x=math.inf), "finite"),
        (one(x=10**400), "finite"),
        (one(x="0.5"), "number"),
        (one(x=True), "number"),
        (one(x=None), "number"),
        (one(x=1.01), "outside"),
        (one(y=-0.01), "outside"),
        (one(radius=0), "radius"),
        (one(radius=0.6), "radius"),
        (one(color="red"), "#rrggbb"),
        (one(color="#12345g"), "#rrggbb"),
        (one(color=None), "#rrggbb"),
        (one(opacity=1), "'opacity'"),
        ({"version": 1, "hints": [{"type": "stroke", "points": [], "radius": 0.1}]}, "points"),
        (
            {"version": 1, "hints": [{"type": "stroke", "points": [[1]], "color": "#000000"}]},
            "radius",
        ),
    ],
)
def test_a_broken_hint_set_is_refused_and_says_where(data, says):
    with pytest.raises(HintError, match=says.replace("[", r"\[")):
        HintSet.parse(data)


class TestLimits:
    """Each limit is met exactly by the largest set that passes."""

    def test_hints(self):
        hint = one()["hints"][0]
        assert HintSet.parse({"version": 1, "hints": [hint] * hints.MAX_HINTS})
        with pytest.raises(HintError, match="at most 1000 hints"):
            HintSet.parse({"version": 1, "hints": [hint] * (hints.MAX_HINTS + 1)})

    def test_points_of_a_stroke(self):
        stroke = {"type": "stroke", "radius": 0.01, "color": "#000000"}
        fits = {**stroke, "points": [[0.5, 0.5]] * hints.MAX_STROKE_POINTS}
        assert HintSet.parse({"version": 1, "hints": [fits]})
        with pytest.raises(HintError, match="at most 2000 points"):
            HintSet.parse({"version": 1, "hints": [{**fits, "points": [*fits["points"], [0, 0]]}]})

    def test_points_in_all(self):
        stroke = {"type": "stroke", "radius": 0.01, "color": "#000000"}
        full = {**stroke, "points": [[0.5, 0.5]] * hints.MAX_STROKE_POINTS}
        most = hints.MAX_TOTAL_POINTS // hints.MAX_STROKE_POINTS
        assert HintSet.parse({"version": 1, "hints": [full] * most})
        with pytest.raises(HintError, match="points in all"):
            HintSet.parse({"version": 1, "hints": [full] * most + one()["hints"]})


def test_a_later_hint_wins_where_two_overlap():
    first, second = one(color="#ff0000", radius=0.3), one(color="#0000ff", radius=0.1)
    ab, _ = rasterise(
        HintSet.parse({"version": 1, "hints": first["hints"] + second["hints"]}), 40, 40
    )
    assert ab[:, 20, 20] == pytest.approx(hex_to_lab("#0000ff")[1:], abs=1e-3)
    assert ab[:, 20, 10] == pytest.approx(hex_to_lab("#ff0000")[1:], abs=1e-3)


def test_the_radius_is_relative_to_the_longer_side():
    _, mask = rasterise(HintSet.parse(one(radius=0.1)), 100, 200)
    assert mask[0].any(0).sum() == mask[0].any(1).sum() == 40
