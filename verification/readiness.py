"""What stands in the way of real contacts: senders, texts and voices that are missing, seller by seller."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.sellers import Seller, Store
from models.vocabulary import Channel, DialMode, SenderKind
from verification.board.causes import Cause
from verification.board.queue import read_queue
from verification.policy.stored import policy_book
from verification.policy.values import Policy
from verification.routing.taking import candidates
from verification.templates.choosing import approved_text, named_for, spoken
from verification.templates.listing import LANGUAGES
from verification.voice.clips import LANGUAGES as RECORDED_LANGUAGES
from verification.voice.languages import clips_of
from verification.voice.sentences import RECORDED

_COUNTRIES_SPEAK = "ar"


@dataclass(frozen=True)
class Readiness:
    """`senders`: for each kind that some seller's policy uses, by country, the sellers who have none there
    (empty where all have). `texts`: by seller, the languages in which WhatsApp has approved a first message;
    `without_text` are the sellers whose buyers could not be written to. `voices`: by language, how many of
    the sentences are recorded for everybody, of `sentences`. `parked` contacts wait for the provider.
    """

    senders: Mapping[SenderKind, Mapping[str, tuple[str, ...]]]
    texts: Mapping[str, tuple[str, ...]]
    without_text: tuple[str, ...]
    voices: Mapping[str, int]
    sentences: int
    parked: int


def read_readiness(session: Session, *, provider: str, now: datetime) -> Readiness:
    """As it stands for the stores that there are, each in its own country."""
    stores = session.execute(
        select(Store.id, Store.seller_id, Store.country, Seller.slug)
        .join(Seller, Seller.id == Store.seller_id)
        .order_by(Seller.slug, Store.country)
    ).all()
    book, known = policy_book(session), [each for each in candidates(session, None, now) if each.share]
    senders: dict[SenderKind, dict[str, tuple[str, ...]]] = {}
    texts: dict[str, tuple[str, ...]] = {}
    without_text: list[str] = []
    for store in stores:
        policy = book.policy(store_id=store.id, seller_id=store.seller_id, country=store.country)
        kinds = frozenset(_kinds(policy))
        for kind in kinds:
            missing = senders.setdefault(kind, {}).setdefault(store.country, ())
            has_one = any(each.kind is kind and each.serves(store.seller_id, store.country) for each in known)
            if not has_one and store.slug not in missing:
                senders[kind][store.country] = (*missing, store.slug)
        if SenderKind.whatsapp in kinds and store.slug not in texts:
            texts[store.slug] = tuple(
                each for each in LANGUAGES if _is_approved(session, store, languages=(each,))
            )
            if not _is_approved(session, store, languages=spoken(_COUNTRIES_SPEAK)):
                without_text.append(store.slug)
    recorded = {language: clips_of(session, None, language) for language in RECORDED_LANGUAGES}
    return Readiness(
        senders={kind: senders[kind] for kind in SenderKind if kind in senders},
        texts=texts,
        without_text=tuple(without_text),
        voices={language: len(clips) for language, clips in recorded.items() if clips},
        sentences=len(RECORDED),
        parked=read_queue(session, now=now, provider=provider).by_cause.get(Cause.provider_out, 0),
    )


def _kinds(policy: Policy) -> Iterator[SenderKind]:
    """The kinds of sender that the ladder needs."""
    for rung in policy.ladder:
        if rung.channel.is_message or rung.channel is Channel.ivr:
            yield SenderKind.of(rung.channel)
        elif rung.channel is Channel.agent_call and policy.dial_mode is DialMode.click_to_call:
            yield SenderKind.voice


def _is_approved(session: Session, store: Any, *, languages: Sequence[str]) -> bool:
    text = approved_text(session, Channel.whatsapp, store.seller_id, named_for(1), languages, with_link=True)
    return text is not None
