"""記録簿."""

from __future__ import annotations

from base.errors import N_, NotFound, Refused


class EntryUnknown(NotFound):
    """No such register, or no such line in it."""

    code = "register_entry_unknown"
    number = "E-6720"
    text = N_("この記録は見つかりません。")


class EntryClosed(Refused):
    """It is settled; what comes after is a line of its own."""

    code = "register_entry_closed"
    number = "E-6721"
    text = N_("この記録は終わっています。続きがあれば、新しい行に書いてください。記録は変わっていません。")
