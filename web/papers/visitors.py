"""What a paper says to visitors besides Japanese and English: a few fixed lines, that no page shows and so no catalogue holds.

The Korean letters are in `web/papers/fonts`; decision 2 says how to make that file again when a line changes.
"""

from __future__ import annotations

VISITORS = {
    "zh-Hant": {
        "name": "中文",
        "here": "本店可使用%(money)s付款",
        "here_plain": "本店可用手機付款",
        "scan": "用相機掃描",
        "type": "輸入金額",
        "pay": "按「付款」",
        "check": "請確認畫面上的店名",
    },
    "ko": {
        "name": "한국어",
        "here": "이 매장에서 %(money)s 결제가 됩니다",
        "here_plain": "이 매장에서 스마트폰으로 결제할 수 있습니다",
        "scan": "카메라로 스캔",
        "type": "금액 입력",
        "pay": "‘결제’ 누르기",
        "check": "화면의 매장 이름을 확인하세요",
    },
}


def for_visitors(money: str | None) -> list[dict[str, str]]:
    """The lines of each language, with the coin's name where there is one. Keys: lang, name, here, scan, type, pay, check."""
    found = []
    for tag, said in VISITORS.items():
        here = said["here"] % {"money": f" {money} "} if money else said["here_plain"]
        found.append({"lang": tag, "name": said["name"], "here": " ".join(here.split())} | {key: said[key] for key in STEPS})
    return found


STEPS = ("scan", "type", "pay", "check")
