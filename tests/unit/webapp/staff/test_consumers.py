"""The websocket of a run, search or evaluation: for staff, and as true as the row."""

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from tests.support.lab import a_run, a_search, an_evaluation, measure
from tests.support.people import as_guest, user
from tests.support.sockets import dialled, session_of
from training.models import Run, Search, Work
from training.runs.claims import claim, finish, heartbeat
from webapp.accounts.models import User
from webapp.common.websocket import consumer as base
from webapp.common.websocket.messages import LAB_SERVER_MESSAGE
from webapp.staff import consumers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(consumers, "LOOK_SECONDS", 0.05)


@pytest.fixture
def staff():
    client = Client()
    client.force_login(user("staff", is_staff=True))
    return client


def dial(client, work, kind="run"):
    """Open a line to the socket of a piece of work."""
    path = f"/ws/laboratory/{kind}/{work.pk}"
    return dialled(path, session_of(client), LAB_SERVER_MESSAGE)


async def test_a_new_client_gets_the_work_as_it_stands(staff):
    run = await sync_to_async(a_run)()
    async with dial(staff, run) as line:
        snapshot = await line.hear()
        assert await line.silent()
    assert snapshot["type"] == "snapshot"
    assert (snapshot["kind"], snapshot["id"]) == ("run", str(run.pk))
    assert (snapshot["status"], snapshot["done"], snapshot["total"]) == ("running", 40, 100)
    assert snapshot["best"]["psnr"] == 26.5
    assert [row["step"] for row in snapshot["rows"]] == [20, 40]
    assert snapshot["rows"][1]["psnr"] == 26.5


async def test_whatever_the_row_says_is_sent_whoever_wrote_it(staff):
    run = await sync_to_async(a_run)(status="queued", done=0)
    async with dial(staff, run) as line:
        await line.hear()
        worker = await Run.objects.aget(pk=run.pk)
        assert await sync_to_async(claim)(worker)
        claimed = await line.hear()
        assert (claimed["type"], claimed["status"], claimed["rows"]) == ("progress", "running", [])
        await sync_to_async(measure)(run, 60, 27.0)
        await sync_to_async(heartbeat)(worker, done=60, best={"step": 60, "psnr": 27.0})
        gone_on = await line.hear()
        assert (gone_on["done"], gone_on["best"]["psnr"]) == (60, 27.0)
        assert [row["step"] for row in gone_on["rows"]] == [60]
        await sync_to_async(finish)(worker, Work.Status.FAILED, error="The disk is full.")
        ended = await line.hear()
        assert (ended["status"], ended["error"]) == ("failed", "The disk is full.")
        assert ended["seq"] > gone_on["seq"] > claimed["seq"]
        assert await line.silent()


async def test_a_trial_that_changes_is_reported_again(staff):
    search = await sync_to_async(a_search)()
    trial = search.trials[0]
    async with dial(staff, search, "search") as line:
        assert (await line.hear())["best"]["number"] == 0
        trials = [trial, {**trial, "number": 1, "state": "running", "value": None}]
        await Search.objects.filter(pk=search.pk).aupdate(trials=trials, seq=1)
        assert [row["number"] for row in (await line.hear())["rows"]] == [1]
        trials[1] = {**trials[1], "state": "complete", "value": 25.0}
        await Search.objects.filter(pk=search.pk).aupdate(trials=trials, seq=2)
        news = await line.hear()
    assert [(row["number"], row["state"]) for row in news["rows"]] == [(1, "complete")]
    assert news["best"]["number"] == 1


async def test_an_evaluation_has_no_rows(staff):
    evaluation = await sync_to_async(an_evaluation)()
    async with dial(staff, evaluation, "evaluation") as line:
        snapshot = await line.hear()
    assert (snapshot["status"], snapshot["rows"], snapshot["best"]) == ("queued", [], {})


async def test_everybody_else_hears_nothing(staff):
    run = await sync_to_async(a_run)()
    stranger, guest = Client(), await sync_to_async(as_guest)(Client())
    await sync_to_async(stranger.force_login)(await sync_to_async(user)("stranger"))
    for client in (Client(), guest, stranger):
        async with dial(client, run) as line:
            assert await line.hear() == {"type": "closed", "code": base.CLOSE_NOT_FOUND}


@pytest.mark.parametrize("kind", ["search", "photo"])
async def test_work_of_another_kind_is_not_found(staff, kind):
    run = await sync_to_async(a_run)()
    async with dial(staff, run, kind) as line:
        assert await line.hear() == {"type": "closed", "code": base.CLOSE_NOT_FOUND}


async def test_who_is_no_longer_staff_is_shut_out(staff, monkeypatch):
    monkeypatch.setattr(base, "REVALIDATE_SECONDS", 0.1)
    run = await sync_to_async(a_run)()
    async with dial(staff, run) as line:
        await line.hear()
        await User.objects.filter(username="staff").aupdate(is_staff=False)
        assert await line.hear() == {"type": "revoked"}
        assert await line.hear() == {"type": "closed", "code": base.CLOSE_REVOKED}


async def test_work_that_is_deleted_ends_its_sockets(staff):
    run = await sync_to_async(a_run)()
    async with dial(staff, run) as line:
        await line.hear()
        await Run.objects.all().adelete()
        assert await line.hear() == {"type": "revoked"}
        assert (await line.hear())["type"] == "closed"


async def test_a_client_may_ask_whether_the_site_is_there_and_nothing_else(staff):
    run = await sync_to_async(a_run)()
    async with dial(staff, run) as line:
        await line.hear()
        await line.say('{"type": "ping"}')
        assert await line.hear() == {"type": "pong"}
        for message in ("{", '{"type": "cancel"}', '{"type": "hints", "revision": 1, "hints": {}}'):
            await line.say(message)
            assert (await line.hear())["type"] == "error"
        await line.say('{"type": "ping"}')
        assert await line.hear() == {"type": "pong"}


async def test_a_database_that_is_away_for_a_while_is_made_up_for(staff, monkeypatch):
    run = await sync_to_async(a_run)()
    async with dial(staff, run) as line:
        await line.hear()
        with monkeypatch.context() as away:
            away.setattr(consumers, "seq_of", lambda kind, work_id: 1 / 0)
            await Run.objects.filter(pk=run.pk).aupdate(done=80, seq=99)
            assert await line.silent()
        assert (await line.hear())["done"] == 80
