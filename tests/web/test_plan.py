"""The plan of an order over the API."""


def test_a_seller_reads_what_is_planned_and_why(api):
    taken = api.send()
    answer = api.get(f"/orders/{taken['id']}/plan")
    assert answer.status_code == 200
    assert answer.json["next_contact"] == taken["next_contact"]
    assert answer.json["chooser"] in ("learned", "fixed")
    assert answer.json["ladder"][0]["reason"]["text"]
    assert answer.json["ladder"][0]["not_before"] > taken["next_contact"]["not_before"]


def test_nothing_is_planned_any_more_for_a_withdrawn_order(api):
    taken = api.send()
    api.post(f"/orders/{taken['id']}/withdraw", {})
    told = api.get(f"/orders/{taken['id']}/plan").json
    assert (told["next_contact"], told["ladder"], told["stop"]) == (None, [], None)


def test_the_plan_of_an_order_that_is_not_theirs_is_not_there(api, other):
    assert other.get(f"/orders/{api.send()['id']}/plan").status_code == 404
    for order_id in ("1", "00000000-0000-7000-8000-000000000000"):
        answer = api.get(f"/orders/{order_id}/plan")
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
