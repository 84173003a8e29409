from click.testing import CliRunner

from scripts.benching.__main__ import main


def test_the_benchmark_of_the_hours_answers_for_every_point() -> None:
    ran = CliRunner().invoke(main, ["hours", "--points", "300"])

    assert ran.exit_code == 0, ran.output
    assert "bare comparisons" in ran.output
    assert "300 contact points" in ran.output
