"""What insight keeps of its own beside the book's columns."""

from analytics.models.foresight import InsightForecast, InsightNote
from analytics.models.measurements import Delivery, Measurement, Source
from analytics.models.open_data import OpenDataFile, OpenDataSwitch
from analytics.models.papers import InsightPaper

__all__ = ["Delivery", "InsightForecast", "InsightNote", "InsightPaper", "Measurement", "OpenDataFile", "OpenDataSwitch", "Source"]
