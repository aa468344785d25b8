"""A sheet of photos as models colour them."""

import json
import sys

import numpy as np
from PIL import Image

from benchmarks import contact_sheet
from colorizer.models import SHIPPED
from tests.support.pictures import astronaut


def test_a_sheet_has_a_line_a_photo_with_and_without_hints(tmp_path, monkeypatch):
    photos, hints, out = tmp_path / "photos", tmp_path / "hints", tmp_path / "sheet.jpg"
    photos.mkdir()
    hints.mkdir()
    for name in ("a", "b"):
        astronaut().resize((120, 120)).save(photos / f"{name}.png")
    hint = {"type": "point", "x": 0.2, "y": 0.2, "radius": 0.05, "color": "#20c020"}
    (hints / "a.json").write_text(json.dumps({"version": 1, "hints": [hint]}))
    arguments = [str(photos), "--hints", str(hints), "--out", str(out), "--size", "104"]
    monkeypatch.setattr(sys, "argv", ["contact_sheet", *arguments, "--model", str(SHIPPED)])
    contact_sheet.main()
    sheet = np.asarray(Image.open(out).convert("RGB")).astype(int)
    assert sheet.shape == (100 + 18 + 4, 2 * 3 * 104, 3)  # two columns of three cells
    plain, hinted = (sheet[18 + 20, left + 2 + 20] for left in (104, 208))
    assert (hinted - plain)[1] > (hinted - plain)[0]  # greener with the hint
    assert sheet[:, 3 * 104 + 2 * 104 + 8 :].min() > 235  # b has no hints; JPEG blurs edges
