"""What a worker keeps in memory."""

import numpy as np
import pytest

from colorizer.engine import Colorizer
from colorizer.hints import HintSet
from tests.support.pictures import grey_astronaut
from webapp.studio.kept import Kept, Remembering

DAB = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#aa3300"}
HINTED = HintSet.parse({"version": 1, "hints": [DAB]})


def test_what_was_used_last_is_kept():
    kept, made = Kept(2), []

    def make(key):
        return lambda: made.append(key) or key

    for key in ["a", "b", "a", "c", "a", "b"]:
        assert kept.get(key, make(key)) == key
    assert made == ["a", "b", "c", "b"]


class TestOpinions:
    @pytest.fixture
    def network(self, opinionated):
        return Colorizer.load(opinionated)

    @pytest.fixture
    def runs(self, network, monkeypatch):
        """How often the network has run."""
        run, runs = network.backend.opinions, []
        monkeypatch.setattr(network.backend, "opinions", lambda *p: runs.append(1) or run(*p))
        return runs

    @pytest.fixture
    def remembering(self, network):
        return Colorizer(network.card, Remembering(network.backend))

    @pytest.fixture
    def photo(self, network):
        return network.prepare(np.asarray(grey_astronaut(96, 64).convert("RGB")))

    def test_a_pointer_that_moves_runs_the_network_once(self, network, remembering, photo, runs):
        moved = [remembering.suggest(photo, HINTED, x, 0.5) for x in (0.1, 0.5, 0.9)]
        remembering.doubt(photo, HINTED)
        assert len(runs) == 1
        assert moved == [network.suggest(photo, HINTED, x, 0.5) for x in (0.1, 0.5, 0.9)]

    def test_other_hints_and_other_photos_have_other_opinions(
        self, network, remembering, photo, runs
    ):
        other = network.prepare(np.asarray(grey_astronaut(64, 96).convert("RGB")))
        for prepared, hints in [(photo, HINTED), (photo, HintSet.empty), (other, HINTED)]:
            assert np.array_equal(
                remembering.doubt(prepared, hints), network.doubt(prepared, hints)
            )
        assert len(runs) == 6
