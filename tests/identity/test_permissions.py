"""The table of role × command, walked whole."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from base.errors import Forbidden, NotSignedIn
from identity import commands, queries
from identity.permissions import ANYBODY, PERMISSIONS, ROLES, SCOPES, may
from identity.queries import Principal

ROOT = Path(__file__).parent.parent.parent

EXPECTED = {
    "consumer": """
        identity.check_pin identity.manage_self
        wallet.block_own_card wallet.claim_coupon wallet.consent wallet.offer_split wallet.pay wallet.read wallet.set_limits
        wallet.set_push
        subsidy.take_seat
        wallet.settle_unknown wallet.show_code association.redeem_code wallet.leave wallet.lift_freeze wallet.see_inbox
        association.take_part
        wallet.send wallet.give wallet.take_gift
        association.apply_voucher
    """,
    "till": """
        merchant.ask merchant.cancel_ask merchant.read merchant.read_payouts merchant.split_request merchant.switch_staff
        wallet.pay_by_code association.read_buyer association.take_tickets merchant.witness_log merchant.sell
        merchant.print
    """,
    "cashier": """
        identity.check_pin identity.manage_self
        merchant.ask merchant.cancel_ask merchant.read merchant.read_payouts merchant.refund merchant.split_request merchant.switch_staff
        wallet.pay_by_code association.read_buyer association.sell_coin association.undo_sale association.take_tickets
        merchant.replay_webhook merchant.sell merchant.print
    """,
    "owner": """
        identity.check_pin identity.manage_self
        merchant.ask merchant.cancel_ask merchant.manage_staff merchant.pair_till merchant.print_code merchant.read merchant.read_payouts
        merchant.refund merchant.revoke_till merchant.split_request merchant.switch_staff wallet.pay_by_code
        association.read_buyer association.sell_coin association.undo_sale association.take_tickets
        merchant.manage_webhooks merchant.replay_webhook merchant.forget_log merchant.manage_articles
        merchant.sell merchant.set_register merchant.print merchant.set_printer
        merchant.sell merchant.set_register merchant.give_up_log merchant.close_removed merchant.answer_twin
        association.propose_account association.stop_account association.withdraw
        subsidy.take_seat
        analytics.shop_reports analytics.note_day
    """,
    "issuer": """
        analytics.district_reports
        analytics.coupon_effects
        analytics.keep_measurements analytics.read_measurements
        analytics.see_open_data analytics.see_streets analytics.keep_streets analytics.keep_screens
        association.keep_applications association.draw_voucher
        identity.check_pin identity.manage_self association.announce
        association.create_series association.read association.register_shop association.top_up association.undo_top_up
        association.draft_coupon association.funder_pays association.propose_coupon association.release_suspense association.settle
        association.classify_shop association.edit_shop association.draft_voucher association.propose_voucher association.sell_voucher
        association.classify_shop association.draft_voucher association.propose_voucher association.sell_voucher
        association.print_tickets association.take_tickets_for association.stop_booklet association.release_tickets
        association.replace_booklet
        wallet.block_card wallet.give_card wallet.look_at_card wallet.print_cards wallet.replace_card wallet.set_card_pin
        wallet.propose_card_pin wallet.unblock_card
        association.propose_top_up association.take_agent_cash association.propose_agent association.end_agent
        association.print_shop_code
        association.propose_codes association.print_codes association.keep_purchase_codes
        association.look_at_purchase_codes association.propose_benefit association.run_benefit
        association.freeze_person association.look_at_person association.unfreeze_person
        association.replay_webhook association.read_books association.read_controls
        association.match_bank association.upload_bank
        association.present_receipt
        association.propose_account association.stop_account association.write_transfers association.read_account
        association.present_receipt association.register_security
        association.present_receipt association.register_security association.propose_refund
        association.present_receipt association.register_security association.propose_refund association.keep_registers
        association.propose_transfers association.stop_transfers
        association.propose_points association.settle_points association.propose_cash_budget
        association.propose_transfers association.stop_transfers association.handle_dispute association.withdraw
    """,
    "approver": """
        analytics.district_reports
        analytics.coupon_effects
        analytics.read_measurements
        analytics.see_open_data analytics.see_streets
        association.print_shop_code
        association.draw_voucher
        identity.check_pin identity.manage_self
        association.approve_shop association.close_drawer association.decide association.read association.suspend_shop
        association.propose_start association.stop association.read_risks association.answer_risk
        association.end_coupon association.deposit association.count_safe association.end_agent
        association.end_coupon association.deposit association.count_safe association.end_agent association.stop_booklet
        association.freeze_person association.look_at_person association.unfreeze_person
        association.read_books association.close_month association.propose_reopening association.answer_alarm association.read_controls
        association.propose_epoch association.propose_again association.present_receipt association.run_benefit
        association.propose_epoch association.propose_again association.present_receipt
        association.stop_account association.write_transfers association.read_account
        association.freeze_report association.list_holders
        association.freeze_report association.list_holders association.keep_registers
        association.freeze_report association.list_holders association.keep_registers association.end_series
        association.stop_transfers
        association.end_points
        association.stop_transfers association.handle_dispute association.withdraw
    """,
    "auditor": """
        analytics.coupon_effects
        analytics.read_measurements
        analytics.see_open_data analytics.see_streets
        identity.check_pin identity.manage_self identity.read_log association.read association.read_books association.read_controls
        association.list_holders association.read_risks
        subsidy.open_paper subsidy.read subsidy.read_own
        analytics.district_reports
    """,
    "administrator": """
        analytics.coupon_effects
        analytics.keep_measurements analytics.read_measurements
        analytics.see_open_data analytics.switch_open_data analytics.see_streets analytics.keep_streets analytics.keep_screens
        analytics.district_reports
        analytics.district_reports analytics.note_day
        association.print_shop_code
        association.keep_applications association.draw_voucher
        identity.check_pin identity.create_api_token identity.end_role identity.erase_person identity.grant_role
        identity.manage_self identity.read_log identity.revoke_api_token
        association.approve_shop association.close_drawer association.create_series association.decide association.read
        association.withdraw
        association.register_shop association.suspend_shop association.top_up association.undo_top_up
        association.propose_start association.stop association.read_risks association.answer_risk association.set_risk_limit
        association.draft_coupon association.end_coupon association.funder_pays association.propose_coupon
        association.classify_shop association.draft_voucher association.propose_voucher association.sell_voucher
        association.release_suspense association.set_settlement_terms association.settle association.place_shop
        association.propose_transfer_terms association.propose_role
        association.classify_shop association.edit_shop association.draft_voucher association.propose_voucher association.sell_voucher
        association.print_tickets association.take_tickets_for association.stop_booklet association.release_tickets
        association.replace_booklet
        association.release_suspense association.set_settlement_terms association.settle
        wallet.block_card wallet.give_card wallet.look_at_card wallet.print_cards wallet.replace_card wallet.set_card_limits
        wallet.propose_card_pin wallet.set_card_pin wallet.unblock_card
        association.propose_points association.end_points association.settle_points association.propose_cash_budget
        association.deposit association.end_agent association.keep_purchase_codes
        association.look_at_purchase_codes association.print_codes association.propose_agent
        association.propose_codes association.propose_top_up association.propose_benefit association.run_benefit
        association.take_agent_cash
        association.deposit association.count_safe association.end_agent association.keep_purchase_codes
        association.look_at_purchase_codes association.print_codes association.propose_agent
        association.propose_codes association.propose_top_up association.take_agent_cash
        association.freeze_person association.look_at_person association.unfreeze_person
        association.manage_webhooks association.replay_webhook association.read_books association.set_chart
        association.close_month association.propose_reopening association.answer_alarm association.read_controls
        association.match_bank association.upload_bank association.set_approval_limits association.announce
        association.propose_epoch association.propose_again association.present_receipt
        association.propose_account association.stop_account association.write_transfers association.read_account
        association.freeze_report association.list_holders association.register_security association.set_base_dates
        association.propose_refund association.keep_registers association.end_series
        association.propose_transfers association.stop_transfers association.handle_dispute
    """,
    "group_lead": """
        analytics.district_reports analytics.note_day
        analytics.see_streets
        analytics.district_reports
        identity.check_pin identity.manage_self
        subsidy.ask_member subsidy.check_paper subsidy.found subsidy.hand_in subsidy.keep_costs subsidy.keep_group subsidy.keep_plan
        subsidy.invite
        subsidy.move_rules
        subsidy.make_papers subsidy.note_fact
        subsidy.open_paper subsidy.read subsidy.read_own subsidy.take_seat
        subsidy.ask_member subsidy.check_paper subsidy.found subsidy.hand_in subsidy.keep_costs subsidy.keep_figures subsidy.keep_group
        subsidy.note_fact subsidy.open_paper subsidy.read subsidy.read_own subsidy.take_seat
    """,
    "group_member": """
        identity.check_pin identity.manage_self
        subsidy.hand_in subsidy.keep_figures subsidy.open_paper subsidy.read_own subsidy.take_seat
    """,
    "sensor": "analytics.send_measurements",
    "group_expert": "identity.check_pin identity.manage_self subsidy.open_paper subsidy.read subsidy.read_own subsidy.take_seat",
    "operator": "identity.check_pin identity.manage_self association.read_controls",
}
"""Written a second time and by hand: whoever widens the table must say so here as well."""

OPEN_TO_ALL = {
    "association.apply_shop",
    "identity.sign_in",
    "subsidy.read_sales",
    "subsidy.use_link",
    "wallet.read_card",
    "wallet.report_lost",
    "wallet.sign_up",
}


def principal(*roles: str) -> Principal:
    return Principal(district_id=1, person_id=7, session_id=9, roles=frozenset(roles))


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_may_do_what_is_written_and_nothing_else(role):
    """Every command is asked for in every role; the answers are exactly those of the list above."""
    allowed = {command for command in PERMISSIONS if may(frozenset({role}), None, command)}
    assert allowed - OPEN_TO_ALL == set(EXPECTED[role].split())


def test_nobody_may_only_join_sign_in_and_ask_for_a_card():
    """Whoever is not signed in may open the doors that lead in, and the page for a card's number and PIN; no other."""
    assert {command for command in PERMISSIONS if may(frozenset(), None, command)} == OPEN_TO_ALL
    assert {command for command, permission in PERMISSIONS.items() if ANYBODY in permission.roles} == OPEN_TO_ALL


