import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.countries import SERVED
from models.phones import Kind, can_message, is_dialable, mask, read_phones

COUNTRIES = st.sampled_from(sorted(SERVED))


def numbers(*raw, country):
    return [number.e164 for number in read_phones(*raw, country=country).numbers]


def problems(*raw, country):
    return list(read_phones(*raw, country=country).problems)


# --- one number, however it is written ---

SAUDI = "+966551234567"
WAYS_TO_WRITE_IT = [
    "0551234567", "551234567", "966551234567", "00966551234567", "+966551234567", "+966 055 123 4567",
    "+9660551234567", "9660551234567", "+966 (0)55 123 4567", "055-123-4567", "055.123.4567", "(055) 1234567",
    "055 123 4567", "055\u00a0123\u202f4567", "055–123–4567", "055_123_4567", "055،123 4567", "055/1234567",
    "'0551234567", '="0551234567"', "tel:+966-55-123-4567", "https://wa.me/966551234567",
    "wa.me/966551234567?text=1", "https://api.whatsapp.com/send?phone=966551234567", "966551234567@c.us",
    "966551234567+", "966+551234567", "0966551234567", "000966551234567", "+00966551234567", "+551234567",
    "+0551234567", "\u202a+966551234567\u202c", "\u200f0551234567\u200e", "055\u200b1234567",
    "\ufeff0551234567",
    "٠٥٥١٢٣٤٥٦٧", "٠٥٥ ١٢٣ ٤٥٦٧", "۰۵۵۱۲۳۴۵۶۷", "+٩٦٦٥٥١٢٣٤٥٦٧", "＋９６６５５１２３４５６７",
    "055\x001234567",
    "جوال 0551234567", "جوال: 0551234567", "+966551234567 أحمد", "+966551234567 Ahmed", "0551234567 Mobile",
    "Mobile0551234567", "  0551234567\n", "551234567.0", "551234567.00", "5.51234567E8", "5.51234567E+8",
    "5,51234567E+08", "966551234567.0", "9.66551234567E11", "٥٥١٢٣٤٥٦٧٫٠",
]  # fmt: skip


@pytest.mark.parametrize("written", WAYS_TO_WRITE_IT)
def test_a_saudi_mobile_is_read_however_it_is_written(written):
    reading = read_phones(written, country="SA")
    assert [(n.e164, n.kind, n.country, n.raw) for n in reading.numbers] == [
        (SAUDI, Kind.mobile, "SA", written)
    ]
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("country", "written", "e164"),
    [
        ("AE", "0501234567", "+971501234567"),
        ("AE", "00971501234567", "+971501234567"),
        ("AE", "+971 056 664 6560", "+971566646560"),
        ("AE", "971544333812", "+971544333812"),
        ("IQ", "07701234567", "+9647701234567"),
        ("IQ", "7701234567", "+9647701234567"),
        ("IQ", "+96407701234567", "+9647701234567"),
        ("IQ", "+964 077 012 34567", "+9647701234567"),
        ("IQ", "07501234567", "+9647501234567"),
        ("IQ", "07801234567", "+9647801234567"),
        ("IQ", "٠٧٩٠ ١٢٣ ٤٥٦٧", "+9647901234567"),
        ("IQ", "7500811899.0", "+9647500811899"),
        ("KW", "99123456", "+96599123456"),
        ("KW", "662-96602", "+96566296602"),
        ("KW", "+965 66 012 345", "+96566012345"),
        ("KW", "97180049", "+96597180049"),
        ("QA", "33123456", "+97433123456"),
        ("QA", "55123456", "+97455123456"),
        ("QA", "0097466123456", "+97466123456"),
        ("QA", "77123456", "+97477123456"),
        ("BH", "36123456", "+97336123456"),
        ("BH", "39123456", "+97339123456"),
        ("BH", "33123456", "+97333123456"),
        ("OM", "92123456", "+96892123456"),
        ("OM", "72123456", "+96872123456"),
        ("JO", "0771234567", "+962771234567"),
        ("JO", "0781234567", "+962781234567"),
        ("JO", "790123456", "+962790123456"),
        ("EG", "01001234567", "+201001234567"),
        ("EG", "01101234567", "+201101234567"),
        ("EG", "01201234567", "+201201234567"),
        ("EG", "01501234567", "+201501234567"),
        ("EG", "2 0100 123 4567", "+201001234567"),
        ("EG", "+2 0100 123 4567", "+201001234567"),
        ("EG", "0020 100 123 4567", "+201001234567"),
    ],
)
def test_each_served_country_is_read_in_its_own_way(country, written, e164):
    reading = read_phones(written, country=country)
    assert [(n.e164, n.kind, n.country) for n in reading.numbers] == [(e164, Kind.mobile, country)]
    assert reading.problems == ()


