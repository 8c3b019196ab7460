"""What the consumer's side refuses. Codes and numbers never change and are never reused.

Most are read by the consumer; those of a one-time code are read by the shop as well (`shop_text`).
Each sentence says what happened, whether money moved, and what to do now.
"""

from wallet.errors.cards import (
    CardBlank,
    CardBlocked,
    CardEnded,
    CardHeld,
    CardNotBlocked,
    CardNotShown,
    CardOfAnotherDistrict,
    CardPageLocked,
    CardPinLocked,
    CardPinMissing,
    CardPinNeeded,
    CardPinNotApproved,
    CardReplaced,
    CardTaken,
    CardUnknown,
    LotUnknown,
    LotUsedUp,
    NoCard,
    NotACard,
    NotThisCard,
    OwnCard,
)
from wallet.errors.codes import (
    CodeOfConsumerExpired,
    CodeOfConsumerUnknown,
    CodeOfConsumerUnreadable,
    CodeOfConsumerUsed,
    ConsentDeclined,
    ConsentOver,
    ConsentUnknown,
    ConsentWithdrawn,
    NumberEntryLocked,
)
from wallet.errors.passing_on import (
    GiftHeld,
    GiftIsYours,
    GiftOver,
    GiftTaken,
    GiftUnknown,
    ReceiverCannot,
    ReceiverFull,
    ReceiverIsYou,
    ReceiverUnknown,
    TooManyGifts,
)
from wallet.errors.paying import (
    AlreadyPaid,
    AmountDiffers,
    ConfirmationNeeded,
    CouponNotNow,
    CouponNoVisit,
    CouponsApart,
    CouponUnusable,
    CouponVisited,
    LeaveNotConfirmed,
    LimitTooHigh,
    NewDeviceLimit,
    NothingToOffer,
    OutcomeUnknown,
    PlanChanged,
    RaiseNotConfirmed,
)
from wallet.errors.push import PushKeysWrong, PushServiceUnknown
