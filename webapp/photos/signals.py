"""What happens to photos, for the apps above."""

from __future__ import annotations

from django.dispatch import Signal

photo_added = Signal()
"""Sent within the transaction that adds a photo, so that what a receiver does stands or falls with
it; an error of a receiver is the error of who adds the photo. The sender is
:class:`webapp.photos.models.Photo`; ``photo`` comes along.
"""
