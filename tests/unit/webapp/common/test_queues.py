"""Which worker takes what: nothing that may take long is in the way of what must be prompt."""

from webapp.common.queue import THREAD_QUEUES
from webapp.ops import tasks
from webapp.ops.management.commands.scaleout import worker_command


def test_what_brings_work_back_waits_behind_nothing_that_takes_long():
    prompt = {"runtime.reap", "training.requeue"}
    queues = {
        entry["options"]["queue"]
        for entry in tasks.app.conf.beat_schedule.values()
        if entry["task"] in prompt
    }
    others = {
        entry["options"]["queue"]
        for entry in tasks.app.conf.beat_schedule.values()
        if entry["task"] not in prompt
    }
    assert queues == {"clock"}
    assert not others & queues
    assert "clock" in THREAD_QUEUES, "a worker takes it and nothing else"


def test_mail_and_clean_up_wait_for_one_chunk_of_a_batch_at_most():
    assert next(queues for queues in THREAD_QUEUES if "batch" in queues) == "default,batch"


def test_every_lane_has_a_command_of_its_own():
    commands = [worker_command(queues) for queues in THREAD_QUEUES]
    assert len({command[command.index("--hostname") + 1] for command in commands}) == len(
        THREAD_QUEUES
    )
