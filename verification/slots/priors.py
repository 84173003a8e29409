"""What is assumed before, or beside, what data can tell; each with its source or marked as a guess of ours.

Chances are moved on the logit scale: +0.7 doubles the odds, -0.7 halves them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Priors:
    """Stated assumptions; replace any of them where you measured better."""

    # A first call by a person: between Hiya's 38 % for numbers not among the contacts and 53 % for a named
    # business (US).
    agent_answer: float = 0.42
    # A robot's or unknown number against a person's local one; a guess, learned soon.
    ivr_shift: float = -0.5
    # Vendors report that 58 % answer a WhatsApp within a week; less within hours is a guess, learned soon.
    whatsapp_answer: float = 0.45
    # Dynmark, a thousand million SMS: links are opened by 4 to 14 %.
    sms_answer: float = 0.06
    # Answered calls that end in a decision: a guess for people (few hang up), and for keys pressed; learned.
    agent_decides: float = 0.9
    ivr_decides: float = 0.35
    # How strongly the hours of calls also move answers to messages: a guess (they wait to be read), learned.
    message_slope: float = 0.4
    # Who answers calls at an hour also looks at the phone then, so strongly: a guess, learned.
    looking_slope: float = 0.5
    # How much of what a sign of life says of the rhythm is believed. Reads and visits to the page follow
    # messages of ours, whose hour we chose, so they are partly our own doing; a call to us less so. Guesses.
    read_weight: float = 0.6
    page_weight: float = 0.6
    called_in_weight: float = 0.8
    # Share of phones that nobody will answer this time. Sellers report 8 to 10 % of COD orders as fake, of
    # which many answer; a guess below that.
    dead: float = 0.06

    # Each unanswered call or message makes the next one less likely to be answered. The direction is that of
    # survey calling (repeating a slot has diminishing returns); the sizes are guesses. What a silence says
    # about the buyer is not in here, that is reckoned.
    call_decay: float = 0.25
    message_decay: float = 0.7
    # A fresh order helps. A Moroccan call centre confirms 90 % within 15 minutes, 68 % within 4 hours, 50 %
    # within a day; those who are hard to reach are also late, so a fifth of that fall is counted.
    fresh: float = 0.4
    fresh_hours: float = 4.0
    # Past contacts whose place in their order is not told: calls count as the second of their order, messages
    # as the first, as in "a message, then calls"; and as made half a day after the order on average.
    untold_calls_before: float = 1.0

    # Of those who answer a message, this share does within the hour (Dynmark: SMS 43 % within a quarter of an
    # hour, in finance 57 %); the others after so many hours on average. Guesses.
    answered_within_hour: float = 0.75
    late_answer_hours: float = 3.5

    # Chance that the n-th contact of an order makes the buyer complain or opt out: `complaint_first` times n
    # to the power of `complaint_growth`, more before `early_hour`. A guess, the weakest number here.
    complaint_first: float = 0.0008
    complaint_growth: float = 1.6
    complaint_early: float = 1.4
    early_hour: int = 10

    # Ramadan: late mornings, silence around sunset, long evenings; as (hour, width in hours, logit). The
    # direction is sourced (operators report fewer calls and traffic that moves from the day into the night,
    # with a dip after sunset), sizes are guesses until last year's are there.
    ramadan: tuple[tuple[float, float, float], ...] = ((9.5, 2.5, -0.8), (18.0, 1.0, -1.4), (21.5, 2.0, 0.5))
    # Eids: mornings are the family's and late. A guess.
    eid: tuple[tuple[float, float, float], ...] = ((10.0, 3.0, -0.6),)

    # How far things may lie from where they are assumed, as standard deviations on the logit.
    call_level_sd: float = 1.0
    message_level_sd: float = 1.3
    curve_sd: float = 0.9
    regime_sd: float = 0.5
    weekday_sd: float = 0.4
    # Hours over which neighbouring hours of a day are alike.
    curve_hours: float = 1.8
    # Share of numbers that are not on WhatsApp: a guess, learned.
    never_on_whatsapp: float = 0.07
    # So many buyers elsewhere weigh as much as one's own country, and so many of the country as one's city.
    country_buyers: float = 60.0
    city_buyers: float = 150.0


PRIORS = Priors()
