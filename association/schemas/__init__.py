"""The border of the desk: what a page of the association may say. Amounts are whole yen, days are days in Tokyo."""

from association.schemas.accounts import AccountSchema, ExportSchema, FiscalYearSchema, MonthSchema, ReportSchema, WhichMonthSchema
from association.schemas.announcements import AnnouncementSchema, FarewellsSentSchema
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
    ReplaceSchema,
    UnblockSchema,
    VisitSchema,
)
from association.schemas.cash import CashBudgetSchema, CashSchema, CloseDrawerSchema, CountSafeSchema, DepositSchema, SafeSchema
from association.schemas.chart_list import ChartPlan, plan_chart
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
from association.schemas.disputes import DisputeNoteSchema, DisputeOutcomeSchema, DisputeSchema, HoldSchema
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
from association.schemas.points import CampaignSchema, EventSchema, LeaveSkippedSchema, PointBudgetSchema, PointsSchema, ProposePointsSchema
from association.schemas.programs import (
    AgainSchema,
    ReplaySchema,
    TokenSchema,
    WebhookSchema,
)
from association.schemas.register_list import RegisterListSchema, RegisterPlan, facts_of, plan_lines
from association.schemas.registers import NoteSchema, entry_schema
from association.schemas.risk import AnswerFindingSchema, RiskLimitSchema
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
from association.schemas.shop_list import changes, plan_shops
from association.schemas.shops import (
    AgentSchema,
    NewShopSchema,
)
from association.schemas.stops import StopSchema
from association.schemas.tickets import (
    BookletSchema,
    HeapPageSchema,
    HeapSchema,
    NewTicketLotSchema,
    ReleaseTicketsSchema,
    SeenCodeSchema,
    SellBookletsSchema,
    TicketPageSchema,
)
from association.schemas.transfers import BankDaySchema, ReturnSchema, ReturnsSchema, TransferDateSchema, TransferTermsSchema
from association.schemas.voucher_calls import (
    BuyingNumberSchema,
    CallPageSchema,
    CounterCodeSchema,
    DecideApplicationSchema,
    LettersSchema,
    LettersSentSchema,
    LinkSchema,
    PaperListSchema,
    PaperPlan,
    PaperSchema,
    PurchaseCodesSchema,
    ResidentSchema,
    SlipSchema,
    VoucherCallSchema,
    plan_papers,
)
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
