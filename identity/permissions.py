"""The one table of role × command. `commands.authorise` reads it, tests/identity walks it whole.

A command is named `package.function` after the door that it opens. Whoever holds one of its roles in the
district may open it; whose shop or whose money it is, the door itself checks. `ANYBODY` stands for a person
who is not signed in. A logged command leaves a row in the access log each time, allowed or refused; payments
are not logged there, since the book is their log.
"""

from __future__ import annotations

from dataclasses import dataclass

ANYBODY = "anybody"

ROLES = frozenset(
    {"consumer", "issuer", "approver", "auditor", "administrator", "group_lead", "operator", "owner", "cashier", "till", "sensor"}
    | {"group_member", "group_expert"}
)
"""Every role there is. `till` belongs to a tablet and `sensor` to what counts passers-by, never to a person."""

DESK_ROLES = frozenset({"issuer", "approver", "auditor", "administrator", "group_lead", "group_expert", "operator"})
"""Roles that work at a desk with other people's money: their sessions are short."""

TWO_PEOPLE_ROLES = frozenset({"issuer", "approver", "administrator"})
"""Roles that propose or decide about value: two people give them, so that nobody makes a second person of themselves."""

SHOP_ROLES = frozenset({"owner", "cashier"})
"""Roles that are held at one shop."""

PERSON_ROLES = ROLES - {"till", "sensor"}


@dataclass(frozen=True, slots=True)
class Permission:
    """`roles`: any one of them is enough. `logged`: whether authorise writes the access log."""

    roles: frozenset[str]
    logged: bool


def _may(*roles: str, logged: bool = False) -> Permission:
    return Permission(frozenset(roles), logged)


_EVERY_PERSON = tuple(sorted(PERSON_ROLES))
_AT_TILL = ("till", "cashier", "owner")

