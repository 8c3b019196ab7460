"""What a shop's side of the counter stores."""

from merchant.models.counter import (
    LogAlarm,
    LogAlarmAnswer,
    LogWitness,
    LogWitnessKey,
    Merchant,
    OfferState,
    PairCode,
    PaymentRequest,
    RequestState,
    ShopState,
    Staff,
    StaffRole,
    StaticCode,
    Till,
    Webhook,
    WebhookDelivery,
    WebhookOldSecret,
    WebhookReplay,
)
from merchant.models.register import (
    Article,
)

__all__ = [
    "Article",
    "LogAlarm",
    "LogAlarmAnswer",
    "LogWitness",
    "LogWitnessKey",
    "Merchant",
    "OfferState",
    "PairCode",
    "PaymentRequest",
    "RequestState",
    "ShopState",
    "Staff",
    "StaffRole",
    "StaticCode",
    "Till",
    "Webhook",
    "WebhookDelivery",
    "WebhookOldSecret",
    "WebhookReplay",
]
