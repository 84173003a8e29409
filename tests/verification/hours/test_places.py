"""Places: every usual spelling finds its city, and nothing that merely resembles one does."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sandbox.orders import orders_of
from channels.sandbox.world import load_world
from models.countries import SERVED
from scripts.demo_cases import cases
from settings import ROOT
from verification.hours.places import PLACES, find_place, largest, place_of, where_of
from verification.hours.where import Place

FILES = sorted((ROOT / "verification/hours/places").glob("*.toml"))
WORLDS = sorted((ROOT / "worlds").glob("*.json"))


def code_of(country: str, *lines: str | None) -> str | None:
    place = find_place(country, *lines)
    return place.code if place else None


def entries(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for slug, entry in {**data["regions"], **data["cities"]}.items():
        yield f"{path.stem.upper()}/{slug}", entry


@pytest.mark.parametrize(
    ("country", "city"),
    [
        ("SA", "SA/riyadh"),
        ("AE", "AE/dubai"),
        ("IQ", "IQ/baghdad"),
        ("KW", "KW/kuwait-city"),
        ("QA", "QA/doha"),
        ("BH", "BH/manama"),
        ("OM", "OM/muscat"),
        ("JO", "JO/amman"),
        ("EG", "EG/cairo"),
    ],
)
def test_the_largest_city_stands_in_where_none_is_known(country: str, city: str) -> None:
    assert largest(country).code == city
    for code in (None, "", "SA/nowhere", next(other for other in PLACES if not other.startswith(country))):
        where = where_of(country, code)
        assert (where.country, where.place.code, where.is_known) == (country, city, False)


def test_a_known_place_is_the_buyers() -> None:
    where = where_of("EG", "EG/aswan")
    assert where.is_known
    assert where.place is place_of("EG/aswan")
    assert where.zone == "Africa/Cairo"


def test_riyadh_stands_in_for_a_country_that_is_not_served() -> None:
    assert find_place("FR", "Paris", "Riyadh") is None
    assert where_of("FR", None).place.code == "SA/riyadh"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_listed_spelling_finds_its_place(path: Path) -> None:
    for code, entry in entries(path):
        for name in (entry["name_en"], entry["name_ar"], *entry["also"]):
            assert code_of(path.stem.upper(), name) == code, name
            assert code_of(path.stem.upper(), f"  {name.upper()} ،") == code, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_is_whole(path: Path) -> None:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert data["zone"] == SERVED[path.stem.upper()].time_zone
    assert len(data["source"]) > 40
    codes = {code for code, _ in entries(path)}
    assert len(codes) == len(data["regions"]) + len(data["cities"])
    for code, entry in entries(path):
        assert PLACES[code].zone == data["zone"]
        assert f"{path.stem.upper()}/{entry.get('region', code.split('/')[1])}" in codes
        assert 15 < entry["latitude"] < 38, code
        assert 24 < entry["longitude"] < 60, code


def test_all_served_countries_have_places() -> None:
    assert {path.stem.upper() for path in FILES} == set(SERVED)


def test_the_governorates_of_iraq_and_egypt_are_complete() -> None:
    iraq = (
        "الأنبار بابل بغداد البصرة ذي_قار القادسية ديالى دهوك أربيل كربلاء كركوك ميسان المثنى النجف نينوى "
        "صلاح_الدين السليمانية واسط حلبجة"
    )
    egypt = (
        "القاهرة الجيزة الإسكندرية القليوبية الشرقية الدقهلية الغربية المنوفية البحيرة كفر_الشيخ دمياط "
        "بورسعيد الإسماعيلية السويس شمال_سيناء جنوب_سيناء البحر_الأحمر مطروح الوادي_الجديد الفيوم بني_سويف "
        "المنيا أسيوط سوهاج قنا الأقصر أسوان"
    )
    for country, names, count in (("IQ", iraq, 19), ("EG", egypt, 27)):
        found = {code_of(country, "محافظة " + name.replace("_", " ")) for name in names.split()}
        assert None not in found
        assert len(found) == count


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("SA", "الرياض", "SA/riyadh"),
        ("SA", "Ar-Riyadh", "SA/riyadh"),
        ("SA", "AlRiyadh", "SA/riyadh"),
        ("SA", "مدينة الرِّياض", "SA/riyadh"),
        ("SA", "RIYADH CITY", "SA/riyadh"),
        ("SA", "Riyadh 11564", "SA/riyadh"),
        ("SA", "الريـــاض، السعودية", "SA/riyadh"),
        ("SA", "المدينه", "SA/madinah"),
        ("SA", "مكه", "SA/makkah"),
        ("SA", "Makkah Al-Mukarramah", "SA/makkah"),
        ("SA", "Ha’il", "SA/hail"),
        ("SA", "Al Qaṭīf", "SA/qatif"),
        ("SA", "الاحساء", "SA/ahsa"),
        ("SA", "منطقة القصيم", "SA/qassim"),
        ("SA", "الخبر المنطقة الشرقية", "SA/khobar"),
        ("SA", "جدة-الروضة", "SA/jeddah"),
        ("SA", "الرياض حي النرجس", "SA/riyadh"),
        ("SA", "العزيزية - مكة", "SA/makkah"),
        ("SA", "شارع الرياض، جدة", "SA/jeddah"),
        ("SA", "جدة شارع الرياض", "SA/jeddah"),
        ("SA", "Riyadh, Makkah Road", "SA/riyadh"),
        ("OM", "Muscat Way 3521", "OM/muscat"),
        ("AE", "ابو ظبي", "AE/abu-dhabi"),
        ("AE", "AbuDhabi", "AE/abu-dhabi"),
        ("AE", "Emirate of Sharjah", "AE/sharjah"),
        ("AE", "Sharjah, Khor Fakkan", "AE/khor-fakkan"),
        ("AE", "Ras-al-Khaimah, UAE", "AE/ras-al-khaimah"),
        ("AE", "Dubai / Al Quoz 3", "AE/dubai"),
        ("IQ", "هەولێر", "IQ/erbil"),
        ("IQ", "سلێمانی", "IQ/sulaymaniyah"),
        ("IQ", "دهۆک", "IQ/duhok"),
        ("IQ", "محافظة نينوى - الموصل", "IQ/mosul"),
        ("IQ", "العمارة", "IQ/amarah"),
        ("KW", "الكويت", "KW/kuwait-city"),
        ("KW", "الكويت - السالمية", "KW/salmiya"),
        ("KW", "Hawally, Salmiyah, Kuwait", "KW/salmiya"),
        ("QA", "Ad-Dawhah", "QA/doha"),
        ("BH", "مدينة حمد", "BH/hamad-town"),
        ("OM", "مسقط، سلطنة عمان", "OM/muscat"),
        ("JO", "عَمّان", "JO/amman"),
        ("JO", "Amman - Jordan", "JO/amman"),
        ("EG", "٦ أكتوبر", "EG/6-october"),
        ("EG", "6th of October City", "EG/6-october"),
        ("EG", "مدينة نصر - القاهرة", "EG/cairo"),
        ("EG", "El-Mansoura", "EG/mansoura"),
    ],
)
def test_a_city_is_found_however_it_is_written(country: str, text: str, code: str) -> None:
    assert code_of(country, text) == code


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("SA", "مدينة"),
        ("SA", "المدينة الصناعية"),
        ("SA", "السعودية"),
        ("SA", "شارع الرياض"),
        ("SA", "حي جدة"),
        ("SA", "Riyad Bank"),
        ("SA", "Riyadh Street"),
        ("SA", "Makkah Road"),
        ("EG", "Cairo road 5"),
        ("SA", "الرياض / جدة"),
        ("SA", "Dubai"),
        ("AE", "Riyadh"),
        ("IQ", "عمارة 5"),
        ("IQ", "العمارة 5"),
        ("IQ", "بغدا د الجديدة ل"),
        ("OM", "عمان"),
        ("QA", "منطقة 12"),
        ("EG", "مصر"),
        ("EG", ""),
    ],
)
def test_what_names_no_place_of_the_country_or_two_is_unknown(country: str, text: str) -> None:
    assert find_place(country, text) is None


def test_the_city_counts_before_the_region_and_the_district() -> None:
    assert code_of("SA", "Riyadh", "Eastern Province", "الخبر") == "SA/riyadh"
    assert code_of("AE", "Dubai", None, "العين") == "AE/dubai"
    assert code_of("SA", None, "Makkah Region", None) == "SA/makkah"
    assert code_of("SA", "Qudaih", None, "Riyadh Street") is None
    assert code_of("SA", "somewhere", "Asir Region") == "SA/asir"


def test_a_region_gives_way_only_to_a_city_in_it() -> None:
    assert code_of("SA", "Eastern Province", None, "الخبر") == "SA/khobar"
    assert code_of("SA", "Eastern Province", None, "جدة") == "SA/eastern"
    assert code_of("EG", "الشرقية", "بلبيس") == "EG/bilbeis"


@given(
    st.sampled_from([*SERVED, "FR", "", "sa"]),
    st.lists(st.none() | st.text() | st.text("الرياضمدنةجحي -،,AlRiyadh12/('"), max_size=4),
)
def test_no_text_is_too_strange(country: str, lines: list[str | None]) -> None:
    place = find_place(country, *lines)
    assert place is None or place.country == country


@given(
    st.sampled_from(list(PLACES.values())),
    st.sampled_from(["{}", "{} - {}", "({})", "\u202b{}\u202c", "{},"]),
)
def test_punctuation_and_repetition_change_nothing(place: Place, form: str) -> None:
    assert find_place(place.country, form.format(place.name_ar, place.name_en)) is place


@pytest.mark.parametrize("path", WORLDS, ids=lambda path: path.stem)
def test_every_city_of_the_simulated_orders_is_known(path: Path) -> None:
    world = load_world(path)
    for country, people in world.countries.items():
        for city in people.cities:
            assert find_place(country, city.name), (country, city.name)
    for order in orders_of(world, 300, days=3, seed=1):
        assert find_place(order.country, order.payload["address"]["city"])


def test_every_city_of_the_demo_is_known() -> None:
    for case in cases(load_world(ROOT / "worlds/demo.json")):
        for order in case.orders:
            address = order.payload["address"]
            assert find_place(address["country"], address["city"]), address["city"]
