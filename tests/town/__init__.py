"""The district that tests play in: every person, shop and desk drives the product's real doors, in the users' words.

    def test_a_nervous_thumb_pays_once(district):
        hanako, bakery = district.consumer(coins=1_000), district.shop()
        ask = bakery.asks(500)
        assert hanako.pays(ask, key=ANY_KEY) == hanako.pays(ask, key=ANY_KEY)
        assert (hanako.coins(), bakery.taken()) == (500, 500)

Each thread has a database session of its own, so `district.at_once([...])` really is at once. Nothing here goes
round a door, except `behind_the_doors`: what cannot be done here cannot be done.
"""

from tests.town.cards import PaperCard
from tests.town.desk import Clerk
from tests.town.fixtures import bare_district, behind_the_doors, district, founded, other_district
from tests.town.known import ANY_KEY, CARD_PIN, CASHIER_PIN, NOTICE, OWNER_PIN, SEAL_SEED
from tests.town.people import CardHolder, Consumer
from tests.town.shops import Shop, Till
from tests.town.the_town import Town
