"""Which certificate authorities are believed: the machine's, or certifi's where the machine has none."""

import re
import ssl
from pathlib import Path

import certifi
import httpx2

_HASHED = re.compile(r"[0-9a-f]{8}\.\d")


def make_ssl_context() -> ssl.SSLContext:
    """A verifying context; slim container images come without authorities, and every https page would fail there."""
    context = httpx2.create_ssl_context(trust_env=False)
    if context.cert_store_stats()["x509_ca"] == 0 and not _machine_has_authorities():
        context.load_verify_locations(certifi.where())
    return context


def _machine_has_authorities() -> bool:
    """OpenSSL reads a folder of certificates only when it needs one, so the folder itself is looked at."""
    folder = ssl.get_default_verify_paths().openssl_capath
    try:
        return any(_HASHED.fullmatch(entry.name) for entry in Path(folder).iterdir())
    except OSError:
        return False
