"""The border of the desk: what a page of the association may say. Amounts are whole yen, days are days in Tokyo."""

from association.schemas.accounts import AccountSchema, ExportSchema, FiscalYearSchema, MonthSchema, ReportSchema, WhichMonthSchema
from association.schemas.announcements import AnnouncementSchema
from association.schemas.applications import ApplicationSchema
from association.schemas.approvals import ApprovalLimitsSchema, ProofSchema
from association.schemas.bank import (
    BankFileSchema,
    BookLinesSchema,
    ColumnsSchema,
    MatchSchema,
    NotedBalanceSchema,
    OutsideSchema,
    ReconcileSchema,
)
from association.schemas.bank_details import ShopAccountSchema
from association.schemas.base_dates import (
    EndSeriesSchema,
    HoldersSchema,
    SecurityEndSchema,
    SecuritySchema,
    SpecialDatesSchema,
    TransfersSchema,
)
from association.schemas.benefits import BenefitPageSchema, BenefitPaidSchema, BenefitSchema, ReturnBenefitSchema
from association.schemas.books import (
    DaySchema,
    LogSchema,
    MomentSchema,
    PresentedSchema,
    SearchSchema,
)
from association.schemas.cards import (
    CardLimitsSchema,
    CardPinSchema,
    FindCardSchema,
    GivePageSchema,
    GiveSchema,
    LotSchema,
    NewPinSchema,
    ReplaceSchema,
    UnblockSchema,
    VisitSchema,
)
from association.schemas.cash import (
    CashSchema,
    CloseDrawerSchema,
    CountSafeSchema,
    CountSchema,
    DepositSchema,
    SafeSchema,
)
from association.schemas.codes import (
    BatchSchema,
    CancelCodesSchema,
    PartSchema,
)
from association.schemas.controls import RefreshSchema
from association.schemas.counter import (
    CodeSchema,
    CounterSchema,
    LargeTopUpSchema,
    TopUpSchema,
    UndoSchema,
)
from association.schemas.coupons import (
    CouponConditionsSchema,
    CouponDaysSchema,
    CouponOffSchema,
    CouponSchema,
    CouponSharesSchema,
    FunderPaysSchema,
    ProposeCouponSchema,
)
from association.schemas.parts import (
    AnswerSchema,
    ReasonSchema,
)
from association.schemas.people import (
    CashRefundSchema,
    ClosePersonSchema,
    EndRoleSchema,
    FreezeSchema,
    RoleSchema,
)
from association.schemas.points import PointsSchema, ProposePointsSchema
from association.schemas.programs import (
    AgainSchema,
    ReplaySchema,
    TokenSchema,
    WebhookSchema,
)
from association.schemas.registers import NoteSchema, entry_schema
from association.schemas.series import (
    NoticeSchema,
    SeriesSchema,
)
from association.schemas.settlement import (
    ClosingSchema,
    CycleSchema,
    PaidOnSchema,
    PlaceSchema,
    ReleaseSchema,
    RunSchema,
    RunsSchema,
    SettlementTermsSchema,
    WhichCycleSchema,
)
from association.schemas.shop_list import ShopPlan, changes, plan_shops
from association.schemas.shops import (
    AgentSchema,
    ShopSchema,
)
from association.schemas.stops import StopSchema
from association.schemas.transfers import BankDaySchema, ReturnSchema, TransferDateSchema, TransferTermsSchema
from association.schemas.vouchers import (
    ReportDaySchema,
    SellVoucherSchema,
    ShopSizeSchema,
    VoucherDaysSchema,
    VoucherFaceSchema,
    VoucherPartsSchema,
    VoucherReturnSchema,
    VoucherSalePageSchema,
    VoucherSchema,
)

__all__ = [
    "AccountSchema",
    "AgainSchema",
    "AgentSchema",
    "AnnouncementSchema",
    "AnswerSchema",
    "ApplicationSchema",
    "ApprovalLimitsSchema",
    "BankDaySchema",
    "BankFileSchema",
    "BatchSchema",
    "BenefitPageSchema",
    "BenefitPaidSchema",
    "BenefitSchema",
    "BookLinesSchema",
    "CancelCodesSchema",
    "CardLimitsSchema",
    "CardPinSchema",
    "CashRefundSchema",
    "CashSchema",
    "CloseDrawerSchema",
    "ClosePersonSchema",
    "ClosingSchema",
    "CodeSchema",
    "ColumnsSchema",
    "CountSafeSchema",
    "CountSchema",
    "CounterSchema",
    "CouponConditionsSchema",
    "CouponDaysSchema",
    "CouponOffSchema",
    "CouponSchema",
    "CouponSharesSchema",
    "CycleSchema",
    "DaySchema",
    "DepositSchema",
    "EndRoleSchema",
    "EndSeriesSchema",
    "ExportSchema",
    "FindCardSchema",
    "FiscalYearSchema",
    "FreezeSchema",
    "FunderPaysSchema",
    "GivePageSchema",
    "GiveSchema",
    "HoldersSchema",
    "LargeTopUpSchema",
    "LogSchema",
    "LotSchema",
    "MatchSchema",
    "MomentSchema",
    "MonthSchema",
    "NewPinSchema",
    "NoteSchema",
    "NotedBalanceSchema",
    "NoticeSchema",
    "OutsideSchema",
    "PaidOnSchema",
    "PartSchema",
    "PlaceSchema",
    "PointsSchema",
    "PresentedSchema",
    "ProofSchema",
    "ProposeCouponSchema",
    "ProposePointsSchema",
    "ReasonSchema",
    "ReconcileSchema",
    "RefreshSchema",
    "ReleaseSchema",
    "ReplaceSchema",
    "ReplaySchema",
    "ReportDaySchema",
    "ReportSchema",
    "ReturnBenefitSchema",
    "ReturnSchema",
    "RoleSchema",
    "RunSchema",
    "RunsSchema",
    "SafeSchema",
    "SearchSchema",
    "SecurityEndSchema",
    "SecuritySchema",
    "SellVoucherSchema",
    "SeriesSchema",
    "SettlementTermsSchema",
    "ShopAccountSchema",
    "ShopPlan",
    "ShopSchema",
    "ShopSizeSchema",
    "SpecialDatesSchema",
    "StopSchema",
    "TokenSchema",
    "TopUpSchema",
    "TransferDateSchema",
    "TransferTermsSchema",
    "TransfersSchema",
    "UnblockSchema",
    "UndoSchema",
    "VisitSchema",
    "VoucherDaysSchema",
    "VoucherFaceSchema",
    "VoucherPartsSchema",
    "VoucherReturnSchema",
    "VoucherSalePageSchema",
    "VoucherSchema",
    "WebhookSchema",
    "WhichCycleSchema",
    "WhichMonthSchema",
    "changes",
    "entry_schema",
    "plan_shops",
]