def test_the_shipping_country_decides_whose_a_shared_national_number_is():
    assert numbers("0501234567", country="SA") == ["+966501234567"]
    assert numbers("0501234567", country="AE") == ["+971501234567"]


@pytest.mark.parametrize(
    ("country", "written", "e164"),
    [
        ("AE", "966551234567", SAUDI),
        ("AE", "0966551234567", SAUDI),
        ("AE", "966+551234567", SAUDI),
        ("SA", "971501234567", "+971501234567"),
        ("SA", "00201001234567", "+201001234567"),
        ("KW", "9647701234567", "+9647701234567"),
        ("FR", "+966551234567", SAUDI),
        ("", "00966551234567", SAUDI),
    ],
)
def test_a_number_that_says_its_country_is_believed_under_any_other(country, written, e164):
    assert numbers(written, country=country) == [e164]
    assert problems(written, country=country) == []


# --- several numbers in a field ---


@pytest.mark.parametrize(
    "written",
    [
        "0551234567/0557654321",
        "0551234567 / 0557654321",
        "0551234567 - 0557654321",
        "0551234567-0557654321",
        "0551234567–0557654321",
        "0551234567 & 0557654321",
        "0551234567, 0557654321",
        "٠٥٥١٢٣٤٥٦٧، ٠٥٥٧٦٥٤٣٢١",
        "0551234567;0557654321",
        "0551234567|0557654321",
        "0551234567\n0557654321",
        "0551234567 او 0557654321",
        "0551234567 أو 0557654321",
        "0551234567 و0557654321",
        "0551234567 or 0557654321",
        "0551234567 0557654321",
        "055 123 4567 055 765 4321",
        "055-123-4567 - 055-765-4321",
        "+966551234567+966557654321",
        "+966551234567 00966557654321",
        "0551234567 ext 0557654321",
        "جوال1: 0551234567 جوال2: 0557654321",
        "0551234567 / 0557654321 / +966551234567",
        "0551234567/0557654321/-",
        "0551234567 (0557654321)",
    ],
)
def test_two_phones_in_a_field_are_primary_and_alternate(written):
    assert numbers(written, country="SA") == [SAUDI, "+966557654321"]
    assert problems(written, country="SA") == []


def test_short_numbers_pair_up_too():
    expected = ["+96599123456", "+96566012345"]
    for between in ("/", "-", " ", " او ", "\n", ","):
        assert numbers(f"99123456{between}66012345", country="KW") == expected
    assert numbers("07701234567 / 07501234567 - 07801234567", country="IQ") == [
        "+9647701234567",
        "+9647501234567",
        "+9647801234567",
    ]


def test_numbers_of_several_fields_keep_their_order_and_come_once():
    reading = read_phones("٠٥٥١٢٣٤٥٦٧", None, "", "00966557654321", "+966 55 123 4567", country="SA")
    assert [n.e164 for n in reading.numbers] == [SAUDI, "+966557654321"]
    assert reading.numbers[0].raw == "٠٥٥١٢٣٤٥٦٧"
    assert reading.problems == ()


def test_a_good_number_does_not_hide_that_its_neighbour_is_broken():
    assert numbers("0551234567 / 055765432", country="SA") == [SAUDI]
    assert problems("0551234567 / 055765432", country="SA") == ["phone_needs_review"]
    assert problems("0555", "0551234567", country="SA") == ["phone_invalid"]
    assert numbers("05512345 - 0557654321", country="SA") == ["+966557654321"]


def test_a_floor_or_flat_beside_a_number_is_no_second_phone():
    assert problems("0551234567 Ahmed, flat 12", country="SA") == []
    assert numbers("شقة 12، 0551234567", country="SA") == [SAUDI]


