"""The pages of insight: the district's at the desk, each shop's for its owner."""

from analytics.views import district, measures, papers, shop
from analytics.views.frame import pages

__all__ = ["district", "measures", "pages", "papers", "shop"]
