"""The pages of insight: the district's at the desk, each shop's for its owner, and what is open to everybody."""

from analytics.views import district, measures, month, note_list, open_data, papers, screens, shop, streets
from analytics.views.frame import pages
from analytics.views.open_data import outside
