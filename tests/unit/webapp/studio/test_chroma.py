"""Chroma maps on the wire."""

import base64
import json
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from webapp.studio.chroma import pack, unpack

GOLDEN = Path(__file__).parents[3] / "golden" / "chroma.json"


def test_the_golden_file_is_what_both_ends_agree_on():
    golden = json.loads(GOLDEN.read_text())
    width, height = golden["width"], golden["height"]
    ab = unpack(base64.b64decode(golden["data"]), width=width, height=height)
    assert ab.shape == (2, height, width)
    assert ab[0].ravel().tolist() == golden["a"]
    assert ab[1].ravel().tolist() == golden["b"]
    assert base64.b64encode(pack(ab)).decode() == golden["data"]


@given(
    hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=20).map(lambda shape: (2, *shape)),
        elements=st.floats(-127.5, 127, width=32),
    )
)
def test_a_chroma_map_survives_within_half_a_unit(ab):
    back = unpack(pack(ab), width=ab.shape[2], height=ab.shape[1])
    assert np.abs(back - ab).max() <= 0.5


def test_colours_beyond_the_byte_are_clipped_and_do_not_wrap():
    ab = np.array([[[400.0]], [[-400.0]]], np.float32)
    assert unpack(pack(ab), width=1, height=1).ravel().tolist() == [127, -128]
