"""What a shop's side of the counter stores."""

from merchant.models.counter import (
    Merchant,
    MerchantTrade,
    OfferState,
    PairCode,
    PaymentRequest,
    RequestState,
    ShopState,
    Staff,
    StaffRole,
    StaticCode,
    Till,
)
from merchant.models.invoices import SettlementScheme, ShopRegistration
from merchant.models.printing import PrintJob, TillPrinter
from merchant.models.register import Article, ArticlePicture, HeldBill, RegisterSettings, TillDrawerEvent, TillReceipt, TillReceiptCopy
from merchant.models.shared_bills import ReceiptPayment, SharedBill, SharedPart
from merchant.models.till_logs import TillLog, TillLogEntry, TillLogRefusal, TillTwinAnswer
from merchant.models.webhooks import Webhook, WebhookDelivery, WebhookOldSecret, WebhookReplay
from merchant.models.witness import LogAlarm, LogAlarmAnswer, LogWitness, LogWitnessKey
