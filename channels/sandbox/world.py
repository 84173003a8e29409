"""A world file: the buyers, networks and orders that a sandbox simulates. People read `docs/worlds.md`."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Self, get_args

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from channels.sandbox.described_buyers import (
    BuyerType,
    ChannelHabits,
    Costs,
    Delays,
    Detour,
    Dip,
    Network,
    Numbers,
    Saying,
    Variety,
)
from channels.sandbox.described_orders import CountryPeople, Names, Ordering, Product
from channels.sandbox.sections import Section, Share, Text, Texts, Weight
from models.countries import SERVED
from models.vocabulary import DecisionReason


class WorldError(ValueError):
    """A world file cannot be used; the text names the file, the field and the rule."""


class World(Section):
    """All that a sandbox simulates. Shares lie between 0 and 1; weights are compared with each other."""

    about: Text
    starts_at: AwareDatetime
    parts: dict[str, Annotated[int, Field(ge=0, le=23)]]
    types: dict[str, BuyerType]
    variety: Variety
    dips: tuple[Dip, ...]
    channels: ChannelHabits
    delays: Delays
    detours: dict[Detour, Share]
    soft: Share
    second_thoughts: Share
    refusals: dict[DecisionReason, Weight]
    numbers: Numbers
    network: Network
    costs: Costs
    words: dict[str, dict[Saying, Texts]]
    names: dict[str, Names]
    countries: dict[str, CountryPeople]
    remarks: dict[str, Texts]
    orders: Ordering
    products: Annotated[tuple[Product, ...], Field(min_length=1)]

    def part_at(self, local: datetime) -> str:
        """The part of the day of a local instant."""
        return [name for name, hour in self.parts.items() if hour <= local.hour][-1]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        problems = _problems(self)
        if problems:
            raise ValueError("; ".join(problems))
        return self


def load_world(path: Path) -> World:
    """Reads and checks a world file; raises WorldError naming the field and the rule.

    A file with `extends` names another one beside it, and replaces whole top-level fields of that one.
    """
    try:
        return World.model_validate_json(json.dumps(_fields(path)))
    except ValidationError as error:
        broken = [
            ": ".join(
                filter(None, [".".join(map(str, each["loc"])), each["msg"].removeprefix("Value error, ")])
            )
            for each in error.errors(include_url=False, include_input=False)
        ]
        raise WorldError(f"{path.name}: {'; '.join(broken[:10])}") from None


def _fields(path: Path, seen: tuple[Path, ...] = ()) -> dict[str, Any]:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WorldError(f"{path.name}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise WorldError(f"{path.name}: is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise WorldError(f"{path.name}: must be a JSON object")
    base = fields.pop("extends", None)
    if base is None:
        return fields
    if not isinstance(base, str) or path.with_name(base) in (*seen, path):
        raise WorldError(f"{path.name}: extends: must name another file beside this one")
    return _fields(path.with_name(base), (*seen, path)) | fields


def _problems(world: World) -> list[str]:
    """What no single field can see: names that must match across fields, tables that must be whole."""
    problems = []
    hours = list(world.parts.values())
    if not hours or hours[0] != 0 or hours != sorted(set(hours)):
        problems.append("parts: must start at hour 0 and rise")
    for name, kind in world.types.items():
        for field, rhythm in (("calls", kind.calls), ("messages", kind.messages)):
            for days, chances in (("weekday", rhythm.weekday), ("weekend", rhythm.weekend)):
                if set(chances) != set(world.parts):
                    problems.append(f"types.{name}.{field}.{days}: must give a chance for each of parts")
    if sum(world.detours.values()) > 1:
        problems.append("detours: shares add up to more than 1")
    for speech, sayings in world.words.items():
        if missing := sorted(set(get_args(Saying)) - set(sayings)):
            problems.append(f"words.{speech}: has no words for {', '.join(missing)}")
    weighed: list[tuple[str, Mapping[Any, float], Mapping[str, Any] | None]] = [
        ("refusals", world.refusals, None),
        ("orders.phones", world.orders.phones, None),
        ("orders.by_hour", dict(enumerate(world.orders.by_hour)), None),
        ("countries", {code: country.share for code, country in world.countries.items()}, SERVED),
    ]
    for code, country in world.countries.items():
        for field, numbering in (("mobile", country.mobile), ("landline", country.landline)):
            if any(len(prefix) + 4 > numbering.digits for prefix in numbering.prefixes):
                problems.append(f"countries.{code}.{field}: needs at least 4 digits after each prefix")
        weighed.append((f"countries.{code}.types", country.types, world.types))
        for known, where in (
            (world.words, "words"),
            (world.names, "names"),
            (world.remarks, "remarks"),
        ):
            missing = sorted(set(country.speech) - set(known))
            if missing:
                problems.append(f"countries.{code}.speech: {missing[0]} is not in {where}")
        weighed.append((f"countries.{code}.speech", country.speech, None))
    for field, weights, known_names in weighed:
        if sum(weights.values()) <= 0:
            problems.append(f"{field}: needs a weight above 0")
        if known_names is not None and (unknown := sorted(set(weights) - set(known_names))):
            problems.append(f"{field}: {unknown[0]} is not known")
    return problems
