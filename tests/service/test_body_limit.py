"""What of a body counts towards its limits."""

import json

from service.body_limit import FILES, json_depth

DEEP = b"[" * 200 + b"]" * 200


def depth_beside_files(body: bytes) -> int:
    return json_depth(FILES.sub(b'""', body))


def test_what_follows_a_quoted_quotation_mark_is_no_part_of_a_file() -> None:
    body = b'{"data":"' + b"A" * 1_000 + b'","url":"AAA\\" x","b":' + DEEP + b',"c":"z"}'
    json.loads(body)
    assert depth_beside_files(body) == 201


def test_a_file_may_hold_line_ends_and_escaped_slashes() -> None:
    for base64 in ("QUJD", "QU\nJD\r\n", "QU\\/JD"):
        body = json.dumps({"url": f"data:image/png;base64,{base64}"}).replace("\\\\/", "\\/").encode()
        assert FILES.sub(b'""', body) == b'{""}'
