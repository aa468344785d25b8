"""What is left of somebody in a site's database; run beside the site with ``manage.py shell``.

Looked for in every table: rows that point at the user, and values that are or hold one of the
person's words (address, name) or the ids of their things.
"""

import json
import sys
from datetime import timedelta

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.utils import timezone

from webapp.accounts.services import delete_due_accounts

NOTHING = {"too early": 0, "gone": 1, "rows": [], "names": [], "ids": []}
"""What is left after the days of grace, and not before."""


def ids_of(user_id):
    """The ids of all rows that hang on a user, near or far, and the user's own: as words."""
    found, waiting = {}, [get_user_model()._base_manager.get(pk=user_id)]
    while waiting:
        row = waiting.pop()
        key = (row._meta.label, row.pk)
        if key in found:
            continue
        found[key] = row
        for relation in row._meta.related_objects:
            if relation.on_delete is None or relation.on_delete.__name__ != "CASCADE":
                continue
            rows = relation.related_model._base_manager.filter(**{relation.field.name: row.pk})
            waiting.extend(rows)
    # Small numbers are too common to be looked for as words.
    return sorted({str(pk) for _, pk in found if len(str(pk)) > 20})


def rows_of(user_id):
    """Rows of any table that point at the user, as words."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.related_model is get_user_model():
                number = model._base_manager.filter(**{field.attname: user_id}).count()
                if number:
                    yield f"{model._meta.label}.{field.name}: {number}"


def values_with(words, but=()):
    """Values of any table ``but`` these that hold one of ``words``, as words; sessions opened."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label in but:
            continue
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._base_manager.values_list(*names).iterator():
            for name, value in zip(names, row, strict=True):
                if any(word in str(value) for word in words):
                    yield f"{model._meta.label}.{name}: {value}"
    for session in Session.objects.all():
        reported = json.dumps(session.get_decoded(), default=str)
        if any(word in reported for word in words):
            yield f"session: {reported}"


def tell_who(address):
    """Print who has an address, and the ids of all that is theirs."""
    user = get_user_model().objects.get(email=address)
    tell({"user": user.pk, "address": user.email, "name": user.username, "ids": ids_of(user.pk)})


def tell_what_is_left(who):
    """Let the days of grace go by, and print what is left of somebody who was told before."""
    now = timezone.now()
    tell(
        {
            "too early": delete_due_accounts(now=now + timedelta(days=13)),
            "gone": delete_due_accounts(now=now + timedelta(days=15)),
            "rows": list(rows_of(who["user"])),
            "names": list(values_with([who["address"], who["name"]])),
            # The audit log goes on saying that something with this id was deleted.
            "ids": list(values_with(who["ids"], but=["audit.Entry"])),
        }
    )


def tell(value):
    """Print a value so that the test can read it."""
    sys.stdout.write(json.dumps(value))
