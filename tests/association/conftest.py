"""Fixtures of the association's tests."""

from tests.town import district, other_district

__all__ = ["district", "other_district"]
