"""Which payment methods are cash on delivery."""

import pytest

from verification.intake.cod import is_cod


@pytest.mark.parametrize(
    "payment_method",
    [
        "cod",
        "COD",
        "C.O.D.",
        "Cash on Delivery (COD)",
        "cash_on_delivery",
        "CASH-ON-DELIVERY",
        "cashondelivery",
        "zid_cod",
        "cod.cod",
        "Pay on Delivery",
        "payment on delivery",
        "الدفع عند الاستلام",
        "الدَّفع عند الإستلام",
        "الدفـــع عند الاستلام",
        "‫الدفع عند التوصيل‬",
        "الدفع نقداً عند الاستلام",
        "كاش عند الاستلام",
        "نقدا عند الاستلام",
        "دفع عند الاستلام + رسوم",
        "货到付款",
        "货到付款现金",
        "COD货到付款",
        "ｃｏｄ",
        "Paiement à la livraison",
    ],
)
def test_cash_on_delivery_under_all_its_names(payment_method: str) -> None:
    assert is_cod(payment_method)


@pytest.mark.parametrize(
    "payment_method",
    [
        "",
        "barcode",
        "codigo de barras",
        "discode",
        "cash",
        "manual",
        "bank transfer",
        "تحويل بنكي",
        "مدى",
        "الاستلام من الفرع",
        "Visa •••• 4242",
        "在线支付",
        "tabby",
        "delivery",
        "\ud800",
    ],
)
def test_what_only_looks_like_it(payment_method: str) -> None:
    assert not is_cod(payment_method)
