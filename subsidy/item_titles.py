"""Names that the tables of calls hold (subsidy/rules/calls, subsidy/rules/others.toml), marked to be translated when a page shows them.

The table is what is reckoned with and stays as the call says it; a program keeps its own name beside its translation.
"""

from __future__ import annotations

from base.errors import N_

ITEMS: tuple[str, ...] = (
    N_("会計ソフト"),
    N_("受発注ソフト"),
    N_("決済ソフト"),
    N_("ECソフト"),
    "PC",
    N_("タブレット"),
    N_("レジ"),
    N_("POSレジ"),
    N_("キャッシュレス対応レジ"),
    N_("券売機"),
    N_("需要予測"),
    N_("来店客数・売上予測"),
    N_("人流分析"),
    N_("周遊・回遊分析"),
    N_("消費動向・消費者分析"),
    N_("POSデータ分析"),
    N_("アクセス解析"),
    N_("気象・交通・商圏分析"),
    N_("データ分析"),
    N_("アプリ"),
    N_("品質管理"),
    N_("在庫管理"),
    N_("製品設計"),
    N_("生産計画"),
    N_("予約管理"),
    N_("経営管理・経営分析"),
    N_("キャッシュレス"),
    N_("電子地域通貨"),
    N_("顔認証決済"),
    N_("生体認証決済"),
    N_("免税電子化"),
    N_("デジタル口座"),
    N_("電子アンケート"),
    N_("電子ポイント"),
    N_("電子商品券"),
    N_("その他これらに類するもの"),
    N_("AIカメラ"),
    N_("ビーコン"),
    N_("デジタルサイネージ"),
    N_("センサー"),
    N_("キャッシュレス機器"),
    N_("人件費"),
    N_("消耗品費"),
    N_("備品費"),
    N_("印刷費（資料作成費を含む）"),
    N_("広報費"),
    N_("通信運搬費"),
    N_("会議費"),
    N_("資料購入費"),
    N_("補助員人件費"),
    N_("謝金"),
    N_("旅費"),
)
"""品目: what a cost line may be for."""

PROGRAMS: tuple[str, ...] = (
    N_("IT導入補助金2023 複数社連携IT導入類型"),
    N_("IT導入補助金2023 デジタル化基盤導入類型"),
    N_("デジタル化基盤"),
    N_("IT導入補助金 通常枠 A類型"),
    N_("通常枠 A"),
    N_("IT導入補助金 通常枠 B類型"),
    N_("通常枠 B"),
    N_("デジタル化・AI導入補助金 複数者連携枠（2026年の後継）"),
    N_("2026年の後継"),
)
"""Calls and frames: in full, and as the head of a column."""

SOURCES: tuple[str, ...] = (
    N_("概要"),
    N_("公式サイト2023"),
    N_("公式サイト（いまの公募）"),
    N_("一般の交付規程による"),
    N_("一般の公募要領による"),
    N_("概要の地域全体の例から"),
    N_("民法140条、143条"),
    N_("消費税法29条、地方税法72条の83"),
    N_("中小企業庁「サービス等生産性向上IT導入支援事業 令和4年度補正予算の概要」（令和5年3月）"),
    "Meguri",
)
"""Where a value is said; before a colon, what of it is quoted."""
