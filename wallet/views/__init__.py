"""The wallet's pages, phone first."""

from wallet.views import code, coupons, events, history, home, pay, scan, settings
from wallet.views.frame import pages

__all__ = ["code", "coupons", "events", "history", "home", "pages", "pay", "scan", "settings"]
