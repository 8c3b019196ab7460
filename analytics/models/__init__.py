"""What insight keeps of its own beside the book's columns."""

from analytics.models.catchment import InsightCatchment
from analytics.models.foresight import InsightForecast, InsightNote
from analytics.models.measurements import Delivery, Measurement, Source
from analytics.models.open_data import OpenDataFile, OpenDataSwitch
from analytics.models.papers import InsightMonthEnd, InsightPaper
from analytics.models.screens import Screen
from analytics.models.streets import StreetPlace, StreetPlan
from analytics.models.uplift import InsightUplift
