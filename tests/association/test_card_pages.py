"""カード at the desk, without scripts: lots and their sheets, a card for somebody without a phone, a lost one, the rules."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pypdfium2
import pytest
from werkzeug.test import TestResponse

import wallet.queries
from tests.association.test_pages import Desk, Seat, desk
from tests.papers.paper import scan
from tests.town import CARD_PIN, CardHolder, PaperCard, Town

__all__ = ["desk"]


@pytest.fixture
def seat(desk: Seat, district: Town) -> Desk:
    return desk(district.clerk())


def gives(seat: Desk, card: PaperCard, **form: object) -> TestResponse:
    """Read a blank card at the counter, let the holder type the PIN twice."""
    page = seat.presses("/desk/top-up", "/desk/top-up", code=card.text).headers["Location"]
    signed = re.search(r'name="card" value="([^"]+)"', seat.sees(page).text)
    assert signed is not None
    return seat.presses(page, page, card=signed.group(1), **({"pin": CARD_PIN, "again": CARD_PIN} | form))


def test_a_lot_from_the_form_to_the_paper(seat: Desk, district: Town) -> None:
    """Twelve cards on two sheets; what a camera reads off them is given and pays; printed again, all codes are others."""
    page = seat.presses("/desk/cards", "/desk/cards", quantity="12").headers["Location"]

    def prints() -> list[str]:
        answer = seat.presses(page, f"{page}/print")
        assert answer.mimetype == "application/pdf"
        pictures = [sheet.render(scale=2).to_pil().convert("L") for sheet in pypdfium2.PdfDocument(io.BytesIO(answer.data))]
        return [code.text for picture in pictures for code in scan(picture)]

    first = prints()
    assert len(set(first)) == 12
    assert gives(seat, PaperCard(0, first[0], "")).status_code == 303
    assert "11枚をもう一度印刷する" in seat.sees(page).text
    second = prints()
    assert len(set(second)) == 11 and not set(second) & set(first)
    assert "見つかりません" in seat.presses("/desk/top-up", "/desk/top-up", code=first[1]).text


@pytest.mark.parametrize("quantity", ["0", "501", "あ", ""])
def test_a_lot_is_no_larger_than_a_printer_takes(seat: Desk, quantity: str) -> None:
    """From 1 to 500; anything else is said beside the field."""
    assert seat.presses("/desk/cards", "/desk/cards", quantity=quantity).status_code == 422


def test_a_card_for_somebody_without_a_phone(seat: Desk, district: Town) -> None:
    """A blank card read at the counter becomes somebody's, and the page goes on to topping it up; read again, it shows the balance."""
    card = district.blank_card()
    unlike = gives(seat, card, again="4827")
    assert unlike.status_code == 422 and "2回の暗証番号が同じではありません" in unlike.text
    counter = gives(seat, card).headers["Location"]
    assert "カードを渡しました" in seat.sees(counter).text and f"カード {card.number[-4:]}" in seat.sees(counter).text
    again = seat.presses("/desk/top-up", "/desk/top-up", code=card.number).headers["Location"]
    assert "残高 0円" in seat.sees(again).text


def test_a_card_for_somebody_with_a_phone(seat: Desk, district: Town) -> None:
    """The phone first, then the card: one balance, and the counter's page shows that there is a card."""
    hanako, card = district.consumer(coins=3_000), district.blank_card()
    counter = seat.presses("/desk/top-up", "/desk/top-up", code=hanako.shows_code().text).headers["Location"]
    give = re.search(r'href="(/desk/cards/give[^"]+)"', seat.sees(counter).text)
    to = re.search(r"to=([^&]+)", counter)
    assert give is not None and to is not None
    page = give.group(1).replace("&amp;", "&")
    answer = seat.presses(page, page, to=to.group(1), code=card.text, pin=CARD_PIN, again=CARD_PIN)
    assert f"終わりが {card.number[-4:]}" in seat.sees(answer.headers["Location"]).text
    district.till().scans_card(card, 1_000)
    assert hanako.coins() == 2_000


