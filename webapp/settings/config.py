"""The one place that reads the environment: a frozen, typed, validated ``Config``."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from webapp.settings.errors import ConfigError as ConfigError
from webapp.settings.places import DATA
from webapp.settings.social import Social, social_from_env

MIB = 1024 * 1024
GIB = 1024 * MIB
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything the environment decides. Sizes in bytes or pixels, times in seconds or hours.

    ``embedded`` (no ``REDIS_URL``) is one process with its own worker thread; otherwise the site
    runs as separate web and worker processes ("scale-out").
    """

    data_dir: Path
    host: str
    port: int
    database_url: str
    redis_url: str
    storage_url: str
    secret_key: str
    debug: bool
    allowed_hosts: tuple[str, ...]
    csrf_trusted_origins: tuple[str, ...]
    public_url: str
    trust_proxy: bool
    proxy_addresses: tuple[str, ...]
    http_connections: int
    http_connections_per_address: int
    http_max_head_bytes: int
    http_head_seconds: int
    http_body_seconds: int
    https: bool
    metrics: bool
    tracing: bool
    x_accel_prefix: str
    model: str
    log_level: str
    email_url: str
    mail_from: str
    signups: bool
    social: Social
    account_grace_days: int
    export_retention_days: int
    exports_per_day: int
    upload_max_bytes: int
    upload_max_pixels: int
    upload_min_side: int
    intake_memory_bytes: int
    intake_seconds: int
    c2pa_certificate: str
    c2pa_key: str
    display_max_side: int
    quota_bytes: int
    quota_photos: int
    quota_jobs_per_day: int
    guest_bytes: int
    guest_photos_per_day: int
    guest_jobs_per_day: int
    guest_retention_hours: int
    upload_archive_max_bytes: int
    upload_piece_max_bytes: int
    uploads_open_per_actor: int
    renders_in_work_per_actor: int
    session_pause_minutes: int
    batches_in_work_per_user: int
    upload_retention_hours: int
    trash_days: int
    audit_days: int
    shares_per_user: int
    palettes_per_user: int
    colors_per_palette: int
    webhooks_per_user: int
    webhook_attempts: int
    webhook_networks: tuple[str, ...]
    disk_reserve_bytes: int
    bulk_max_photos: int
    labels_per_actor: int
    job_lease_seconds: int
    job_max_attempts: int
    photo_cache_bytes: int
    prediction_wait_seconds: int
    stroke_wait_seconds: int
    batch_max_files: int
    batch_max_bytes: int
    batch_max_unpacked_bytes: int
    batch_max_ratio: int
    batch_max_hint_bytes: int
    batch_chunk_photos: int
    batch_chunk_pixels: int
    batch_parallel_chunks: int
    batch_retention_days: int
    batch_preview_max_bytes: int
    ws_max_bytes: int
    ws_messages_per_second: int
    ws_message_burst: int
    ws_connections_per_actor: int
    api_reads_per_minute: int
    api_writes_per_minute: int
    api_uploads_per_minute: int
    api_predictions_per_minute: int
    api_tokens_per_user: int
    idempotency_hours: int

    @property
    def embedded(self) -> bool:
        """True when the site runs as one process without a broker."""
        return not self.redis_url

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Config:
        """Read and check the configuration.

        Args:
            env: the environment; the process's own when left out.

        Raises:
            ConfigError: a value is not of its kind, or values contradict each other.
        """
        read = _Reader(os.environ if env is None else env)
        data_dir = Path(read.text("DATA_DIR", str(DATA))).expanduser().resolve()
        redis_url = read.text("REDIS_URL")
        debug = read.flag("DEBUG")
        host = read.text("HOST", "127.0.0.1")
        trust_proxy = read.flag("TRUST_PROXY")
        origins = read.words("CSRF_TRUSTED_ORIGINS")
        if redis_url and debug:
            raise ConfigError("DEBUG must be off when REDIS_URL is set: it shows secrets to users.")
        if redis_url and not read.text("DATABASE_URL"):
            raise ConfigError("REDIS_URL needs DATABASE_URL: several processes share a database.")
        if bool(read.text("C2PA_CERTIFICATE")) != bool(read.text("C2PA_KEY")):
            raise ConfigError("C2PA_CERTIFICATE and C2PA_KEY go together.")
        return cls(
            data_dir=data_dir,
            host=host,
            port=read.number("PORT", 8000, at_least=0, at_most=65535),
            database_url=read.text("DATABASE_URL"),
            redis_url=redis_url,
            storage_url=read.text("STORAGE_URL"),
            secret_key=_secret_key(read.text("SECRET_KEY"), data_dir, embedded=not redis_url),
            debug=debug,
            allowed_hosts=read.words("ALLOWED_HOSTS") or _default_hosts(host),
            csrf_trusted_origins=origins,
            public_url=_public_url(read.text("PUBLIC_URL"), origins),
            trust_proxy=trust_proxy,
            proxy_addresses=read.networks("PROXY_ADDRESSES", ("127.0.0.1", "::1")),
            http_connections=read.number("HTTP_CONNECTIONS", 1000),
            http_connections_per_address=read.number("HTTP_CONNECTIONS_PER_ADDRESS", 200),
            http_max_head_bytes=read.number("HTTP_MAX_HEAD_BYTES", 32 * 1024),
            http_head_seconds=read.number("HTTP_HEAD_SECONDS", 15),
            http_body_seconds=read.number("HTTP_BODY_SECONDS", 30),
            https=read.flag("HTTPS", trust_proxy),
            metrics=read.flag("METRICS"),
            tracing=bool(read.text("OTEL_EXPORTER_OTLP_ENDPOINT")),
            x_accel_prefix=read.text("X_ACCEL_PREFIX"),
            model=read.text("MODEL", "auto"),
            log_level=read.text("LOG_LEVEL", "INFO").upper(),
            email_url=read.text("EMAIL_URL", "console://"),
            mail_from=read.text("MAIL_FROM", "Rehue <rehue@localhost>"),
            signups=read.flag("SIGNUPS", True),
            social=social_from_env(os.environ if env is None else env),
            account_grace_days=read.number("ACCOUNT_GRACE_DAYS", 14),
            export_retention_days=read.number("EXPORT_RETENTION_DAYS", 7),
            exports_per_day=read.number("EXPORTS_PER_DAY", 3),
            upload_max_bytes=read.number("UPLOAD_MAX_BYTES", 1024 * MIB),
            upload_max_pixels=read.number("UPLOAD_MAX_PIXELS", 200_000_000),
            upload_min_side=read.number("UPLOAD_MIN_SIDE", 16),
            intake_memory_bytes=read.number("INTAKE_MEMORY_BYTES", 6 * GIB, at_least=GIB),
            intake_seconds=read.number("INTAKE_SECONDS", 120),
            c2pa_certificate=read.text("C2PA_CERTIFICATE"),
            c2pa_key=read.text("C2PA_KEY"),
            display_max_side=read.number("DISPLAY_MAX_SIDE", 4096, at_least=256),
            quota_bytes=read.number("QUOTA_BYTES", 20 * GIB),
            quota_photos=read.number("QUOTA_PHOTOS", 10_000),
            quota_jobs_per_day=read.number("QUOTA_JOBS_PER_DAY", 5_000),
            guest_bytes=read.number("GUEST_BYTES", GIB),
            guest_photos_per_day=read.number("GUEST_PHOTOS_PER_DAY", 200),
            guest_jobs_per_day=read.number("GUEST_JOBS_PER_DAY", 400),
            guest_retention_hours=read.number("GUEST_RETENTION_HOURS", 24),
            upload_archive_max_bytes=read.number("UPLOAD_ARCHIVE_MAX_BYTES", 2048 * MIB),
            upload_piece_max_bytes=read.number("UPLOAD_PIECE_MAX_BYTES", 16 * MIB),
            uploads_open_per_actor=read.number("UPLOADS_OPEN_PER_ACTOR", 100),
            renders_in_work_per_actor=read.number("RENDERS_IN_WORK_PER_ACTOR", 2000),
            session_pause_minutes=read.number("SESSION_PAUSE_MINUTES", 30),
            batches_in_work_per_user=read.number("BATCHES_IN_WORK_PER_USER", 20),
            upload_retention_hours=read.number("UPLOAD_RETENTION_HOURS", 24),
            shares_per_user=read.number("SHARES_PER_USER", 200),
            palettes_per_user=read.number("PALETTES_PER_USER", 100),
            colors_per_palette=read.number("COLORS_PER_PALETTE", 64),
            webhooks_per_user=read.number("WEBHOOKS_PER_USER", 10),
            webhook_attempts=read.number("WEBHOOK_ATTEMPTS", 8),
            webhook_networks=read.networks("WEBHOOK_NETWORKS", ()),
            audit_days=read.number("AUDIT_DAYS", 400),
            disk_reserve_bytes=read.number("DISK_RESERVE_BYTES", 256 * MIB),
            trash_days=read.number("TRASH_DAYS", 30),
            bulk_max_photos=read.number("BULK_MAX_PHOTOS", 1000),
            labels_per_actor=read.number("LABELS_PER_ACTOR", 500),
            job_lease_seconds=read.number("JOB_LEASE_SECONDS", 5),
            job_max_attempts=read.number("JOB_MAX_ATTEMPTS", 3),
            photo_cache_bytes=read.number("PHOTO_CACHE_BYTES", 512 * MIB),
            prediction_wait_seconds=read.number(
                "PREDICTION_WAIT_SECONDS", read.number("OPINION_WAIT_SECONDS", 15)
            ),
            stroke_wait_seconds=read.number("STROKE_WAIT_SECONDS", 2),
            batch_max_files=read.number("BATCH_MAX_FILES", 2000),
            batch_max_bytes=read.number("BATCH_MAX_BYTES", 2048 * MIB),
            batch_max_unpacked_bytes=read.number("BATCH_MAX_UNPACKED_BYTES", 8192 * MIB),
            batch_max_ratio=read.number("BATCH_MAX_RATIO", 100),
            batch_max_hint_bytes=read.number("BATCH_MAX_HINT_BYTES", 8 * MIB),
            batch_chunk_photos=read.number("BATCH_CHUNK_PHOTOS", 4),
            batch_chunk_pixels=read.number("BATCH_CHUNK_PIXELS", 16_000_000),
            batch_parallel_chunks=read.number("BATCH_PARALLEL_CHUNKS", 2 if redis_url else 1),
            batch_retention_days=read.number("BATCH_RETENTION_DAYS", 30),
            batch_preview_max_bytes=read.number("BATCH_PREVIEW_MAX_BYTES", 512 * 1024),
            ws_max_bytes=read.number("WS_MAX_BYTES", MIB),
            ws_messages_per_second=read.number("WS_MESSAGES_PER_SECOND", 60),
            ws_message_burst=read.number("WS_MESSAGE_BURST", 240),
            ws_connections_per_actor=read.number("WS_CONNECTIONS_PER_ACTOR", 20),
            api_reads_per_minute=read.number("API_READS_PER_MINUTE", 3000),
            api_writes_per_minute=read.number("API_WRITES_PER_MINUTE", 600),
            api_uploads_per_minute=read.number("API_UPLOADS_PER_MINUTE", 900),
            api_predictions_per_minute=read.number(
                "API_PREDICTIONS_PER_MINUTE", read.number("API_OPINIONS_PER_MINUTE", 600)
            ),
            api_tokens_per_user=read.number("API_TOKENS_PER_USER", 50),
            idempotency_hours=read.number("IDEMPOTENCY_HOURS", 24),
        )


