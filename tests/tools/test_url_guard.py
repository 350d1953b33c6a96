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


PRIVATE_V4 = st.one_of(
    *(
        st.integers(int(network[0]), int(network[-1])).map(ipaddress.IPv4Address)
        for network in map(ipaddress.IPv4Network, ["127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16", "169.254.0.0/16"])
    )
)
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


def in_parts(address: ipaddress.IPv4Address, count: int, forms: tuple[str, ...]) -> str:
    """The address as `inet_aton` reads it: up to four numbers, the last one filling the rest, each in some base."""
    value = int(address)
    numbers = [value >> 24 - 8 * place & 0xFF for place in range(count - 1)] + [value & (1 << 8 * (5 - count)) - 1]
    return ".".join(form.format(number) for form, number in zip(forms, numbers, strict=False))


FORMS = st.tuples(*[st.sampled_from(["{}", "0x{:x}", "0X{:08X}", "0{:o}", "000{:o}", "{:010d}"])] * 4)
DISGUISES = st.one_of(
    st.builds(in_parts, PRIVATE_V4, st.integers(1, 4), FORMS),
    PRIVATE_V4.map(lambda address: str(address).translate(FULL_WIDTH)),
    PRIVATE_V4.map(lambda address: str(address).replace(".", "。", 1)),
    PRIVATE_V4.map(lambda address: f"{address}."),
    PRIVATE_V4.map(lambda address: "".join(f"%{ord(char):02x}" for char in str(address))),
    PRIVATE_V4.map(lambda address: f"news.example@{address}"),
    PRIVATE_V4.map(lambda address: f"{address}\t"),
    st.builds(
        lambda prefix, address, zone: f"[{prefix}{address}{zone}]",
        st.sampled_from(["::ffff:", "::ffff:0:", "::", "64:ff9b::", "64:ff9b:1::", "0:0:0:0:0:FFFF:"]),
        PRIVATE_V4,
        st.sampled_from(["", "%25lo", "%lo", "%251"]),
    ),
    PRIVATE_V4.map(lambda address: f"[2002:{int(address) >> 16:x}:{int(address) & 0xFFFF:x}::1]"),
    PRIVATE_V4.map(lambda address: f"[2a01:4f8::5efe:{int(address) >> 16:x}:{int(address) & 0xFFFF:x}]"),
)
ENDS = st.sampled_from(["", "/", ":80/", ":8080", ":443/a?b#c", "?x", "#@news.example"])


@given(st.sampled_from(["http", "https", "HTTP"]), DISGUISES, ENDS)
def test_a_private_address_is_refused_however_it_is_written(scheme: str, host: str, end: str) -> None:
    with pytest.raises(UrlRefused):
        check_url(f"{scheme}://{host}{end}")


LOCAL_NAMES = st.sampled_from(["localhost", "printer.local", "db.internal", "nas.lan", "api.svc", "router.home.arpa"])


@given(LOCAL_NAMES, st.data())
def test_a_local_name_is_refused_however_it_is_written(name: str, data: st.DataObject) -> None:
    letters = [data.draw(st.sampled_from([char, char.upper()])) for char in name]
    spelled = "".join(letters).replace(".", data.draw(st.sampled_from([".", "。", "．"])))
    with pytest.raises(UrlRefused):
        check_url(f"http://{spelled}{data.draw(st.sampled_from(['', '.']))}{data.draw(ENDS)}")


@pytest.mark.parametrize("port", ["+80", "８０", "8_0", "-0", "080808", " 80", "80:80", "0", "00"])
def test_a_port_is_plain_digits(port: str) -> None:
    with pytest.raises(UrlRefused):
        check_url(f"http://news.example:{port}/")


def test_titles_may_hold_the_characters_that_join_letters_and_hosts_may_not() -> None:
    assert check_url("http://news.example/می\u200cخواهم").raw_path.startswith(b"/%D9%85%DB%8C%E2%80%8C%D8")
    with pytest.raises(UrlRefused):
        check_url("http://ne\u200cws.example/")