def test_a_lost_card_from_the_telephone_to_the_new_one(seat: Desk, district: Town) -> None:
    """Found by its last digits, blocked, moved by the daughter: the page tells the whole story, and the balance is there."""
    yamada = district.card_holder(coins=8_000)
    new = district.blank_card()
    page = seat.presses("/desk/cards", "/desk/cards/find", find=yamada.card.number[-4:]).headers["Location"]
    assert "8,000" in seat.sees(page).text
    seat.presses(f"{page}/block", f"{page}/block", came="holder", note="電話で届け出")
    nameless = seat.presses(f"{page}/replace", f"{page}/replace", code=new.text, came="relative", note="")
    assert nameless.status_code == 422
    moved = seat.presses(f"{page}/replace", f"{page}/replace", code=new.text, came="relative", note="長女")
    assert "8,000" in seat.sees(moved.headers["Location"]).text
    story = seat.sees(page).text
    assert "長女" in story and "電話で届け出" in story and "新しいカードを開く" in story
    district.till().scans_card(new, 1_000, pin=CARD_PIN)
    assert yamada.coins() == 7_000


def test_what_is_no_blank_card_is_said_beside_the_field(seat: Desk, district: Town) -> None:
    """A phone's code, a used card: the page comes back with the sentence."""
    yamada, other = district.card_holder(coins=100), district.card_holder(coins=100)
    page = f"/desk/cards/{yamada.card.id}/replace"
    for code, sentence in ((district.consumer().shows_code().text, "カードとして読み取れません"), (other.card.text, "もう渡せません")):
        answer = seat.presses(page, page, code=code, came="holder", note="")
        assert answer.status_code in (409, 422) and sentence in answer.text


def test_a_found_card_is_let_go_again(seat: Desk, district: Town) -> None:
    """The clerk reads it, the holder types the PIN: a wrong one is said beside the field, the right one opens the card."""
    yamada = district.card_holder(coins=8_000)
    page = f"/desk/cards/{yamada.card.id}"
    seat.presses(f"{page}/block", f"{page}/block", came="holder", note="")
    unblock = f"{page}/unblock"
    assert unblock in seat.sees(page).text
    wrong = seat.presses(unblock, unblock, code=yamada.card.text, pin="9517")
    assert wrong.status_code == 422 and "暗証番号が違います" in wrong.text
    other = seat.presses(unblock, unblock, code=yamada.card.number, pin=CARD_PIN)
    assert other.status_code == 409 and "このページのカードではありません" in other.text
    assert seat.presses(unblock, unblock, code=yamada.card.text, pin=CARD_PIN).status_code == 303
    assert "見つかって、使えるようにした" in seat.sees(page).text
    district.till().scans_card(yamada, 1_000)


def test_a_new_pin_at_the_counter(seat: Desk, desk: Seat, district: Town) -> None:
    """Read by one, seen by another, typed twice by the holder; the old one ends."""
    yamada, other = district.card_holder(coins=8_000), desk(district.approver())
    page = f"/desk/cards/{yamada.card.id}/pin"
    assert seat.presses(page, page, pin="7205", again="7205").status_code == 409
    seat.presses(page, f"{page}/ask", code=yamada.card.text)
    number = re.search(r'href="(/desk/approvals/\d+)"', seat.sees(page).text)
    assert number is not None and 'name="pin"' not in seat.sees(page).text
    asked = other.sees(number.group(1)).text
    assert "自分の目で見てから" in asked and yamada.card.number[-4:] in asked and yamada.card.number not in asked
    assert other.presses(number.group(1), f"{number.group(1)}/approve").status_code == 303
    assert page in seat.sees(number.group(1)).text
    assert seat.presses(page, page, pin="1234", again="1234").status_code == 422
    assert seat.presses(page, page, pin="7205", again="7205").status_code == 303
    district.till().scans_card(yamada, 4_000, pin="7205")


