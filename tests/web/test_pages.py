import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

PERSONAL = ("966551234567", "0551234567", "نوره", "النرجس", "RNRA4521")


@pytest.fixture
def busy(api, make_app):
    api.send("1")
    api.send("2", buyer={"phone": "wrong"})
    api.send("3", payment_method="visa")
    return make_app().test_client()


@pytest.mark.parametrize(
    ("address", "header", "language", "direction"),
    [
        ("/", None, "en", "ltr"),
        ("/", "ar-SA,ar;q=0.9", "ar", "rtl"),
        ("/?lang=ar", "en", "ar", "rtl"),
        ("/?lang=en", "ar", "en", "ltr"),
        ("/?lang=<x>", "fr", "en", "ltr"),
    ],
)
def test_the_front_page_speaks_both_languages(busy, address, header, language, direction):
    page = busy.get(address, headers={"Accept-Language": header} if header else {})
    assert page.status_code == 200
    assert f'<html lang="{language}" dir="{direction}">' in page.text
    assert "<x>" not in page.text


def test_the_front_page_counts_and_names_nobody(busy):
    page = busy.get("/").text
    counts = dict(re.findall(r"<span>([^<]+)</span> <b>([\d,]+)</b>", page))
    assert counts["Queued"] == "2"
    assert counts["Released without contact"] == "1"
    assert counts["Policy"] == "1"
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd>([\d,]+)</dd>", page))
    assert figures["Orders"] == "3"
    assert figures["Decided"] == "1"
    assert figures["Waiting for an agent"] == "1"
    assert not any(word in page for word in PERSONAL)


def test_the_banner_says_where_one_is(make_app):
    plain, demo, real = (
        make_app(**settings).test_client().get("/").text
        for settings in ({}, {"demo": True}, {"twilio_account_sid": "AC1", "twilio_auth_token": "t"})
    )
    assert "Sandbox: buyers are simulated" in plain
    assert "Demo policy" not in plain
    assert "Demo policy: contact hours are open round the clock" in demo
    assert "Sandbox" not in real


def test_pages_obey_their_own_content_policy(busy):
    page = busy.get("/")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert not re.search(r"style=|<style|onclick|<script>", page.text)
    for address in re.findall(r'(?:href|src)="(/[^"]*)"', page.text):
        with busy.get(address) as answer:
            assert answer.status_code == 200, address


def test_problems_are_pages_outside_the_api(app):
    page = app.test_client().get("/nowhere/<script>?lang=ar")
    assert (page.status_code, page.content_type) == (404, "text/html; charset=utf-8")
    assert "<script>" not in page.text
    assert 'dir="rtl"' in page.text


def test_the_metrics_are_read_from_the_rows(busy):
    answer = busy.get("/metrics")
    assert answer.status_code == 200
    told = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert told["takeed_orders", "queued"] == 2
    assert told["takeed_steps", "scheduled", "whatsapp"] == 1
    assert told["takeed_decisions", "policy", "waived"] == 1
    assert told["takeed_stranded_orders",] == 0
    assert ("takeed_oldest_due_step_seconds",) in told
