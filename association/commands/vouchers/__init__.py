"""商品券: a campaign from its draft to its approval, its sale, and what becomes of its premium."""

from association.commands.vouchers.campaign import (
    NewVoucher,
    drop_voucher_draft,
    must_be_sellable,
    propose_voucher,
    save_voucher_draft,
)
from association.commands.vouchers.premium import (
    VoucherFunderPays,
    VoucherReturn,
    book_premiums,
    propose_voucher_return,
    voucher_funder_pays,
)
from association.commands.vouchers.sale import Allowance, SellVoucher, VoucherSold, may_buy, sell_voucher
