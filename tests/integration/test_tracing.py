"""Spans arrive at a receiver of OTLP, and one trace holds a request and what came of it."""

import os
import subprocess
import sys
import time

import pytest

from tests.support.fleet import fleet
from tests.support.patience import PATIENCE_SECONDS
from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import ROOT, running_server
from tests.support.spans import span_receiver
from tests.support.visitor import visiting


def variables(address):
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_BSP_SCHEDULE_DELAY": "200"}


def wait_for_trace(spans, *names):
    """Wait until one trace holds spans of all these names."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        traces = {}
        for span in [*spans]:
            traces.setdefault(span.trace_id, set()).add(span.name)
        if any({*names} <= found for found in traces.values()):
            return
        time.sleep(0.1)
    pytest.fail(f"No trace holds {names}: {[*traces.values()]}")


@pytest.mark.slow
def test_an_upload_and_its_colouring_are_one_trace_in_one_process(tmp_path):
    with (
        span_receiver() as (address, spans),
        running_server(tmp_path / "data", **variables(address)) as server,
        visiting(server.url) as visitor,
    ):
        visitor.upload(encoded(grey_astronaut()))
        wait_for_trace(spans, "POST api/photos", "run/studio.colorize")


@pytest.mark.slow
@pytest.mark.services
def test_queries_and_redis_of_web_processes_and_workers_are_in_it_too(tmp_path):
    with span_receiver() as (address, spans), fleet(tmp_path / "data") as made:
        made.extra |= variables(address)
        url = made.web()
        with made.working(), visiting(url) as visitor:
            visitor.upload(encoded(grey_astronaut()))
            wait_for_trace(spans, "POST api/photos", "run/studio.colorize", "INSERT", "SET")


def test_nothing_of_it_is_loaded_where_nobody_asks_for_spans(tmp_path):
    program = "import sys, webapp.asgi; sys.exit('opentelemetry.instrumentation' in sys.modules)"
    environment = {**os.environ, "DATA_DIR": str(tmp_path)}
    environment.pop("OTEL_EXPORTER_OTLP_ENDPOINT", None)
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True)
