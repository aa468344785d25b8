"""What the environment may say, and what is refused with a sentence."""

import stat

import pytest

from webapp.settings.config import (
    Config,
    ConfigError,
)
from webapp.settings.stores import database_from_url, storage_from_url, storage_origin


def read(tmp_path, **env):
    return Config.from_env({"DATA_DIR": str(tmp_path), **env})


SCALE_OUT = {
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DATABASE_URL": "postgresql://rehue@127.0.0.1/rehue",
    "SECRET_KEY": "s" * 50,
}


def test_nothing_set_gives_the_embedded_profile(tmp_path):
    config = read(tmp_path)
    assert config.embedded
    assert (config.host, config.port, config.debug) == ("127.0.0.1", 8000, False)
    assert config.upload_max_bytes == 1024**3
    assert "localhost" in config.allowed_hosts
    assert "*" not in config.allowed_hosts


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    folder = tmp_path / "not" / "there"
    first = read(folder).secret_key
    assert len(first) >= 50
    assert read(folder).secret_key == first
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_a_given_secret_key_is_not_written_down(tmp_path):
    assert read(tmp_path, SECRET_KEY="given").secret_key == "given"
    assert not list(tmp_path.iterdir())


def test_redis_makes_it_scale_out(tmp_path):
    config = read(tmp_path, **SCALE_OUT)
    assert not config.embedded


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
    ],
)
def test_scale_out_refuses_what_would_be_unsafe(tmp_path, change, named):
    with pytest.raises(ConfigError, match=named):
        read(tmp_path, **(SCALE_OUT | change))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("DEBUG", "maybe"),
        ("UPLOAD_MAX_PIXELS", "0"),
        ("JOB_LEASE_SECONDS", "1.5"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(tmp_path, name, value):
    with pytest.raises(ConfigError, match=name):
        read(tmp_path, **{name: value})


def test_a_data_folder_that_is_a_file_is_named(tmp_path):
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(ConfigError, match="DATA_DIR"):
        read(path)


def test_an_empty_secret_key_file_is_named(tmp_path):
    (tmp_path / "secret_key").touch()
    with pytest.raises(ConfigError, match="secret_key"):
        read(tmp_path)


def test_https_follows_the_proxy_unless_set_otherwise(tmp_path):
    assert not read(tmp_path).https
    assert read(tmp_path, TRUST_PROXY="1").https
    assert not read(tmp_path, TRUST_PROXY="1", HTTPS="0").https


def test_a_host_of_ones_own_is_allowed_beside_the_local_ones(tmp_path):
    assert "photos.example" in read(tmp_path, HOST="photos.example").allowed_hosts
    assert read(tmp_path, ALLOWED_HOSTS="a.example, b.example").allowed_hosts == (
        "a.example",
        "b.example",
    )


def test_a_postgresql_address_is_taken_apart():
    database = database_from_url(
        "postgresql://us%40er:p%2Fw@db.example:6543/rehue?sslmode=require", None
    )
    assert database["ENGINE"].endswith("postgresql")
    assert (database["USER"], database["PASSWORD"]) == ("us@er", "p/w")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", "6543", "rehue")
    assert database["OPTIONS"] == {"sslmode": "require"}


def test_sqlite_is_opened_so_that_threads_wait_for_each_other(tmp_path):
    database = database_from_url("", tmp_path)
    assert database["NAME"] == str(tmp_path / "rehue.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "WAL" in database["OPTIONS"]["init_command"]
    assert database_from_url("sqlite:////srv/a.db", tmp_path)["NAME"] == "//srv/a.db"


def test_another_database_is_refused():
    with pytest.raises(ConfigError, match="DATABASE_URL"):
        database_from_url("mysql://db/rehue", None)


def test_an_s3_address_is_taken_apart(tmp_path):
    storage = storage_from_url("s3://key:sec%2Fret@minio.example:9000/photos?insecure=1", tmp_path)
    assert storage["OPTIONS"]["bucket_name"] == "photos"
    assert storage["OPTIONS"]["secret_key"] == "sec/ret"
    assert storage["OPTIONS"]["endpoint_url"] == "http://minio.example:9000"
    assert storage["OPTIONS"]["default_acl"] == "private"


def test_the_policy_names_where_files_are_fetched_from():
    assert storage_origin("") == ""
    assert storage_origin("s3://k:s@minio.example:9000/photos") == "https://minio.example:9000"
    assert storage_origin("s3:///photos") == "https://photos.s3.amazonaws.com"


def test_the_names_of_version_0_1_are_still_read(tmp_path):
    old = {"OPINION_WAIT_SECONDS": "7", "API_OPINIONS_PER_MINUTE": "8"}
    config = read(tmp_path, **old)
    assert (config.prediction_wait_seconds, config.api_predictions_per_minute) == (7, 8)
    new = {"PREDICTION_WAIT_SECONDS": "5", "API_PREDICTIONS_PER_MINUTE": "6"}
    config = read(tmp_path, **old, **new)
    assert (config.prediction_wait_seconds, config.api_predictions_per_minute) == (5, 6)


@pytest.mark.parametrize("url", ["s3://key:secret@host", "ftp://host/photos"])
def test_another_storage_is_refused(url, tmp_path):
    with pytest.raises(ConfigError, match="STORAGE_URL"):
        storage_from_url(url, tmp_path)


@pytest.mark.parametrize("name", ["C2PA_CERTIFICATE", "C2PA_KEY"])
def test_a_certificate_needs_its_key(tmp_path, name):
    with pytest.raises(ConfigError, match="go together"):
        read(tmp_path, **{name: "/etc/rehue/one.pem"})


@pytest.mark.parametrize(
    ("given", "trusted", "known"),
    [
        ("", "", ""),
        ("https://a.example/", "https://b.example", "https://a.example"),
        ("", "https://*.example,https://b.example", "https://b.example"),
        ("", "https://*.example", ""),
    ],
)
def test_the_public_address_is_given_or_what_csrf_trusts(tmp_path, given, trusted, known):
    assert read(tmp_path, PUBLIC_URL=given, CSRF_TRUSTED_ORIGINS=trusted).public_url == known


@pytest.mark.parametrize("given", ["photos.example.org", "ftp://a.example", "https://a.example/b"])
def test_a_public_address_is_an_origin(tmp_path, given):
    with pytest.raises(ConfigError, match="PUBLIC_URL"):
        read(tmp_path, PUBLIC_URL=given)
