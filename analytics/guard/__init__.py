"""The one gate through which every figure about customers leaves: nothing about fewer than ten people, nothing that one of them makes.

`Raw` tables go in, `Published` ones come out, and only these have anything to print. See docs/decisions: the guard.
"""

from __future__ import annotations

from analytics.guard.effects import publish_effect
from analytics.guard.kept import packed, unpacked
from analytics.guard.published import Figure, Grid, Published, together
from analytics.guard.rule import LEAST, LEAST_OTHERS, LEAST_SHOPS
from analytics.guard.shared import publish_shared
from analytics.guard.shares import publish_estimates, publish_shares, publish_shop_shares, publish_survival, publish_times
from analytics.guard.shops import among_shops, columns_among_shops, grid_among_shops, is_told_to_owners, shops_behind
from analytics.guard.summaries import publish_days, publish_median, publish_steps
from analytics.guard.tables import Raw, publish, publish_grid, publish_grid_within, publish_within

__all__ = [
    "LEAST",
    "LEAST_OTHERS",
    "LEAST_SHOPS",
    "Figure",
    "Grid",
    "Published",
    "Raw",
    "among_shops",
    "columns_among_shops",
    "grid_among_shops",
    "is_told_to_owners",
    "packed",
    "publish",
    "publish_days",
    "publish_effect",
    "publish_estimates",
    "publish_grid",
    "publish_grid_within",
    "publish_median",
    "publish_shared",
    "publish_shares",
    "publish_shop_shares",
    "publish_steps",
    "publish_survival",
    "publish_times",
    "publish_within",
    "shops_behind",
    "together",
    "unpacked",
]
