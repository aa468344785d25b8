"""A batch whose worker is killed without warning: each photo is done, and done once."""

import io
import sqlite3
import time
import zipfile
from contextlib import closing

import psycopg
import pytest

from tests.support.fleet import EVERYTHING, wait_for
from tests.support.member import member_of
from tests.support.server import running_server
from tests.support.zips import portraits

PHOTOS = 15
BAD = {5, 6}


def check(member, batch_id):
    """The batch ends with every photo accounted for, and every result there once."""
    batch = member.wait_for_batch(batch_id)
    assert (batch["status"], batch["done"], batch["failed"]) == ("done", PHOTOS - len(BAD), 2)
    items = member.items(batch_id)
    assert [item["number"] for item in items] == list(range(1, PHOTOS + 1))
    assert {item["number"] for item in items if item["status"] == "failed"} == BAD
    content = member.http.get(f"/api/batches/{batch_id}/archive").content
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    names = [name for name in archive.namelist() if name.startswith("photos/")]
    assert len(names) == len(set(names)) == batch["done"]


def test_a_site_killed_in_the_middle_of_a_batch_finishes_it_after_the_next_start(tmp_path):
    with running_server(tmp_path / "data", BATCH_CHUNK_PHOTOS="3") as server:
        database = server.data_dir / "rehue.sqlite3"

        def attempts():
            with closing(sqlite3.connect(database, timeout=20)) as connection:
                query = "select number, status, attempt from batches_batchitem order by number"
                return connection.execute(query).fetchall()

        with member_of(server.url, {"DATA_DIR": str(server.data_dir)}) as member:
            batch_id = member.batch_of(portraits(PHOTOS, bad=BAD))["id"]
            for done in (3, 7):
                member.wait_for(batch_id, lambda b, least=done: b["done"] >= least)
                server.kill()
                before = attempts()
                server.start()
            check(member, batch_id)
        ended_before = {number for number, status, _ in before if status in {"done", "failed"}}
        after = {number: attempt for number, _, attempt in attempts()}
        kept = {number: attempt for number, status, attempt in before if number in ended_before}
        assert {number: after[number] for number in kept} == kept, "a finished photo was done again"
    assert "Traceback" not in server.log.read_text()


@pytest.mark.services
@pytest.mark.slow
def test_a_killed_worker_s_photos_are_done_by_another_each_once(scale_out):
    with (
        scale_out.working(EVERYTHING, EVERYTHING) as (first, _second),
        member_of(scale_out.urls[0], scale_out.environment()) as member,
        psycopg.connect(scale_out.database_url, autocommit=True) as rows,
    ):
        batch_id = member.batch_of(portraits(PHOTOS, bad=BAD))["id"]
        of_it = "from batches_batchitem where batch_id = %s"

        def running():
            query = f"select count(*) {of_it} and status = 'running'"
            busy = rows.execute(query, [batch_id]).fetchone()[0] > 0
            return busy and member.batch(batch_id)["done"] > 2

        wait_for(running, "the batch to run", scale_out)
        first.kill()
        time.sleep(1)
        check(member, batch_id)
        done = rows.execute(
            f"select count(*), count(distinct result) {of_it} and status = 'done'", [batch_id]
        ).fetchone()
        assert done == (PHOTOS - len(BAD), PHOTOS - len(BAD))
        query = "select seq, done + failed from batches_batch where id = %s"
        seq, ended = rows.execute(query, [batch_id]).fetchone()
        assert seq > ended == PHOTOS
