"""The dashboard's Celery tasks."""

from __future__ import annotations

from celery import shared_task

from webapp.staff import usage


@shared_task(name="dashboard.measure_usage")
def measure_usage() -> None:
    """Measure how much room everything takes."""
    usage.measure()