# --- what cannot be dialled ---


@pytest.mark.parametrize(
    ("country", "written", "problem"),
    [
        ("SA", "", "phone_missing"),
        ("SA", "لا يوجد", "phone_missing"),
        ("SA", "-", "phone_missing"),
        ("SA", "0555", "phone_invalid"),
        ("IQ", "123456", "phone_invalid"),
        ("SA", "911", "phone_invalid"),
        ("SA", "05512 أحمد 34567", "phone_invalid"),
        ("SA", "05512345xx", "phone_needs_review"),
        ("SA", "0551234567 ext 204", "phone_invalid"),
        ("SA", "0112345678;ext=5", "phone_invalid"),
        ("SA", "0551234567#12", "phone_invalid"),
        ("SA", "0551234567 تحويلة ٢٠٤", "phone_invalid"),
        ("SA", "0551234567x204", "phone_invalid"),
        ("SA", "0551234567" * 40, "phone_invalid"),
        ("SA", "+96655123456", "phone_invalid"),
        ("SA", "05512345671", "phone_needs_review"),
        ("SA", "055123456", "phone_needs_review"),
        ("SA", "0551234567x", "phone_needs_review"),
        ("SA", "0.551234567", "phone_needs_review"),
        ("SA", "0521234567", "phone_needs_review"),
        ("AE", "0571234567", "phone_needs_review"),
        ("IQ", "0770123456", "phone_needs_review"),
        ("JO", "0760123456", "phone_needs_review"),
        ("JO", "065123456", "phone_needs_review"),
        ("KW", "91234567", "phone_needs_review"),
        ("KW", "61234567", "phone_needs_review"),
        ("EG", "01301234567", "phone_needs_review"),
        ("AE", "+966521234567", "phone_needs_review"),
        ("KW", "+96512345", "phone_invalid"),
        ("KW", "0551234567", "phone_ambiguous"),
        ("BH", "99123456", "phone_needs_review"),
        ("SA", "66012345", "phone_ambiguous"),
        ("KW", "07701234567", "phone_ambiguous"),
        ("SA", "920012345", "phone_not_mobile"),
        ("SA", "8001234567", "phone_not_mobile"),
        ("AE", "80012345", "phone_not_mobile"),
        ("AE", "600512345", "phone_not_mobile"),
        ("SA", "0555555555", "phone_fake_pattern"),
        ("SA", "+966500000000", "phone_fake_pattern"),
        ("SA", "0000000000", "phone_fake_pattern"),
        ("SA", "1234567", "phone_fake_pattern"),
        ("SA", "0123456789", "phone_fake_pattern"),
        ("SA", "9876543210", "phone_fake_pattern"),
        ("EG", "01234567890", "phone_fake_pattern"),
        ("KW", "55555555", "phone_fake_pattern"),
        ("IQ", "07700000000", "phone_fake_pattern"),
        ("SA", "+14155552671", "phone_out_of_area"),
        ("SA", "00919876543210", "phone_out_of_area"),
        ("FR", "0612345678", "phone_out_of_area"),
        ("SA", "9.66551E+11", "phone_unrecoverable"),
        ("SA", "9.66551E11", "phone_unrecoverable"),
        ("SA", "5.5123456E+08", "phone_unrecoverable"),
        ("SA", "٩٫٦٦٥٥١E+١١", "phone_unrecoverable"),
        ("SA", "'9,66551E+11", "phone_unrecoverable"),
    ],
)
def test_what_cannot_be_dialled_says_why(country, written, problem):
    assert numbers(written, country=country) == []
    assert problems(written, country=country) == [problem]


def test_no_phone_at_all_is_missing():
    assert problems(country="SA") == ["phone_missing"]
    assert problems(None, " ", country="SA") == ["phone_missing"]
    assert problems(None, "0551234567", country="SA") == []


@pytest.mark.parametrize(
    ("country", "written", "e164"),
    [
        ("SA", "0112345678", "+966112345678"),
        ("JO", "064612345", "+96264612345"),
        ("KW", "22345678", "+96522345678"),
    ],
)
def test_a_fixed_line_may_be_called_but_not_written_to(country, written, e164):
    reading = read_phones(written, country=country)
    assert [(n.e164, n.kind) for n in reading.numbers] == [(e164, Kind.fixed_line)]
    assert reading.problems == ("phone_not_mobile",)
    assert is_dialable(e164)
    assert not can_message(e164)


