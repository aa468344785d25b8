import json
import math
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator
from skimage.draw import polygon

from colorizer import hints
from colorizer.color import hex_to_lab
from colorizer.hints import Controls, HintError, HintSet
from colorizer.raster import rasterise

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs" / "reference" / "hint-set.schema.json").read_text())
GOLDEN = json.loads((ROOT / "tests" / "golden" / "hints.json").read_text())

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
LEFT, RIGHT = [[0, 0], [0.5, 0], [0.5, 1], [0, 1]], [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]


@st.composite
def fenced_sets(draw):
    """Hint sets of version 2, with up to three regions and hints in and outside them."""
    low, high = st.floats(0, 0.45), st.floats(0.55, 1)
    boxes = draw(st.lists(st.tuples(low, low, high, high), max_size=3))
    names = st.sampled_from(("", "sky", "하늘"))
    data = {
        "version": 2,
        "regions": [
            {"name": draw(names), "points": [[a, b], [c, b], [c, d], [a, d]]}
            for a, b, c, d in boxes
        ],
        "hints": draw(st.lists(points | strokes, max_size=6)),
    }
    for name, values in {
        "reach": unit,
        "vividness": st.floats(0, 2),
        "warmth": st.floats(-1, 1),
    }.items():
        if draw(st.booleans()):
            data[name] = draw(values)
    for hint in data["hints"]:
        if boxes and draw(st.booleans()):
            hint["region"] = draw(st.integers(0, len(boxes) - 1))
    return data


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ("version", "hints", "type", "x", "points", "radius", "color", "regions", "region")
            )
            | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


# Hint sets are large, and a busy machine makes them slowly.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def one(**change):
    point = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.01, "color": "#7a4b2c"}
    return {"version": 1, "hints": [{**point, **change}]}


def two(regions=None, region=None, **change):
    """A hint set of version 2 with one hint, which may name a region."""
    data = one(**({} if region is None else {"region": region}))
    return data | {"version": 2} | ({} if regions is None else {"regions": regions}) | change


@patient
@given(hint_sets | fenced_sets())
def test_what_is_written_reads_back_the_same(data):
    parsed = HintSet.parse(data)
    assert HintSet.parse(json.loads(json.dumps(parsed.to_json()))) == parsed


@given(json_values)
def test_any_json_is_read_or_refused_as_a_hint_set(data):
    with suppress(HintError):
        assert HintSet.parse(data).to_json()["version"] in hints.VERSIONS


@patient
@given(hint_sets, st.integers(1, 40), st.integers(1, 40))
def test_every_hint_is_seen_at_any_size(data, height, width):
    hint_set = HintSet.parse(data)
    planes = rasterise(hint_set, height, width)
    ab, mask = planes.ab, planes.mask
    assert planes.labels is None
    assert set(np.unique(mask)) <= {0.0, 1.0}
    assert (ab[:, mask[0] == 0] == 0).all()
    if hint_set.hints:
        last = hint_set.hints[-1]
        x, y = last.points[-1]
        row, column = min(int(y * height), height - 1), min(int(x * width), width - 1)
        assert ab[:, row, column] == pytest.approx(last.ab, abs=1e-4)


@patient
@given(fenced_sets(), st.integers(1, 40), st.integers(1, 40))
def test_every_hint_stays_in_its_region(data, height, width):
    planes = rasterise(HintSet.parse(data), height, width)
    if not data["regions"]:
        return
    together = np.zeros_like(planes.mask)
    for label in range(len(data["regions"]) + 1):
        some = planes.within(label)
        assert (some.mask[0] <= (planes.labels == label)).all()
        own = {**data, "hints": [h for h in data["hints"] if h.get("region", -1) + 1 == label]}
        assert (some.ab == rasterise(HintSet.parse(own), height, width).ab).all()
        together += some.mask
    assert (together == planes.mask).all()


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_rasters_equal_the_golden_ones(case):
    planes = rasterise(HintSet.parse(case["hint_set"]), case["height"], case["width"])
    assert ["".join("01"[int(v)] for v in row) for row in planes.mask[0]] == case["mask"]
    for row, column, color in case["colors"]:
        assert planes.ab[:, row, column] == pytest.approx(hex_to_lab(color)[1:], abs=1e-3)
    if "labels" in case:
        assert ["".join(map(str, row)) for row in planes.labels] == case["labels"]


