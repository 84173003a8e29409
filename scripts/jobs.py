"""What the scheduler does again and again: a handful of jobs, any of which may run in several processes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from structlog import get_logger

from channels.protocol import Channels
from channels.sandbox.answering import take_due
from channels.sandbox.reactions import SANDBOX
from models.jobs import JobRun
from models.secrecy import Keyring
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel
from scripts.learning import is_night_due, learn_from_all
from storefronts.sending import send_event
from verification.accounts.sessions import forget_old_sessions
from verification.accounts.throttling import forget_old_failures
from verification.contact.pricing import Price, fetch_prices
from verification.contact.promoting import promote
from verification.contact.streaming import Crew, Pause, make_all
from verification.contact.watching import watch
from verification.desk.shifts import end_silent
from verification.outcome.taking_in import take_in
from verification.planning.replanning import FOLLOWED, has_followed, plan_anew
from verification.privacy.retention import drop_expired
from verification.staffing.reckoning import reckon
from verification.telling.delivering import deliver_due
from verification.templates.submitting import Approver, refresh, send_waiting
from verification.trial.alarming import watch_trial
from verification.worth.risk import reckon_rates

log = get_logger()

MACHINE_CHANNELS = (Channel.whatsapp, Channel.sms, Channel.ivr)
_RETENTION_EVERY = timedelta(hours=24)


@dataclass(frozen=True)
class House:
    """What the jobs work with. `clock` gives aware UTC and is real, or moved by hand.

    `page_at` gives the address of the buyer's page for a token; without it messages carry no link. `threads`
    make contacts; `pause` waits in real time and is true when the process is to stop: both as in `Crew`.
    `price` asks what a contact cost that was made over a provider; without it none is asked. `approver` has
    texts of messages approved; without it they wait. `zone` is the call centre's.
    """

    engine: Engine
    channels: Channels
    keys: Keyring
    clock: Callable[[], datetime]
    holder: str
    webhook_allow_private: bool = False
    page_at: Callable[[str], str] | None = None
    threads: int = 0
    pause: Pause | None = None
    price: Price | None = None
    approver: Approver | None = None
    zone: str = "Asia/Riyadh"


def promote_due(house: House) -> int:
    """Steps that have come due enter the queue."""
    with unit_of_work(house.engine) as session:
        return promote(session, now=house.clock())


def make_contacts(house: House) -> int:
    """Ready steps of the machine channels are claimed and carried out, until none is left."""
    crew = Crew(
        house.engine,
        house.channels,
        house.clock,
        house.holder,
        threads=house.threads,
        pause=house.pause,
        page_at=house.page_at,
    )
    return make_all(crew, MACHINE_CHANNELS)


def hear_sandbox(house: House) -> int:
    """What simulated buyers have answered by now is taken in, one answer a transaction.

    Where no channel is simulated, what a sandbox once left behind stays unheard.
    """
    if all(channel.provider != SANDBOX for channel in house.channels.values()):
        return 0
    heard = 0
    while True:
        now = house.clock()
        with unit_of_work(house.engine) as session:
            events = take_due(session, now=now, limit=1)
            for event in events:
                take_in(session, event, now=now)
        if not events:
            return heard
        heard += 1


def learn_refusals(house: House) -> int:
    """How likely parcels come back is reckoned anew for each country."""
    with unit_of_work(house.engine) as session:
        return reckon_rates(session, now=house.clock())


def keep_watch(house: House) -> int:
    """Whatever hangs is brought on."""
    return sum(watch(house.engine, house.channels, house.clock).values())


def learn_prices(house: House) -> int:
    """What the provider said no price of at once is asked for again."""
    if house.price is None:
        return 0
    provider = house.channels[Channel.sms].provider
    return fetch_prices(house.engine, provider, house.price, house.clock())


def submit_texts(house: House) -> int:
    """Texts of messages that are to be approved are handed over."""
    return send_waiting(house.engine, house.approver.submit, now=house.clock()) if house.approver else 0


def ask_approvals(house: House) -> int:
    """What became of the texts that were handed over."""
    return refresh(house.engine, house.approver.ask, now=house.clock()) if house.approver else 0


def end_shifts(house: House) -> int:
    """Agents whose pages are silent have gone home."""
    return end_silent(house.engine, house.clock())


def fit_agents(house: House) -> int:
    """What agents' time counts in the hours to come is reckoned anew; calls that do not fit move."""
    return reckon(house.engine, house.clock, ZoneInfo(house.zone))


