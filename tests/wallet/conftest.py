"""The district that these tests play in, and the phones."""

from tests.town import district, other_district
from tests.wallet.phones import hand, phone, served

__all__ = ["district", "hand", "other_district", "phone", "served"]
