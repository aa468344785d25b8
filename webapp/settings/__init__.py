"""Django settings, all derived from one :class:`~webapp.settings.config.Config`."""

from __future__ import annotations

import re
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from webapp.settings import logs, places
from webapp.settings.config import Config, ConfigError
from webapp.settings.mail import CONSOLE, mail_from_url
from webapp.settings.stores import database_from_url, storage_from_url, storage_origin

try:
    CONFIG = Config.from_env()
    DATABASE = database_from_url(CONFIG.database_url, CONFIG.data_dir)
    MEDIA_STORAGE = storage_from_url(CONFIG.storage_url, CONFIG.data_dir / "media")
    MAIL = mail_from_url(CONFIG.email_url)
except ConfigError as error:
    raise ImproperlyConfigured(str(error)) from error

BASE_DIR = places.BASE_DIR
ADD_TRAINING = places.ADD_TRAINING
EMBEDDED = CONFIG.embedded
DATA_DIR = CONFIG.data_dir
MODEL_DIR = CONFIG.data_dir / "models"
RUN_DIR = CONFIG.data_dir / "runs"
DATASET_DIR = CONFIG.data_dir / "datasets"
MODEL = CONFIG.model
RECIPE_DIR = places.RECIPES
FRONTEND_DIST = places.PAGE

SECRET_KEY = CONFIG.secret_key
DEBUG = CONFIG.debug
ALLOWED_HOSTS = list(CONFIG.allowed_hosts)

