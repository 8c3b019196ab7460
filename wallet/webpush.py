"""Web Push as the standards have it: what is told is sealed for one browser (RFC 8291), and says who sends it (RFC 8292, VAPID).

The key that signs comes from the master key: one for the installation, nothing more to keep or to lose. The service in between
sees neither words nor names, only that something was sent. Written here and not borrowed: it is short, has the standard's own example
as its test, and the library that is usual for it brings two HTTP clients along.
"""

from __future__ import annotations

import base64
import json
import os
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RECORD_BYTES = 4096
PLAIN_MAX_BYTES = 3000
"""Services must take 4,096 bytes; what we tell is one short sentence."""
POINT_BYTES, AUTH_BYTES = 65, 16
TOKEN_LIVES = timedelta(hours=12)
"""At most 24 hours, says RFC 8292."""


def b64(raw: bytes) -> str:
    """base64url without padding, as all of this is written."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as browsers write it: uncompressed, 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def signing_key(master_key: bytes) -> ec.EllipticCurvePrivateKey:
    """The installation's own key, always the same for one master key. 48 bytes leave no bias worth a name."""
    raw = HKDF(algorithm=SHA256(), length=48, salt=None, info=b"meguri web push").derive(master_key)
    return ec.derive_private_key(int.from_bytes(raw, "big") % (ORDER - 1) + 1, CURVE)


def public_key(master_key: bytes) -> str:
    """What a browser is given when it subscribes: it takes messages of this key alone."""
    return b64(point(signing_key(master_key).public_key()))


def is_endpoint(address: str, hosts: frozenset[str]) -> bool:
    """Whether an address is https at a host that the operator allowed; `.example.com` allows every host below it."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    name = host if port in (None, 443) else f"{host}:{port}"
    plain = address.isascii() and address.isprintable() and not set(address) & set(' "<>\\^`{|}') and len(address) <= 1000
    allowed = name in hosts or any(each.startswith(".") and name.endswith(each) for each in hosts)
    return plain and parts.scheme == "https" and "@" not in parts.netloc and not parts.fragment and allowed


def are_keys(p256dh: str, auth: str) -> bool:
    """Whether these are a browser's keys: a point of the curve, and 16 bytes."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(p256dh))
        return len(unb64(p256dh)) == POINT_BYTES and len(unb64(auth)) == AUTH_BYTES
    except ValueError:
        return False


def sealed(plain: bytes, p256dh: str, auth: str, *, salt: bytes | None = None, own: ec.EllipticCurvePrivateKey | None = None) -> bytes:
    """The body of a push, readable by that browser alone. `salt` and `own`: fresh ones each time but in the standard's example."""
    assert len(plain) <= PLAIN_MAX_BYTES, len(plain)
    salt, own = salt or os.urandom(16), own or ec.generate_private_key(CURVE)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(p256dh))
    mine = point(own.public_key())
    secret = own.exchange(ec.ECDH(), theirs)
    keying = _hkdf(unb64(auth), secret, b"WebPush: info\0" + unb64(p256dh) + mine, 32)
    key = _hkdf(salt, keying, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, keying, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(mine)]) + mine
    return head + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def authorization(key: ec.EllipticCurvePrivateKey, endpoint: str, contact: str, *, now: datetime) -> str:
    """The header that says who sends, for this service alone and for half a day. `contact`: https address of the installation."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int((now + TOKEN_LIVES).timestamp()), "sub": contact}
    text = ".".join(b64(json.dumps(part, separators=(",", ":")).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(SHA256())))
    return f"vapid t={text}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={b64(point(key.public_key()))}"
