"""What stands in Redis is data: whoever can write there runs nothing here."""

import os
import pickle

import pytest
import redis
from django.core.cache.backends.redis import RedisCache

pytestmark = [pytest.mark.services]


class Evil:
    """Runs a command when it is unpickled."""

    def __reduce__(self):
        return os.system, ("touch /tmp/rehue-was-here",)


@pytest.fixture
def cache(redis_url):
    return RedisCache(redis_url, {"OPTIONS": {"serializer": "webapp.common.cache.JSONSerializer"}})


def test_the_scale_out_settings_use_it():
    import subprocess
    import sys

    from tests.support.server import ROOT

    program = (
        "import os; os.environ.update(REDIS_URL='redis://x', DATABASE_URL='postgres://x/x', "
        "SECRET_KEY='x'); import webapp.settings as s; print(s.CACHES['default']['OPTIONS'])"
    )
    reported = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "JSONSerializer" in reported.stdout


def test_a_pickle_in_redis_is_a_value_that_is_gone(cache, redis_url, tmp_path):
    cache.set("one", {"a": [1, 2.5, "할머니", None, True]}, 60)
    assert cache.get("one") == {"a": [1, 2.5, "할머니", None, True]}
    with redis.Redis.from_url(redis_url) as client:
        client.set(cache.make_key("one"), pickle.dumps(Evil()))
    assert cache.get("one") is None
    assert not os.path.exists("/tmp/rehue-was-here")  # noqa: PTH110, S108


def test_numbers_are_counted_by_redis(cache):
    assert cache.add("count", 0, 60)
    assert cache.incr("count") == 1
    assert cache.get("count") == 1
    assert not cache.add("count", 0, 60)
