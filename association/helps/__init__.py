"""このページの使い方 of every page of the desk."""

from __future__ import annotations

from association.helps import books, issued, law, money, people, settings
from web.helps import Help

HELPS: dict[str, Help] = money.HELPS | issued.HELPS | people.HELPS | books.HELPS | law.HELPS | settings.HELPS
"""By template."""
