"""ZIPs whose records say anything: a list of files, or a sentence; never much time."""

import io
import time

from hypothesis import given, settings

from tests.support import structures
from webapp.batches.archives import list_entries, open_archive
from webapp.batches.errors import InvalidBatchError


@settings(max_examples=400, deadline=None)
@given(structures.zips())
def test_any_records_are_answered(data):
    begun = time.process_time()
    refusal = None
    try:
        with open_archive(io.BytesIO(data)) as archive:
            assert all(entry.path and entry.size >= 0 for entry in list_entries(archive))
    except InvalidBatchError as error:
        refusal = error
    if refusal is not None:
        assert 400 <= refusal.status < 500
        assert str(refusal).endswith(".")
    assert time.process_time() - begun < 1
