"""What a file is, by its first bytes: a browser's word for it proves nothing."""

from __future__ import annotations

FILE_MAX_BYTES = 3_000_000
SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


def media_type(content: bytes) -> str | None:
    """PDF, JPEG or PNG; None for anything else."""
    return next((name for sign, name in SIGNS if content.startswith(sign)), None)
