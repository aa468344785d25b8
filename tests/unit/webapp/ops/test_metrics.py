"""Figures for Prometheus, and the dashboard that shows them."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest

from tests.support.people import live_version, upload
from webapp.accounts.actor import Actor
from webapp.ops.metrics import SiteCollector
from webapp.photos.services import add_photo
from webapp.studio.models import Job

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[4]


def metrics():
    registry = CollectorRegistry()
    registry.register(SiteCollector())
    return generate_latest(registry).decode()


def test_the_time_that_photos_take_to_be_decoded_is_measured():
    cache.clear()
    live_version()
    add_photo(actor=Actor(guest_key="one"), upload=upload())
    figures = metrics()
    assert "rehue_decoded_photos_total 1.0" in figures
    seconds = re.search(r"^rehue_decode_seconds_total (\S+)$", figures, re.MULTILINE)[1]
    assert 0 < float(seconds) < 60


def test_waiting_jobs_and_their_times_are_measured():
    live_version()
    add_photo(actor=Actor(guest_key="one"), upload=upload())
    assert 'rehue_jobs{kind="chroma",status="queued"} 1.0' in metrics()
    now = timezone.now()
    Job.objects.update(
        status="done",
        created=now - timedelta(seconds=4),
        started=now - timedelta(seconds=1),
        finished=now,
    )
    figures = metrics()
    assert 'rehue_job_seconds{kind="chroma",quantile="0.5"} 4.0' in figures
    assert 'rehue_job_run_seconds{kind="chroma",quantile="0.95"} 1.0' in figures
    assert 'rehue_model_info{name="rehue-test"} 1.0' in figures
    assert "rehue_disk_free_bytes" in figures


def test_the_dashboard_asks_for_figures_that_there_are():
    dashboard = json.loads((ROOT / "docker" / "grafana-dashboard.json").read_text())
    requested = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"rehue_\w+", target["expr"])
    }
    source = (ROOT / "webapp" / "ops" / "metrics.py").read_text()
    assert len(requested) > 8
    assert all(f'"{name.removesuffix("_total")}"' in source for name in requested)
