"""What every page has: a language, its direction, and the banner that says where one is."""

from collections.abc import Mapping
from typing import Any

from flask import render_template

from web.context import context
from web.language import page_language

_BANNERS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "sandbox": "Sandbox: buyers are simulated, nobody is really contacted.",
        "demo": "Demo policy: contact hours are open round the clock and waits are minutes, "
        "so the demo runs the same at any hour.",
    },
    "ar": {
        "sandbox": "بيئة تجريبية: المشترون محاكاة ولا يجري الاتصال بأحد فعلاً.",
        "demo": "سياسة العرض: ساعات التواصل مفتوحة طوال اليوم والانتظار بالدقائق، "
        "فيعمل العرض بالطريقة نفسها في أي ساعة.",
    },
    "ckb": {
        "sandbox": "ژینگەی تاقیکردنەوە: کڕیارەکان ڕاستەقینە نین و پەیوەندی بە کەسەوە ناکرێت.",
        "demo": "ڕێسای نمایش: کاتی پەیوەندی هەموو ڕۆژەکە کراوەیە و چاوەڕوانی بە خولەکە، "
        "بۆیە نمایشەکە لە هەر کاتێکدا وەک یەکە.",
    },
}


_RIGHT_TO_LEFT = frozenset({"ar", "ckb"})


def render_page(template: str, *, language: str | None = None, **values: Any) -> str:
    """A page in a language, by default the reader's."""
    language, settings = language or page_language(), context().settings
    shown = (("sandbox", settings.sandbox), ("demo", settings.demo))
    return render_template(
        template,
        language=language,
        direction="rtl" if language in _RIGHT_TO_LEFT else "ltr",
        banners=[_BANNERS[language][name] for name, is_shown in shown if is_shown],
        **values,
    )
