"""What insight keeps of its own beside the book's columns."""

from analytics.models.measurements import Delivery, Measurement, Source
from analytics.models.open_data import OpenDataFile, OpenDataSwitch

__all__ = ["Delivery", "Measurement", "OpenDataFile", "OpenDataSwitch", "Source"]
from analytics.models.papers import InsightPaper

__all__ = ["Delivery", "InsightPaper", "Measurement", "Source"]
