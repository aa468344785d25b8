"""The Celery application of the site; ``celery -A webapp worker`` finds it here."""

from __future__ import annotations

import os

from celery import Celery

from webapp.runtime.threads import limit_threads

limit_threads()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")

REAP_SECONDS = 2.0
CLEAN_UP_SECONDS = 3600.0
REVIVE_SECONDS = 20.0
MEASURE_SECONDS = 600.0

app = Celery("webapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# What has not begun when it is due again is dropped, so that a long absence leaves no heap.
app.conf.beat_schedule = {
    "reap": {
        "task": "runtime.reap",
        "schedule": REAP_SECONDS,
        "options": {"queue": "default", "expires": REAP_SECONDS},
    },
    "revive": {
        "task": "training.revive",
        "schedule": REVIVE_SECONDS,
        "options": {"queue": "default", "expires": REVIVE_SECONDS},
    },
    "measure-usage": {
        "task": "dashboard.measure_usage",
        "schedule": MEASURE_SECONDS,
        "options": {"queue": "default", "expires": MEASURE_SECONDS},
    },
    "clean-up": {
        "task": "runtime.clean_up",
        "schedule": CLEAN_UP_SECONDS,
        "options": {"queue": "default", "expires": CLEAN_UP_SECONDS},
    },
}
