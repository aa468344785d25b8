"""Content credentials in results, where the site has a certificate."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop

from colorizer.metadata.xmp import Provenance
from colorizer.output import FormatName
from colorizer.output.signing import Credentials, SigningError

UNUSABLE = gettext_noop("results cannot be signed with C2PA_CERTIFICATE and C2PA_KEY")


def is_signing() -> bool:
    """Tell whether results are signed here."""
    return bool(settings.C2PA_CERTIFICATE)


def signed(data: bytes, name: FormatName, provenance: Provenance) -> bytes:
    """Return a result with its content credentials; as it is where the site has no certificate.

    Nothing is stated of colours that were brought in: who made them is not known.

    Raises:
        SigningError: the certificate, or its key, cannot be used.
    """
    if not (is_signing() and provenance.model):
        return data
    return _credentials().sign(data, name, provenance)


def signing_problem() -> str:
    """Return why results cannot be signed, for the check of readiness; empty where all is well."""
    if is_signing():
        try:
            _credentials()
        except SigningError:
            return UNUSABLE
    return ""


@cache
def _credentials() -> Credentials:
    return Credentials.read(Path(settings.C2PA_CERTIFICATE), Path(settings.C2PA_KEY))
