"""EMV QR texts (qr.md C and E): a second format that we can build and parse. The wallet reads it; no page shows it, `meguri rules` does.

EMV-M = EMV QR Code Specification for Payment Systems, Merchant-Presented Mode; EMV-C = Consumer-Presented Mode.
"""