def test_the_administrator_sets_the_limits(desk: Callable[..., Desk], district: Town) -> None:
    """One table, read by the desk's page, the public page and the till; the loss policy stands beside it."""
    admin = desk(district.another_clerk("administrator"))
    assert admin.presses("/desk/cards", "/desk/cards/limits", payment="6000", day="5000").status_code == 422
    assert admin.presses("/desk/cards", "/desk/cards/limits", payment="１，０００", day="2,000").status_code == 303
    assert wallet.queries.no_pin_limits(district.session, district.district_id) == wallet.queries.NoPin(1_000, 2_000)
    for seat, path in ((admin, "/desk/cards"), (desk(None), "/card")):
        page = seat.sees(path).text
        assert "本人に落ち度がなければ補償します" in page and "1,000" in page


def test_only_the_issuer_gives_cards(desk: Seat, district: Town) -> None:
    """The approver and the auditor see the lots, and no holder."""
    yamada = district.card_holder(coins=100)
    for role in ("approver", "auditor"):
        seat = desk(district.another_clerk(role))
        assert seat.sees("/desk/cards").status_code == 200
        for path in ("/desk/cards/give", f"/desk/cards/{yamada.card.id}"):
            assert seat.sees(path).status_code == 403


# the public page


def asks(seat: Desk, holder: CardHolder, pin: str = CARD_PIN) -> TestResponse:
    return seat.presses("/card", "/card", number=holder.card.number, pin=pin)


def test_number_and_pin_show_the_balance_and_the_slip(desk: Seat, district: Town) -> None:
    """Nobody signs in: the balance, the last payments, and the slip of each as PDF, for ten minutes."""
    yamada, stranger = district.card_holder(coins=8_000), desk(None)
    district.till().scans_card(yamada, 1_280)
    answer = asks(stranger, yamada)
    assert answer.status_code == 200 and "6,720" in answer.text and "みなと屋" in answer.text
    assert yamada.card.number not in answer.text and CARD_PIN not in answer.text
    slip = re.search(r'href="(/card/slip/[^"]+)"', answer.text)
    assert slip is not None
    assert stranger.sees(slip.group(1)).mimetype == "application/pdf"
    assert stranger.sees(slip.group(1)[:-1]).status_code == 404
    district.clock.advance(minutes=11)  # type: ignore[attr-defined]
    assert stranger.sees(slip.group(1)).status_code == 404


def test_a_wrong_pin_tells_nothing(desk: Seat, district: Town) -> None:
    """The page comes back with one sentence, with the number still in the field and the PIN not."""
    yamada = district.card_holder(coins=8_000)
    answer = asks(desk(None), yamada, "9517")
    assert answer.status_code == 422 and "番号か暗証番号が違います" in answer.text
    assert "9517" not in answer.text and "8,000" not in answer.text


# the holder's phone


def test_the_phone_stops_its_card(seat: Desk, desk: Seat, district: Town) -> None:
    """設定, カード, 止める: without the counter, and the balance stays on the phone."""
    hanako, card = district.consumer(coins=3_000), district.blank_card()
    phone = desk(None)
    phone.client.set_cookie("meguri_session", district.cookie(hanako.person_id), domain=district.host, secure=True)
    assert "使っているカードはありません" in phone.sees("/wallet/settings/card").text
    wallet.commands.give_card(
        district.session,
        district.clerk().who,
        wallet.commands.GiveCard(card.as_read(district), CARD_PIN, person_id=hanako.person_id),
        now=district.now,
    )
    assert f"終わりが {card.number[-4:]}" in phone.sees("/wallet/settings/card").text
    assert phone.presses("/wallet/settings/card", "/wallet/settings/card/block").status_code == 303
    assert "使っているカードはありません" in phone.sees("/wallet/settings/card").text
    assert hanako.coins() == 3_000
