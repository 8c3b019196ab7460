"""What the tests of insight share: the book of the ledger's tests, and the town."""

from tests.ledger.conftest import book, demo_book, desk_engine
from tests.town import district

__all__ = ["book", "demo_book", "desk_engine", "district"]
