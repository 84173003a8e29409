from sqlalchemy import Engine

from scripts.benching.browsing import Seen
from scripts.benching.desk import double_claims, measure


def test_a_short_shift_is_measured_on_both_servers_without_loss() -> None:
    measured = measure(seconds=0.5, working=2, polling=4, call_seconds=0, say=lambda _: None, warm_up=0)
    assert (measured.double_claims, measured.lost_outcomes, measured.errors) == (0, 0, {})
    for server in ("takeed", "canned"):
        assert measured.by_server[server]["next_case_median"] > 0, server
    assert measured.as_json()["ratios"]["next_case_median"] > 0


def test_a_case_in_two_hands_under_one_token_is_a_double_claim(engine: Engine) -> None:
    taken_in_turn = [(1, "one", "1"), (1, "one", "1"), (2, "one", "2")]
    assert double_claims(Seen(held=taken_in_turn), engine) == 0
    assert double_claims(Seen(held=[*taken_in_turn, (3, "one", "2")]), engine) == 1
