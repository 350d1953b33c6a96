"""How long a recording lasts, read from its bytes without decoding it. Pure."""

from model_backend.chat import Attachment

_RATES_KBPS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Bit rates of layer III by index, for MPEG 1 and for MPEG 2 and 2.5 (ISO/IEC 11172-3 and 13818-3)."""
_SAMPLING_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""By the two version bits: 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5."""
_SAMPLES = {1: 1152, 2: 576}
"""Samples of one frame of layer III."""
_LAYER_3 = 1
_ID3_HEAD_BYTES = 10
_RIFF_HEAD_BYTES = 12
LONGEST_S = 600.0
"""Nothing is counted beyond: no model hears so much at once."""
MOST_SKIPPED_BYTES = 65_536
"""Bytes between frames that are passed over in all; what holds more is no recording."""


def duration_s(file: Attachment) -> float | None:
    """Length of a WAV or MP3 recording in seconds; None where the file is neither, or broken."""
    if file.media_type == "audio/wav":
        return _wav_s(file.data)
    return _mp3_s(file.data) if file.media_type == "audio/mpeg" else None


def _wav_s(data: bytes) -> float | None:
    """Chunk by chunk, since `wave` knows only one of the formats that recorders write."""
    at, bytes_a_second = _RIFF_HEAD_BYTES, 0
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8
        if name == b"fmt " and at + 12 <= len(data):
            bytes_a_second = int.from_bytes(data[at + 8 : at + 12], "little")
        elif name == b"data":
            # A recorder that streams writes no true size.
            return min(size, len(data) - at) / bytes_a_second if bytes_a_second else None
        at += size + size % 2
    return None


def _mp3_s(data: bytes) -> float | None:
    """The frames one after another: a header names the length of its frame, and nothing else says how many follow."""
    at, seconds, skipped = _after_tag(data), 0.0, 0
    while at + 4 <= len(data) and seconds < LONGEST_S and skipped < MOST_SKIPPED_BYTES:
        frame = _frame(data, at)
        if frame is None:
            at, skipped = at + 1, skipped + 1
        else:
            at, seconds = at + frame[0], seconds + frame[1]
    return seconds or None


def _after_tag(data: bytes) -> int:
    """Where the sound begins: behind an ID3 tag, whose length is written in seven bits a byte."""
    if not data.startswith(b"ID3") or len(data) < _ID3_HEAD_BYTES:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return _ID3_HEAD_BYTES + size


def _frame(data: bytes, at: int) -> tuple[int, float] | None:
    """Bytes and seconds of the layer III frame that begins here, if one does."""
    first, second, third = data[at], data[at + 1], data[at + 2]
    version = second >> 3 & 3
    if first != 0xFF or second & 0xE0 != 0xE0 or version not in _SAMPLING_HZ or second >> 1 & 3 != _LAYER_3:
        return None
    rate, sampling = third >> 4, third >> 2 & 3
    if rate in (0, 15) or sampling == 3:
        return None
    generation = 1 if version == 3 else 2
    hz = _SAMPLING_HZ[version][sampling]
    samples = _SAMPLES[generation]
    length = samples // 8 * _RATES_KBPS[generation][rate] * 1000 // hz + (third >> 1 & 1)
    return length, samples / hz
