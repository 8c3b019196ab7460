"""A card of paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import wallet.commands
from wallet.commands import Blank

if TYPE_CHECKING:
    from tests.town.the_town import Town


@dataclass(frozen=True)
class PaperCard:
    """What stands on a card: its QR and its number. `id`: 0 while it is nobody's."""

    id: int
    text: str
    number: str

    def as_read(self, town: Town) -> Blank:
        """The blank card, as a clerk has read it."""
        seen = wallet.commands.card_at_counter(town.session, town.clerk().who, self.text, now=town.now)
        return Blank(seen.id, seen.number)
