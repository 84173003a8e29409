"""What every page has: a language, its direction, and the banner that says where one is."""

from typing import Any

from flask import Flask, render_template

from web import formats, translating
from web.context import context
from web.language import page_language, speak
from web.translating import lazy

_RIGHT_TO_LEFT = frozenset({"ar", "ckb"})
_BANNERS = {
    "sandbox": lazy("Sandbox: buyers are simulated, nobody is really contacted."),
    "demo": lazy(
        "Demo policy: contact hours are open round the clock and waits are minutes, "
        "so the demo runs the same at any hour."
    ),
}


def register(app: Flask) -> None:
    """Give templates what they say and how they write it."""
    translating.register(app)
    formats.register(app)


def render_page(template: str, *, language: str | None = None, **values: Any) -> str:
    """A page in a language, by default the reader's."""
    if language is not None:
        speak(language)
    spoken, settings = page_language(), context().settings
    shown = (("sandbox", settings.sandbox), ("demo", settings.demo))
    return render_template(
        template,
        language=spoken,
        direction="rtl" if spoken in _RIGHT_TO_LEFT else "ltr",
        banners=[_BANNERS[name] for name, is_shown in shown if is_shown],
        **values,
    )
