"""What Twilio is told to do with a call, in its own markup (TwiML), which it fetches from us."""

from collections.abc import Sequence
from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

_VOICES = {"ar": ("Polly.Hala-Neural", "ar-AE"), "en": ("Polly.Amy-Neural", "en-GB")}
# The countries whose Arabic Twilio listens to; elsewhere it listens for the Saudi one.
_ARABIC_HEARD = frozenset({"AE", "BH", "EG", "IQ", "JO", "KW", "OM", "QA", "SA"})
_HINTS = {
    "ar": "نعم, لا, تأكيد, إلغاء, أكيد, بعدين, موظف",
    "en": "yes, no, confirm, cancel, later, agent",
}
_SECONDS_TO_ANSWER = 6


@dataclass(frozen=True)
class Line:
    """One thing to say: `text` in a `language` that a voice speaks (`ar`, `en`), or a `sound`'s address."""

    text: str = ""
    language: str = "en"
    sound: str | None = None


@dataclass(frozen=True)
class Answering:
    """Where a key goes (`action`), and in which language and country words are listened to, if at all."""

    action: str
    listen_in: str | None = None
    country: str = "SA"


@dataclass(frozen=True)
class Dialled:
    """The buyer's phone as an agent's call is connected to it: seen there is `caller_id`, ours.

    The three addresses are asked when the leg is over, told how it goes, and asked what the buyer hears
    before the agent (`whisper`; None: nothing).
    """

    phone: str
    caller_id: str
    trunk: str | None
    ring_seconds: int
    most_seconds: int
    action: str
    status: str
    whisper: str | None = None


def ask(lines: Sequence[Line], answering: Answering) -> str:
    """Say the lines and wait for one key, or for words; silence is asked about too."""
    voice = VoiceResponse()
    listens = answering.listen_in in _HINTS
    gather = Gather(
        action=answering.action,
        method="POST",
        input="dtmf speech" if listens else "dtmf",
        num_digits=1,
        finish_on_key="",
        timeout=_SECONDS_TO_ANSWER,
        action_on_empty_result=True,
        **(_listening(answering) if listens else {}),
    )
    _say(gather, lines)
    voice.append(gather)
    return str(voice)


def tell(lines: Sequence[Line]) -> str:
    """Say the lines and hang up."""
    voice = VoiceResponse()
    _say(voice, lines)
    voice.hangup()
    return str(voice)


def hang_up() -> str:
    """Say nothing more."""
    return tell(())


def go_on(lines: Sequence[Line] = (), *, record_to: str | None = None) -> str:
    """Say the lines to one side and connect the two; with `record_to` what follows is recorded, and that
    address told of the recording."""
    voice = VoiceResponse()
    _say(voice, lines)
    if record_to is not None:
        voice.start().recording(
            recording_status_callback=record_to,
            recording_status_callback_method="POST",
            recording_status_callback_event="completed",
            channels="dual",
        )
    return str(voice)


def connect(lines: Sequence[Line], dialled: Dialled) -> str:
    """Say the lines to the agent and ring the buyer; not recorded unless the buyer's whisper starts that."""
    voice = VoiceResponse()
    _say(voice, lines)
    dial = Dial(
        action=dialled.action,
        method="POST",
        answer_on_bridge=True,
        caller_id=dialled.caller_id,
        time_limit=dialled.most_seconds,
        timeout=dialled.ring_seconds,
        record="do-not-record",
    )
    heard_first = {"url": dialled.whisper, "method": "POST"} if dialled.whisper else {}
    by_trunk = {"byoc": dialled.trunk} if dialled.trunk else {}
    dial.number(
        dialled.phone,
        status_callback=dialled.status,
        status_callback_method="POST",
        status_callback_event="initiated ringing answered completed",
        **heard_first,
        **by_trunk,
    )
    voice.append(dial)
    return str(voice)


def _listening(answering: Answering) -> dict[str, str]:
    if answering.listen_in == "ar":
        country = answering.country if answering.country in _ARABIC_HEARD else "SA"
        return {"language": f"ar-{country}", "speech_timeout": "auto", "hints": _HINTS["ar"]}
    return {"language": "en-US", "speech_timeout": "auto", "hints": _HINTS["en"]}


def _say(voice: VoiceResponse | Gather, lines: Sequence[Line]) -> None:
    for line in lines:
        if line.sound is not None:
            voice.play(line.sound)
        else:
            name, language = _VOICES[line.language]
            voice.say(line.text, voice=name, language=language)
