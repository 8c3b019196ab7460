"""The border of the shop's pages."""

from merchant.schemas.article_list import ArticlePlan, plan_articles
from merchant.schemas.articles import COMING, ArticleSchema, ArticlesPageSchema, KeySchema, NewArticlePageSchema
from merchant.schemas.books import BooksSchema, JournalSchema, MonthSchema, ReceiptSearchSchema
from merchant.schemas.counter import (
    CASH_MAX,
    AgainSchema,
    AlarmSchema,
    AmountSchema,
    KeypadSchema,
    PairSchema,
    PinFreeSchema,
    PinSchema,
    PracticeSchema,
    RefundPlanSchema,
    RefundSchema,
    ReplaySchema,
    SalesSchema,
    ScanPageSchema,
    ScanSchema,
    SeenSchema,
    SellCodeSchema,
    SellPlanSchema,
    SellSchema,
    SettleSchema,
    SheetSchema,
    SplitSchema,
    StaffSchema,
    StandAloneSchema,
    StandSchema,
    TicketSeenSchema,
    TicketsPageSchema,
    TicketsSchema,
    TillNameSchema,
    UndoSaleSchema,
    WebhookSchema,
    size_of,
)
from merchant.schemas.printing import PrintAnswerSchema, PrinterSchema
from merchant.schemas.register import (
    CloseDaySchema,
    CorrectSchema,
    FloatSchema,
    ForTicketsSchema,
    HoldSchema,
    MoveSchema,
    PaperSchema,
    PdfSchema,
    ReceiptsPageSchema,
    RegisterSchema,
    RestSchema,
    ReturnSchema,
    SellBillSchema,
    ShareBillSchema,
)
from merchant.schemas.till_logs import EntriesSchema, GiveUpSchema, LaterSchema, OpenLogSchema, TwinSchema, told
