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
}


def render_page(template: str, **values: Any) -> str:
    """A page in the reader's language."""
    language, settings = page_language(), context().settings
    shown = (("sandbox", settings.sandbox), ("demo", settings.demo))
    return render_template(
        template,
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        banners=[_BANNERS[language][name] for name, is_shown in shown if is_shown],
        **values,
    )