PERMISSIONS: dict[str, Permission] = {
    # the consumer
    "wallet.sign_up": _may(ANYBODY),
    "wallet.read": _may("consumer"),
    "wallet.see_inbox": _may("consumer"),
    "wallet.pay": _may("consumer"),
    "wallet.claim_coupon": _may("consumer"),
    "wallet.send": _may("consumer"),
    "wallet.give": _may("consumer"),
    "wallet.take_gift": _may("consumer"),
    "wallet.show_code": _may("consumer"),
    "wallet.offer_split": _may("consumer"),
    "wallet.consent": _may("consumer", logged=True),
    "wallet.settle_unknown": _may("consumer"),
    "wallet.set_limits": _may("consumer", logged=True),
    "wallet.set_push": _may("consumer", logged=True),
    "association.redeem_code": _may("consumer"),
    "association.take_part": _may("consumer"),
    "association.apply_voucher": _may("consumer"),
    "wallet.report_lost": _may(ANYBODY, logged=True),
    "wallet.lift_freeze": _may("consumer", logged=True),
    "wallet.leave": _may("consumer", logged=True),
    # the shop
    "wallet.pay_by_code": _may(*_AT_TILL),
    "association.take_tickets": _may(*_AT_TILL),
    "merchant.ask": _may(*_AT_TILL),
    "merchant.cancel_ask": _may(*_AT_TILL),
    "merchant.split_request": _may(*_AT_TILL),
    "merchant.read": _may(*_AT_TILL),
    "merchant.read_payouts": _may(*_AT_TILL),
    "merchant.switch_staff": _may(*_AT_TILL, logged=True),
    "merchant.witness_log": _may("till"),
    "merchant.forget_log": _may("owner", logged=True),
    "merchant.refund": _may("cashier", "owner", logged=True),
    "merchant.pair_till": _may("owner", logged=True),
    "merchant.revoke_till": _may("owner", logged=True),
    "merchant.manage_staff": _may("owner", logged=True),
    "merchant.sell": _may(*_AT_TILL),
    "merchant.print": _may(*_AT_TILL),
    "merchant.set_register": _may("owner", logged=True),
    "merchant.set_printer": _may("owner", logged=True),
    "merchant.give_up_log": _may("owner", logged=True),
    "merchant.close_removed": _may("owner", logged=True),
    "merchant.answer_twin": _may("owner", logged=True),
    "merchant.manage_articles": _may("owner", logged=True),
    "merchant.print_code": _may("owner", logged=True),
    "merchant.manage_webhooks": _may("owner", logged=True),
    "merchant.replay_webhook": _may("cashier", "owner", logged=True),
    # cards, for people without a phone
    "wallet.read_card": _may(ANYBODY),
    "wallet.block_own_card": _may("consumer", logged=True),
    "wallet.print_cards": _may("issuer", "administrator", logged=True),
    "wallet.look_at_card": _may("issuer", "administrator", logged=True),
    "wallet.give_card": _may("issuer", "administrator", logged=True),
    "wallet.block_card": _may("issuer", "administrator", logged=True),
    "wallet.unblock_card": _may("issuer", "administrator", logged=True),
    "wallet.replace_card": _may("issuer", "administrator", logged=True),
    "wallet.propose_card_pin": _may("issuer", "administrator", logged=True),
    "wallet.set_card_pin": _may("issuer", "administrator", logged=True),
    "wallet.set_card_limits": _may("administrator", logged=True),
    "association.read_buyer": _may(*_AT_TILL, logged=True),
    "association.sell_coin": _may("cashier", "owner", logged=True),
    "association.undo_sale": _may("cashier", "owner", logged=True),
    # the association
    "association.read": _may("issuer", "approver", "auditor", "administrator"),
    "association.read_books": _may("issuer", "approver", "auditor", "administrator", logged=True),
    "association.read_controls": _may("issuer", "approver", "auditor", "administrator", "operator"),
    "association.set_chart": _may("administrator", logged=True),
    "association.keep_registers": _may("issuer", "approver", "administrator", logged=True),
    "association.end_series": _may("approver", "administrator", logged=True),
    "association.propose_refund": _may("issuer", "administrator", logged=True),
    "association.handle_dispute": _may("issuer", "approver", "administrator", logged=True),
    "association.propose_transfers": _may("issuer", "administrator", logged=True),
    "association.propose_cash_budget": _may("issuer", "administrator", logged=True),
    "association.stop_transfers": _may("issuer", "approver", "administrator", logged=True),
    "association.freeze_report": _may("approver", "administrator", logged=True),
    "association.register_security": _may("issuer", "administrator", logged=True),
    "association.set_base_dates": _may("administrator", logged=True),
    "association.list_holders": _may("approver", "auditor", "administrator", logged=True),
    "association.close_month": _may("approver", "administrator", logged=True),
    "association.propose_reopening": _may("approver", "administrator", logged=True),
    "association.upload_bank": _may("issuer", "administrator", logged=True),
    "association.match_bank": _may("issuer", "administrator", logged=True),
    "association.propose_epoch": _may("approver", "administrator", logged=True),
    "association.propose_again": _may("approver", "administrator", logged=True),
    "association.present_receipt": _may("issuer", "approver", "administrator", logged=True),
    "association.announce": _may("issuer", "administrator", logged=True),
    "association.create_series": _may("issuer", "administrator", logged=True),
    "association.register_shop": _may("issuer", "administrator", logged=True),
    "association.top_up": _may("issuer", "administrator", logged=True),
    "association.undo_top_up": _may("issuer", "administrator", logged=True),
    "association.draft_coupon": _may("issuer", "administrator"),
    "association.propose_coupon": _may("issuer", "administrator", logged=True),
    "association.draft_voucher": _may("issuer", "administrator"),
    "association.propose_voucher": _may("issuer", "administrator", logged=True),
    "association.sell_voucher": _may("issuer", "administrator", logged=True),
    "association.keep_applications": _may("issuer", "administrator", logged=True),
    "association.draw_voucher": _may("issuer", "approver", "administrator", logged=True),
    "association.print_tickets": _may("issuer", "administrator", logged=True),
    "association.take_tickets_for": _may("issuer", "administrator", logged=True),
    "association.stop_booklet": _may("issuer", "approver", "administrator", logged=True),
    "association.release_tickets": _may("issuer", "administrator", logged=True),
    "association.replace_booklet": _may("issuer", "administrator", logged=True),
    "association.classify_shop": _may("issuer", "administrator", logged=True),
    "association.edit_shop": _may("issuer", "administrator", logged=True),
    "association.propose_points": _may("issuer", "administrator", logged=True),
    "association.end_points": _may("approver", "administrator", logged=True),
    "association.funder_pays": _may("issuer", "administrator", logged=True),
    "association.settle_points": _may("issuer", "administrator", logged=True),
    "association.end_coupon": _may("approver", "administrator", logged=True),
    "association.propose_benefit": _may("issuer", "administrator", logged=True),
    "association.run_benefit": _may("issuer", "approver", "administrator", logged=True),
    "association.propose_top_up": _may("issuer", "administrator", logged=True),
    "association.take_agent_cash": _may("issuer", "administrator", logged=True),
    "association.propose_agent": _may("issuer", "administrator", logged=True),
    "association.end_agent": _may("issuer", "approver", "administrator", logged=True),
    "association.propose_codes": _may("issuer", "administrator", logged=True),
    "association.print_codes": _may("issuer", "administrator", logged=True),
    "association.keep_purchase_codes": _may("issuer", "administrator", logged=True),
    "association.look_at_purchase_codes": _may("issuer", "administrator", logged=True),
    "association.print_shop_code": _may("issuer", "approver", "administrator", logged=True),
    "association.deposit": _may("approver", "administrator", logged=True),
    "association.count_safe": _may("approver", "administrator", logged=True),
    "association.approve_shop": _may("approver", "administrator", logged=True),
    "association.read_risks": _may("approver", "auditor", "administrator", logged=True),
    "association.answer_risk": _may("approver", "administrator", logged=True),
    "association.set_risk_limit": _may("administrator", logged=True),
    "association.stop": _may("approver", "administrator", logged=True),
    "association.propose_start": _may("approver", "administrator", logged=True),
    "association.suspend_shop": _may("approver", "administrator", logged=True),
    "association.decide": _may("approver", "administrator", logged=True),
    "association.withdraw": _may("issuer", "approver", "administrator", "owner", logged=True),
    "association.set_approval_limits": _may("administrator", logged=True),
    "association.settle": _may("issuer", "administrator", logged=True),
    "association.apply_shop": _may(ANYBODY),
    "association.propose_account": _may("issuer", "administrator", "owner", logged=True),
    "association.stop_account": _may("issuer", "approver", "administrator", "owner", logged=True),
    "association.read_account": _may("issuer", "approver", "administrator", logged=True),
    "association.write_transfers": _may("issuer", "approver", "administrator", logged=True),
    "association.set_settlement_terms": _may("administrator", logged=True),
    "association.propose_transfer_terms": _may("administrator", logged=True),
    "association.place_shop": _may("administrator", logged=True),
    "association.release_suspense": _may("issuer", "administrator", logged=True),
    "association.close_drawer": _may("approver", "administrator", logged=True),
    "association.look_at_person": _may("issuer", "approver", "administrator", logged=True),
    "association.freeze_person": _may("issuer", "approver", "administrator", logged=True),
    "association.unfreeze_person": _may("issuer", "approver", "administrator", logged=True),
    "association.answer_alarm": _may("approver", "administrator", logged=True),
    "association.manage_webhooks": _may("administrator", logged=True),
    "association.replay_webhook": _may("issuer", "administrator", logged=True),
    # the group that applies for a subsidy: which project it is, the door itself checks by who sits in it
    "subsidy.read_own": _may("group_lead", "group_member", "group_expert", "auditor"),
    "subsidy.read": _may("group_lead", "group_expert", "auditor"),
    "subsidy.found": _may("group_lead", logged=True),
    "subsidy.keep_group": _may("group_lead", logged=True),
    "subsidy.move_rules": _may("group_lead", logged=True),
    "subsidy.ask_member": _may("group_lead", logged=True),
    "subsidy.invite": _may("group_lead", logged=True),
    "subsidy.note_fact": _may("group_lead", logged=True),
    "subsidy.keep_costs": _may("group_lead", logged=True),
    "subsidy.keep_plan": _may("group_lead", logged=True),
    "subsidy.make_papers": _may("group_lead", logged=True),
    "subsidy.keep_figures": _may("group_lead", "group_member", logged=True),
    "subsidy.read_sales": _may(ANYBODY, logged=True),
    "subsidy.hand_in": _may("group_lead", "group_member", logged=True),
    "subsidy.check_paper": _may("group_lead", logged=True),
    "subsidy.open_paper": _may("group_lead", "group_member", "group_expert", "auditor", logged=True),
    "subsidy.use_link": _may(ANYBODY, logged=True),
    "subsidy.take_seat": _may("consumer", "owner", "group_lead", "group_member", "group_expert", logged=True),
    # insight, guarded: figures about customers, never about one of them
    "analytics.district_reports": _may("issuer", "approver", "auditor", "administrator", "group_lead"),
    "analytics.shop_reports": _may("owner"),
    "analytics.read_measurements": _may("issuer", "approver", "auditor", "administrator"),
    "analytics.keep_measurements": _may("issuer", "administrator", logged=True),
    "analytics.send_measurements": _may("sensor"),
    "analytics.see_open_data": _may("issuer", "approver", "auditor", "administrator"),
    "analytics.see_streets": _may("issuer", "approver", "auditor", "administrator", "group_lead"),
    "analytics.keep_streets": _may("issuer", "administrator", logged=True),
    "analytics.keep_screens": _may("issuer", "administrator", logged=True),
    "analytics.switch_open_data": _may("administrator", logged=True),
    "analytics.coupon_effects": _may("issuer", "approver", "auditor", "administrator"),
    "analytics.note_day": _may("owner", "administrator", "group_lead", logged=True),
    # the person, about themselves
    "identity.manage_self": _may(*_EVERY_PERSON, logged=True),
    "identity.sign_in": _may(ANYBODY, logged=True),
    "identity.check_pin": _may(*_EVERY_PERSON),
    # the district's people
    "identity.grant_role": _may("administrator", logged=True),
    "association.propose_role": _may("administrator", logged=True),
    "identity.end_role": _may("administrator", logged=True),
    "identity.erase_person": _may("administrator", logged=True),
    "identity.read_log": _may("auditor", "administrator", logged=True),
    "identity.create_api_token": _may("administrator", logged=True),
    "identity.revoke_api_token": _may("administrator", logged=True),
}

