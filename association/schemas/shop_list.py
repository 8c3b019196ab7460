"""The list of shops that comes back from a spreadsheet: what is new, what differs, and what is wrong, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from association.commands import ShopEdit
from association.schemas.shops import ShopSchema
from base.ids import squeezed
from base.row_file import NamedRow
from merchant.commands import NewShop, facts_of
from merchant.queries import Shop
from web.pasted import WrongLine, wrong_lines

NUMBER_DIGITS = 6


@dataclass(slots=True)
class ShopPlan:
    """What keeping the list would do: nothing is done yet. `same`: lines that say what is written down already."""

    new: list[tuple[int, NewShop]] = field(default_factory=list)
    edits: list[tuple[int, ShopEdit]] = field(default_factory=list)
    same: int = 0
    wrong: list[WrongLine] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Of all that would be done: the press counts only for what was looked at."""
        return sha256(repr((self.new, self.edits)).encode()).hexdigest()


def plan_shops(rows: Iterable[NamedRow], shops: Sequence[Shop], sizes: Mapping[str, str]) -> ShopPlan:
    """Each row against the shops as they are. `sizes`: the words for small and large in the languages of the table.

    A row with a number is that shop, and differs or does not; one without is a new shop. A column that was not sent changes nothing.
    """
    plan, planner = ShopPlan(), _Planner(shops, sizes)
    for row in rows:
        try:
            planner.read(row, plan)
        except ValidationError as error:
            plan.wrong += wrong_lines(row.line, row.cells.get("name") or row.cells.get("number") or "", error)
    return plan


class _Planner:
    def __init__(self, shops: Sequence[Shop], sizes: Mapping[str, str]) -> None:
        self._shops = {shop.public_number: shop for shop in shops}
        self._names = Counter(shop.name for shop in shops if shop.state != "closed")
        self._sizes, self._seen, self._schema = sizes, set[str](), ShopSchema()

    def read(self, row: NamedRow, plan: ShopPlan) -> None:
        """Raises ValidationError."""
        cells = dict(row.cells)
        number = squeezed(cells.pop("number", ""))
        if "size" in cells:
            cells["size"] = self._size(cells["size"])
        if not number:
            plan.new.append((row.line, self._new(cells)))
            return
        shop = self._shop(number)
        before = facts_of(shop)
        known = {name: getattr(before, name) or "" for name in NewShop.__slots__}
        after: NewShop = self._schema.load(known | {name: cell for name, cell in cells.items() if name != "size" or cell})
        if after == before:
            plan.same += 1
        elif shop.state == "closed":
            raise ValidationError(_l("終了したお店は変えられません。"), "number")
        else:
            plan.edits.append((row.line, ShopEdit(shop.id, shop.public_number, before, after)))

    def _new(self, cells: dict[str, str]) -> NewShop:
        new: NewShop = self._schema.load({name: cell for name, cell in cells.items() if name != "size" or cell})
        if self._names[new.name]:
            raise ValidationError(
                _l("番号がありませんが、同じ名前のお店がもうあります。番号を付けるか、この行を消してください。"), "number"
            )
        self._names[new.name] += 1
        return new

    def _shop(self, typed: str) -> Shop:
        """A spreadsheet that took the number for an amount has eaten its zeros; the check digit tells a wrong one."""
        number = typed.zfill(NUMBER_DIGITS)
        if number in self._seen:
            raise ValidationError(_l("同じ番号が、前の行にもあります。"), "number")
        if number not in self._shops:
            raise ValidationError(_l("この番号のお店はありません。新しいお店なら、番号を空にしてください。"), "number")
        self._seen.add(number)
        return self._shops[number]

    def _size(self, word: str) -> str:
        if word and word not in self._sizes:
            raise ValidationError(_l("「中小店」か「大型店」と書いてください。"), "size")
        return self._sizes.get(word, "")


def changes(edit: ShopEdit) -> list[tuple[str, str, str]]:
    """What differs: column, as it is, as it would be."""
    pairs = [(name, getattr(edit.before, name) or "", getattr(edit.after, name) or "") for name in NewShop.__slots__]
    return [each for each in pairs if each[1] != each[2]]
