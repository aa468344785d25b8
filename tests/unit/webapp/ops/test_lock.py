"""The lock that sees that one embedded process works on a data folder."""

import subprocess
import sys

from webapp.ops.lock import take_lock

HOLD = """
import sys, time
from pathlib import Path
from webapp.ops.lock import take_lock
held = take_lock(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_one_holds_it_at_a_time(tmp_path):
    first = take_lock(tmp_path / "new" / "lock")
    assert first is not None
    assert take_lock(tmp_path / "new" / "lock") is None
    first.close()
    again = take_lock(tmp_path / "new" / "lock")
    assert again is not None
    again.close()


def test_a_killed_process_leaves_no_lock_behind(tmp_path):
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        assert take_lock(path) is None
        holder.kill()
        holder.wait()
    freed = take_lock(path)
    assert freed is not None
    freed.close()
