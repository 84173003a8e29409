import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from storefronts import connecting
from storefronts.posting import Posted, post
from storefronts.signing import new_secret, sign
from tests.receiver import Answer, Receiver, cut, drip_body, drip_head, hang, huge, raw, redirect, status

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
BODY = '{"type":"order.confirmed","data":{"note":"اتصل بعد المغرب"}}'.encode()
SHORT = 0.3


def send(url: str, *, allow_private: bool = True, timeout_seconds: float = 5, **more) -> Posted:
    headers = {"content-type": "application/json"} | more.pop("headers", {})
    return post(
        url, headers, BODY, now=NOW, allow_private=allow_private, timeout_seconds=timeout_seconds, **more
    )


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken and not listened on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_the_body_arrives_byte_for_byte_under_a_signature_that_holds() -> None:
    secret = new_secret()
    with Receiver(secret=secret) as receiver:
        at = int(time.time())
        posted = send(
            receiver.url + "?shop=1",
            headers={
                "webhook-id": "evt_1",
                "webhook-timestamp": str(at),
                "webhook-signature": sign([secret], "evt_1", at, BODY),
            },
        )
        [request] = receiver.verified
    assert (posted.status, posted.retry_after, posted.error) == (200, None, None)
    assert posted.seconds > 0
    assert request.body == BODY
    assert request.method == "POST"
    assert request.path == "/events?shop=1"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["Host"] == f"127.0.0.1:{receiver.port}"


@pytest.mark.parametrize("code", [200, 204, 400, 404, 410, 429, 500, 503])
def test_the_status_is_told(code: int) -> None:
    with Receiver(status(code)) as receiver:
        assert send(receiver.url).status == code


@pytest.mark.parametrize(
    ("asked", "seconds"), [(7, 7), ("Fri, 20 Nov 2026 18:01:00 GMT", 60), ("tomorrow", None), (None, None)]
)
def test_the_time_asked_for_is_told_in_seconds(asked: int | str | None, seconds: int | None) -> None:
    with Receiver(status(503, retry_after=asked)) as receiver:
        posted = send(receiver.url)
    assert (posted.status, posted.retry_after, posted.error) == (503, seconds, None)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(code: int) -> None:
    with Receiver() as other, Receiver(redirect(other.url, code)) as receiver:
        posted = send(receiver.url)
        assert posted.status == code
        assert len(receiver.requests) == 1
        assert other.requests == []


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch, closed_port: int) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port}")
    with Receiver() as receiver:
        assert send(receiver.url).status == 200


def test_a_name_is_resolved_once_and_kept_as_host() -> None:
    asked = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with Receiver() as receiver:
        assert send(receiver.url_as("hooks.shop.example"), resolver=resolver).status == 200
        [request] = receiver.requests
    assert asked == [("hooks.shop.example", receiver.port)]
    assert request.headers["Host"] == f"hooks.shop.example:{receiver.port}"


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["127.0.0.1", "8.8.8.8"],
        ["::ffff:127.0.0.1"],
        ["::1"],
        ["169.254.169.254"],
    ],
)
def test_a_public_name_that_leads_inside_is_refused_before_connecting(addresses: list[str]) -> None:
    with Receiver() as receiver:
        url = f"https://hooks.shop.example:{receiver.port}/"
        assert send(url, allow_private=False, resolver=lambda *_: addresses).error == "private_address"
        assert receiver.requests == []


def test_a_name_that_changes_after_the_check_is_not_asked_again() -> None:
    """DNS rebinding: public while it is checked, loopback when a second look-up would connect."""
    answers = iter([["2606:4700::1111"], ["127.0.0.1"]])
    connected = []

    class Network:
        def connect_tcp(self, host: str, *_: object, **__: object) -> None:
            connected.append(host)
            raise httpcore.ConnectError

    with Receiver() as receiver, pytest.MonkeyPatch.context() as patch:
        patch.setattr(connecting.httpcore, "SyncBackend", Network)
        url = f"https://hooks.shop.example:{receiver.port}/"
        assert send(url, allow_private=False, resolver=lambda *_: next(answers)).error == "refused"
        assert receiver.requests == []
    assert connected == ["2606:4700::1111"]


def test_an_address_that_does_not_answer_leaves_the_others() -> None:
    with Receiver() as receiver:
        url = receiver.url_as("hooks.shop.example")
        assert send(url, resolver=lambda *_: ["::1", "127.0.0.1"]).status == 200


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://shop.example.com/", "bad_url"),
        ("https://u:p@shop.example.com/", "bad_url"),
        ("https://127.0.0.1/", "private_address"),
        ("https://localhost/", "private_address"),
        ("", "bad_url"),
    ],
)
def test_a_stored_url_is_checked_again(url: str, error: str) -> None:
    assert send(url, allow_private=False).error == error


