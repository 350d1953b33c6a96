"""What the pool, the fork server and the workers agree on."""

import struct

LENGTH = struct.Struct(">I")
"""Every message between pool and worker starts with its length in bytes."""
BORN = struct.Struct(">Q")
"""Written once by a worker before its first job: its process id."""
ORDER = struct.Struct(">cQQ")
"""What the fork server is told: one of the two below, and two numbers."""
FORK = b"f"
"""Fork a worker; the numbers are the CPU seconds of one page and the bytes of memory it may take beyond what it is
born with. The socket that it is to listen at comes along."""
KILL = b"k"
"""Kill a worker, by its process id; the second number is 0."""
