"""Invented orders for simulations and the demo: pure, and the same for the same world and seed."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from channels.sandbox.buyers import habits_of, luck_of, pick
from channels.sandbox.described_orders import CountryPeople
from channels.sandbox.phones import FLAWLESS, Phone, invented, written
from channels.sandbox.sections import DAYS
from channels.sandbox.world import World
from models.countries import SERVED
from models.money import decimal_text, to_minor

_HOUR = timedelta(hours=1)
_FIRST_NUMBER = 1001


class GeneratedOrder(NamedTuple):
    """One order: when it reaches us (aware UTC), the body of `POST /orders`, and its store's country."""

    arrives_at: datetime
    payload: dict[str, Any]
    country: str


@dataclass(frozen=True)
class _Person:
    country: str
    name: str
    speech: str
    phone: Phone
    address: dict[str, str | None]


@dataclass(frozen=True)
class _Wish:
    """An order before it has a number: `typed_phone` is what the buyer wrote into the field."""

    person: _Person
    arrives_at: datetime
    typed_phone: str
    alternate_phone: str | None
    address: dict[str, str | None]
    items: tuple[dict[str, Any], ...]
    total: str
    payment_method: str
    note: str | None
    language: str | None


def orders_of(world: World, count: int, *, days: int, seed: int) -> list[GeneratedOrder]:
    """`count` orders that arrive over `days` days from the world's start, earliest first, numbered from 1001.

    Some buyers come again, some order the same twice within hours, some leave a phone that leads nowhere.
    """
    people: dict[str, list[_Person]] = {code: [] for code in world.countries}
    hours = {code: _hour_weights(world, code, days) for code in world.countries}
    taken: set[Phone] = set()
    wishes: list[_Wish] = []
    for place in range(count):
        luck = luck_of(seed, "order", place)
        if wishes and luck.random() < world.orders.duplicates:
            wishes.append(_again(world, luck, luck.choice(wishes)))
            continue
        code = pick(luck, {code: country.share for code, country in world.countries.items()})
        if people[code] and luck.random() < world.orders.repeat_buyers:
            person = luck.choice(people[code])
        else:
            person = _person(world, seed, luck, code, taken)
            people[code].append(person)
        slot = luck.choices(range(len(hours[code])), hours[code])[0]
        arrives_at = world.starts_at + slot * _HOUR + timedelta(seconds=luck.randrange(3600))
        wishes.append(_wish(world, luck, person, arrives_at))
    wishes.sort(key=lambda wish: wish.arrives_at)
    return [_order(wish, number) for number, wish in enumerate(wishes, start=_FIRST_NUMBER)]


def _hour_weights(world: World, code: str, days: int) -> list[float]:
    """How many orders each hour of the simulated days brings, by the buyers' own clocks."""
    zone, people, ordering = ZoneInfo(SERVED[code].time_zone), world.countries[code], world.orders
    weights = []
    for slot in range(days * 24):
        local = (world.starts_at + slot * _HOUR).astimezone(zone)
        factor = ordering.weekend_factor if DAYS[local.weekday()] in people.weekend else 1
        weights.append(ordering.by_hour[local.hour] * factor)
    return weights


def _person(world: World, seed: int, luck: Random, code: str, taken: set[Phone]) -> _Person:
    country = world.countries[code]
    # When the numbers run short, two people share one, as families do.
    draws = [invented(luck, code, country.mobile) for _ in range(20)]
    phone = next((each for each in draws if each not in taken), draws[0])
    taken.add(phone)
    # The buyer who answers this phone later speaks as the one who orders with it now.
    speech = habits_of(world, seed, phone.e164, code).speech
    names = world.names[speech]
    return _Person(
        code,
        f"{luck.choice(names.first)} {luck.choice(names.last)}",
        speech,
        phone,
        _address(luck, code, country),
    )


def _address(luck: Random, code: str, country: CountryPeople) -> dict[str, str | None]:
    city = luck.choice(country.cities)
    short = country.short_addresses and luck.random() < 0.5
    letters = "".join(luck.choices("ABDEFGHJKMNRSTW", k=4))
    return {
        "country": code,
        "region": None,
        "city": city.name,
        "district": _numbered(luck, luck.choice(city.districts)),
        "street": _numbered(luck, luck.choice(country.streets)),
        "building": _numbered(luck, luck.choice(country.buildings)),
        "short_address": f"{letters}{luck.randrange(1000, 10000)}" if short else None,
        "postal_code": None,
        "landmark": luck.choice(country.landmarks) if luck.random() < 0.6 else None,
    }


