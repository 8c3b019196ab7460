"""PINs, keys and the notice that every test may know."""

from __future__ import annotations

from datetime import date
from itertools import count
from uuid import UUID

from association.commands import (
    Notice,
)

ANY_KEY = UUID("0a1b2c3d-0000-4000-8000-000000000001")


OWNER_PIN, CASHIER_PIN, CARD_PIN = "2580", "7391", "4826"


NOTICE = Notice(
    issuer_name="灯ノ沢温泉商店街協同組合",
    public_body=False,
    registration_number="北陸財務局長第00042号",
    registered_on=date(2024, 4, 1),
    address="石川県灯ノ沢町湯の端1-1",
    contact="案内所 0761-00-0000（9時から18時）",
    places="灯ノ沢温泉の加盟店",
    cautions="現金への払戻し、他人への譲渡はできません。",
    terms="案内所の窓口で配布する利用規約",
    security="発行保証金の供託（金沢地方法務局）",
    loss_policy="届け出の前に使われた分は、本人に落ち度がなければ補償します。",
)


SEAL_SEED = b"what signs the sealed log, here:"
NUMBERS = count(1)
"""Whoever is new comes from an address of their own."""
