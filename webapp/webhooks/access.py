"""The only ways to a webhook and to what it was told: its owner's, by id."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from webapp.accounts.models import User
from webapp.webhooks.models import Delivery, Webhook

RECENT = 20


class WebhookNotFoundError(Exception):
    """There is no such webhook or delivery, or it is somebody else's: which one is not told."""


def webhooks_of(user: User) -> QuerySet[Webhook]:
    """Return the webhooks of ``user``, newest first."""
    return Webhook.objects.filter(owner=user)


def recent_deliveries(user: User) -> QuerySet[Delivery]:
    """Return what the webhooks of ``user`` were told last."""
    mine = Delivery.objects.filter(webhook__owner=user).select_related("webhook")
    return mine[:RECENT]


def access_webhook(user: User, webhook_id: uuid.UUID) -> Webhook:
    """Return a webhook of ``user``.

    Raises:
        WebhookNotFoundError: it does not exist, or is somebody else's.
    """
    webhook = webhooks_of(user).filter(pk=webhook_id).first()
    if webhook is None:
        raise WebhookNotFoundError
    return webhook


def access_delivery(user: User, delivery_id: uuid.UUID) -> Delivery:
    """Return a delivery to a webhook of ``user``.

    Raises:
        WebhookNotFoundError: it does not exist, or is somebody else's.
    """
    delivery = Delivery.objects.filter(webhook__owner=user, pk=delivery_id).first()
    if delivery is None:
        raise WebhookNotFoundError
    return delivery