INSTALLED_APPS = [
    # Rooms on their floors: each imports only those before it.
    "webapp.common",
    "webapp.audit",
    "webapp.accounts",
    "webapp.palettes",
    "webapp.models",
    "webapp.photos",
    "webapp.uploads",
    "webapp.studio",
    "webapp.batches",
    "webapp.gallery",
    "webapp.shares",
    "webapp.webhooks",
    "webapp.api",
    "webapp.staff",
    "webapp.ops",
    "training",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    *CONFIG.social.apps,
    "channels",
    "csp",
    "django_htmx",
    "ninja",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "webapp.common.logs.LogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "webapp.common.assets.AssetsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "webapp.common.problems.ApiMiddleware",
    "webapp.common.cleantext.CleanTextMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "webapp.accounts.middleware.PreferencesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
if CONFIG.metrics:
    INSTALLED_APPS.append("django_prometheus")
    MIDDLEWARE.insert(0, "django_prometheus.middleware.PrometheusBeforeMiddleware")
    MIDDLEWARE.append("django_prometheus.middleware.PrometheusAfterMiddleware")

ROOT_URLCONF = "webapp.urls"
ASGI_APPLICATION = "webapp.asgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": DATABASE}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [places.PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Languages and times.
LANGUAGE_COOKIE_NAME = "rehue_language"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [places.PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# Files: built assets through whitenoise, photos through webapp.common.media and never a URL.
STATIC_URL = "/static/"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.is_dir() else []
WHITENOISE_USE_FINDERS = True
_HASHED = re.compile(r"^/static/assets/.+[-.][0-9A-Za-z_-]{8,}\.\w+(\.map)?$")


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:  # noqa: N802  (whitenoise's name)
    """Tell whether a file carries its content's hash in its name, as Vite's assets do."""
    return _HASHED.match(url) is not None


STORAGES: dict[str, dict[str, Any]] = {
    "default": MEDIA_STORAGE,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
X_ACCEL_PREFIX = CONFIG.x_accel_prefix
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# Security.
CSRF_TRUSTED_ORIGINS = list(CONFIG.csrf_trusted_origins)
CSRF_FAILURE_VIEW = "webapp.common.problems.csrf_failure"
# Names of our own, for other sites of one host share its cookies, whatever their port; with HTTPS
# the browser also sees that no neighbour has set them.
_COOKIE = "__Host-rehue_{}" if CONFIG.https else "rehue_{}"
SESSION_COOKIE_NAME = _COOKIE.format("session")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CONFIG.https
CSRF_COOKIE_NAME = _COOKIE.format("csrf")
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = CONFIG.https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.https else 0
X_FRAME_OPTIONS = "DENY"
if CONFIG.trust_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
_STORAGE_ORIGIN = [storage_origin(CONFIG.storage_url)] if CONFIG.storage_url else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:", *_STORAGE_ORIGIN],
        "font-src": [SELF],
        "connect-src": [SELF, *_STORAGE_ORIGIN],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *CONFIG.social.origins],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "library:gallery"
LOGOUT_REDIRECT_URL = "index"
# The proxy redirects to HTTPS; other subdomains and the preload list are not this site's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]

# Accounts: by e-mail address, which is verified where mail reaches anybody.
REAL_MAIL = CONFIG.email_url != CONSOLE
ACCOUNT_ADAPTER = "webapp.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if REAL_MAIL else "optional"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if CONFIG.https else "http"
ACCOUNT_USER_DISPLAY = "webapp.accounts.adapter.display_name"
ALLAUTH_TRUSTED_PROXY_COUNT = 0  # uvicorn has put the client where REMOTE_ADDR comes from
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Rehue"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = not REAL_MAIL
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIG.https
SOCIALACCOUNT_PROVIDERS = CONFIG.social.providers
SIGNUPS = CONFIG.signups
ACCOUNT_GRACE_DAYS = CONFIG.account_grace_days
EXPORT_RETENTION_DAYS = CONFIG.export_retention_days
EXPORTS_PER_DAY = CONFIG.exports_per_day

# Mail.
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG.mail_from
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH = MAIL.get("EMAIL_FILE_PATH")
EMAIL_HOST = MAIL.get("EMAIL_HOST", "localhost")
EMAIL_PORT = MAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = MAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = MAIL.get("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = MAIL.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = MAIL.get("EMAIL_TIMEOUT")

# Limits.
HTTP_CONNECTIONS = CONFIG.http_connections
HTTP_CONNECTIONS_PER_ADDRESS = CONFIG.http_connections_per_address
HTTP_MAX_HEAD_BYTES = CONFIG.http_max_head_bytes
HTTP_HEAD_SECONDS = CONFIG.http_head_seconds
HTTP_BODY_SECONDS = CONFIG.http_body_seconds
UPLOAD_MAX_BYTES = CONFIG.upload_max_bytes
UPLOAD_MAX_PIXELS = CONFIG.upload_max_pixels
UPLOAD_MIN_SIDE = CONFIG.upload_min_side
INTAKE_MEMORY_BYTES = CONFIG.intake_memory_bytes
INTAKE_SECONDS = CONFIG.intake_seconds
PUBLIC_URL = CONFIG.public_url
C2PA_CERTIFICATE = CONFIG.c2pa_certificate
C2PA_KEY = CONFIG.c2pa_key
DISPLAY_MAX_SIDE = CONFIG.display_max_side
QUOTA_BYTES = CONFIG.quota_bytes
QUOTA_PHOTOS = CONFIG.quota_photos
QUOTA_JOBS_PER_DAY = CONFIG.quota_jobs_per_day
GUEST_BYTES = CONFIG.guest_bytes
GUEST_PHOTOS_PER_DAY = CONFIG.guest_photos_per_day
GUEST_JOBS_PER_DAY = CONFIG.guest_jobs_per_day
GUEST_RETENTION_HOURS = CONFIG.guest_retention_hours
UPLOAD_ARCHIVE_MAX_BYTES = CONFIG.upload_archive_max_bytes
UPLOAD_PIECE_MAX_BYTES = CONFIG.upload_piece_max_bytes
UPLOADS_OPEN_PER_ACTOR = CONFIG.uploads_open_per_actor
RENDERS_IN_WORK_PER_ACTOR = CONFIG.renders_in_work_per_actor
SESSION_PAUSE_MINUTES = CONFIG.session_pause_minutes
BATCHES_IN_WORK_PER_USER = CONFIG.batches_in_work_per_user
UPLOAD_RETENTION_HOURS = CONFIG.upload_retention_hours
TRASH_DAYS = CONFIG.trash_days
SHARES_PER_USER = CONFIG.shares_per_user
PALETTES_PER_USER = CONFIG.palettes_per_user
COLORS_PER_PALETTE = CONFIG.colors_per_palette
WEBHOOKS_PER_USER = CONFIG.webhooks_per_user
WEBHOOK_ATTEMPTS = CONFIG.webhook_attempts
WEBHOOK_NETWORKS = CONFIG.webhook_networks
AUDIT_DAYS = CONFIG.audit_days
DISK_RESERVE_BYTES = CONFIG.disk_reserve_bytes
BULK_MAX_PHOTOS = CONFIG.bulk_max_photos
LABELS_PER_ACTOR = CONFIG.labels_per_actor
JOB_LEASE_SECONDS = CONFIG.job_lease_seconds
JOB_MAX_ATTEMPTS = CONFIG.job_max_attempts
STROKE_WAIT_SECONDS = CONFIG.stroke_wait_seconds
PHOTO_CACHE_BYTES = CONFIG.photo_cache_bytes
PREDICTION_WAIT_SECONDS = CONFIG.prediction_wait_seconds
BATCH_MAX_FILES = CONFIG.batch_max_files
BATCH_MAX_BYTES = CONFIG.batch_max_bytes
BATCH_MAX_UNPACKED_BYTES = CONFIG.batch_max_unpacked_bytes
BATCH_MAX_RATIO = CONFIG.batch_max_ratio
BATCH_MAX_HINT_BYTES = CONFIG.batch_max_hint_bytes
BATCH_CHUNK_PHOTOS = CONFIG.batch_chunk_photos
BATCH_CHUNK_PIXELS = CONFIG.batch_chunk_pixels
BATCH_PARALLEL_CHUNKS = CONFIG.batch_parallel_chunks
BATCH_RETENTION_DAYS = CONFIG.batch_retention_days
BATCH_PREVIEW_MAX_BYTES = CONFIG.batch_preview_max_bytes
WS_MAX_BYTES = CONFIG.ws_max_bytes
WS_MESSAGES_PER_SECOND = CONFIG.ws_messages_per_second
WS_MESSAGE_BURST = CONFIG.ws_message_burst
WS_CONNECTIONS_PER_ACTOR = CONFIG.ws_connections_per_actor
API_READS_PER_MINUTE = CONFIG.api_reads_per_minute
API_WRITES_PER_MINUTE = CONFIG.api_writes_per_minute
API_UPLOADS_PER_MINUTE = CONFIG.api_uploads_per_minute
API_PREDICTIONS_PER_MINUTE = CONFIG.api_predictions_per_minute
API_TOKENS_PER_USER = CONFIG.api_tokens_per_user
IDEMPOTENCY_HOURS = CONFIG.idempotency_hours
# A hint set of 20,000 stroke points is about 1 MB of JSON.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# Work: Celery by ids, JSON, late acknowledgement; the job rows are the truth.
CELERY_BROKER_URL = CONFIG.redis_url or "memory://embedded"
CELERY_BROKER_TRANSPORT = "webapp.common.transport:Transport" if EMBEDDED else None
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {}
    if EMBEDDED
    else {
        "queue_order_strategy": "priority",
        # A second delivery of a task that still runs does no harm: the job's lease turns it away.
        "visibility_timeout": 30,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "UTC"

# Push: pub/sub when processes are separate, else a layer bound to the server's loop.
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "webapp.common.websocket.layer.LoopBoundLayer"}
        if EMBEDDED
        else {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": CONFIG.redis_url, "socket_timeout": None}]},
        }
    )
}
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            # The default, 300, would drop the counters of rate limits.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
        if EMBEDDED
        else {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CONFIG.redis_url,
            "OPTIONS": {"serializer": "webapp.common.cache.JSONSerializer"},
        }
    )
}

LOGGING = logs.configure(plain=EMBEDDED, level=CONFIG.log_level)
