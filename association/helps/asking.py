"""Whom to ask: the last sentence of each help."""

from __future__ import annotations

from base.errors import N_

ASK_ADMINISTRATOR = N_("迷ったら、押す前に管理者に聞いてください。")
ASK_APPROVER = N_("迷ったら、押す前に承認者に聞いてください。")
CALL_APPROVER = N_("お客様をお待たせしても構いません。迷ったら、承認者を呼んでください。")
TELL_AUDITOR = N_("数字がおかしいと思ったら、監査担当に知らせてください。")
CALL_OPERATOR = N_("わからない表示が出たら、運用担当に電話してください。")
ASK_BANK = N_("口座や手数料のことは、取引銀行の担当の人に聞いてください。")
ASK_BUREAU = N_("法律のことは、財務局か、組合の相談している専門家に聞いてください。")
ASK_TOWN = N_("名簿のことは、名簿を作った役所の担当の人に聞いてください。")
