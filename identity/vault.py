"""Sealing personal data and hashing secrets. All keys derive from the master key of the settings.

Whoever makes database sessions gives them the key: `Session(engine, info={"master_key": settings.master_key, …})`.

A person's data is sealed with a key of their own (AES-256-GCM), which is stored wrapped by the master key.
A sealed value is bound to its district, person and field: moved elsewhere, it does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

_FORM = b"\x01"  # of what is sealed: one byte, 12 of nonce, the ciphertext with its tag
_NONCE = 12


def _bytes(parts: tuple[int | str, ...]) -> bytes:
    return "\x1f".join(str(part) for part in parts).encode()


def seal(key: bytes, text: str, *context: int | str) -> bytes:
    """Encrypt `text`, bound to `context`; never twice the same."""
    return seal_file(key, text.encode(), *context)


def unseal(key: bytes, sealed: bytes, *context: int | str) -> str:
    """The text again. Raises cryptography's InvalidTag if a bit, the key, the form or the context differs."""
    return unseal_file(key, sealed, *context).decode()


def seal_file(key: bytes, content: bytes, *context: int | str) -> bytes:
    """As `seal`, for what is no text."""
    nonce = secrets.token_bytes(_NONCE)
    return _FORM + nonce + AESGCM(key).encrypt(nonce, content, _bytes(context))


def unseal_file(key: bytes, sealed: bytes, *context: int | str) -> bytes:
    """As `unseal`, for what is no text. Raises InvalidTag."""
    if sealed[:1] != _FORM:
        raise InvalidTag
    return AESGCM(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], _bytes(context))


class Vault:
    """What the master key can do. Holds keys derived from it, one a purpose."""

    def __init__(self, master_key: bytes) -> None:
        self._wrapping = self._derive(master_key, "wrap person keys")
        self._hashing = self._derive(master_key, "keyed hashes")
        self._shared = self._derive(master_key, "seal mail and forms")

    @staticmethod
    def _derive(master_key: bytes, purpose: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"meguri identity {purpose}".encode()).derive(master_key)

    def new_key(self, district_id: int, owner: int | str) -> tuple[bytes, bytes]:
        """A fresh key for the data of one person (by number) or of one thing that is kept, and the same wrapped for storing."""
        key = secrets.token_bytes(32)
        return key, seal(self._wrapping, key.hex(), district_id, owner)

    def open_key(self, wrapped: bytes, district_id: int, owner: int | str) -> bytes:
        """The owner's key from its wrapped form."""
        return bytes.fromhex(unseal(self._wrapping, wrapped, district_id, owner))

    def keyed_hash(self, purpose: str, *parts: int | str) -> bytes:
        """HMAC-SHA-256: finds or checks what a person can guess, without showing it to who reads the database."""
        return hmac.new(self._hashing, _bytes((purpose, *parts)), hashlib.sha256).digest()

    def seal(self, text: str, *context: int | str) -> bytes:
        """Seal what belongs to no person's key: waiting mail, a half-finished form."""
        return seal(self._shared, text, *context)

    def unseal(self, sealed: bytes, *context: int | str) -> str:
        """Open what `seal` closed."""
        return unseal(self._shared, sealed, *context)


@lru_cache(maxsize=4)
def vault_of(master_key: bytes) -> Vault:
    """The vault of a master key (32 bytes); deriving its keys is done once."""
    return Vault(master_key)


def vault(session: Session) -> Vault:
    """The vault of the key that this session was given."""
    return vault_of(session.info["master_key"])
