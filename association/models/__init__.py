"""What the association stores beside the book, by topic."""

from association.models.accounts import ChartAccount, FiscalYear
from association.models.announcements import Announcement, AnnouncementRecipient
from association.models.approvals import ApprovalLimits
from association.models.bank import (
    BankAccount,
    BankBalance,
    BankColumns,
    BankFile,
    BankLine,
    BankMatch,
    BankMatchEntry,
    BankMatchLine,
    BankUnmatch,
    BankUpload,
)
from association.models.bank_details import ShopAccount, ShopApplication
from association.models.benefits import Benefit, BenefitLine
from association.models.cash import CashCount, Drawer
from association.models.codes import CodeBatch, TopUpCode
from association.models.controls import ControlAlarm, ControlReading, ControlState, LiveLine, WorkerChore
from association.models.coupons import Coupon, CouponDraft, CouponShare, CouponShop, CouponSource, Funder
from association.models.deposit import (
    BaseDateReport,
    DepositSecurity,
    DepositSecurityEnd,
    Discontinuance,
    DiscontinuanceEnd,
    EvidenceFile,
    SpecialBaseDates,
)
from association.models.disputes import Dispute, DisputeNote
from association.models.law import IssuerNotice, SeriesExpiry, SeriesTerms
from association.models.points import (
    PointCampaign,
    PointCursor,
    PointEvent,
    PointLot,
    PointProgramme,
    PointShare,
    PointShortfall,
    PointSkipped,
)
from association.models.registers import RegisterEntry, RegisterNote
from association.models.returned import PresentedReceipt
from association.models.risk import RiskFinding, RiskNote, RiskThreshold, ShopStop
from association.models.segments import Segment, SegmentPerson
from association.models.settlement import (
    BankDay,
    SettlementCarry,
    SettlementCycle,
    SettlementPayout,
    SettlementRun,
    SettlementTerms,
    ShopCycle,
    TransferDownload,
    TransferFile,
    TransferLine,
    TransferReturn,
    TransferTerms,
)
from association.models.shops import AgentTerms, ShopAdmission
from association.models.tickets import Booklet, Ticket, TicketLot
from association.models.voucher_calls import (
    PurchaseCode,
    VoucherApplication,
    VoucherCall,
    VoucherDraw,
    VoucherDrawRound,
    VoucherResident,
)
from association.models.vouchers import Voucher, VoucherDraft, VoucherShare
