from click.testing import CliRunner

from scripts.benching.__main__ import main


def test_the_benchmark_of_planning_plans_for_every_buyer_in_two_processes() -> None:
    ran = CliRunner().invoke(main, ["plan", "--buyers", "40", "--alone", "2"])

    assert ran.exit_code == 0, ran.output
    assert "reckoned up from 40" in ran.output
    assert "bare numpy" in ran.output
