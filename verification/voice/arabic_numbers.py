"""Counted things in Arabic words, in the nominative, with the forms that the number asks of its noun."""

from collections.abc import Iterator
from dataclasses import dataclass

_WITH_HE = ["صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
_WITH_SHE = ["صفر", "واحدة", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثماني", "تسع", "عشر"]
_TENS = ["-", "-", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
_HUNDREDS = ["-", "مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة"]


@dataclass(frozen=True)
class Noun:
    """A thing to count: one of it, several of it, and the adjective that follows it. A noun without a plural
    (a foreign currency's name) stands as it is behind every number."""

    one: str
    several: str | None = None
    adjective: str | None = None

    @property
    def is_feminine(self) -> bool:
        """Whether it ends as feminine nouns do."""
        return self.one.endswith("ة")

    def _with(self, noun: str, ending: str) -> str:
        return f"{noun} {self.adjective}{ending}" if self.adjective else noun

    def behind(self, number: int) -> str:
        """The form behind a number's words: "ريالات سعودية", "ريالاً سعودياً", "ريال سعودي"."""
        last = number % 100
        if self.several is None or not 3 <= last <= 99:
            return self._with(self.one, "")
        if last <= 10:
            return self._with(self.several, "ة")
        return self._with(self.one if self.is_feminine else f"{self.one}اً", "اً")

    @property
    def two(self) -> str:
        """Two of it, in one word."""
        stem = f"{self.one[:-1]}ت" if self.is_feminine else self.one
        return self._with(f"{stem}ان", "ان")


_SCALES = (
    (10**9, Noun("مليار", "مليارات")),
    (10**6, Noun("مليون", "ملايين")),
    (1000, Noun("ألف", "آلاف")),
)


def count(number: int, noun: Noun) -> str:
    """So many of it: "ثلاثة ريالات", "أحد عشر ديناراً", "مئتا درهم"; for 0 and more."""
    if noun.several is not None and number == 1:
        return f"{noun.one}{f' {noun.adjective}' if noun.adjective else ''} {_small(1, noun.is_feminine)}"
    if noun.several is not None and number == 2:
        return noun.two
    return f"{_before(cardinal(number, is_feminine=noun.is_feminine))} {noun.behind(number)}"


def cardinal(number: int, *, is_feminine: bool = False) -> str:
    """The number alone, as it counts masculine or feminine things; for 0 and more."""
    return " و".join(_parts(number, is_feminine)) if number else _WITH_HE[0]


def _parts(number: int, is_feminine: bool) -> Iterator[str]:
    for size, name in _SCALES:
        many, number = divmod(number, size)
        if many == 1:
            yield name.one
        elif many:
            yield count(many, name)
    hundreds, number = divmod(number, 100)
    if hundreds:
        yield _HUNDREDS[hundreds]
    if number:
        yield _small(number, is_feminine)


def _small(number: int, is_feminine: bool) -> str:
    ones = _WITH_SHE if is_feminine else _WITH_HE
    if number <= 10:
        return ones[number]
    tens, last = divmod(number, 10)
    if tens > 1:
        return f"{ones[last]} و{_TENS[tens]}" if last else _TENS[tens]
    ten = "عشرة" if is_feminine else "عشر"
    first = {1: "إحدى" if is_feminine else "أحد", 2: "اثنتا" if is_feminine else "اثنا"}
    return f"{first.get(last, ones[last])} {ten}"


def _before(words: str) -> str:
    """The number's words directly before a noun, where a thousand and a dual lose their endings."""
    if words.endswith(("مئتان", "ألفان", "مليونان", "ملياران")):
        return words[:-1]
    return words.removesuffix("اً")
