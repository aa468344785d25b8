"""Figures for Prometheus, read from the rows when it asks: alike whichever process answers.

What one process sees (requests, database) is django-prometheus's; this is what the site does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from training.registry.versions import NoLiveModelError, live_model
from webapp.common.disk import free_bytes
from webapp.common.workers import BrokerUnavailableError, list_workers, reaper_age
from webapp.photos.decodings import decodings
from webapp.studio.models import Job

WINDOW = timedelta(minutes=5)
QUANTILES = (0.5, 0.95)


class SiteCollector(Collector):
    """What waits, what runs, how long it takes, and who does it."""

    def serialize(self) -> list[Metric]:
        """Name nothing beforehand: that would ask the database while the site starts."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the figures as they are now."""
        now = timezone.now()
        yield from _jobs(now)
        yield from _times(now)
        yield from _workers()
        yield _gauge("rehue_disk_free_bytes", "Free where DATA_DIR is.", free_bytes())
        photos, seconds = decodings()
        yield _counter("rehue_decoded_photos", "Photos that have come in.", photos)
        yield _counter("rehue_decode_seconds", "Of decoding all of them.", seconds)
        age = reaper_age()
        if age is not None:
            yield _gauge("rehue_reaper_age_seconds", "Since the reaper's last round.", age)
        try:
            model = GaugeMetricFamily("rehue_model_info", "The live model.", labels=["name"])
            model.add_metric([live_model().name], 1)
            yield model
        except NoLiveModelError:
            return


def _jobs(now: datetime) -> Iterator[Metric]:
    count = GaugeMetricFamily("rehue_jobs", "Jobs alive.", labels=["kind", "status"])
    wait = GaugeMetricFamily(
        "rehue_jobs_oldest_seconds", "Since the oldest waits.", labels=["kind"]
    )
    alive = Job.objects.filter(status__in=Job.ALIVE).order_by()
    for kind, status, number in alive.values_list("kind", "status").annotate(n=Count("pk")):
        count.add_metric([kind, status], number)
    queued = alive.filter(status=Job.Status.QUEUED)
    for kind, since in queued.values_list("kind").annotate(since=Min("created")):
        wait.add_metric([kind], (now - since).total_seconds())
    ended = GaugeMetricFamily(
        "rehue_jobs_ended", "Jobs that ended in the last five minutes.", labels=["kind", "status"]
    )
    recent = Job.objects.filter(finished__gt=now - WINDOW).order_by()
    for kind, status, number in recent.values_list("kind", "status").annotate(n=Count("pk")):
        ended.add_metric([kind, status], number)
    yield from (count, wait, ended)


def _times(now: datetime) -> Iterator[Metric]:
    labels = ["kind", "quantile"]
    whole = GaugeMetricFamily(
        "rehue_job_seconds", "From asking to colours, in the last five minutes.", labels=labels
    )
    run = GaugeMetricFamily("rehue_job_run_seconds", "Of it, at a worker.", labels=labels)
    done = Job.objects.filter(
        status=Job.Status.DONE, finished__gt=now - WINDOW, started__gt=now - 2 * WINDOW
    )
    for kind in Job.Kind:
        found = done.filter(kind=kind).values_list("created", "started", "finished")
        rows = [(created, begun, end) for created, begun, end in found if begun and end]
        if not rows:
            continue
        for family, seconds in (
            (whole, sorted((end - created).total_seconds() for created, _, end in rows)),
            (run, sorted((end - begun).total_seconds() for _, begun, end in rows)),
        ):
            for quantile in QUANTILES:
                at = seconds[min(len(seconds) - 1, int(quantile * len(seconds)))]
                family.add_metric([str(kind), str(quantile)], at)
    yield from (whole, run)


def _workers() -> Iterator[Metric]:
    try:
        workers = list_workers()
    except BrokerUnavailableError:
        return
    alive = GaugeMetricFamily("rehue_workers", "Workers that are heard of.", labels=["queue"])
    memory = GaugeMetricFamily("rehue_worker_memory_bytes", "Of a worker.", labels=["worker"])
    queues: dict[str, int] = {}
    for worker in workers:
        for queue in worker.queues:
            queues[queue] = queues.get(queue, 0) + (not worker.is_silent)
        if worker.memory:
            memory.add_metric([worker.name], worker.memory)
    for queue, number in queues.items():
        alive.add_metric([queue], number)
    yield from (alive, memory)


def _counter(name: str, help_text: str, value: float) -> Metric:
    return CounterMetricFamily(name, help_text, value=value)


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value=value)
