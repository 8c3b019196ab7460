"""The border of the shop's pages."""

from merchant.schemas.article_list import ArticlePlan, plan_articles
from merchant.schemas.articles import COMING, ArticleSchema, ArticlesPageSchema, KeySchema, NewArticlePageSchema
from merchant.schemas.books import BooksSchema, JournalSchema, MonthSchema, ReceiptSearchSchema
from merchant.schemas.counter import (
    CASH_MAX,
    AlarmSchema,
    AmountSchema,
    KeypadSchema,
    PairSchema,
    PracticeSchema,
    RefundPlanSchema,
    RefundSchema,
    ScanPageSchema,
    ScanSchema,
    SeenSchema,
    SellCodeSchema,
    SellPlanSchema,
    SellSchema,
    SettleSchema,
    SplitSchema,
    StandAloneSchema,
    StandSchema,
    TicketSeenSchema,
    TicketsPageSchema,
    TicketsSchema,
    UndoSaleSchema,
    size_of,
)
from merchant.schemas.desk import (
    AgainSchema,
    PinFreeSchema,
    PinSchema,
    ReplaySchema,
    SalesSchema,
    SheetSchema,
    ShopSchema,
    StaffSchema,
    TillNameSchema,
    WebhookSchema,
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
