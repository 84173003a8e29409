"""Recordings of calls, and the news of them."""

from datetime import datetime, timedelta

from scripts.twilio_double.account import Account
from scripts.twilio_double.taken import Form, Recording


def record(
    account: Account, call: str, began: datetime, at: datetime, *, source: str, news_url: str = ""
) -> Form:
    """Keep a recording of a call from then to now, and tell of it; what other requests tell of it."""
    seconds = round((at - began) / timedelta(seconds=1))
    recording = Recording(account.new_sid("RE"), call, at, seconds, source)
    account.recordings.append(recording)
    form = [
        (
            "RecordingUrl",
            f"https://api.twilio.com/2010-04-01/Accounts/{account.sid}/Recordings/{recording.sid}",
        ),
        ("RecordingSid", recording.sid),
        ("RecordingDuration", str(seconds)),
    ]
    if news_url:
        news = [
            ("AccountSid", account.sid),
            ("CallSid", call),
            ("RecordingStatus", "completed"),
            ("RecordingChannels", "1"),
            ("RecordingSource", source),
            *form,
        ]
        account.later(at, lambda now: account.call_back(now, news_url, news))
    return form
