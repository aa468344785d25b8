"""The language of a websocket's user."""

import pytest

from webapp.common.websocket.language import language_of


@pytest.mark.parametrize(
    ("cookie", "header", "language"),
    [
        (None, None, "en"),
        ("ko", None, "ko"),
        ("ko", b"en", "ko"),
        ("xx", b"ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        (None, b"fr;q=0.9, ko;q=0.5", "ko"),
        (None, b"fr, de", "en"),
        ("../../etc", b"\xff\x00;;q=x", "en"),
    ],
)
def test_the_chosen_language_comes_first_then_the_browser_s(cookie, header, language):
    scope = {
        "cookies": {} if cookie is None else {"rehue_language": cookie},
        "headers": [] if header is None else [(b"accept-language", header)],
    }
    assert language_of(scope) == language
