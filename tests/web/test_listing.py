import pytest

from tests.web.conftest import pointers


def ids(answer):
    assert answer.status_code == 200
    return [each["external_id"] for each in answer.json["orders"]]


@pytest.fixture
def five(api, clock):
    for number in range(5):
        api.send(f"n{number}", buyer={"phone": f"055123456{number}"})
        clock.forward(minutes=1)
    return api


def test_pages_are_turned_to_the_end(five):
    seen, cursor = [], ""
    while cursor is not None:
        page = five.get(f"/orders?limit=2&cursor={cursor}")
        seen.append(ids(page))
        cursor = page.json["next_cursor"]
    assert seen == [["n0", "n1"], ["n2", "n3"], ["n4"]]


def test_an_order_that_changes_while_pages_are_turned_comes_again(five, clock):
    first = five.get("/orders?limit=3")
    five.patch(first.json["orders"][0]["id"], {"note": "new"})
    assert ids(five.get(f"/orders?cursor={first.json['next_cursor']}")) == ["n3", "n4", "n0"]


def test_the_filters_narrow(five, clock):
    n2 = five.get("/orders?external_id=n2").json["orders"][0]
    five.post(f"/orders/{n2['id']}/withdraw")
    assert ids(five.get("/orders?state=withdrawn")) == ["n2"]
    assert ids(five.get("/orders?state=confirmed")) == []
    assert ids(five.get("/orders?state=queued&store=default&limit=1")) == ["n0"]
    assert ids(five.get("/orders?store=other")) == []
    assert ids(five.get("/orders?store=%00&external_id=%00")) == []
    assert ids(five.get("/orders?updated_since=2026-11-22T10:03:00Z")) == ["n3", "n4", "n2"]


@pytest.mark.parametrize(
    "since",
    [
        "2026-11-22T13:03:00%2B03:00",
        "2026-11-22T13:03:00+03:00",
        "2026-11-22T10:03:00",
        "2026-11-22 10:03:00",
    ],
)
def test_an_instant_may_be_written_in_many_ways(five, since):
    assert ids(five.get(f"/orders?updated_since={since}")) == ["n3", "n4"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("limit=0", {("/limit", "limit_out_of_range")}),
        ("limit=201", {("/limit", "limit_out_of_range")}),
        ("limit=-1", {("/limit", "limit_out_of_range")}),
        ("limit=ten&state=lost", {("/limit", "limit_out_of_range"), ("/state", "unknown_state")}),
        ("updated_since=yesterday", {("/updated_since", "not_a_time")}),
        ("updated_since=9999-01-01T00:00:00Z", {("/updated_since", "time_out_of_range")}),
        ("cursor=AAAA", {("/cursor", "cursor_invalid")}),
        ("cursor=%00", {("/cursor", "cursor_invalid")}),
        ("cursor=%F0%9F%98%80", {("/cursor", "cursor_invalid")}),
    ],
)
def test_a_broken_query_is_pointed_at(api, query, found):
    answer = api.get(f"/orders?{query}")
    assert answer.status_code == 422
    assert pointers(answer) == found


def test_sellers_see_their_own_orders_only(five, other):
    assert ids(other.get("/orders")) == []


def test_a_buyer_is_shown_with_the_sellers_own_orders(api, other):
    ours, theirs = api.send(), other.send()
    assert ours["buyer"]["id"] != theirs["buyer"]["id"]
    buyer = api.get(f"/buyers/{ours['buyer']['id']}")
    assert list(buyer.json) == ["id", "tier", "tier_reasons", "orders"]
    assert [each["id"] for each in buyer.json["orders"]] == [ours["id"]]
    assert api.get(f"/buyers/{theirs['buyer']['id']}").status_code == 404


def test_the_diary_tells_the_story_in_the_readers_language(api):
    taken = api.send()
    path = f"/orders/{taken['id']}/diary"
    entries = api.get(path).json["entries"]
    assert [each["code"] for each in entries][:2] == ["order_received", "contact_planned"]
    assert set(entries[0]) == {"at", "kind", "actor", "code", "params", "text"}
    assert api.get(path, language="ar").json["entries"][0]["text"] != entries[0]["text"]
