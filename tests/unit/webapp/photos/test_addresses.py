"""Addresses of photos, looked up once."""

import uuid

import pytest
from django.urls import get_script_prefix, reverse, set_script_prefix

from webapp.photos.addresses import photo_address


@pytest.mark.parametrize("view", ["photo", "api:get_thumbnail", "api:get_original"])
@pytest.mark.parametrize("prefix", ["/", "/rehue/"])
def test_an_address_is_the_resolver_s_under_any_prefix(view, prefix):
    before, photo_id = get_script_prefix(), uuid.uuid4()
    set_script_prefix(prefix)
    try:
        assert photo_address(view, photo_id) == reverse(view, args=[photo_id])
        assert photo_address(view, photo_id).startswith(prefix)
    finally:
        set_script_prefix(before)
