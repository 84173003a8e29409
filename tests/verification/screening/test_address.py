"""What a courier needs, on addresses as buyers really type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.drafts import DraftAddress
from verification.screening.address import NEEDS, missing_parts, short_address

COMPLETE = [
    DraftAddress("SA", city="الرياض", district="النرجس", street="شارع أنس بن مالك", building="١٢"),
    DraftAddress("SA", city="Dammam", district="Al Faisaliyah", street="King Saud St"),
    DraftAddress("SA", city="جدة", street="شارع التحلية، حي الزهراء، جدة"),
    DraftAddress("SA", short_address="RNRA4521"),
    DraftAddress("SA", city="الرياض", street="فيلا ١٢ rnra٤٥٢١"),
    DraftAddress("AE", city="أبوظبي", district="مصفح", street="شعبية 9 فيلا 22"),
    DraftAddress("AE", city="دبي", district="البرشاء 1", street="برج الندى شقة 803"),
    DraftAddress("AE", city="Sharjah", district="Al Majaz 3", street="Jewel Tower 1204"),
    DraftAddress("AE", region="Dubai", district="JLT", landmark="opposite the metro station"),
    DraftAddress("KW", city="Jahra", district="Block 2", street="Street 14 house 7"),
    DraftAddress("KW", city="السالمية", district="قطعة 10", street="شارع سالم المبارك عمارة 5"),
    DraftAddress("KW", district="السالمية", street="ق٣ ش٥ م٧"),
    DraftAddress("KW", district="بيان", street="قطعة ٣ جادة 2 منزل رقم ١٢"),
    DraftAddress("KW", city="Salwa", street="blk3 st 14 villa no. 8"),
    DraftAddress("QA", city="الدوحة", street="منطقة ٥٥ شارع ٨٤٠ مبنى ١٢"),
    DraftAddress("QA", city="Doha", street="Zone 24, Street 950, Building 17"),
    DraftAddress("QA", city="Doha", district="Al Sadd", street="Suhaim Bin Hamad St", building="17"),
    DraftAddress("BH", street="مجمع ٤٢٨ طريق ٢٨٢٥ مبنى ١٠٠"),
    DraftAddress("BH", city="Manama", street="House 100, Road 2825, Block 428"),
    DraftAddress("IQ", city="بغداد", district="حي الجامعة", street="محلة 629 زقاق 14 دار 8"),
    DraftAddress("IQ", city="البصرة", district="الجزائر", street="قرب جامع الرحمن"),
    DraftAddress("IQ", city="البصرة", district="الجزائر", street="جامع الرحمن"),
    DraftAddress("IQ", city="هەولێر", district="گەڕەکی ئازادی", street="نزیک مزگەوتی گەورە"),
    DraftAddress("IQ", city="سلێمانی", district="ڕاپەڕین", street="شەقامی ٣٠ خانوو ٧"),
    DraftAddress("OM", city="السيب", district="الخوض", street="سكة 4512 منزل 88"),
    DraftAddress("JO", city="عمان", district="خلدا", street="شارع وصفي التل", building="عمارة 12"),
    DraftAddress("EG", region="القاهرة", city="مدينة نصر", street="شارع عباس العقاد", building="15"),
    DraftAddress("EG", region="Giza", city="Giza", district="Dokki", street="12 Tahrir St", landmark="Metro"),
    DraftAddress("EG", region="الإسكندرية", city="برج العرب", street="شارع 5 عمارة 12"),
]

INCOMPLETE = [
    (DraftAddress("SA", city="تبوك", district="المروج"), ("street",)),
    (DraftAddress("SA", city="مكة المكرمة", street="حي"), ("district", "street")),
    (DraftAddress("SA", city="مكة المكرمة", district="العزيزية", street="الشارع العام"), ("street",)),
    (DraftAddress("SA", city="الرياض", district="الرياض", street="شارع العليا"), ("district",)),
    (DraftAddress("SA", city="السعودية", street="Road 1234"), ("city", "district")),
    (DraftAddress("SA"), ("city", "district", "street")),
    (DraftAddress("AE", city="دبي", district="البرشاء"), ("building",)),
    (DraftAddress("AE", city="دبي", street="برج الندى"), ("area",)),
    (DraftAddress("KW", city="حولي", district="قطعة 3", street="شارع تونس"), ("house",)),
    (DraftAddress("KW", city="السالمية", street="بيت"), ("block", "street", "house")),
    (DraftAddress("KW", city="الكويت", street="ق3 ش5 م7"), ("area",)),
    (DraftAddress("QA", city="الدوحة"), ("zone", "street", "building")),
    (DraftAddress("BH", city="المنامة", street="طريق 2825"), ("block", "house")),
    (DraftAddress("IQ", city="أربيل", district="عنكاوا", street="شارع 60"), ("landmark",)),
    (DraftAddress("OM", city="Muscat", district="-", building="N/A"), ("area", "building")),
    (DraftAddress("JO", city="إربد", district="الحي الشرقي"), ("street", "building")),
    (DraftAddress("EG", region="Cairo"), ("area", "street", "building")),
    (DraftAddress("FR", city="Paris"), ("street",)),
]


@pytest.mark.parametrize("address", COMPLETE, ids=lambda address: f"{address.country}-{address.lines()}")
def test_a_findable_door_lacks_nothing(address: DraftAddress) -> None:
    assert missing_parts(address) == ()


@pytest.mark.parametrize(("address", "missing"), INCOMPLETE)
def test_what_a_courier_would_ask_is_named(address: DraftAddress, missing: tuple[str, ...]) -> None:
    assert missing_parts(address) == missing


@pytest.mark.parametrize("country", sorted(NEEDS))
def test_an_empty_address_lacks_everything_in_every_country(country: str) -> None:
    assert missing_parts(DraftAddress(country)) == tuple(need.code for need in NEEDS[country])


def test_the_note_may_hold_what_the_lines_do_not() -> None:
    address = DraftAddress("IQ", city="بغداد", district="الكرادة")
    assert missing_parts(address) == ("landmark",)
    assert missing_parts(address, note="قرب جامع الرحمن") == ()
    assert missing_parts(DraftAddress("SA", city="الرياض"), note="عنواني الوطني RNRA 4521") == ()


def test_a_note_about_something_else_is_no_address() -> None:
    address = DraftAddress("SA", city="الرياض", district="النرجس")
    assert missing_parts(address, note="الرجاء الاتصال بعد المغرب") == ("street",)


@pytest.mark.parametrize(
    ("address", "note", "found"),
    [
        (DraftAddress("SA", short_address=" rnra4521 "), None, "RNRA4521"),
        (DraftAddress("SA", street="شارع أنس، RNRA٤٥٢١"), None, "RNRA4521"),
        (DraftAddress("SA", postal_code="RNRA-4521"), None, "RNRA4521"),
        (DraftAddress("SA"), "short address: RNRA 4521", "RNRA4521"),
        (DraftAddress("SA", street="Road 2825"), "ROAD 2825", None),
        (DraftAddress("SA", street="XRNRA4521", building="RNRA45210"), None, None),
        (DraftAddress("AE", street="RNRA4521"), None, None),
    ],
)
def test_the_short_address_is_found_in_any_line(
    address: DraftAddress, note: str | None, found: str | None
) -> None:
    assert short_address(address, note) == found


@given(country=st.sampled_from(sorted(NEEDS)), line=st.text(max_size=60))
def test_whatever_is_typed_gets_an_answer(country: str, line: str) -> None:
    address = DraftAddress(country, city=line, street=line, landmark=line)
    known = {need.code for need in NEEDS[country]}
    assert set(missing_parts(address, note=line)) <= known
