"""The desk: pages of the association, desktop first."""

from association.views import books, counter, drawers, home, notice, roles, series, shops, tokens
from association.views.frame import pages

__all__ = ["books", "counter", "drawers", "home", "notice", "pages", "roles", "series", "shops", "tokens"]
