"""The account's first page shows what is used."""

from tests.support.people import upload
from webapp.accounts.actor import Actor
from webapp.photos import services


def test_quotas_are_shown_as_bars(client, ada, live, settings):
    settings.QUOTA_PHOTOS = 4
    services.add_photo(actor=Actor(user=ada), upload=upload())
    client.force_login(ada)
    page = client.get("/account/").content.decode()
    assert '<progress max="100" value="25" aria-label="Photos">' in page
    assert "1 of 4" in page
