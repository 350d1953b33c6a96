"""Small pictures and recordings for tests."""

import base64
import io
import wave

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def wav(seconds: float) -> bytes:
    """Silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(1000)
        sound.writeframes(b"\x80" * int(seconds * 1000))
    return out.getvalue()


def data_url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def image_part(data: bytes = PNG) -> dict[str, object]:
    return {"type": "image_url", "image_url": {"url": data_url(data)}}


def audio_part(data: bytes) -> dict[str, object]:
    return {"type": "input_audio", "input_audio": {"data": base64.b64encode(data).decode(), "format": "wav"}}
