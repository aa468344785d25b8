"""``manage.py serve`` when something stands in its way, and when it is told to stop."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys

import pytest

from colorizer.models import SHIPPED
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server import ROOT, running_server
from tests.support.services import free_port


def serve(data_dir, **environment):
    """Run it until it gives up; return its exit code and what it said."""
    finished = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(data_dir), "PORT": str(free_port())} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return finished.returncode, finished.stdout + finished.stderr


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("serve") / "data", from_nothing=True) as running:
        yield running


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_other_accounts_of_the_machine_read_nothing_of_what_is_stored(server):
    assert mode(server.data_dir) == 0o700
    database = sorted(server.data_dir.glob("rehue.sqlite3*"))
    assert [path.name for path in database][:1] == ["rehue.sqlite3"]
    assert {mode(path) for path in database} == {0o600}


def test_data_that_was_open_to_others_is_closed_at_the_next_start(tmp_path):
    with running_server(tmp_path / "data") as server:
        server.stop()
        server.data_dir.chmod(0o755)
        (server.data_dir / "rehue.sqlite3").chmod(0o644)
        server.start()
        assert mode(server.data_dir) == 0o700
        assert mode(server.data_dir / "rehue.sqlite3") == 0o600


def test_a_taken_port_is_reported_at_once(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as neighbour:
        port = neighbour.getsockname()[1]
        code, stated = serve(tmp_path, PORT=str(port))
    assert code == 2
    assert f"127.0.0.1:{port} cannot be used" in stated
    assert "Traceback" not in stated


def test_a_second_process_on_the_same_folder_learns_what_to_do(server):
    code, stated = serve(server.data_dir)
    assert code == 2
    assert "there can be only one" in stated
    assert "REDIS_URL" in stated
    assert "Traceback" not in stated


def test_several_web_workers_without_redis_are_refused(server):
    """The same lock holds when somebody starts uvicorn by hand, or with ``--workers 2``."""
    finished = subprocess.run(
        [sys.executable, "-m", "uvicorn", "webapp.asgi:application", "--port", str(free_port())],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(server.data_dir)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode != 0
    assert "there can be only one" in finished.stdout + finished.stderr


@pytest.mark.parametrize("damage", ["missing", "cut short", "no card"])
def test_a_model_that_cannot_be_used_is_reported_at_the_start(tmp_path, damage):
    model = tmp_path / "model"
    if damage != "missing":
        shutil.copytree(SHIPPED, model)
    if damage == "cut short":
        with (model / "model.onnx").open("r+b") as file:
            file.truncate(1000)
    if damage == "no card":
        (model / "card.json").unlink()
    code, stated = serve(tmp_path / "data", MODEL=str(model))
    assert code == 2
    assert str(model) in stated
    assert "Traceback" not in stated


def test_it_does_not_serve_beside_redis(tmp_path):
    code, stated = serve(
        tmp_path,
        REDIS_URL="redis://127.0.0.1:1/0",
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
        SECRET_KEY="x",
    )
    assert code == 2
    assert "scaleout" in stated


def test_ctrl_c_ends_it_without_a_fuss(tmp_path):
    with running_server(tmp_path / "data") as server:
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(PATIENCE_SECONDS) == 0
    stated = server.log.read_text()
    assert "Rehue has stopped." in stated
    assert "Traceback" not in stated
