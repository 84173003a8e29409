"""Digests and encryption: what lets us recognise a phone or a secret without keeping it readable."""

import hmac
import secrets
import string
from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_LINK_LETTERS = string.ascii_letters + string.digits


def digest(text: str) -> bytes:
    """SHA-256 of a token with enough randomness of its own, so that no slow hash is needed."""
    return sha256(text.encode()).digest()


def new_token(size: int = 24) -> str:
    """A random URL-safe token of `size` bytes of randomness."""
    return secrets.token_urlsafe(size)


def new_link_token() -> str:
    """A random token of 142 bits for a link in a message.

    Letters and digits only: phones end a link before a dash, and messengers take underscores for italics.
    """
    return "".join(secrets.choice(_LINK_LETTERS) for _ in range(24))


class Keyring:
    """The installation's secret, split into one key for each use."""

    def __init__(self, secret: bytes) -> None:
        self._phone_key = self._derive(secret, b"takeed phone hash")
        self._page_key = self._derive(secret, b"takeed pages")
        self._fernet = Fernet(urlsafe_b64encode(self._derive(secret, b"takeed stored secrets")))

    @staticmethod
    def _derive(secret: bytes, use: bytes) -> bytes:
        return HKDF(hashes.SHA256(), length=32, salt=None, info=use).derive(secret)

    def phone_hash(self, e164: str) -> bytes:
        """A keyed digest of a phone: equal for equal phones, useless without the installation's secret."""
        return hmac.new(self._phone_key, e164.encode(), sha256).digest()

    def keyed_digest(self, use: str, text: str) -> bytes:
        """A keyed digest of a text for one use: equal for equal texts, and nobody else can make it."""
        return hmac.new(self._page_key, f"{use}\0{text}".encode("utf-8", "surrogatepass"), sha256).digest()

    def encrypt(self, text: str) -> bytes:
        """Seal a secret that must be read again."""
        return self._fernet.encrypt(text.encode())

    def decrypt(self, sealed: bytes) -> str:
        """Open what `encrypt` sealed; raises `InvalidToken` under another installation's secret."""
        return self._fernet.decrypt(sealed).decode()