@pytest.mark.parametrize("command", sorted(PERMISSIONS))
def test_the_door_answers_as_the_table_does(village, command):
    """authorise lets in, refuses with Forbidden or asks to sign in, role by role, exactly as the table says."""
    person_id = village.person()
    for role in sorted(ROLES):
        who = Principal(village.id, person_id, 9, frozenset({role}))
        if command in OPEN_TO_ALL or command in EXPECTED[role].split():
            commands.authorise(village.session, who, command)
        else:
            with pytest.raises(Forbidden):
                commands.authorise(village.session, who, command)
    if command not in OPEN_TO_ALL:
        with pytest.raises(NotSignedIn):
            commands.authorise(village.session, queries.nobody(village.id), command)


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_program_may_do_what_its_scope_names_and_its_roles_allow(scope):
    """A token with one scope opens no command of another, whatever its roles."""
    for command in PERMISSIONS:
        assert may(ROLES, frozenset({scope}), command) == (command in SCOPES[scope])
        assert not may(ROLES, frozenset(), command)
    assert not any(may(frozenset({"consumer"}), frozenset({scope}), command) for command in PERMISSIONS)


def test_a_token_without_scopes_is_no_person(village):
    """A program is bound by its scopes even if they are empty."""
    who = Principal(village.id, None, None, frozenset({"administrator"}), api_token_id=5)
    with pytest.raises(Forbidden):
        commands.authorise(village.session, who, "identity.grant_role")


def test_every_command_that_a_door_asks_for_is_in_the_table():
    """A name that is mistyped in some package would be found here, not by a person at the counter."""
    asked = set()
    for package in ("identity", "merchant", "association", "wallet", "analytics"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "authorise":
                    asked |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    assert asked and asked <= PERMISSIONS.keys()
