"""The checksum of tag 63 (rule 14)."""

from __future__ import annotations

POLYNOMIAL = 0x1021
INITIAL = 0xFFFF


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE over the UTF-8 bytes of `text`, four upper-case hex digits: "123456789" gives 29B1.

    Source: EMV-M 4.7.3, ISO/IEC 13239. No reflection, no final xor.
    """
    register = INITIAL
    for byte in text.encode("utf-8", "surrogatepass"):  # a broken text gets a checksum too, and fails by it
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ POLYNOMIAL if register & 0x8000 else register << 1
            register &= 0xFFFF
    return f"{register:04X}"