def tell_sellers(house: House) -> int:
    """Events that are due go to the sellers."""
    return deliver_due(
        house.engine,
        keys=house.keys,
        post=send_event,
        allow_private=house.webhook_allow_private,
        clock=house.clock,
        real_time=lambda: datetime.now(UTC),
    )


def follow_switch(house: House) -> int:
    """After the kill switch was turned, open cases are planned anew until all were seen to follow it."""
    began = house.clock()
    with unit_of_work(house.engine) as session:
        if has_followed(session):
            return 0
    planned = plan_anew(house.engine, house.clock)
    mark_run(house.engine, FOLLOWED, began)
    return planned


def judge_trial(house: House) -> int:
    """Whether what was learned has become worse than the fixed schedule; how many alarms of that stand."""
    with unit_of_work(house.engine) as session:
        return watch_trial(session, now=house.clock())


def forget(house: House) -> int:
    """Once a day, personal data past its time is dropped, and with it who signed in and where it failed."""
    now = house.clock()
    with unit_of_work(house.engine) as session:
        last = session.scalar(select(JobRun.ran_at).where(JobRun.job == "retention_done"))
    if last is not None and now - last < _RETENTION_EVERY:
        return 0
    dropped = 0
    while True:
        with unit_of_work(house.engine) as session:
            batch = sum(drop_expired(session, now).values())
        if not batch:
            break
        dropped += batch
    with unit_of_work(house.engine) as session:
        dropped += forget_old_sessions(session, now) + forget_old_failures(session, now)
    mark_run(house.engine, "retention_done", now)
    return dropped


def learn(house: House) -> int:
    """Once a night, or as soon as the process is there after a night without it, all buyers teach anew."""
    now = house.clock()
    with unit_of_work(house.engine) as session:
        last = session.scalar(select(JobRun.ran_at).where(JobRun.job == "learning_done"))
    if not is_night_due(now, last, house.zone):
        return 0
    learned = learn_from_all(house.engine, now)
    if learned is None:
        return 0
    mark_run(house.engine, "learning_done", now)
    return learned


Job = Callable[[House], int]

# In the order in which a single tick runs them, so that one tick carries an order as far as it can go.
JOBS: Mapping[str, tuple[Job, timedelta]] = {
    "answers": (hear_sandbox, timedelta(seconds=1)),
    "promotion": (promote_due, timedelta(seconds=1)),
    "contacts": (make_contacts, timedelta(seconds=1)),
    "watch": (keep_watch, timedelta(seconds=10)),
    "shifts": (end_shifts, timedelta(seconds=30)),
    "events": (tell_sellers, timedelta(seconds=1)),
    "prices": (learn_prices, timedelta(minutes=1)),
    "texts": (submit_texts, timedelta(minutes=1)),
    "approvals": (ask_approvals, timedelta(minutes=10)),
    "refusals": (learn_refusals, timedelta(minutes=10)),
    "staffing": (fit_agents, timedelta(minutes=10)),
    "switch": (follow_switch, timedelta(seconds=10)),
    "trial": (judge_trial, timedelta(hours=1)),
    "retention": (forget, timedelta(minutes=10)),
    "learning": (learn, timedelta(minutes=10)),
}


def run_job(house: House, name: str) -> int:
    """Run one job and note that it ran; trouble is logged and left to the next run."""
    job, _ = JOBS[name]
    done = job(house)
    mark_run(house.engine, name, house.clock())
    if done:
        log.info("job.ran", job=name, done=done)
    return done


def mark_run(engine: Engine, name: str, at: datetime) -> None:
    """Note when a job last ran; noted every ten seconds at most, because some run every second."""
    row = insert(JobRun).values(job=name, ran_at=at)
    stale = JobRun.ran_at < row.excluded.ran_at - literal_column("interval '10 seconds'")
    with unit_of_work(engine) as session:
        session.execute(
            row.on_conflict_do_update(
                index_elements=["job"], set_={"ran_at": row.excluded.ran_at}, where=stale
            )
        )
