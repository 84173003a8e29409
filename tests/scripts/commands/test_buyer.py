import pytest
from sqlalchemy import select

from models.buyers import Buyer, ContactPoint
from tests import orders
from tests.conftest import Work
from verification.intake.cod import is_cod
from verification.intake.receiving import receive_order


@pytest.fixture
def known(work: Work, now, keys) -> None:
    with work() as session:
        store = orders.make_seller(session, now).store
        draft = orders.draft()
        receive_order(session, store, draft, now=now, keys=keys, cod=is_cod(draft.payment_method))


@pytest.mark.parametrize("phone", ["+966551234567", "0551234567", "٠٥٥ ١٢٣ ٤٥٦٧", "00966 55 123 4567"])
def test_an_export_finds_the_person_however_the_phone_is_typed(run, known, phone):
    found = run("buyer", "export", phone, "--json").json
    assert found["phones"][0]["phone"] == "+966551234567"
    assert found["orders"][0]["details"][0]["buyer_name"] == "نوره العتيبي"


def test_erasing_says_what_it_touched(run, known, session):
    counts = run("buyer", "erase", "0551234567", "--json").json
    assert (counts["orders"], counts["orders_closed"]) == (1, 1)
    assert session.scalars(select(ContactPoint.phone)).all() == [None]
    assert session.scalars(select(Buyer.erased_at)).one() is not None
    assert run("buyer", "erase", "0551234567").code == 0


@pytest.mark.parametrize(
    ("phone", "sentence"), [("hello", "not a phone number"), ("+966559876501", "nobody")]
)
def test_a_phone_that_leads_nowhere_is_a_sentence_that_does_not_repeat_it(run, known, phone, sentence):
    said = run("buyer", "erase", phone, "--json")
    assert (said.code, said.out) == (1, "")
    assert sentence in said.err
    assert phone not in said.err


def test_one_writing_of_two_peoples_phones_asks_for_the_country(run, known, work, now, keys):
    with work() as session:
        store = orders.make_seller(session, now, "Dubai").store
        # 055 123 4567 is a good number in the Emirates, too.
        draft = orders.draft("2", address={"country": "AE"})
        receive_order(session, store, draft, now=now, keys=keys, cod=is_cod(draft.payment_method))
    said = run("buyer", "export", "0551234567")
    assert (said.code, "--country" in said.err) == (1, True)
    found = run("buyer", "export", "0551234567", "--country", "AE", "--json").json
    assert found["phones"][0]["phone"] == "+971551234567"