def test_labels_are_what_an_independent_rasteriser_draws():
    corners = np.array([[0.1, 0.15], [0.8, 0.05], [0.95, 0.7], [0.5, 0.4], [0.2, 0.9]])
    regions = [{"points": corners.tolist()}]
    planes = rasterise(HintSet.parse({"version": 2, "hints": [], "regions": regions}), 90, 120)
    # scikit-image counts from the middle of the first pixel.
    rows, columns = polygon(*(corners[:, ::-1] * (90, 120) - 0.5).T, shape=(90, 120))
    expected = np.zeros((90, 120), int)
    expected[rows, columns] = 1
    assert (planes.labels == expected).mean() > 0.999


def test_version_2_without_its_keys_means_the_defaults():
    assert HintSet.parse(one() | {"version": 2}) == HintSet.parse(one())
    assert HintSet.parse(one()).controls == Controls(reach=0.5, vividness=1, warmth=0)


def test_what_version_1_can_hold_is_written_as_version_1():
    assert HintSet.parse(one() | {"version": 2, "reach": 0.5}).to_json() == one()
    assert HintSet.parse(one() | {"version": 2, "reach": 0.6}).to_json()["version"] == 2


BROKEN = [
    ([], "object"),
    ({"version": 3, "hints": []}, "version 3"),
    ({"version": 1, "hints": [], "reach": 0.5}, "version 1 has no key 'reach'"),
    (one(region=0), "'region'"),
    (two(reach=1.1), "reach is from 0 to 1"),
    (two(reach=None), "reach must be a number"),
    (two(vividness=-0.1), "vividness is from 0 to 2"),
    (two(warmth=-1.1), "warmth is from -1 to 1"),
    (two(warmth=math.nan), "finite"),
    (two(regions={}), "regions of a hint set are a list"),
    (two(regions=[7]), "Region 0 is not an object"),
    (two(regions=[{"points": LEFT}, {"points": [[0, 0], [1, 1]]}]), "Region 1: the points"),
    (two(regions=[{"points": LEFT, "color": "#000000"}]), "'color'"),
    (two(regions=[{"points": LEFT, "name": "x" * 101}]), "at most 100 letters"),
    (two(regions=[{"points": [*LEFT, [0, 1.5]]}]), "outside"),
    (two(regions=[{"points": [[0, 0], [1, 1], [1, 0], [0, 1]]}]), "crosses itself"),
    (two(regions=[{"points": [[0, 0], [0.5, 0.5], [1, 1]]}]), "no area"),
    (two(region=0), "there are 0"),
    (two(region=1, regions=[{"points": LEFT}]), "there are 1"),
    (two(region=True, regions=[{"points": LEFT}]), "a region that is not there"),
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
]
# What a schema cannot say.
BEYOND_THE_SCHEMA = ("there are 0", "there are 1", "crosses itself", "no area", "finite")


@pytest.mark.parametrize(("data", "says"), BROKEN)
def test_a_broken_hint_set_is_refused_and_says_where(data, says):
    with pytest.raises(HintError, match=says.replace("[", r"\[")):
        HintSet.parse(data)


class TestSchema:
    """The JSON schema and the parser agree."""

    valid = staticmethod(Draft202012Validator(SCHEMA).is_valid)

    @patient
    @given(hint_sets | fenced_sets())
    def test_what_is_read_is_valid(self, data):
        assert self.valid(data)
        assert self.valid(HintSet.parse(data).to_json())

    @pytest.mark.parametrize("data", [d for d, says in BROKEN if says not in BEYOND_THE_SCHEMA])
    def test_what_is_broken_is_not(self, data):
        assert not self.valid(data)

    def test_limits_are_those_of_the_code(self):
        sets, hint, region = (SCHEMA["$defs"][k] for k in ("version2", "hint", "region"))
        for name in ("reach", "vividness", "warmth"):
            limits = sets["properties"][name]
            assert (limits["minimum"], limits["maximum"]) == getattr(hints, name.upper())
            assert limits["default"] == getattr(Controls(), name)
        assert sets["properties"]["hints"]["maxItems"] == hints.MAX_HINTS
        assert sets["properties"]["regions"]["maxItems"] == hints.MAX_REGIONS
        assert hint["properties"]["points"]["maxItems"] == hints.MAX_STROKE_POINTS
        assert hint["properties"]["radius"]["maximum"] == hints.MAX_RADIUS
        assert hint["properties"]["region"]["maximum"] == hints.MAX_REGIONS - 1
        assert region["properties"]["name"]["maxLength"] == hints.MAX_REGION_NAME
        assert region["properties"]["points"]["minItems"] == hints.MIN_REGION_POINTS
        assert region["properties"]["points"]["maxItems"] == hints.MAX_REGION_POINTS


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

    def test_regions(self):
        region = {"points": LEFT}
        assert HintSet.parse(two(regions=[region] * hints.MAX_REGIONS))
        with pytest.raises(HintError, match="at most 100 regions"):
            HintSet.parse(two(regions=[region] * (hints.MAX_REGIONS + 1)))

    def test_points_of_a_region(self):
        turns = np.linspace(0, 2 * np.pi, hints.MAX_REGION_POINTS, endpoint=False)
        circle = [[0.5 + 0.4 * math.cos(t), 0.5 + 0.4 * math.sin(t)] for t in turns]
        assert HintSet.parse(two(regions=[{"points": circle}]))
        with pytest.raises(HintError, match="3 to 2000"):
            HintSet.parse(two(regions=[{"points": [*circle, circle[0]]}]))

    def test_points_in_all(self):
        stroke = {"type": "stroke", "radius": 0.01, "color": "#000000"}
        full = {**stroke, "points": [[0.5, 0.5]] * hints.MAX_STROKE_POINTS}
        most = hints.MAX_TOTAL_POINTS // hints.MAX_STROKE_POINTS
        assert HintSet.parse({"version": 1, "hints": [full] * most})
        with pytest.raises(HintError, match="points in all"):
            HintSet.parse({"version": 1, "hints": [full] * most + one()["hints"]})
        with pytest.raises(HintError, match="points in all"):
            HintSet.parse({"version": 2, "hints": [full] * most, "regions": [{"points": LEFT}]})


