"""The demo's first cases at the desk: orders of one shop that has its buyers called before anything else.

Written by hand so that whoever opens the desk meets, within a dozen calls, what a shift is made of: missing
addresses, two orders of one buyer, a double, a dozen of one thing, regulars and people who refuse parcels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from channels.sandbox.orders import local_price
from channels.sandbox.world import World
from models.countries import SERVED
from models.money import decimal_text

CASES_SELLER = ("Sadu Home", "SA")
CASES_LADDER = [
    {"channel": "agent_call", "after_minutes": 0},
    {"channel": "agent_call", "after_minutes": 5},
    {"channel": "whatsapp", "after_minutes": 5},
    {"channel": "agent_call", "after_minutes": 30},
]


@dataclass(frozen=True)
class CaseOrder:
    """An order of a case: the body of `POST /orders` without `placed_at`, and how old it is at the start."""

    payload: dict[str, Any]
    minutes_ago: int


@dataclass(frozen=True)
class Case:
    """Orders of one buyer that are open together, and what couriers said of the buyer's earlier ones."""

    orders: tuple[CaseOrder, ...]
    past: tuple[str, ...]


@dataclass(frozen=True)
class _Wish:
    sku: str
    quantity: int = 1
    variant: str | None = None


@dataclass(frozen=True)
class _Buyer:
    name: str
    phone: str
    address: dict[str, str]
    orders: tuple[tuple[_Wish, ...], ...]
    language: str | None = "ar"
    note: str | None = None
    past: tuple[str, ...] = ()


# The phones are invented, and chosen so that the simulated buyers behind them answer in different ways.
_BUYERS = (
    _Buyer(
        "نورة العتيبي",
        "٠٥٥ ٠٠٣ ٥١٩١",
        {"country": "SA", "city": "الرياض", "district": "النرجس"},
        ((_Wish("HM-204", variant="وردي"),),),
        note="الرجاء الاتصال بعد المغرب",
        past=("delivered", "delivered", "delivered", "delivered"),
    ),
    _Buyer(
        "محمد الشمري",
        "0550032044",
        {
            "country": "SA",
            "city": "جدة",
            "district": "الروضة",
            "street": "شارع التحلية",
            "building": "فيلا 14",
        },
        ((_Wish("WT-31", variant="فضي"),), (_Wish("EB-9", 2, "أبيض"), _Wish("LM-18"))),
    ),
    _Buyer(
        "Priya Nair",
        "+971 50 004 6048",
        {
            "country": "AE",
            "city": "Dubai",
            "district": "Al Barsha",
            "street": "Street 23",
            "building": "Al Nakheel Tower, apt 904",
        },
        ((_Wish("PF-7"),),),
        language="en",
        note="Please call before delivery, the guard has no key",
        past=("refused", "delivered", "refused", "refused"),
    ),
    _Buyer(
        "علي الساعدي",
        "0770 002 6985",
        {"country": "IQ", "city": "بغداد"},
        ((_Wish("AF-60"),),),
        note="خابروني قبل ما توصلون",
    ),
    _Buyer(
        "دانة الكندري",
        "99007202",
        {"country": "KW", "city": "حولي", "district": "السالمية", "street": "شارع 5", "building": "منزل 21"},
        ((_Wish("AB-12", variant="56"), _Wish("PF-7")),),
        past=("delivered",),
    ),
    _Buyer(
        "خالد الحربي",
        "0550033511",
        {
            "country": "SA",
            "city": "الدمام",
            "district": "الشاطئ",
            "street": "شارع 12",
            "building": "عمارة 3 شقة 8",
        },
        ((_Wish("SH-77", variant="43"),), (_Wish("SH-77", variant="44"),)),
        note="المقاس 43 أو 44",
    ),
    _Buyer(
        "شیلان ئەحمەد",
        "0750 001 5600",
        {"country": "IQ", "city": "أربيل", "district": "عينكاوة", "landmark": "قرب كنيسة مار يوسف"},
        ((_Wish("TH-8", 12, "ذهبي"),),),
        language="ckb",
        note="پێش گەیشتن تەلەفۆن بکە",
    ),
    _Buyer(
        "سارة القحطاني",
        "+966550031876",
        {
            "country": "SA",
            "city": "أبها",
            "district": "المنسك",
            "street": "شارع الملك فهد",
            "building": "مبنى 7",
        },
        ((_Wish("BG-15", 2, "كحلي"),),),
        past=("delivered", "refused"),
    ),
    _Buyer(
        "هبة فؤاد",
        "01000029507",
        {"country": "EG", "city": "القاهرة", "district": "مدينة نصر", "street": "شارع عباس العقاد"},
        ((_Wish("LM-18"), _Wish("EB-9", variant="أسود")),),
        note="الدور التالت شمال",
    ),
    _Buyer(
        "رامي الخطيب",
        "0770021325",
        {
            "country": "JO",
            "city": "عمان",
            "district": "خلدا",
            "street": "شارع وصفي التل",
            "building": "عمارة 18 شقة 2",
        },
        ((_Wish("AF-60", 5),),),
    ),
    _Buyer(
        "Joseph Santos",
        "33001960",
        {"country": "QA", "city": "الدوحة", "district": "منطقة 24", "street": "شارع 940"},
        ((_Wish("WT-31", variant="أسود"),),),
        language="en",
    ),
    _Buyer(
        "لطيفة المري",
        "جوال 0550033680",
        {"country": "SA", "city": "الرياض", "district": "الملقا", "short_address": "RNRA4521"},
        ((_Wish("AB-12", variant="54"),),),
        past=("delivered", "delivered", "delivered"),
    ),
)


def cases(world: World) -> Iterator[Case]:
    """The cases in the order in which they should be called; goods and prices are the world's."""
    number = 2000
    for buyer in _BUYERS:
        orders: list[CaseOrder] = []
        for wishes in buyer.orders:
            number += 1
            note = buyer.note if len(orders) == len(buyer.orders) - 1 else None
            orders.append(CaseOrder(_payload(world, number, buyer, wishes, note), 40 - 15 * len(orders)))
        yield Case(tuple(orders), buyer.past)


def _payload(
    world: World, number: int, buyer: _Buyer, wishes: tuple[_Wish, ...], note: str | None
) -> dict[str, Any]:
    code = buyer.address["country"]
    currency, country = SERVED[code].currency, world.countries[code]
    goods = {product.sku: product for product in world.products}
    prices = [local_price(goods[wish.sku].price, country, currency) for wish in wishes]
    total = sum(wish.quantity * price for wish, price in zip(wishes, prices, strict=True))
    return {
        "external_id": str(number),
        "number": f"#{number}",
        "currency": currency,
        "total": decimal_text(total, currency),
        "payment_method": "cod",
        "note": note,
        "buyer": {"name": buyer.name, "phone": buyer.phone, "language": buyer.language},
        "address": buyer.address,
        "items": [
            {
                "sku": wish.sku,
                "title": goods[wish.sku].title_en if buyer.language == "en" else goods[wish.sku].title_ar,
                "variant": wish.variant,
                "quantity": wish.quantity,
                "unit_price": decimal_text(price, currency),
            }
            for wish, price in zip(wishes, prices, strict=True)
        ],
    }
