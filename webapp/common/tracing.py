"""Spans for OpenTelemetry: of requests, tasks, queries and Redis, by the field's own packages.

Where they go, under which name, and how many of them, is said by OpenTelemetry's own variables.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def start_tracing() -> None:
    """Have the libraries of this process make spans, and send them where the environment says.

    Raises:
        django.core.exceptions.ImproperlyConfigured: the extra ``tracing`` is not installed.
    """
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.instrumentation.celery import CeleryInstrumentor
        from opentelemetry.instrumentation.django import DjangoInstrumentor
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError as error:
        message = "OTEL_EXPORTER_OTLP_ENDPOINT needs the extra: pip install 'rehue[site,tracing]'."
        raise ImproperlyConfigured(message) from error
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument()
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]  # its package is not annotated
    if not settings.EMBEDDED:  # which has neither of these two, nor their packages
        from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
        from opentelemetry.instrumentation.redis import RedisInstrumentor

        PsycopgInstrumentor().instrument()
        RedisInstrumentor().instrument()
