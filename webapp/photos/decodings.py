"""How long photos took to be decoded, counted in the cache for all processes together."""

from __future__ import annotations

from django.core.cache import cache

_COUNT, _MILLISECONDS = "photos.decoded", "photos.decoded_ms"


def count_decoding(seconds: float) -> None:
    """Count a photo that took so long."""
    for key, more in ((_COUNT, 1), (_MILLISECONDS, round(seconds * 1000))):
        cache.add(key, 0, timeout=None)
        try:
            cache.incr(key, more)
        except ValueError:  # the cache dropped it in between, for want of room
            continue


def decodings() -> tuple[int, float]:
    """Return how many photos were decoded, and the seconds of all of them together."""
    return cache.get(_COUNT, 0), cache.get(_MILLISECONDS, 0) / 1000
