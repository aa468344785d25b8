"""A line of the log says which request it is about, also where a worker writes it."""

import pytest
from celery import shared_task
from django.http import HttpResponse
from django.test import RequestFactory
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from webapp.common import logs
from webapp.common.celery import app

seen = []


@shared_task(name="tests.note_context")
def note_context(word):
    seen.append(get_contextvars())


@pytest.fixture(autouse=True)
def empty():
    clear_contextvars()
    seen.clear()
    yield
    clear_contextvars()


def test_every_request_has_an_id_of_its_own_and_names_it():
    def answer(request):
        seen.append(get_contextvars())
        return HttpResponse()

    middleware = logs.LogMiddleware(answer)
    answers = [middleware(RequestFactory().get("/")) for _ in range(2)]
    ids = [one.headers["X-Request-ID"] for one in answers]
    assert ids == [one["request"] for one in seen]
    assert len(set(ids)) == 2
    assert get_contextvars() == {}


def test_a_client_s_own_id_is_not_believed():
    made = logs.LogMiddleware(lambda request: HttpResponse())
    answer = made(RequestFactory().get("/", headers={"x-request-id": "evil"}))
    assert answer.headers["X-Request-ID"] != "evil"


def test_a_task_carries_the_id_of_its_request():
    bind_contextvars(request="abc", actor="user.7", other="no")
    headers = {}
    logs.on_publish(headers=headers)
    assert headers == {"rehue_request": "abc", "rehue_actor": "user.7"}
    clear_contextvars()
    task = app.tasks["tests.note_context"]
    task.push_request(**headers)
    try:
        logs.on_start(task_id="t1", task=task, args=["job-1"])
        task("job-1")
        logs.on_end()
    finally:
        task.pop_request()
    about = {"task": "t1", "name": "tests.note_context", "about": "job-1"}
    assert seen == [about | {"request": "abc", "actor": "user.7"}]
    assert get_contextvars() == {}
