"""What comes before a request is whole: heads without end, and connections that say nothing."""

import contextlib
import socket
import time

import pytest

from tests.support.server import running_server

pytestmark = [pytest.mark.slow]

LIMITS = {
    "HTTP_HEAD_SECONDS": "2",
    "HTTP_BODY_SECONDS": "2",
    "HTTP_MAX_HEAD_BYTES": "8192",
    "HTTP_CONNECTIONS_PER_ADDRESS": "20",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("limits") / "data", **LIMITS) as running:
        yield running


def connected(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def heard(connection):
    """All that is answered until the other side hangs up."""
    answer = b""
    with contextlib.suppress(ConnectionError):
        while data := connection.recv(65536):
            answer += data
    return answer


def status(connection):
    return heard(connection).split(b" ", 2)[1]


def test_a_connection_that_says_nothing_is_closed(server):
    with connected(server) as silent:
        begun = time.monotonic()
        assert status(silent) == b"408"
        assert 1 < time.monotonic() - begun < 10


def test_a_head_that_comes_letter_by_letter_is_not_waited_for(server):
    with connected(server) as slow, contextlib.suppress(ConnectionError):
        begun = time.monotonic()
        for letter in b"GET / HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":
            slow.sendall(bytes([letter]))
            time.sleep(0.1)
        pytest.fail(f"it was taken for {time.monotonic() - begun:.1f} s")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X-Many: a\r\n" * 2000 + b"\r\n",
        b"GET / HTTP/1.1\r\nX-Endless: " + b"a" * 20_000,
    ],
)
def test_a_head_that_is_too_large_is_refused(server, head):
    with connected(server) as greedy:
        greedy.sendall(head)
        assert status(greedy) == b"431"


def test_a_body_that_stops_is_not_waited_for(server):
    head = b"POST /api/photos HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
    with connected(server) as slow:
        slow.sendall(head + b"Content-Type: application/octet-stream\r\n\r\nx")
        assert status(slow) == b"408"


def test_one_address_holds_so_many_connections_and_no_more(server):
    with contextlib.ExitStack() as held:
        for _ in range(20):
            held.enter_context(connected(server))
        time.sleep(0.2)
        with connected(server) as one_more:
            assert status(one_more) == b"503"
    time.sleep(0.2)
    assert requested(server) == b"200"


def test_a_large_body_behind_a_small_head_is_no_large_head(server):
    assert requested(server, b"X-Some: " + b"a" * 4000 + b"\r\n") == b"200"


def test_who_says_another_address_without_a_trusted_proxy_is_not_believed(server):
    """Twenty-one addresses of guests would be twenty-one buckets of the rate limits."""
    with connected(server) as liar:
        liar.sendall(
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9\r\n"
            b"X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n"
            b"Connection: close\r\n\r\n"
        )
        assert status(liar) == b"200"


def requested(server, headers=b""):
    with connected(server) as good:
        good.sendall(
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + headers
            + b"Connection: close\r\n\r\n"
        )  # fmt: skip
        return status(good)
