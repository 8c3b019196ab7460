"""What the desk calls accounts, kinds of transactions, regimes and states: to be translated when shown."""

from association.titles.books import ACCOUNT_KINDS, ACCOUNTS, COUNTED_IN_UNITS, KINDS, PERIODS
from association.titles.law import CLAIMS, ENDINGS, REFUND_GROUNDS, REGIMES, SECURITIES
from association.titles.log import COMMANDS, LOG_REASONS, LOG_STANDINGS
from association.titles.people import AUDIENCES, CARD_STATES, NUMBER_FAULTS, SEGMENTS
from association.titles.programmes import (
    BATCH_STATES,
    BENEFIT_LINE_STATES,
    BENEFIT_REASONS,
    BENEFIT_SOURCES,
    BENEFIT_STATES,
    BILLED,
    CAMPAIGN_KINDS,
    CAMPAIGN_STATES,
    CODE_STATES,
    COUPON_STATES,
    COUPON_STEPS,
    PAID_FROM,
    PAYERS,
    POINT_EVENT_STATES,
    POINT_STATES,
    ROUNDINGS,
    SKIPPED,
)
from association.titles.proposals import FALLEN_STATES, PROPOSAL_STATES, PURPOSES
from association.titles.shops import (
    ACCOUNT_KINDS_AT_BANKS,
    ACCOUNT_STATES,
    CARRIES,
    CLOSINGS,
    CYCLE_TAKES,
    RETURN_REASONS,
    RUN_STATES,
    SCOPES,
    SHIFTS,
    SHOP_STATES,
    WEEKDAYS,
)
from association.titles.vouchers import (
    APPLICATION_REASONS,
    APPLICATION_STATES,
    APPLICATION_WAYS,
    CALL_PROOFS,
    CALL_WAYS,
    PRESENTERS,
    RESIDENT_WRONG,
    SHOP_SIZES,
    STANDINGS,
    VOUCHER_PARTS,
    VOUCHER_SHOPS,
    VOUCHER_STATES,
    VOUCHER_STEPS,
    WHERE,
    WHY_NOT,
)
from association.titles.watch import (
    CONTROL_STATES,
    CONTROL_UNITS,
    DISPUTE_OUTCOMES,
    DISPUTE_STATES,
    LIMIT_UNITS,
    RISK_LIMITS,
    RISK_STATES,
    RISKS,
    SIDES,
    STOPS,
)
