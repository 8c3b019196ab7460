"""Fixtures of the association's tests."""

from tests.town import bare_district, district, other_district

__all__ = ["bare_district", "district", "other_district"]
