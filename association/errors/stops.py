"""Why a stop switch says no."""

from __future__ import annotations

from base.errors import N_, Refused


class StopOver(Refused):
    """There is no such stop, or it has ended."""

    code = "stop_over"
    number = "E-6903"
    text = N_("この停止は、もう解かれています。何も変わっていません。「非常停止」の画面で、いまの状態を確かめてください。")
