"""Learning from a terminal: fit, versions, rollback."""

from datetime import datetime

import pytest

from tests.conftest import Work
from tests.scripts.commands.conftest import Run
from tests.verification.learning.town import settle


@pytest.fixture
def town(work: Work) -> None:
    with work() as session:
        settle(session, datetime.now().astimezone())


def test_a_fit_tells_what_it_came_to(run: Run, town: None) -> None:
    tried = run("slots", "fit", "--dry-run", "--json").json
    assert (tried["version"], tried["promoted"], tried["why"], tried["in_use"]) == (None, False, "better", 0)
    assert run("slots", "versions").out.startswith("nothing has been learned yet\nin use: the stated priors")

    fitted = run("slots", "fit", "--json").json
    assert (fitted["promoted"], fitted["in_use"]) == (True, fitted["version"])
    assert fitted["findings"]["overall"] == tried["findings"]["overall"]
    again = run("slots", "fit")
    assert again.code == 0
    assert "loss on" in again.out
    assert "held-out contacts" in again.out

    listed = run("slots", "versions", "--json").json
    assert listed["in_use"] in (fitted["version"], fitted["version"] + 1)
    assert [each["version"] for each in listed["versions"]] == [fitted["version"] + 1, fitted["version"]]
    assert listed["versions"][1]["findings"]["against"] == 0


def test_without_contacts_a_fit_says_so(run: Run) -> None:
    said = run("slots", "fit")
    assert said.code == 0
    assert "too few contacts of held-out buyers to judge a model by (0)" in said.out
    assert "in use: the stated priors (version 0)" in said.out


def test_rolling_back_is_one_command(run: Run, town: None) -> None:
    refused = run("slots", "rollback")
    assert refused.code == 1
    assert "nothing learned is in use" in refused.err
    first = run("slots", "fit", "--json").json["version"]
    assert run("slots", "rollback", "--json").json == {"in_use": 0}
    assert run("slots", "rollback").code == 1
    [told] = run("slots", "versions", "--json").json["versions"]
    assert (told["state"], told["rolled_back_by"]) == ("rolled_back", "operator")

    second = run("slots", "fit", "--json").json["version"]
    for wanted, said in (
        (second, "in use already"),
        (second + 1, "no such version"),
        (first, "never used, or was rolled back"),
    ):
        refused = run("slots", "rollback", "--to", str(wanted))
        assert refused.code == 1
        assert said in refused.err
    assert run("slots", "rollback", "--to", "-1").code == 2
    assert run("slots", "rollback", "--to", "0").out == "in use from now on: the stated priors (version 0)\n"
