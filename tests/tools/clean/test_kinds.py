import pytest

from tools.clean import clean
from tools.clean.kinds import Kind, sniff
from tools.errors import CleanError


@pytest.mark.parametrize(
    ("body", "content_type", "path", "kind"),
    [
        (b"<!DOCTYPE html><p>x", None, "/", Kind.HTML),
        (b"<!DOCTYPE html><p>x", "text/plain", "/", Kind.HTML),
        (b"The <p> element is a paragraph", "text/plain", "/", Kind.PLAIN),
        (b"\xef\xbb\xbf  <html><body>", "application/octet-stream", "/", Kind.HTML),
        (
            b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body/>",
            "application/xhtml+xml",
            "/",
            Kind.HTML,
        ),
        (b"%PDF-1.7 x", "text/html", "/", Kind.PDF),
        (b"# Light\n", "text/plain; charset=utf-8", "/README.md", Kind.MARKUP),
        (b"# Light\n", "text/markdown", "/", Kind.MARKUP),
        (b'{"a": 1}', "application/json", "/", Kind.JSON),
        (b'{"a": 1}', "application/ld+json", "/", Kind.JSON),
        (b'[{"a": 1}]', None, "/", Kind.JSON),
        (b"<?xml version='1.0'?><rss><channel>", "text/xml", "/", Kind.FEED),
        (b"<feed xmlns='x'>", "text/html", "/", Kind.FEED),
        (b"\x89PNG\r\n\x1a\n", "text/html", "/", Kind.BINARY),
        (b"PK\x03\x04abc", None, "/", Kind.BINARY),
        (b"a\0b\0\0\0\1\2\3\4\5\6" * 9, "text/plain", "/", Kind.BINARY),
        ("灯塔 light".encode("utf-16-le"), "text/plain", "/", Kind.PLAIN),
        (b"just words", None, "/", Kind.PLAIN),
    ],
)
def test_the_bytes_decide_then_the_header_then_the_address(
    body: bytes, content_type: str, path: str, kind: Kind
) -> None:
    assert sniff(body, content_type, f"http://harbour.example{path}") is kind


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "text/html"),
        (b" \n ", None),
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        (b"%PDF-1.4 broken", "application/pdf"),
        (b"{broken", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"{}", "application/json"),
        (b"<rss></rss>", "text/xml"),
        (b"<rss", "text/xml"),
    ],
)
def test_what_holds_no_text_is_refused_with_a_remedy(body: bytes, content_type: str | None) -> None:
    with pytest.raises(CleanError) as caught:
        clean(body, content_type=content_type, url="http://harbour.example/")
    assert str(caught.value).endswith(".")
    assert caught.value.remedy
