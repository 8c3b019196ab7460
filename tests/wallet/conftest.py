"""The district that these tests play in."""

from tests.town import district, other_district

__all__ = ["district", "other_district"]