def test_an_unknown_name() -> None:
    def unknown(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    assert send("https://gone.example/", resolver=unknown).error == "dns"


def test_a_resolver_that_does_not_answer_is_left_behind() -> None:
    leave = threading.Event()

    def stuck(*_: object) -> list[str]:
        leave.wait(10)
        return ["127.0.0.1"]

    posted = send("https://slow.example/", resolver=stuck, timeout_seconds=SHORT)
    leave.set()
    assert posted.error == "dns"
    assert posted.seconds < 2


def test_nobody_listening(closed_port: int) -> None:
    assert send(f"http://127.0.0.1:{closed_port}/").error == "refused"


@pytest.mark.parametrize(
    ("answer", "error"),
    [(hang(), "timeout"), (drip_head(), "too_slow"), (raw(b"HTTP/1.1 100 Continue\r\n\r\n"), "protocol")],
)
def test_the_whole_is_bounded_however_the_time_is_spent(answer: Answer, error: str) -> None:
    with Receiver(answer) as receiver:
        posted = send(receiver.url, timeout_seconds=SHORT)
    assert (posted.status, posted.error) == (None, error)
    assert posted.seconds < 2


def test_a_receiver_that_does_not_read_is_bounded_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        posted = post(url, {}, bytes(30_000_000), now=NOW, allow_private=True, timeout_seconds=SHORT)
    assert posted.error == "timeout"
    assert posted.seconds < 2


@pytest.mark.parametrize(
    "answer",
    [
        cut(),
        raw(b""),
        raw(b"\x00\xff\r\n\r\n"),
        raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
        raw(b"HTTP/1.1 abc\r\n\r\n"),
        raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100_000),
    ],
)
def test_what_is_not_http_is_an_error(answer: Answer) -> None:
    with Receiver(answer) as receiver:
        posted = send(receiver.url)
    assert (posted.status, posted.error) == (None, "protocol")


def test_a_status_counts_though_its_body_never_ends() -> None:
    with Receiver(drip_body()) as receiver:
        posted = send(receiver.url, timeout_seconds=SHORT)
    assert (posted.status, posted.error) == (200, None)
    assert posted.seconds < 2


def test_a_huge_body_is_not_read() -> None:
    with Receiver(huge()) as receiver:
        posted = send(receiver.url)
    assert (posted.status, posted.error) == (200, None)
    assert posted.seconds < 1


@pytest.mark.parametrize(
    "answer",
    [
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"),
    ],
)
def test_a_status_counts_though_its_body_is_broken(answer: Answer) -> None:
    with Receiver(answer) as receiver:
        assert send(receiver.url).status == 200


def test_a_header_cannot_smuggle_another() -> None:
    with Receiver() as receiver:
        assert send(receiver.url, headers={"webhook-id": "a\r\nX-Evil: 1"}).error == "protocol"
        assert receiver.requests == []


class Authority:
    """A certificate authority of the test's own, with one certificate for hooks.shop.example."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Takeed test authority")])
        host_key = ec.generate_private_key(ec.SECP256R1())
        host = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.shop.example")])
        names = x509.SubjectAlternativeName([x509.DNSName("hooks.shop.example")])
        root = self._certificate(issuer, key, issuer, key, x509.BasicConstraints(ca=True, path_length=None))
        leaf = self._certificate(host, host_key, issuer, key, names)
        pem = serialization.Encoding.PEM
        chain = folder / "host.pem"
        chain.write_bytes(
            host_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            + leaf.public_bytes(pem)
        )
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(chain)
        self.names_asked: list[str | None] = []
        self.server.sni_callback = lambda _socket, name, _context: self.names_asked.append(name)
        self.client = ssl.create_default_context(cadata=root.public_bytes(pem).decode())

    @staticmethod
    def _certificate(subject, key, issuer, issuer_key, extension) -> x509.Certificate:
        today = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today - timedelta(days=1))
            .not_valid_after(today + timedelta(days=1))
            .add_extension(extension, critical=True)
            .sign(issuer_key, hashes.SHA256())
        )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def loopback(*_: object) -> list[str]:
    return ["127.0.0.1"]


def test_tls_asks_for_the_name_while_it_connects_to_the_address(authority: Authority) -> None:
    with Receiver(tls=authority.server) as receiver:
        posted = send(receiver.url_as("hooks.shop.example"), resolver=loopback, tls=authority.client)
        assert (posted.status, posted.error) == (200, None)
        [request] = receiver.requests
    assert request.headers["Host"] == f"hooks.shop.example:{receiver.port}"
    assert authority.names_asked[-1] == "hooks.shop.example"


def test_a_certificate_of_another_name_is_refused(authority: Authority) -> None:
    with Receiver(tls=authority.server) as receiver:
        url = receiver.url_as("other.shop.example")
        assert send(url, resolver=loopback, tls=authority.client).error == "tls"
        assert receiver.requests == []


def test_a_certificate_nobody_vouches_for_is_refused(authority: Authority) -> None:
    with Receiver(tls=authority.server) as receiver:
        assert send(receiver.url_as("hooks.shop.example"), resolver=loopback).error == "tls"
        assert receiver.requests == []


def test_https_to_something_that_speaks_no_tls(authority: Authority) -> None:
    with Receiver() as receiver:
        url = f"https://hooks.shop.example:{receiver.port}/"
        assert send(url, resolver=loopback, tls=authority.client).error == "tls"


def test_a_handshake_that_never_comes_is_bounded(authority: Authority) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://hooks.shop.example:{silent.getsockname()[1]}/"
        posted = send(url, resolver=loopback, tls=authority.client, timeout_seconds=SHORT)
    assert posted.error == "timeout"
    assert posted.seconds < 2
