"""What a shop that applied is told, where it wrote an address: that it is admitted and what to do next, or why it is not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import identity.queries
from association.queries.applications import Application, application_of_shop
from base.errors import N_
from identity.commands import queue_mail
from identity.queries import Letter
from merchant.queries import Shop

DECLINED = Letter(
    N_("%(district)s: お店の申し込みについて"),
    N_(
        "%(name)s 様\n\n"
        "お店「%(shop)s」の加盟のお申し込みをありがとうございました。今回は、お受けできませんでした。\n"
        "理由: %(reason)s\n\n"
        "お申し込みに書かれた内容は、消しました。分からないことは、%(contact)s におたずねください。"
    ),
)
ADMITTED = Letter(
    N_("%(district)s: お店の加盟が承認されました"),
    N_(
        "%(name)s 様\n\n"
        "お店「%(shop)s」の加盟が承認されました。お店の番号は %(number)s です。\n\n"
        "1. スマホやパソコンで、このメールアドレスで登録してください。\n"
        "2. 組合（%(contact)s）に電話で伝えてください。組合が、店主の役割を付けます。\n"
        "3. もう一度ログインして「お店のページ」を押します。端末をつなぐと、受け取れます。\n\n"
        "振込先の口座は、ほかの人が承認し、そこから3日たつと使われます。"
    ),
)


def tell_admitted(session: Session, district_id: int, admitted: Shop, *, now: datetime) -> None:
    """What a shop does next, to whoever applied for it. For the door that admits it."""
    wanted = application_of_shop(session, district_id, admitted.id)
    if wanted is not None:
        _tell(session, district_id, wanted, ADMITTED, {"number": admitted.public_number}, now=now)


def tell_declined(session: Session, district_id: int, wanted: Application, reason: str, *, now: datetime) -> None:
    """Why, while the address is still there."""
    _tell(session, district_id, wanted, DECLINED, {"reason": reason}, now=now)


def _tell(session: Session, district_id: int, wanted: Application, letter: Letter, said: dict[str, str | int], *, now: datetime) -> None:
    if not wanted.contact_email:
        return
    district = identity.queries.district(session, district_id)
    said = said | {"district": district.name, "contact": district.contact, "name": wanted.contact_name, "shop": wanted.shop.name}
    queue_mail(session, district_id, wanted.contact_email, letter, said, language="ja", now=now)
