"""What is looked for in the books and in the access log, and who presents a slip."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from association.queries import Search
from association.schemas.parts import Day, without_blanks
from web.fields import Yen


class LogSchema(Schema):
    """What somebody looks for in the access log."""

    class Meta:
        unknown = EXCLUDE

    first = Day(load_default=None)
    last = Day(load_default=None)
    command = fields.String(load_default="", validate=validate.Length(max=60))
    about = fields.String(load_default="", validate=validate.Length(max=60))
    person = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))
    refused = fields.Boolean(load_default=False, truthy={"on"}, falsy={""})
    before = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("first", "last", "person", "refused", "before"))


class SearchSchema(Schema):
    """What somebody looks for in the journal. A search that makes no sense finds everything: it is only a question."""

    class Meta:
        unknown = EXCLUDE

    first = Day(load_default=None)
    last = Day(load_default=None)
    kind = fields.String(load_default=None, validate=validate.Length(max=20))
    least = Yen(load_default=None)
    most = Yen(load_default=None)
    amount = Yen(load_default=None, metadata={"description": "exactly this much: least and most in one"})
    number = fields.Function(deserialize=lambda text: int(re.sub(r"[^0-9]", "", str(text)) or 0), load_default=None)
    series = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))
    shop = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))
    before = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("first", "last", "kind", "least", "most", "amount", "number", "series", "shop", "before"))

    @post_load
    def to_search(self, data: dict[str, Any], **_: Any) -> tuple[Search, int | None]:
        before, exactly = data.pop("before"), data.pop("amount")
        if exactly is not None:
            data |= {"least": exactly, "most": exactly}
        elif data["least"] is not None and data["most"] is not None:
            data["least"], data["most"] = sorted((data["least"], data["most"]))
        return Search(**data), before


class DaySchema(Schema):
    """Which day a page shows."""

    class Meta:
        unknown = EXCLUDE

    day = Day(load_default=None)


class MomentSchema(Schema):
    """The end of which day the trial balance shows."""

    class Meta:
        unknown = EXCLUDE

    at = Day(load_default=None)

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("at",))


class PresentedSchema(Schema):
    """Who presents a slip; the file comes beside it."""

    class Meta:
        unknown = EXCLUDE

    presenter = fields.String(required=True, validate=validate.OneOf(("consumer", "shop", "other")))
