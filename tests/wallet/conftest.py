"""The district that these tests play in, and the phones."""

from tests.town import district, other_district
from tests.wallet.phones import hand, kept_app, phone, served

__all__ = ["district", "hand", "kept_app", "other_district", "phone", "served"]
