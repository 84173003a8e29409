"""Whether an order is paid at the door."""

from models.folding import fold

# The names sellers' platforms give it, in the languages they export; the bare word "cash" is not among them,
# because it is also what a pick-up counter takes.
_NAMES = (
    "cod",
    "c.o.d",
    "cashondelivery",
    "cash on delivery",
    "pay on delivery",
    "payment on delivery",
    "payondelivery",
    "دفع عند الاستلام",
    "الدفع عند الاستلام",
    "دفع عند التوصيل",
    "الدفع عند التوصيل",
    "الدفع نقدا عند الاستلام",
    "نقدا عند الاستلام",
    "نقدي عند الاستلام",
    "نقدا عند التوصيل",
    "كاش عند الاستلام",
    "كاش عند التوصيل",
    "货到付款",
    "貨到付款",
    "paiement à la livraison",
)


def is_cod(payment_method: str) -> bool:
    """Whether a payment method, as any shop calls it, means cash on delivery.

    Whole words are matched after folding, never a part of one: "zid_cod" and "Cash on Delivery (COD)" are,
    "barcode" and "codigo" are not. Chinese has no spaces, so there every character is a word.
    """
    words = _words(payment_method)
    return any(name in words for name in _COD)


def _words(text: str) -> str:
    parted = "".join(f" {letter} " if "\u4e00" <= letter <= "\u9fff" else letter for letter in fold(text))
    return f" {' '.join(parted.split())} "


_COD = tuple(_words(name) for name in _NAMES)
