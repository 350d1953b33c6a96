"""What the pool and its worker processes agree on."""

import struct

LENGTH = struct.Struct(">I")
"""Every message starts with its length in bytes."""
READY = b"\x06"
"""Written once by a worker when its parsers are loaded."""
