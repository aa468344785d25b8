"""What pages and API read of photos."""

from __future__ import annotations

from webapp.accounts.actor import Actor
from webapp.photos.access import photos_of
from webapp.photos.models import Label, Photo

LABELS_READ = "labels_read"
"""Where lists keep the labels that they read for all their photos at once."""


def revision_of(photo: Photo) -> int:
    """Return the revision of the newest hints of ``photo``; 0 before any was saved."""
    hints = getattr(photo, "hints", None)
    return hints.revision if hints is not None else 0


def labels_on(photo: Photo) -> list[Label]:
    """Return the tags and collections of ``photo``; no query when a list has read them."""
    read: list[Label] | None = getattr(photo, LABELS_READ, None)
    return list(photo.labels.all()) if read is None else read


def same_as(actor: Actor, photo: Photo) -> Photo | None:
    """Return the actor's oldest other photo with the very same pixels, if there is one."""
    if not photo.pixels_sha256:
        return None
    same = photos_of(actor).filter(pixels_sha256=photo.pixels_sha256).exclude(pk=photo.pk)
    return same.order_by("created", "id").first()


def export_folder(photo: Photo) -> str:
    """Return the folder of a photo in its owner's export, named after its title."""
    title = "".join(letter if letter.isalnum() else "-" for letter in photo.title).strip("-")
    name = f"{title[:60]}-{photo.pk.hex[:8]}" if title else str(photo.pk)
    return f"photos/{name}"
