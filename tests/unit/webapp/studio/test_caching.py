"""What a worker keeps in memory."""

import numpy as np

from colorizer.engine import Colorizer
from colorizer.hints import HintSet
from colorizer.models import SHIPPED
from tests.support.pictures import grey_astronaut
from webapp.studio.caching import LRUCache


def test_the_least_recently_used_is_evicted():
    kept, made = LRUCache(2), []

    def make(key):
        return lambda: made.append(key) or key

    for key in ["a", "b", "a", "c", "a", "b"]:
        assert kept.get(key, make(key)) == key
    assert made == ["a", "b", "c", "b"]


def test_the_cache_is_bounded_by_current_sizes():
    sizes = {"a": 1, "b": 1, "c": 1, "d": 1}
    kept, made = LRUCache(4, sizes.__getitem__), []

    def make(key):
        return lambda: made.append(key) or key

    for key in "abc":
        kept.get(key, make(key))
    sizes["b"] = 3
    kept.get("d", make("d"))
    assert list(kept._values) == ["c", "d"]
    sizes["d"] = 100
    assert kept.get("d", make("d")) == "d"


def test_a_prepared_photo_measures_its_arrays():
    network = Colorizer.load(SHIPPED)
    photo = network.prepare(np.asarray(grey_astronaut()))
    network.predict(photo, HintSet.empty)
    arrays = photo.lightness.nbytes + photo.half.lightness.nbytes
    field = next(iter(photo._cache.values()))
    assert arrays + field.embedding.nbytes < photo.nbytes < 50_000_000