def test_a_fixed_line_beside_a_mobile_leaves_nothing_to_ask():
    reading = read_phones("0112345678 / 0551234567", country="SA")
    assert [n.kind for n in reading.numbers] == [Kind.fixed_line, Kind.mobile]
    assert reading.problems == ()


# --- gates ---


def test_only_good_numbers_of_served_countries_may_be_dialled():
    assert is_dialable(SAUDI)
    assert can_message(SAUDI)
    for refused in (
        "+966920012345",
        "+9668001234567",
        "+14155552671",
        "+966555555555",
        "0551234567",
        "",
        "+",
    ):
        assert not is_dialable(refused)
        assert not can_message(refused)


def test_a_masked_number_shows_its_operator_and_last_two_digits_only():
    assert mask(SAUDI) == "+966 •• ••• ••67"
    assert mask("+201001234567") == "+20 •• ••• ••67"
    assert mask("123") == "•••••"


def test_a_number_does_not_show_in_the_text_of_a_reading():
    assert "5512345" not in repr(read_phones("0551234567", country="SA"))


# --- properties ---


@given(st.lists(st.text() | st.none(), max_size=3), COUNTRIES | st.text(max_size=3))
def test_any_text_is_read_without_an_error(raw, country):
    reading = read_phones(*raw, country=country)
    assert reading.numbers or reading.problems


@given(st.text(alphabet="0123456789٠٥+-/,.;()xXeE #'\n و", max_size=60), COUNTRIES)
def test_whatever_is_found_may_be_dialled_and_reads_the_same_again(raw, country):
    for number in read_phones(raw, country=country).numbers:
        assert is_dialable(number.e164)
        assert number.country in SERVED
        for other in SERVED:
            (again,) = read_phones(number.e164, country=other).numbers
            assert (again.e164, again.kind, again.country) == (number.e164, number.kind, number.country)


MOBILES = {
    "SA": r"5[0345689][0-9]{7}", "AE": r"5[024568][0-9]{7}", "IQ": r"7[5789][0-9]{8}",
    "KW": r"(99|66)[0-9]{6}",
    "QA": r"(33|55|66|77)[0-9]{6}", "BH": r"(39|36)[0-9]{6}", "OM": r"9[2-9][0-9]{6}",
    "JO": r"7[789][0-9]{7}",
    "EG": r"1[0125][0-9]{8}",
}  # fmt: skip
TRUNK = {"SA": "0", "AE": "0", "IQ": "0", "JO": "0", "EG": "0"}
DIGITS = st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９"])
BETWEEN = st.sampled_from(["", " ", "-", "\u00a0", "\u200f", "\u202c", " - ", "_"])
AROUND = st.sampled_from(["{}", "\u202a{}\u202c", "'{}", " {} ", "جوال {}", "{} أحمد", "tel:{}", "{}@c.us"])


@st.composite
def written_mobiles(draw):
    country = draw(COUNTRIES)
    national = draw(st.from_regex(MOBILES[country], fullmatch=True).filter(str.isascii))
    code, trunk = SERVED[country].calling_code, TRUNK.get(country, "")
    prefix = draw(st.sampled_from(["", trunk, "+" + code, "00" + code, code, f"+{code}{trunk}", "0" + code]))
    between = draw(BETWEEN)
    cut = draw(st.integers(1, len(national) - 1))
    text = between.join(part for part in (prefix, national[:cut], national[cut:]) if part)
    text = text.translate(str.maketrans("0123456789", draw(DIGITS)))
    return country, f"+{code}{national}", draw(AROUND).format(text)


@given(written_mobiles())
def test_every_way_of_writing_a_mobile_reads_the_same(mobile):
    country, e164, written = mobile
    reading = read_phones(written, country=country)
    plain = read_phones(e164, country=country)
    assert [n.e164 for n in reading.numbers] == [n.e164 for n in plain.numbers]
    assert set(reading.problems) == set(plain.problems)
