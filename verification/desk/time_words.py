"""The words in which people say when to call, each brought to one of a few plain words.

What the plain words mean: `today tomorrow overmorrow`, weekdays (`mon` … `sun`), `next`, months (`m1` …
`m12`), parts of the day (see `PARTS`), `am pm`, numbers, `half quarter third`, `and past to less`,
`hour minute day week`, `in after later`, `oclock at`, `month dom` (11月24日), `no` for what makes the rest
unreadable. Words without a plain word part what stands around them; those with an empty one do not even that.
"""

from collections.abc import Iterator, Mapping
from datetime import time
from types import MappingProxyType

from verification.screening.folding import fold_words

PARTS: Mapping[str, time] = MappingProxyType(
    {
        "morning": time(10, 0),
        "noon": time(12, 0),
        # Prayers move with the sun. Until calendars arrive these are the clock times, much the same in all
        # served zones, at which people who name a prayer can be called; "after Maghrib" means the same.
        "dhuhr": time(12, 30),
        "afternoon": time(15, 0),
        "asr": time(16, 0),
        "maghrib": time(18, 30),
        "isha": time(20, 0),
        "evening": time(20, 0),
        "night": time(21, 0),
    }
)
"""Parts of the day, and the local time that is meant when no hour is named."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Words or phrases, parted by "|", by what they mean.
_ENGLISH = {
    "today": "today",
    "today night": "tonight",
    "tomorrow": "tomorrow|tmrw|tmw|tomorow|tommorow|bukra|bokra|bacher",
    "overmorrow": "day after tomorrow|overmorrow",
    "mon": "monday|mondays|mon",
    "tue": "tuesday|tue|tues",
    "wed": "wednesday|wed",
    "thu": "thursday|thu|thur|thurs",
    "fri": "friday|fri",
    "sat": "saturday|sat",
    "sun": "sunday|sun",
    "next": "next|coming",
    "next week": "next week",
    "morning": "morning",
    "noon": "noon|midday",
    "dhuhr": "dhuhr|duhr|zuhr",
    "afternoon": "afternoon|after lunch",
    "asr": "asr|3asr",
    "maghrib": "maghrib|magrib|sunset",
    "isha": "isha|ishaa",
    "evening": "evening|eve",
    "night": "night",
    "am": "am|a m",
    "pm": "pm|p m",
    "half": "half",
    "quarter": "quarter",
    "and": "and",
    "past": "past",
    "to": "to|till",
    "in": "in",
    "after": "after",
    "later": "later|from now",
    "hour": "hour|hours|hr|hrs|h",
    "minute": "minute|minutes|min|mins",
    "day": "day|days",
    "week": "week|weeks",
    "oclock": "o clock|oclock",
    "no": "before|until|between|or|not|dont|don t|except|yesterday|ago|last|midnight|fajr|dawn",
    "": "i am|not now|in the|a|an|the|of|at|on|about|around|this|same time|sharp|st|nd|rd|th",
}
_ARABIC = {
    "today": "اليوم|هاليوم|النهارده|انهارده",
    "today night": "الليلة|هالليلة|الليلادي|اليوم بالليل",
    "tomorrow": "بكرة|بكرا|بكرى|باكر|باجر|باچر|غدا|غد|غدوة",
    "overmorrow": "بعد بكرة|بعد بكرا|بعد باجر|بعد باچر|عقب باجر|عقب باچر|عقب بكرة|عقب باكر|ورا بكرة"
    "|بعد غد|بعد غدا|بعد الغد",
    "mon": "الاثنين|الاتنين|الإثنين|يوم اثنين",
    "tue": "الثلاثاء|الثلاثا|ثلاثاء|التلات|الثلوث",
    "wed": "الأربعاء|الاربعا|أربعاء|الربوع",
    "thu": "الخميس|خميس",
    "fri": "الجمعة|جمعة",
    "sat": "السبت|سبت",
    "sun": "الأحد|الحد|يوم احد",
    "next": "القادم|القادمة|الجاي|الجاية|المقبل|المقبلة",
    "next week": "الأسبوع القادم|الأسبوع الجاي|الأسبوع المقبل",
    "morning": "الصبح|صبح|الصباح|صباح|صباحا|ضحى|الضحى",
    "dhuhr": "الظهر|ظهر|ظهرا|الضهر|ضهر",
    "afternoon": "بعد الظهر|بعد الضهر|الغدا|الغداء",
    "asr": "العصر|عصر|عصرا|العصرية|العصاري",
    "maghrib": "المغرب|مغرب|المغربية",
    "isha": "العشاء|عشاء",
    "evening": "المساء|مساء|المسا|مسا",
    "night": "الليل|ليل|ليلا",
    "am": "ص",
    "pm": "م",
    "half": "نص|نصف",
    "quarter": "ربع",
    "third": "ثلث|تلت",
    "less": "إلا|الا",
    "and": "و",
    "after": "بعد|عقب|كمان",
    "hour": "ساعة|ساعات",
    "2 hour": "ساعتين",
    "minute": "دقيقة|دقائق|دقايق",
    "day": "يوم|ايام|أيام",
    "2 day": "يومين",
    "week": "أسبوع",
    "at": "الساعة",
    "no": "قبل|لحد|لغاية|حتى|بين|أو|مو|مش|مب|موب|ليس|أمس|امبارح|الفجر|فجر|فجرا|منتصف الليل|نص الليل"
    "|لا تتصل|لا تتصلوا",
    "": "مو الحين|مو هسه|مش دلوقتي|مش هلق|مب الحين|حوالي|تقريبا|على|في",
}
_KURDISH = {
    "today": "ئەمڕۆ",
    "today night": "ئەمشەو",
    "today evening": "ئەم ئێوارەیە",
    "tomorrow": "سبەی|سبەینێ|سبەینی",
    "overmorrow": "دووسبەی|دوو سبەی|دوای سبەی",
    "sat": "شەممە",
    "sun": "یەکشەممە",
    "mon": "دووشەممە",
    "tue": "سێشەممە",
    "wed": "چوارشەممە",
    "thu": "پێنجشەممە",
    "fri": "هەینی",
    "morning": "بەیانی",
    "noon": "نیوەڕۆ|نیوەڕۆی",
    "afternoon": "دوانیوەڕۆ|دوای نیوەڕۆ|پاشنیوەڕۆ",
    "asr": "عەسر",
    "evening": "ئێوارە|ئێوارەی",
    "night": "شەو",
    "half": "نیو",
    "quarter": "چارەک",
    "and": "و",
    "after": "دوای",
    "hour": "کاتژمێر|سەعات|کاتژمێری",
    "minute": "خولەک|دەقە",
    "day": "ڕۆژ",
    "no": "پێش",
}
_CHINESE = {
    "today": "今天|今日",
    "today evening": "今晚",
    "tomorrow": "明天|明日",
    "tomorrow evening": "明晚",
    "overmorrow": "后天|後天",
    "mon": "周一|星期一|礼拜一",
    "tue": "周二|星期二|礼拜二",
    "wed": "周三|星期三|礼拜三",
    "thu": "周四|星期四|礼拜四",
    "fri": "周五|星期五|礼拜五",
    "sat": "周六|星期六|礼拜六",
    "sun": "周日|周天|星期日|星期天|礼拜天",
    "next": "下",
    "morning": "早上|上午|早晨",
    "noon": "中午",
    "afternoon": "下午",
    "evening": "晚上|傍晚",
    "half": "半",
    "quarter": "一刻",
    "later": "后|以后|之后|後|以後",
    "hour": "小时|个小时|小時|個小時|钟头|个钟头",
    "minute": "分|分钟|分鐘",
    "day": "天",
    "oclock": "点|点钟|點|點鐘",
    "month": "月",
    "dom": "日|号|號",
    "no": "前|以前|不|昨天|凌晨|半夜",
    "": "的|个|在",
}
_MONTHS = (
    "january|jan|يناير|كانون الثاني",
    "february|feb|فبراير|شباط",
    "march|mar|مارس|اذار",
    "april|apr|ابريل|نيسان",
    "may|مايو|ايار",
    "june|jun|يونيو|حزيران",
    "july|jul|يوليو|تموز",
    "august|aug|اغسطس|اب",
    "september|sep|sept|سبتمبر|ايلول",
    "october|oct|اكتوبر|تشرين الاول",
    "november|nov|نوفمبر|تشرين الثاني",
    "december|dec|ديسمبر|كانون الاول",
)
_NUMBERS = {
    "1": "one|واحدة|وحدة|الواحدة|الأولى|یەک|一",
    "2": "two|ثنتين|تنتين|اثنين|اتنين|الثانية|دوو|二|两|兩",
    "3": "three|ثلاث|ثلاثة|تلات|تلاتة|الثالثة|سێ|三",
    "4": "four|أربع|أربعة|الرابعة|چوار|四",
    "5": "five|خمس|خمسة|الخامسة|پێنج|五",
    "6": "six|ست|ستة|السادسة|شەش|六",
    "7": "seven|سبع|سبعة|السابعة|حەوت|七",
    "8": "eight|ثمان|ثماني|ثمانية|ثمنية|تمانية|تمنية|تمن|الثامنة|هەشت|八",
    "9": "nine|تسع|تسعة|التاسعة|نۆ|九",
    "10": "ten|عشر|عشرة|العاشرة|十",
    "11": "eleven|احدعش|احداشر|حداشر|حدعش|دعش|أحد عشر|إحدى عشرة|الحادية عشرة|الحادية عشر|یازدە|十一",
    "12": "twelve|اثنعش|اتناشر|اطنعش|طنعش|اثنا عشر|اثنتا عشرة|الثانية عشرة|الثانية عشر|دوازدە|十二",
    "15": "fifteen|خمسطعش|خمستاشر|خمسة عشر",
    "20": "twenty|عشرين|عشرون",
    "25": "twenty five|خمسة وعشرين",
    "30": "thirty|ثلاثين|تلاتين",
    "40": "forty|أربعين",
    "45": "forty five|خمسة وأربعين",
    "50": "fifty|خمسين",
    # Alone the word is Egyptian for "this".
    "hour 10": "کاتژمێر دە|سەعات دە",
}
_PREFIXES = ("و", "ب", "ل", "ع", "ال", "بال", "لل", "عال", "وال")


def _phrases() -> Iterator[tuple[tuple[str, ...], str]]:
    months = {f"m{number}": names for number, names in enumerate(_MONTHS, start=1)}
    for table in (months, _NUMBERS, _KURDISH, _CHINESE, _ARABIC, _ENGLISH):
        for plain, said in table.items():
            for phrase in said.split("|"):
                yield tuple(fold_words(phrase)), plain


_PLAIN: Mapping[tuple[str, ...], str] = MappingProxyType(dict(_phrases()))
_LONGEST = max(map(len, _PLAIN))
_LONGEST_SIGNS = max(len(phrase[0]) for phrase in _PLAIN if "\u4e00" <= phrase[0][0] <= "\u9fff")


def plain_words(words: list[str]) -> str:
    """Folded words as plain words with single spaces between and around; `|` stands for any other word."""
    words = [sign for word in words for sign in _signs(word)]
    said: list[str] = []
    at = 0
    while at < len(words):
        used, plain = _longest_at(words, at)
        said += plain.split()
        at += used
    return f" {' '.join(said)} "


def _longest_at(words: list[str], at: int) -> tuple[int, str]:
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        plain = _PLAIN.get(tuple(words[at : at + length]))
        if plain is not None:
            return length, plain
    word = words[at]
    return 1, word if word.isdecimal() else _without_prefix(word)


def _without_prefix(word: str) -> str:
    for prefix in _PREFIXES:
        rest = _PLAIN.get((word.removeprefix(prefix),))
        if word.startswith(prefix) and rest is not None:
            return f"and {rest}" if prefix.startswith("و") else rest
    return "|"


def _signs(word: str) -> Iterator[str]:
    """Chinese is written without spaces: the longest known words from the left; any other word as it is."""
    if not "\u4e00" <= word[0] <= "\u9fff":
        yield word
        return
    while word:
        known = [length for length in range(_LONGEST_SIGNS, 0, -1) if (word[:length],) in _PLAIN]
        yield word[: known[0]] if known else word[0]
        word = word[known[0] if known else 1 :]
