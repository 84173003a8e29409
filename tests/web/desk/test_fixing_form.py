from dataclasses import replace

import pytest
from werkzeug.datastructures import MultiDict

from models.drafts import DraftAddress
from verification.screening.address import missing_parts
from web.desk.choosing import Misread
from web.desk.fixing_form import read_lines


@pytest.mark.parametrize(("language", "word"), [("ar", "قطعة"), ("en", "Block"), (None, "قطعة")])
def test_a_bare_block_number_gets_its_word(language, word):
    lines = read_lines(MultiDict({"block": "3", "street": "12"}), language)
    assert lines["street"] == f"{word} 3 12"


def test_a_kuwaiti_address_is_complete_once_its_block_is_filled_in():
    address = DraftAddress("KW", city="السالمية", street="شارع 12", building="منزل 5")
    assert missing_parts(address) == ("block",)
    lines = read_lines(MultiDict({"block": "10", "street": "شارع 12"}), "ar")
    assert missing_parts(replace(address, street=lines["street"])) == ()


def test_a_block_in_words_is_left_as_typed():
    assert read_lines(MultiDict({"block": "Block 3A"}), "en")["street"] == "Block 3A"


def test_an_emptied_line_is_none_and_spaces_do_not_count():
    assert read_lines(MultiDict({"city": "  Riyadh \n", "landmark": " "}), "en") == {
        "city": "Riyadh",
        "landmark": None,
    }


def test_an_address_of_nothing_is_refused():
    with pytest.raises(Misread):
        read_lines(MultiDict({"city": " "}), "en")
