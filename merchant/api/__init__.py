"""The shop's side of the JSON API: お会計, what was taken, and what goes back. The same doors as on the tablet."""

# The API's document lists the addresses in the order of these imports.
# isort: off
from merchant.api.frame import api
from merchant.api import requests, sales, refunds, payouts, webhooks, printing
from merchant.api.sales import SaleSchema, as_item
# isort: on