def _numbered(luck: Random, line: str) -> str:
    while "#" in line:
        line = line.replace("#", str(luck.randint(1, 60)), 1)
    return line


def _wish(world: World, luck: Random, person: _Person, arrives_at: datetime) -> _Wish:
    ordering = world.orders
    items, total = _items(world, luck, person)
    incomplete = luck.random() < ordering.incomplete_addresses
    only_city = {
        name: value if name in ("country", "city") else None for name, value in person.address.items()
    }
    other = _other_phone(world, luck, person, abroad=False)
    return _Wish(
        person=person,
        arrives_at=arrives_at,
        typed_phone=_typed(world, luck, person),
        alternate_phone=other.local if luck.random() < ordering.alternate_phones else None,
        address=only_city if incomplete else person.address,
        items=items,
        total=total,
        payment_method="card" if luck.random() < ordering.card_paid else "cod",
        note=luck.choice(world.remarks[person.speech]) if luck.random() < ordering.notes else None,
        language=person.speech.split("-")[0] if luck.random() < 0.7 else None,
    )


def _again(world: World, luck: Random, wish: _Wish) -> _Wish:
    """The same order once more within three hours, its phone written in another way."""
    form = luck.choice(FLAWLESS)
    phone = wish.person.phone
    return replace(
        wish,
        arrives_at=wish.arrives_at + timedelta(seconds=luck.randint(60, 3 * 3600)),
        typed_phone=written(luck, phone, form, other=phone, landline=phone),
    )


def _typed(world: World, luck: Random, person: _Person) -> str:
    form = pick(luck, world.orders.phones)
    landline = invented(luck, person.country, world.countries[person.country].landline)
    other = _other_phone(world, luck, person, abroad=form == "foreign")
    return written(luck, person.phone, form, other=other, landline=landline)


def _other_phone(world: World, luck: Random, person: _Person, *, abroad: bool) -> Phone:
    codes = [code for code in world.countries if code != person.country] if abroad else []
    code = luck.choice(codes or [person.country])
    return invented(luck, code, world.countries[code].mobile)


def _items(world: World, luck: Random, person: _Person) -> tuple[tuple[dict[str, Any], ...], str]:
    """The lines of an order and its total with delivery, in the country's money."""
    country, currency = world.countries[person.country], SERVED[person.country].currency
    count = pick(luck, {1: 75, 2: 19, 3: 6})
    items, total_minor = [], 0
    for product in luck.sample(world.products, min(count, len(world.products))):
        quantity = pick(luck, {1: 82, 2: 14, 3: 4})
        if luck.random() < world.orders.large_quantities:
            quantity = luck.randint(15, 60)
        price_minor = local_price(product.price, country, currency)
        total_minor += price_minor * quantity
        items.append(
            {
                "sku": product.sku,
                "title": product.title_en if person.speech == "en" else product.title_ar,
                "variant": luck.choice(product.variants) if product.variants else None,
                "quantity": quantity,
                "unit_price": decimal_text(price_minor, currency),
                "image_url": None,
                "product_url": None,
            }
        )
    delivery = luck.choice((0, 0, 15, 20, 25))
    total_minor += local_price(Decimal(delivery), country, currency) if delivery else 0
    return tuple(items), decimal_text(total_minor, currency)


def local_price(riyals: Decimal, country: CountryPeople, currency: str) -> int:
    """What riyals come to in a country's money, in minor units, rounded as its shops do."""
    steps = (riyals * country.rate / country.price_step).quantize(Decimal(1), ROUND_HALF_UP)
    return to_minor(max(steps, Decimal(1)) * country.price_step, currency)


def _order(wish: _Wish, number: int) -> GeneratedOrder:
    person, place = wish.person, SERVED[wish.person.country]
    payload = {
        "store": "default",
        "external_id": str(number),
        "number": f"#{number}",
        "placed_at": wish.arrives_at.astimezone(ZoneInfo(place.time_zone)).isoformat(timespec="seconds"),
        "currency": place.currency,
        "total": wish.total,
        "payment_method": wish.payment_method,
        "ship_by": None,
        "note": wish.note,
        "buyer": {
            "name": person.name,
            "phone": wish.typed_phone,
            "alternate_phone": wish.alternate_phone,
            "language": wish.language,
        },
        "address": dict(wish.address),
        "items": [dict(item) for item in wish.items],
    }
    return GeneratedOrder(wish.arrives_at.astimezone(UTC), payload, person.country)
