"""The sandbox as a provider: it books the contacts it takes, and what its buyers will answer to each."""

from collections.abc import Collection
from dataclasses import asdict
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert

from channels.protocol import Contact, Refused, Sent, Uncertain
from channels.sandbox.reacting import Buyers
from channels.sandbox.reactions import SANDBOX, Answer, Hang
from models.base import new_id
from models.sandbox import SandboxAnswer, SandboxContact
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel


class SandboxChannel:
    """One channel of the sandbox. Sending under the same reference twice makes one contact.

    `cost` is what one contact costs, in US dollars.
    """

    def __init__(self, engine: Engine, channel: Channel, buyers: Buyers, cost: Decimal) -> None:
        self._engine = engine
        self._channel = channel
        self._buyers = buyers
        self._cost = cost

    @property
    def provider(self) -> str:
        """The sandbox's name."""
        return SANDBOX

    def send(self, contact: Contact) -> Sent:
        """Make the contact, in a transaction of the sandbox's own; raises `Refused` or `Uncertain`."""
        reaction = self._buyers.react(contact)
        if reaction.refusal:
            raise Refused(reaction.refusal.code, reaction.refusal.meaning)
        if reaction.hang is Hang.not_accepted:
            raise Uncertain("timeout")
        self._accept(contact, reaction.answers)
        if reaction.hang is Hang.accepted:
            raise Uncertain("timeout")
        return self._sent(contact.reference)

    @property
    def needs_sender(self) -> bool:
        """Nothing leaves the machine, so nobody sends it."""
        return False

    def find(self, contact: Contact, *, known: Collection[str]) -> Sent | None:
        """What became of a send whose answer was lost; the sandbox always knows, whenever it is asked."""
        with unit_of_work(self._engine) as session:
            taken = session.get(SandboxContact, contact.reference)
        return self._sent(contact.reference) if taken else None

    def _accept(self, contact: Contact, answers: tuple[Answer, ...]) -> None:
        with unit_of_work(self._engine) as session:
            accepted = session.execute(
                insert(SandboxContact)
                .values(
                    reference=contact.reference,
                    provider_id=provider_id_of(contact.reference),
                    channel=self._channel.value,
                    accepted_at=contact.at,
                )
                .on_conflict_do_nothing(index_elements=[SandboxContact.reference])
                .returning(SandboxContact.reference)
            ).scalar()
            if accepted and answers:
                # Sorted, so that answers due at the same instant are handed over in their own order.
                ids = sorted(new_id() for _ in answers)
                rows = [_row(id_, contact, answer) for id_, answer in zip(ids, answers, strict=True)]
                session.execute(insert(SandboxAnswer), rows)

    def _sent(self, reference: str) -> Sent:
        return Sent(provider_id_of(reference), cost=self._cost)


def provider_id_of(reference: str) -> str:
    """The sandbox's own id of a contact."""
    return f"sb-{sha256(reference.encode()).hexdigest()[:32]}"


def _row(id_: UUID, contact: Contact, answer: Answer) -> dict[str, Any]:
    told = {name: value for name, value in asdict(answer).items() if value is not None}
    told |= {"at": (contact.at + told.pop("happened")).isoformat()}
    due_at = contact.at + told.pop("after")
    return {"id": id_, "reference": contact.reference, "due_at": due_at, "answer": told}
