"""PDFs that mean harm, made in memory: small to send, large to read."""

import zlib
from collections.abc import Callable, Sequence

MB = 1_000_000
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
SHOWN = b"BT /F1 12 Tf 72 720 Td (The words of a page that does no harm.) Tj ET\n"


def assembled(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A file of these objects, the first one its catalogue."""
    body = bytearray(b"%PDF-1.5\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%bendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    tail = b"trailer<</Root 1 0 R/Size %d%b>>startxref\n%d\n%%%%EOF" % (size, trailer, len(body))
    return bytes(body) + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail


def stream(data: bytes, fields: bytes = b"") -> bytes:
    return b"<</Length %d%b>>stream\n%b\nendstream" % (len(data), fields, data)


def pages(content: bytes, *, count: int = 1, kids: bytes = b"", more: bytes = b"") -> list[bytes]:
    """Objects of a document in which one page stands `count` times."""
    kids = kids or b"4 0 R " * count
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R/Resources<</Font<</F1 3 0 R>>%b>>>>" % more
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids),
        FONT,
        page,
        content,
    ]


def deflate_bomb(megabytes: int) -> bytes:
    """A page whose drawing unpacks to that much."""
    pack = zlib.compressobj(9)
    block = SHOWN * (MB // len(SHOWN))
    data = b"".join([*(pack.compress(block) for _ in range(megabytes)), pack.flush()])
    return assembled(pages(stream(data, b"/Filter/FlateDecode")))


def drawing_within_drawings(depth: int = 10, width: int = 10) -> bytes:
    """A drawing that holds ten drawings, each of which holds ten, and so on."""
    objects = pages(stream(b"/X Do"), more=b"/XObject<</X 6 0 R>>")
    for level in range(depth):
        inner = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</X %d 0 R>>/Font<</F1 3 0 R>>>>"
        is_last = level == depth - 1
        objects.append(stream(SHOWN if is_last else b"/X Do " * width, inner % (7 + level)))
    return assembled(objects)


def locked() -> bytes:
    cipher = b"<</Filter/Standard/V 2/R 3/O(%b)/U(%b)/P -4/Length 128>>" % (b"o" * 32, b"u" * 32)
    return assembled([*pages(stream(SHOWN)), cipher], b"/Encrypt 6 0 R/ID[(a)(b)]")


BAD_PDFS: dict[str, Callable[[], bytes]] = {
    "deflate bomb of 300 MB": lambda: deflate_bomb(300),
    "deflate bomb of 20 MB": lambda: deflate_bomb(20),
    "drawings within drawings": drawing_within_drawings,
    "5,000 pages": lambda: assembled(pages(stream(SHOWN), count=5_000)),
    "a page tree that holds itself": lambda: assembled(pages(stream(SHOWN), count=5, kids=b"2 0 R 2 0 R 4 0 R")),
    "two thousand million pages": lambda: assembled(pages(stream(SHOWN), count=1)).replace(
        b"/Count 1", b"/Count 2000000000"
    ),
    "two million brackets": lambda: assembled(pages(stream(SHOWN), more=b"/A " + b"[" * MB + b"]" * MB)),
    "broken off": lambda: assembled(pages(stream(SHOWN), count=3_000))[:20_000],
    "locked": locked,
    "noise": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 8_000,
}
