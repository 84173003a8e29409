"""Buyers who do exactly what they are told, phone by phone: for stories that leave nothing to chance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from channels.protocol import PAGE, Contact, Meaning
from channels.sandbox.reactions import (
    SANDBOX,
    Answer,
    Hang,
    Reaction,
    Refusal,
    call_ended,
    key,
    reaction,
    tap,
    transport,
    undelivered,
    words,
)
from models.vocabulary import AttemptState, Channel, Outcome

Script = Callable[[Contact], Reaction]

_SOON = timedelta(minutes=4)
_RINGS = timedelta(seconds=20)


class ScriptedBuyers:
    """The first contact with a phone follows its first script, the next its second; then there is silence.

    `scripts` maps E.164 phones to scripts. The same reference always gets the same reaction.
    """

    def __init__(self, scripts: Mapping[str, Sequence[Script]]) -> None:
        self._scripts = scripts
        self._references: dict[str, list[str]] = {}

    def react(self, contact: Contact) -> Reaction:
        """What the script of this contact says."""
        references = self._references.setdefault(contact.phone, [])
        if contact.reference not in references:
            references.append(contact.reference)
        place = references.index(contact.reference)
        scripts = self._scripts.get(contact.phone, ())
        script = scripts[place] if place < len(scripts) else silent()
        return script(contact)


def silent() -> Script:
    """A message arrives and is never read; a call rings out."""

    def follow(contact: Contact) -> Reaction:
        if contact.channel.is_call:
            return reaction([call_ended(_RINGS, Outcome.no_answer)])
        return reaction([transport(timedelta(0), AttemptState.delivered)])

    return follow


def reads(after: timedelta = _SOON) -> Script:
    """A message is read and not answered; a call is taken and no key pressed."""
    return _answers(lambda contact: [], after)


def chooses(button: str, after: timedelta = _SOON) -> Script:
    """Taps that button (of the message, or of the page behind an SMS link), or presses its key in a call."""

    def answer(contact: Contact) -> list[Answer]:
        if contact.channel.is_call:
            return [key(after, button)]
        return [tap(after, button, source=PAGE if contact.channel is Channel.sms else SANDBOX)]

    return _answers(answer, after)


def confirms(after: timedelta = _SOON) -> Script:
    """Confirms with the button or key of the channel; `after` zero can come in before `send` returns."""
    return chooses("confirm", after)


def cancels(after: timedelta = _SOON) -> Script:
    """Refuses with the button or key of the channel."""
    return chooses("cancel", after)


def says(text: str, after: timedelta = _SOON) -> Script:
    """Answers a message in words; takes a call without pressing a key."""
    return _answers(lambda contact: [] if contact.channel.is_call else [words(after, text)], after)


def call_ends(outcome: Outcome, after: timedelta = _RINGS) -> Script:
    """The call ends like this."""
    return lambda contact: reaction([call_ended(after, outcome)])


def dead() -> Script:
    """The number leads nowhere: no WhatsApp account, an SMS stays undelivered, a call cannot connect."""

    def follow(contact: Contact) -> Reaction:
        if contact.channel.is_call:
            return reaction([call_ended(_RINGS, Outcome.unreachable)])
        return reaction([undelivered(timedelta(0), no_such_channel=contact.channel is Channel.whatsapp)])

    return follow


def refused(meaning: Meaning = Meaning.no_such_channel, code: str | None = None) -> Script:
    """The provider says no at once: by default, that the phone is not on this channel."""
    return lambda contact: Reaction(refusal=Refusal(code or meaning.value, meaning))


def hangs(then: Script, *, accepted: bool) -> Script:
    """The send times out; when `accepted`, the contact was made all the same and `then` follows."""

    def follow(contact: Contact) -> Reaction:
        hang = Hang.accepted if accepted else Hang.not_accepted
        return replace(then(contact) if accepted else Reaction(), hang=hang)

    return follow


def both(*scripts: Script) -> Script:
    """All of them after one contact: confirms after minutes, says otherwise after hours."""

    def follow(contact: Contact) -> Reaction:
        return reaction(dict.fromkeys(answer for script in scripts for answer in script(contact).answers))

    return follow


def doubled(script: Script, later: timedelta = timedelta(seconds=5)) -> Script:
    """Every callback comes twice."""

    def follow(contact: Contact) -> Reaction:
        once = script(contact)
        again = [replace(answer, after=answer.after + later) for answer in once.answers]
        return replace(once, answers=(*once.answers, *again))

    return follow


def backwards(script: Script) -> Script:
    """The callbacks come in the opposite order once all is over, each saying when it happened."""

    def follow(contact: Contact) -> Reaction:
        forth = script(contact)
        over = max((answer.after for answer in forth.answers), default=timedelta(0))
        back = [
            replace(answer, after=over + timedelta(seconds=place))
            for place, answer in enumerate(reversed(forth.answers))
        ]
        return replace(forth, answers=tuple(back))

    return follow


def _answers(answer: Callable[[Contact], list[Answer]], after: timedelta) -> Script:
    def follow(contact: Contact) -> Reaction:
        if contact.channel.is_call:
            taken = transport(after, AttemptState.reached)
            return reaction([taken, *answer(contact), call_ended(after, Outcome.answered)])
        arrived = transport(timedelta(0), AttemptState.delivered)
        read_in = PAGE if contact.channel is Channel.sms else SANDBOX
        return reaction([arrived, transport(after, AttemptState.reached, source=read_in), *answer(contact)])

    return follow
