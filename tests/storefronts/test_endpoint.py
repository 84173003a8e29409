import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefronts.endpoint import EndpointRefused, check_url, resolve


def refusal(url: str, *, allow_private: bool = False) -> str:
    with pytest.raises(EndpointRefused) as caught:
        check_url(url, allow_private=allow_private)
    return caught.value.code


@pytest.mark.parametrize(
    ("url", "authority", "target"),
    [
        ("https://shop.example.com/hooks?a=1&b=%20", "shop.example.com", "/hooks?a=1&b=%20"),
        ("HTTPS://Shop.Example.COM.", "shop.example.com", "/"),
        ("https://shop.example.com:443/", "shop.example.com", "/"),
        ("https://shop.example.com:8443/x", "shop.example.com:8443", "/x"),
        ("https://8.8.8.8/x", "8.8.8.8", "/x"),
        ("https://[2606:4700::1111]:8443/", "[2606:4700::1111]:8443", "/"),
        ("https://متجر.السعودية/طلبات", "xn--pgbep1f.xn--mgberp4a5d4ar", "/%D8%B7%D9%84%D8%A8%D8%A7%D8%AA"),
        ("https://hook_in.example.com/", "hook_in.example.com", "/"),
    ],
)
def test_public_https_addresses_are_taken(url: str, authority: str, target: str) -> None:
    endpoint = check_url(url, allow_private=False)
    assert (endpoint.scheme, endpoint.authority, endpoint.target) == ("https", authority, target)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://shop.example.com/", "scheme"),
        ("ftp://shop.example.com/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://shop.example.com/", "scheme"),
        ("//shop.example.com/", "scheme"),
        ("shop.example.com", "scheme"),
        ("", "scheme"),
        ("https://user@shop.example.com/", "credentials"),
        ("https://user:word@shop.example.com/", "credentials"),
        ("https://8.8.8.8@127.0.0.1/", "credentials"),
        ("https://shop.example.com/#", "fragment"),
        ("https://shop.example.com/#part", "fragment"),
        ("https://", "host"),
        ("https:///path", "host"),
        ("https://a..b.com/", "host"),
        ("https://-a.com/", "host"),
        ("https://a%2eb.com/", "host"),
        ("https://" + "a" * 64 + ".com/", "host"),
        ("https://" + "a." * 130 + "com/", "host"),
        ("https://x.\u0600ا/", "malformed"),
        ("https://shop.example.com:0/", "port"),
        ("https://shop.example.com:22/", "port"),
        ("https://shop.example.com:80/", "port"),
        ("https://shop.example.com:99999/", "malformed"),
        ("https://shop.example.com:x/", "malformed"),
        ("https://[::1/", "malformed"),
        ("https://[v1.a]/", "host"),
        ("https://[fe80::1%25eth0]/", "host"),
        ("https://shop.example.com/a b", "malformed"),
        ("https://shop.example.com\\@evil.example/", "malformed"),
        ("https://shop.exa\nmple.com/", "malformed"),
        ("https://shop.example.com/\x00", "malformed"),
        ("https://shop.example.com/\u202e", "malformed"),
        ("https://shop.example.com/\ud800", "malformed"),
        ("https://shop.example.com/" + "a" * 2000, "too_long"),
    ],
)
def test_other_urls_are_refused_with_the_rule(url: str, code: str) -> None:
    assert refusal(url) == code


PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.8.8.8",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.5",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_the_open_internet_are_refused_written_or_resolved(address: str) -> None:
    url = f"https://[{address}]/" if ":" in address else f"https://{address}/"
    assert refusal(url) == "private_address"
    assert check_url(url, allow_private=True)
    with pytest.raises(EndpointRefused, match="private_address"):
        resolve("shop.example.com", 443, allow_private=False, resolver=lambda *_: [address])
    assert resolve("shop.local", 443, allow_private=True, resolver=lambda *_: [address]) == (address,)


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "1.2.3.4.5", "127.0.0.1.1"]
)
def test_addresses_in_other_spellings_are_no_host_names(host: str) -> None:
    assert refusal(f"https://{host}/") == "host"
    assert refusal(f"https://{host}/", allow_private=True) == "host"


def test_full_width_digits_do_not_hide_an_address() -> None:
    assert refusal("https://127。0.0.1/") == "private_address"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "db",
        "LOCALHOST.",
        "x.localhost",
        "printer.local",
        "metadata.google.internal",
        "nas.home.arpa",
    ],
)
def test_names_that_only_exist_in_a_private_network_are_refused(host: str) -> None:
    assert refusal(f"https://{host}/") == "private_address"
    assert check_url(f"http://{host}:5000/", allow_private=True).port == 5000


def test_allowing_private_addresses_relaxes_nothing_else() -> None:
    assert check_url("http://127.0.0.1:81/x", allow_private=True).authority == "127.0.0.1:81"
    assert refusal("ftp://127.0.0.1/", allow_private=True) == "scheme"
    assert refusal("http://u@127.0.0.1/", allow_private=True) == "credentials"
    assert refusal("http://127.0.0.1/#x", allow_private=True) == "fragment"
    assert refusal("http://127.0.0.1:0/", allow_private=True) == "port"


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    with pytest.raises(EndpointRefused, match="private_address"):
        resolve(
            "shop.example.com", 443, allow_private=False, resolver=lambda *_: ["8.8.8.8", "::1", "1.1.1.1"]
        )


def test_public_addresses_keep_their_order() -> None:
    given_addresses = ["2606:4700::1111", "8.8.8.8", "8.8.8.8", "64:ff9b::808:808"]
    found = resolve("shop.example.com", 443, allow_private=False, resolver=lambda *_: given_addresses)
    assert found == ("2606:4700::1111", "8.8.8.8", "64:ff9b::808:808")


def _no_such_name(*_: object) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "unknown")


@pytest.mark.parametrize("resolver", [_no_such_name, lambda *_: [], lambda *_: ["nonsense"]])
def test_a_name_without_addresses_is_a_dns_refusal(resolver) -> None:
    with pytest.raises(EndpointRefused, match="dns"):
        resolve("shop.example.com", 443, allow_private=False, resolver=resolver)


def test_this_machines_resolver_knows_loopback() -> None:
    assert resolve("127.0.0.1", 80, allow_private=True) == ("127.0.0.1",)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_taken_or_refused(text: str) -> None:
    for url in (text, "https://" + text, "https://shop.example.com" + text):
        try:
            endpoint = check_url(url, allow_private=False)
        except EndpointRefused:
            continue
        assert endpoint.host.isascii()
        assert endpoint.target.isascii()


@given(
    st.ip_addresses(v=4, network="0.0.0.0/0")
    | st.sampled_from([ipaddress.IPv4Address(p) for p in PRIVATE if ":" not in p])
)
def test_an_address_and_its_disguises_are_never_public_when_it_is_private(
    address: ipaddress.IPv4Address,
) -> None:
    if address.is_global:
        return
    for disguise in (
        f"::ffff:{address}",
        str(ipaddress.IPv6Address((0x64FF9B << 96) | int(address))),
        str(address),
    ):
        with pytest.raises(EndpointRefused):
            resolve("shop.example.com", 443, allow_private=False, resolver=lambda *_, a=disguise: [a])