def test_a_later_hint_wins_where_two_overlap():
    first, second = one(color="#ff0000", radius=0.3), one(color="#0000ff", radius=0.1)
    ab = rasterise(
        HintSet.parse({"version": 1, "hints": first["hints"] + second["hints"]}), 40, 40
    ).ab
    assert ab[:, 20, 20] == pytest.approx(hex_to_lab("#0000ff")[1:], abs=1e-3)
    assert ab[:, 20, 10] == pytest.approx(hex_to_lab("#ff0000")[1:], abs=1e-3)


def test_the_radius_is_relative_to_the_longer_side():
    mask = rasterise(HintSet.parse(one(radius=0.1)), 100, 200).mask
    assert mask[0].any(0).sum() == mask[0].any(1).sum() == 40


@patient
@given(hint_sets, st.integers(1, 24), st.integers(1, 24))
def test_a_pixel_belongs_to_a_hint_whose_line_is_within_the_radius(data, height, width):
    hint_set = HintSet.parse(data)
    mask = rasterise(hint_set, height, width).mask
    for row, column in np.ndindex(height, width):
        margin = min(
            (_distance(hint, column + 0.5, row + 0.5, height, width) for hint in hint_set.hints),
            default=math.inf,
        )
        if margin < -0.51:  # points nearer than half a pixel are passed over
            assert mask[0, row, column] == 1
        elif margin > 1.5:  # the pixel under a point belongs to it
            assert mask[0, row, column] == 0


def _distance(hint, x, y, height, width):
    """From a place to a hint's line, less its radius, in pixels: segment by segment."""
    points = [(px * width, py * height) for px, py in hint.points]
    near = math.inf
    for (ax, ay), (bx, by) in zip(points, points[1:] or points, strict=False):
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        t = min(1, max(0, ((x - ax) * dx + (y - ay) * dy) / length)) if length else 0
        near = min(near, math.hypot(x - ax - t * dx, y - ay - t * dy))
    return near - hint.radius * max(height, width)


def test_the_largest_set_is_drawn_in_no_time():
    """Ten strokes of 2,000 points with the largest radius took 42 s of a busy machine."""
    rng = np.random.default_rng(0)
    strokes = [
        {
            "type": "stroke",
            "points": (0.45 + rng.random((hints.MAX_STROKE_POINTS, 2)) / 10).tolist(),
            "radius": hints.MAX_RADIUS,
            "color": "#aa5533",
        }
        for _ in range(hints.MAX_TOTAL_POINTS // hints.MAX_STROKE_POINTS)
    ]
    hint_set = HintSet.parse({"version": 1, "hints": strokes})
    begun = time.process_time()
    rasterise(hint_set, 256, 256)
    assert time.process_time() - begun < 1


def test_references_come_back_as_they_were():
    ids = ["8a7e6a0e-5f0e-4f6c-9d3c-5a1b2c3d4e5f"]
    data = {"version": 2, "references": ids, "strength": 0.25, "hints": []}
    hint_set = HintSet.parse(data)
    assert (hint_set.references, hint_set.strength) == (tuple(ids), 0.25)
    assert hint_set.to_json() == data
    assert HintSet.parse({"version": 2, "strength": 0.5, "hints": []}).to_json()["version"] == 1
