"""What insight keeps of its own beside the book's columns."""

from analytics.models.measurements import Delivery, Measurement, Source

__all__ = ["Delivery", "Measurement", "Source"]