class _Reader:
    """Typed look-ups in an environment, with errors that name the variable."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def text(self, name: str, default: str = "") -> str:
        return self._env.get(name, "").strip() or default

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in self.text(name).split(",") if word.strip())

    def networks(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        networks = self.words(name) or default
        try:
            for network in networks:
                ipaddress.ip_network(network)
        except ValueError as error:
            raise ConfigError(f"{name} must be addresses or networks: {error}.") from None
        return networks

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name).lower()
        if not value:
            return default
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise ConfigError(f"{name} must be 1 or 0, not {value!r}.")

    def number(
        self, name: str, default: int, *, at_least: int = 1, at_most: int | None = None
    ) -> int:
        value = self.text(name)
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            raise ConfigError(f"{name} must be a whole number, not {value!r}.") from None
        if number < at_least or (at_most is not None and number > at_most):
            limit = f"at least {at_least}" + (f" and at most {at_most}" if at_most else "")
            raise ConfigError(f"{name} must be {limit}, not {number}.")
        return number


def _default_hosts(host: str) -> tuple[str, ...]:
    wildcard = host in {"", "0.0.0.0", "::"}  # noqa: S104  (compared with, not bound to)
    return LOCAL_HOSTS if wildcard or host in LOCAL_HOSTS else (*LOCAL_HOSTS, host)


def _public_url(given: str, origins: tuple[str, ...]) -> str:
    """Return where the site is for the world, without a path; what CSRF trusts says it, too."""
    url = (given or next((one for one in origins if "*" not in one), "")).rstrip("/")
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.path):
        raise ConfigError(f"PUBLIC_URL must look like https://photos.example.org, not {url!r}.")
    return url


def _secret_key(given: str, data_dir: Path, *, embedded: bool) -> str:
    """Return the given key, or the embedded profile's own, made once and kept in ``data_dir``."""
    if given:
        return given
    if not embedded:
        raise ConfigError("SECRET_KEY must be set when REDIS_URL is set.")
    path = data_dir / "secret_key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        key = path.read_text().strip()
    except OSError as error:
        raise ConfigError(f"DATA_DIR {data_dir} cannot be used: {error.strerror}.") from error
    if not key:
        raise ConfigError(f"{path} is empty; delete it and a new key is made.")
    return key


def _write_once(path: Path, text: str) -> None:
    """Create ``path`` (mode 0600) with ``text`` whole; whoever comes second keeps the first's."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()
