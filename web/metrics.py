"""Numbers for Prometheus, read from the rows, so that any process answers for all of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from verification.gauges import Gauges
from web.access import Access, open_to
from web.context import context
from web.counts import KeptGauges

Values = Iterable[tuple[Sequence[str], float]]


def metrics(kept: KeptGauges) -> Blueprint:
    """The address that Prometheus asks."""
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    @open_to(Access.public)
    def show_metrics() -> Response:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Told(kept.get(), context().clock().timestamp()))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint


class _Told(Collector):
    def __init__(self, gauges: Gauges, now: float) -> None:
        self._gauges, self._now = gauges, now

    def collect(self) -> Iterator[Metric]:
        gauges = self._gauges
        yield _family("takeed_orders", "Orders by state.", ["state"], _keyed(gauges.orders))
        yield _family("takeed_steps", "Planned contacts.", ["state", "channel"], gauges.steps.items())
        yield _family("takeed_decisions", "Current decisions.", ["verdict", "via"], gauges.decisions.items())
        yield _family("takeed_events", "Events to sellers by state.", ["state"], _keyed(gauges.events))
        yield _family(
            "takeed_job_age_seconds",
            "Time since each job of the scheduler last ran.",
            ["job"],
            _keyed({job: self._now - at.timestamp() for job, at in gauges.jobs.items()}),
        )
        yield GaugeMetricFamily(
            "takeed_stranded_orders", "Orders with neither a live step nor a decision.", gauges.stranded
        )
        yield GaugeMetricFamily(
            "takeed_oldest_due_step_seconds",
            "How long the most overdue step waits.",
            gauges.oldest_due_seconds,
        )


def _keyed(counts: Mapping[str, float]) -> Values:
    return [((word,), count) for word, count in counts.items()]


def _family(name: str, words: str, labels: Sequence[str], values: Values) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=labels)
    for key, value in values:
        family.add_metric(key, value)
    return family
