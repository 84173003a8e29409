"""What simulated buyers and the telephone say in an agent's call: by what is meant, then by language.

`{when}`, `{where}` and `{item}` are filled in. The Arabic is the light dialect that is understood from Cairo
to Muscat; the Kurdish is Sorani (`ckb`). A gloss says the same in plain English and Arabic.
"""

from collections.abc import Mapping
from types import MappingProxyType

from models.vocabulary import DecisionReason, Outcome

SAYINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        Outcome.no_answer: {
            "ar": (
                "يرن الهاتف ولا أحد يرد.",
                "الرقم المطلوب لا يجيب حاليًا.",
                "رن طويلًا حتى انقطع الخط.",
            ),
            "en": ("It rings and rings.", "The person you are calling does not answer."),
            "ckb": ("لێدەدات و کەس وەڵام ناداتەوە.", "ژمارەکە وەڵام ناداتەوە."),
        },
        Outcome.busy: {
            "ar": (
                "الخط مشغول.",
                "الرقم المطلوب في مكالمة أخرى.",
                "نغمة مشغول، ثم انقطع الخط.",
            ),
            "en": ("The line is busy.", "The person you are calling is on another call."),
            "ckb": ("هێڵەکە سەرقاڵە.", "ژمارەکە لە پەیوەندییەکی تردایە."),
        },
        Outcome.voicemail: {
            "ar": (
                "البريد الصوتي: اترك رسالتك بعد الصافرة.",
                "تم تحويل المكالمة إلى البريد الصوتي.",
                "لا أستطيع الرد الآن، اترك رسالة بعد النغمة.",
            ),
            "en": ("Voicemail: please leave a message after the tone.", "You have reached the mailbox."),
            "ckb": ("پەیامگیر: دوای دەنگەکە پەیامێک جێبهێڵە.", "پەیوەندییەکە گەیشتە پەیامگیر."),
        },
        Outcome.unreachable: {
            "ar": (
                "الرقم المطلوب غير موجود في الخدمة.",
                "الهاتف المطلوب مغلق أو خارج نطاق التغطية.",
                "لا يمكن الاتصال بهذا الرقم.",
            ),
            "en": ("The number you have dialled is not in service.", "The phone is switched off."),
            "ckb": ("ئەم ژمارەیە لە خزمەتگوزاریدا نییە.", "مۆبایلەکە کوژاوەتەوە."),
        },
        "greeting": {
            "ar": ("ألو، نعم؟", "السلام عليكم، تفضلوا.", "هلا، مين معي؟"),
            "en": ("Hello? Who is this?", "Yes, hello."),
            "ckb": ("ئەلۆ، بەڵێ؟", "سڵاو، فەرموو، کێیە؟"),
        },
        Outcome.wrong_number: {
            "ar": (
                "الرقم غلط، ما طلبت شي وما أعرف هالاسم.",
                "لا والله غلطانين، هذا مو رقمه.",
                "هالرقم صار لي من فترة، صاحبه القديم غيري.",
            ),
            "en": ("You have the wrong number, nobody here by that name.", "Wrong number, sorry."),
            "ckb": ("ژمارەکە هەڵەیە، من ئەو کەسە نیم.", "ببورن، ژمارەکەتان هەڵەیە."),
        },
        "stop": {
            "ar": (
                "لا تتصلوا علي مرة ثانية أبدًا.",
                "شيلوا رقمي من عندكم، ما أبي أي اتصال منكم.",
                "كفاية اتصالات، وقفوا لو سمحتوا.",
            ),
            "en": ("Do not ever call me again.", "Please delete my number and stop calling."),
            "ckb": ("تکایە چیتر پەیوەندیم پێوە مەکەن.", "ژمارەکەم بسڕنەوە و پەیوەندی مەکەن."),
        },
        "call_back": {
            "ar": (
                "أنا مشغول شوي، كلموني {when}.",
                "ما أقدر أتكلم، اتصلوا علي {when} لو سمحتوا.",
                "أنا في الدوام، ممكن تتصلون {when}؟",
            ),
            "en": ("I am busy, please call me back {when}.", "I'm driving. Can you ring me {when}?"),
            "ckb": (
                "ئێستا سەرقاڵم، تکایە {when} پەیوەندی بکەنەوە.",
                "ناتوانم قسە بکەم، {when} تەلەفۆنم بۆ بکەن.",
            ),
        },
        "confirm": {
            "ar": (
                "إيه نعم، أبيه، أرسلوه.",
                "أكيد، أنا طلبته وأنتظره.",
                "تمام، موافق، والدفع عند الاستلام.",
            ),
            "en": ("Yes, I ordered it, please send it.", "Sure, that's right. I'll pay on delivery."),
            "ckb": ("بەڵێ، خۆم داوام کردووە، بینێرن.", "باشە، دەمەوێت، لە کاتی وەرگرتندا پارە دەدەم."),
        },
        "soft": {
            "ar": (
                "إن شاء الله.",
                "إن شاء الله خير، أرسلوه ونشوف.",
                "يصير خير إن شاء الله.",
            ),
            "en": ("Inshallah, send it and we will see.", "Inshallah."),
            "ckb": ("ئینشاڵڵا، بینێرن و دەبینین.", "ئینشاڵڵا."),
        },
        DecisionReason.changed_mind: {
            "ar": (
                "لا خلاص، هونت، ما عاد أبيه.",
                "غيرت رأيي، الغوا الطلب.",
                "ما عاد يلزمني، شكرًا.",
            ),
            "en": ("No thanks, I changed my mind.", "I don't want it any more, cancel it."),
            "ckb": ("نەخێر، پەشیمان بوومەوە.", "چیتر نامەوێت، هەڵیبوەشێننەوە."),
        },
        DecisionReason.price: {
            "ar": (
                "لا، السعر مرة غالي.",
                "مع التوصيل صار غالي علي، الغوه.",
                "المبلغ كثير، ما أقدر عليه.",
            ),
            "en": ("No, it is too expensive.", "With delivery it costs too much, cancel it."),
            "ckb": ("نەخێر، زۆر گرانە.", "لەگەڵ گەیاندن نرخەکەی زۆرە، نامەوێت."),
        },
        DecisionReason.found_cheaper: {
            "ar": (
                "لقيته أرخص في مكان ثاني.",
                "اشتريته من السوق بسعر أقل.",
                "وجدت نفسه في محل ثاني أرخص، لا ترسلوه.",
            ),
            "en": ("I found it cheaper somewhere else.", "I bought one in a shop for less."),
            "ckb": ("لە شوێنێکی تر هەرزانترم دۆزییەوە.", "لە بازاڕ بە نرخێکی کەمتر کڕیم."),
        },
        DecisionReason.did_not_order: {
            "ar": (
                "أنا ما طلبت شي أبدًا.",
                "مو أنا اللي طلبت، ما عندي خبر.",
                "يمكن الأولاد لعبوا بالجوال، أنا ما طلبت.",
            ),
            "en": ("I never ordered this.", "That wasn't me, I did not order anything."),
            "ckb": ("من هیچم داوا نەکردووە.", "ئەوە من نەبووم، ئاگام لێ نییە."),
        },
        DecisionReason.duplicate: {
            "ar": (
                "هذا مكرر، طلبت مرتين بالغلط.",
                "عندي طلب ثاني نفسه، يكفي واحد.",
                "ضغطت مرتين، خلوا الأول والغوا هذا.",
            ),
            "en": ("I ordered it twice by mistake, one is enough.", "That one is double, cancel it."),
            "ckb": ("بە هەڵە دوو جار داوام کرد، یەکێک بەسە.", "ئەمە دووبارەیە، هەڵیبوەشێننەوە."),
        },
        DecisionReason.wants_other_item: {
            "ar": (
                "طلبت لون ثاني، هذا مو اللي أبيه، الغوه.",
                "المقاس غلط، ألغوه وأطلب غيره.",
                "أبي موديل غير هذا.",
            ),
            "en": ("I wanted another model, not this one.", "Wrong size, cancel it, I will order another."),
            "ckb": ("مۆدێلێکی ترم دەویست، نەک ئەمە.", "قەبارەکەی هەڵەیە، هەڵیبوەشێننەوە."),
        },
        DecisionReason.product_doubt: {
            "ar": (
                "شكله تقليد، ما أثق فيه.",
                "قالوا لي جودته مو زينة، ما أبيه.",
                "مو متأكد إنه أصلي، الغوه.",
            ),
            "en": ("It looks like a fake, I don't trust it.", "I heard the quality is bad, no."),
            "ckb": ("وادیارە ئەسڵی نییە، متمانەم پێی نییە.", "بیستم کوالیتییەکەی باش نییە."),
        },
        DecisionReason.delivery_too_slow: {
            "ar": (
                "تأخرتوا علي، كنت محتاجه قبل.",
                "التوصيل ياخذ أيام، ما يفيدني.",
                "سافرت خلاص، فات وقته.",
            ),
            "en": ("It takes too long, I needed it sooner.", "Too late, I am travelling."),
            "ckb": ("زۆر درەنگە، زووتر پێویستم بوو.", "گەیاندنەکە زۆر دەخایەنێت، نامەوێت."),
        },
        DecisionReason.unspecified: {
            "ar": ("لا ما أبيه، الغوه.", "لا شكرًا.", "الغوا الطلب لو سمحتوا."),
            "en": ("No, cancel it please.", "I do not want it."),
            "ckb": ("نەخێر، سوپاس.", "نامەوێت، هەڵیبوەشێننەوە."),
        },
        "address": {
            "ar": ("العنوان: {where}.", "اكتبوا عندكم: {where}.", "نحن في {where}."),
            "en": ("We are at: {where}.", "Please write down: {where}."),
            "ckb": ("ناونیشان: {where}.", "تکایە بنووسن: {where}."),
        },
        "about": {
            "ar": ("بخصوص «{item}»:", "«{item}»:", "أما «{item}»:"),
            "en": ("About the {item}:", "The {item}:"),
            "ckb": ("دەربارەی «{item}»:", "«{item}»:"),
        },
    }
)

GLOSSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        Outcome.no_answer: ("It rings, nobody answers.", "يرن ولا يجيب أحد."),
        Outcome.busy: ("The line is busy.", "الخط مشغول."),
        Outcome.voicemail: ("Voicemail answers.", "يجيب البريد الصوتي."),
        Outcome.unreachable: ("The number cannot be reached.", "لا يمكن الوصول إلى هذا الرقم."),
        "greeting": ("Hello?", "ألو، نعم؟"),
        Outcome.wrong_number: ("Wrong number, I am not the buyer.", "الرقم خطأ، لست صاحب الطلب."),
        "stop": ("Never call me again.", "لا تتصلوا بي مرة أخرى."),
        "call_back": ("Please call me {when}.", "اتصلوا بي {when}."),
        "confirm": ("Yes, please send it.", "نعم، أرسلوه."),
        "soft": ("Inshallah.", "إن شاء الله."),
        DecisionReason.changed_mind: ("No, I changed my mind.", "لا، غيرت رأيي."),
        DecisionReason.price: ("No, it is too expensive.", "لا، السعر مرتفع."),
        DecisionReason.found_cheaper: ("I found it cheaper elsewhere.", "وجدته أرخص في مكان آخر."),
        DecisionReason.did_not_order: ("I did not order anything.", "لم أطلب شيئًا."),
        DecisionReason.duplicate: ("I ordered it twice, one is enough.", "طلبته مرتين، واحد يكفي."),
        DecisionReason.wants_other_item: ("I wanted another item, not this.", "أريد منتجًا آخر غير هذا."),
        DecisionReason.product_doubt: ("I do not trust the product.", "لا أثق في المنتج."),
        DecisionReason.delivery_too_slow: ("Delivery takes too long.", "التوصيل يتأخر كثيرًا."),
        DecisionReason.unspecified: ("No, cancel it.", "لا، ألغوا الطلب."),
        "address": ("Address: {where}.", "العنوان: {where}."),
        "about": ("About “{item}”:", "بخصوص «{item}»:"),
    }
)
"""The same in plain English and in plain Arabic."""