SCOPES: dict[str, frozenset[str]] = {
    "payments:write": frozenset({"wallet.pay_by_code"}),
    "payments:read": frozenset({"merchant.read"}),
    "refunds:write": frozenset({"merchant.refund"}),
    "requests:write": frozenset({"merchant.ask", "merchant.cancel_ask", "merchant.split_request"}),
    "balances:read": frozenset({"merchant.read", "association.read"}),
    "payouts:read": frozenset({"merchant.read_payouts"}),
    "print:jobs": frozenset({"merchant.print"}),
    "top_ups:write": frozenset({"association.top_up"}),
    "agent_top_ups:write": frozenset({"association.read_buyer", "association.sell_coin"}),
    "measurements:write": frozenset({"analytics.send_measurements"}),
    "webhooks:replay": frozenset({"merchant.read", "association.read", "merchant.replay_webhook", "association.replay_webhook"}),
}
"""What an API token may do: only what its scopes name, and only if its roles may do it as well."""


def may(roles: frozenset[str], scopes: frozenset[str] | None, command: str) -> bool:
    """Whether somebody with `roles` may open `command`. `scopes` is None for everybody but an API token."""
    allowed = PERMISSIONS[command].roles
    if scopes is not None and not any(command in SCOPES[scope] for scope in scopes):
        return False
    return ANYBODY in allowed or bool(allowed & roles)
