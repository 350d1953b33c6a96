import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.errors import UrlRefused
from tools.url_guard import check_url, host_of, host_port, is_public_address, port_of, spell_hosts

V4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
V6 = st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address)


@given(V4)
def test_no_ipv4_address_passes_that_is_not_global(address: ipaddress.IPv4Address) -> None:
    if not address.is_global or address.is_multicast:
        assert not is_public_address(str(address))


@given(V4, st.sampled_from(["::ffff:", "::ffff:0:", "::", "64:ff9b::", "64:ff9b:1::"]))
def test_no_ipv4_address_passes_inside_an_ipv6_address(address: ipaddress.IPv4Address, prefix: str) -> None:
    assert not is_public_address(f"{prefix}{address}")


@given(V6)
def test_no_ipv6_address_passes_that_is_not_global_unicast(address: ipaddress.IPv6Address) -> None:
    if is_public_address(str(address)):
        assert address.is_global
        assert address in ipaddress.IPv6Network("2000::/3")


@given(V4 | V6)
def test_an_address_as_a_url_is_judged_like_the_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    host = f"[{address}]" if address.version == 6 else str(address)
    try:
        check_url(f"http://{host}/")
        passed = True
    except UrlRefused:
        passed = False
    assert passed == is_public_address(str(address))


@settings(max_examples=60)
@given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: f"http://{text}"))
def test_any_text_is_either_refused_or_a_web_address_of_a_named_host(text: str) -> None:
    try:
        url = check_url(text)
    except UrlRefused:
        return
    assert url.scheme in {"http", "https"}
    assert not url.userinfo
    assert port_of(url) in {80, 443, 8080, 8443}
    assert "." in host_of(url) or ":" in host_of(url)
    assert host_of(check_url(str(url))) == host_of(url)  # what is fetched is what was checked


@pytest.mark.parametrize(
    ("entry", "spelled"),
    [
        ("Wiki.Lan:80", "wiki.lan:80"),
        (" 127.0.0.1:8000 ", "127.0.0.1:8000"),
        ("[0:0::1]:8000", "[::1]:8000"),
        ("::1:8000", "[::1]:8000"),
    ],
)
def test_hosts_are_spelled_in_one_way(entry: str, spelled: str) -> None:
    assert spell_hosts([entry]) == {spelled}


@pytest.mark.parametrize("entry", ["", "wiki.lan", ":80", "wiki.lan:", "wiki.lan:http", "wiki.lan:*"])
def test_a_host_without_a_port_allows_nothing(entry: str) -> None:
    assert spell_hosts([entry]) == frozenset()


def test_a_listed_host_may_be_private_on_that_port_only() -> None:
    allowed = frozenset({host_port("10.0.0.1", 9000)})
    assert str(check_url("http://10.0.0.1:9000/x#y", allowed)) == "http://10.0.0.1:9000/x"
    with pytest.raises(UrlRefused):
        check_url("http://10.0.0.1/x", allowed)
    with pytest.raises(UrlRefused):
        check_url("ftp://10.0.0.1:9000/x", allowed)


def test_a_refusal_does_not_repeat_the_address() -> None:
    with pytest.raises(UrlRefused) as error:
        check_url("http://user:hunter2@news.example/")
    assert "hunter2" not in str(error.value) + error.value.remedy
