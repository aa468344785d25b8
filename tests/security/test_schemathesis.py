"""Whatever is sent to the API, it answers as its description says, and never breaks.

schemathesis makes requests from the OpenAPI document: valid ones and wrong ones, as a guest and
with a token, about things that are there and things that are not.
"""

import functools
import uuid
from contextlib import contextmanager

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.security.things import World
from tests.support.people import a_token
from webapp.accounts.models import User
from webapp.api.site import api

EXAMPLES = 5
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,  # a run that failed fails again
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CSRF = "a" * 32
pages = get_wsgi_application()


def site(environ, start_response):
    """The site, whose answers are read to their end and closed, as a server does."""
    answer = pages(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


@functools.cache
def operations():
    """Every operation of the description, by method and path."""
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
    schema.app = site
    schema.config.update(base_url="http://localhost")
    found = (result.ok() for result in schema.get_all_operations())
    return {f"{one.method.upper()} {one.path}": one for one in found}


@contextmanager
def one_connection():
    """Requests share the test's connection, as they do with Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def headers(db, request, settings):
    """What says who asks, and a world of things to ask for."""
    cache.clear()
    settings.PREDICTION_WAIT_SECONDS = 0.1  # no worker will answer
    for kind in ("READS", "WRITES", "UPLOADS"):
        setattr(settings, f"API_{kind}_PER_MINUTE", 1_000_000)
    world = World()
    if request.param == "guest":
        cookies = f"rehue_session={world.session('the guest')}; rehue_csrf={CSRF}"
        return world.guests, {"Cookie": cookies, "X-CSRFToken": CSRF}
    secret = a_token(User.objects.get(username="owner"))[1]
    return world.users, {"Authorization": f"Bearer {secret}"}


def test_every_operation_is_tried():
    described = sum(len(methods) for methods in api.get_openapi_schema()["paths"].values())
    assert len(operations()) == described > 40


@pytest.mark.parametrize("headers", ["guest", "token"], indirect=True)
def test_every_operation_answers_as_it_is_described(headers):
    things, who = headers
    wrong = []
    for name in sorted(operations()):
        for attempt in (about_anything, about_what_is_there):
            try:
                attempt(operations()[name], things, who)
            except FailureGroup as failures:
                wrong += [f"{name}: {failure}" for failure in failures.exceptions]
    assert wrong == []


def about_anything(operation, things, who):
    """Ask for what is made up."""

    @QUIET
    @given(case=operation.as_strategy())
    def ask(case):
        _try(case, who)

    ask()


def about_what_is_there(operation, things, who):
    """Ask for what the caller has."""

    @QUIET
    @given(case=operation.as_strategy())
    def ask(case):
        case.path_parameters = {
            key: str(things.get(key, uuid.uuid4())) for key in case.path_parameters
        }
        _try(case, who)

    if "{" in operation.path:
        ask()


def _try(case, who):
    """Send it and look at the answer; what it did is undone, so that no request needs another."""
    with one_connection(), transaction.atomic():
        # No worker runs here: what one would answer is a 503, as it should be.
        by_worker = case.operation.path.endswith("/outline")
        checks = [c for c in CHECKS if not (by_worker and c is not_a_server_error)]
        case.call_and_validate(headers=who, checks=checks)
        transaction.set_rollback(True)
