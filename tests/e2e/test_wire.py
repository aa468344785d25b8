"""What a page weighs on the wire, as a new visitor's browser gets it."""

from playwright.sync_api import Page

from tests.e2e.studio import Studio

KB = 1000


def weigh(page: Page, address: str, *, without: str = "") -> int:
    """Load a page with an empty cache and return the bytes of all answers, heads included.

    Args:
        page: of a new session.
        address: of the page.
        without: answers whose address has this part are not counted.
    """
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on(
        "Network.responseReceived",
        lambda event: addresses.update({event["requestId"]: event["response"]["url"]}),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}),
    )
    page.goto(address, wait_until="networkidle")
    counted = [
        size
        for request, size in sizes.items()
        if not (without and without in addresses.get(request, ""))
    ]
    return sum(counted)


def test_the_front_page_weighs_at_most_60_kb(page, server):
    assert weigh(page, server.url) <= 60 * KB


def test_the_studio_weighs_at_most_120_kb_beside_its_photo(page, server):
    studio = Studio.upload(page, server)
    assert weigh(page, studio.page.url, without="/lightness") <= 120 * KB


def test_scripts_and_styles_come_compressed_and_may_be_cached(page, server):
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(server.url, wait_until="networkidle")
    assets = [answer for answer in answers if "/static/assets/" in answer.url]
    assert assets
    for answer in assets:
        headers = answer.headers
        small = len(answer.body()) < 1024
        assert small or headers.get("content-encoding") in {"br", "gzip"}, answer.url
        assert "immutable" in headers.get("cache-control", ""), answer.url
