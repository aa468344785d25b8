"""The Celery application of the site; ``celery -A webapp worker`` finds it here."""

from __future__ import annotations

import os

from celery import Celery

from webapp.common.threads import limit_threads

limit_threads()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")

app = Celery("webapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
