"""What can be done with webhooks: add, remove, tell, and tell again."""

from __future__ import annotations

import json
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from webapp.accounts.models import User
from webapp.common.queue import enqueue
from webapp.webhooks import sending
from webapp.webhooks.models import Delivery, Webhook

log = structlog.get_logger(__name__)

TASK = "webhooks.deliver"
HELD = timedelta(minutes=2)
"""Who has taken a delivery has it for so long."""
FIRST_PAUSE = timedelta(seconds=10)
FACTOR = 4
SENT_AT_ONCE = 100
KEPT = timedelta(days=30)
TAKEN = range(200, 300)

Status = Delivery.Status


class WebhookRefusedError(Exception):
    """The webhook cannot be added; ``str()`` of it says why."""


def add_webhook(*, owner: User, url: str) -> Webhook:
    """Add an address that is told from now on.

    Raises:
        WebhookRefusedError: it may not be told anything, or there are enough.
    """
    if owner.webhooks.count() >= settings.WEBHOOKS_PER_USER:
        message = gettext("You have %(limit)d webhooks, which is the limit. Remove one first.")
        raise WebhookRefusedError(message % {"limit": settings.WEBHOOKS_PER_USER})
    try:
        _, host, port, _ = sending.check_url(url)
        sending.addresses_of(host, port)
    except (sending.ForbiddenAddressError, sending.DeliveryError):
        message = gettext("Nothing can be sent to this address: it has to be a public https one.")
        raise WebhookRefusedError(message) from None
    return Webhook.objects.create(owner=owner, url=url, secret=secrets.token_urlsafe(32))


def remove_webhook(*, webhook: Webhook) -> None:
    """Tell an address nothing more, and forget what it was told."""
    webhook.delete()


@transaction.atomic
def notify(*, owner_id: int, event: Delivery.Event, subject: str, about: dict[str, Any]) -> None:
    """Tell all of a user's webhooks of something, once each, after the commit."""
    now = timezone.now()
    for webhook in Webhook.objects.filter(owner_id=owner_id):
        delivery, is_new = Delivery.objects.get_or_create(
            webhook=webhook,
            event=event,
            subject=subject,
            defaults={"payload": {"event": event, "at": now.isoformat(), **about}, "due": now},
        )
        if is_new:
            enqueue(TASK, delivery.pk)


def deliver(*, delivery_id: uuid.UUID) -> None:
    """Send a delivery that is due, unless another worker does."""
    now = timezone.now()
    taken = Delivery.objects.filter(pk=delivery_id, status=Status.WAITING, due__lte=now)
    if not taken.update(due=now + HELD, attempts=F("attempts") + 1):
        return
    delivery = Delivery.objects.select_related("webhook").get(pk=delivery_id)
    answer, is_taken, is_hopeless = _send(delivery, at=int(now.timestamp()))
    fields: dict[str, Any] = {"answer": answer[:200]}
    if is_taken:
        fields["status"] = Status.DONE
    elif is_hopeless or delivery.attempts >= settings.WEBHOOK_ATTEMPTS:
        fields["status"] = Status.FAILED
    else:
        fields["due"] = timezone.now() + FIRST_PAUSE * FACTOR ** (delivery.attempts - 1)
    Delivery.objects.filter(pk=delivery_id, attempts=delivery.attempts).update(**fields)
    log.info("webhook_sent", delivery=str(delivery_id), answer=answer, taken=is_taken)


def deliver_again(*, delivery: Delivery) -> None:
    """Send a delivery anew, whatever became of it, with as many attempts as a new one has."""
    now = timezone.now()
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(
            status=Status.WAITING, attempts=0, due=now, answer=""
        )
        enqueue(TASK, delivery.pk)


def send_due(*, now: datetime) -> int:
    """Ask for deliveries whose time has come; return how many."""
    due = Delivery.objects.filter(status=Status.WAITING, due__lte=now).order_by("due")
    ids = list(due.values_list("pk", flat=True)[:SENT_AT_ONCE])
    for delivery_id in ids:
        enqueue(TASK, delivery_id)
    return len(ids)


def prune_deliveries(*, now: datetime) -> int:
    """Forget what was told long ago; return how many deliveries."""
    return Delivery.objects.filter(created__lt=now - KEPT).delete()[0]


def _send(delivery: Delivery, *, at: int) -> tuple[str, bool, bool]:
    """Return what became of it in words, whether it was taken, and whether trying again helps."""
    body = json.dumps(delivery.payload, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Rehue",
        "Rehue-Event": delivery.event,
        "Rehue-Delivery": str(delivery.pk),
        sending.SIGNATURE: sending.sign(delivery.webhook.secret, at=at, body=body),
    }
    try:
        status = sending.post(delivery.webhook.url, body=body, headers=headers)
    except sending.ForbiddenAddressError as error:
        return str(error), False, True
    except sending.DeliveryError as error:
        return str(error), False, False
    return f"HTTP {status}", status in TAKEN, status == 410
