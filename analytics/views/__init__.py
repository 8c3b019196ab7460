"""The pages of insight: the district's at the desk, each shop's for its owner."""

from analytics.views import district, papers, shop
from analytics.views.frame import pages

__all__ = ["district", "pages", "papers", "shop"]
