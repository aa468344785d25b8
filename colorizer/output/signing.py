"""Content credentials (C2PA): a signed statement in a result that a model gave it its colours.

The extra ``c2pa`` brings the library; nothing else needs it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from colorizer.metadata.xmp import SOURCE_TYPE, Provenance
from colorizer.output.encode import FORMATS, FormatName
from colorizer.translation import gettext_noop

# A result is its own picture: none of it is needed smaller, nor is anything fetched.
_SETTINGS = {"builder": {"thumbnail": {"enabled": False}}}


class SigningError(Exception):
    """Results cannot be signed; ``str()`` of it says why, in English.

    Args:
        message: the sentence, with places for values.
        values: what goes there.
    """

    def __init__(self, message: str, **values: object) -> None:
        self.message, self.values = message, values
        super().__init__(self.translated(str))

    def translated(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language that ``translate`` gives."""
        return translate(self.message) % self.values


@dataclass(frozen=True)
class Credentials:
    """Who signs.

    Attributes:
        certificates: in PEM, the signer's own first, then those above it but the root.
        key: its private key, in PEM without a password.
        algorithm: of the signature, as the key is: ``es256`` and so on.
    """

    certificates: bytes
    key: bytes
    algorithm: str

    @classmethod
    def read(cls, certificates: Path, key: Path) -> Credentials:
        """Read both files, and see that something can be signed with them.

        Raises:
            SigningError: the library is missing, or they cannot be used.
        """
        if find_spec("c2pa") is None:
            raise SigningError(gettext_noop('Signing needs: pip install "rehue[c2pa]".'))
        try:
            secret = key.read_bytes()
            found = cls(certificates.read_bytes(), secret, _algorithm_of(secret))
        except OSError as error:
            message = gettext_noop("%(path)s cannot be read: %(reason)s")
            raise SigningError(message, path=error.filename, reason=error.strerror) from error
        found._signer().close()
        return found

    def sign(self, data: bytes, name: FormatName, provenance: Provenance) -> bytes:
        """Return a result with its statement; its pixels and metadata stay as they are.

        Args:
            data: a file of :func:`colorizer.output.encode`'s.
            name: of its format; each can be signed.
            provenance: how it came to be.

        Raises:
            SigningError: the library refused, as where a certificate has run out.
        """
        import c2pa

        kind, signed = FORMATS[name].content_type, io.BytesIO()
        try:
            context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))
            manifest = _manifest(kind, provenance)
            with self._signer() as signer, c2pa.Builder(manifest, context) as builder:
                builder.sign(signer, kind, io.BytesIO(data), signed)
        except c2pa.C2paError as error:
            message = gettext_noop("The result cannot be signed: %(reason)s")
            raise SigningError(message, reason=error) from error
        return signed.getvalue()

    def _signer(self) -> Any:
        import c2pa

        try:
            return c2pa.Signer.from_info(
                c2pa.C2paSignerInfo(
                    alg=self.algorithm.encode(),
                    sign_cert=self.certificates,
                    private_key=self.key,
                    ta_url=None,
                )
            )
        except c2pa.C2paError as error:
            message = gettext_noop("Certificate and key cannot be used: %(reason)s")
            raise SigningError(message, reason=error) from error


def _algorithm_of(key: bytes) -> str:
    """Return what C2PA calls the signature of a key."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        secret = load_pem_private_key(key, password=None)
    except (ValueError, TypeError) as error:
        message = gettext_noop("The private key cannot be read: %(reason)s")
        raise SigningError(message, reason=error) from error
    if isinstance(secret, ec.EllipticCurvePrivateKey):
        name = {256: "es256", 384: "es384", 521: "es512"}.get(secret.curve.key_size, "")
    elif isinstance(secret, rsa.RSAPrivateKey):
        name = "ps256"
    else:
        name = "ed25519" if isinstance(secret, ed25519.Ed25519PrivateKey) else ""
    if not name:
        raise SigningError(gettext_noop("The private key is of a kind that C2PA does not know."))
    return name


def _manifest(kind: str, provenance: Provenance) -> dict[str, Any]:
    name, _, version = provenance.software.partition(" ")
    software = {"name": name, "version": version}
    action = {
        "action": "c2pa.created",
        "digitalSourceType": SOURCE_TYPE,
        "softwareAgent": software,
        "description": f"Colours added by the model {provenance.model}, with "
        f"{provenance.hints} hints by hand",
    }
    return {
        "claim_generator_info": [software],
        "format": kind,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}}],
    }
