"""The process that cleans: reads jobs, writes outcomes, keeps its own limits.

Forked by `tools.clean.fork_server` only. It speaks JSON and plain bytes, never pickle: if a page ever took this process
over, whoever it works for would still only be handed text.
"""

import gc
import json
import resource
from dataclasses import asdict
from typing import Any, BinaryIO

from tools.clean import clean
from tools.clean.worker_protocol import LENGTH
from tools.errors import CleanError, NeedsScript

MAX_JOBS = 1_000
"""Then the process asks to be replaced: parsers' caches and heap fragments do not pile up."""
MAX_KEPT_SHARE = 4
"""A page's memory often stays with the process. One that has kept this part of what a page may take is replaced, so
that the next page has its full share (a PDF that unpacks to 30 MB left 370 MB; 1,000 real pages leave 60)."""
MEMORY_SPENT = "The page needs more memory than a page may use."


def serve(jobs: BinaryIO, outcomes: BinaryIO, cpu_s: int, growth_bytes: int) -> None:
    """Clean until there are no more jobs.

    Args:
        jobs: Read from; each is a head in JSON and a body.
        outcomes: Written to, one for each job.
        cpu_s: CPU seconds one page may use; past them the kernel ends this process.
        growth_bytes: Memory it may take beyond what it has now.
    """
    _limit_memory(growth_bytes)
    begun_with = _resident_bytes()
    for number in range(1, MAX_JOBS + 1):
        head = _read_message(jobs)
        if head is None:
            return
        body = _read_message(jobs)
        if body is None:
            return
        _limit_cpu(cpu_s)
        outcome = _outcome(json.loads(head), body)
        is_bloated = (_resident_bytes() - begun_with) * MAX_KEPT_SHARE > growth_bytes
        retiring = number == MAX_JOBS or is_bloated or outcome.get("error") == MEMORY_SPENT
        payload = json.dumps({**outcome, "retiring": retiring}).encode()
        outcomes.write(LENGTH.pack(len(payload)) + payload)
        outcomes.flush()
        if retiring:
            return


def _outcome(job: dict[str, Any], body: bytes) -> dict[str, Any]:
    try:
        return {"cleaned": asdict(clean(body, content_type=job["content_type"], url=job["url"]))}
    except CleanError as error:
        return {"error": str(error), "remedy": error.remedy, "needs_script": isinstance(error, NeedsScript)}
    except MemoryError:
        return {"error": MEMORY_SPENT, "remedy": "Ask for another source."}
    except Exception as error:  # noqa: BLE001 - the outer door of this process: a parser's bug costs one page.
        return {"error": f"The page cannot be parsed ({type(error).__name__}).", "remedy": "Ask for another source."}


def _read_message(source: BinaryIO) -> bytes | None:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    body = source.read(size)
    return body if len(body) == size else None


def warm_up() -> None:
    """Load the parsers, fill their caches by cleaning a page, and set the garbage collector up for this work."""
    page = (
        "<html><body><article><h1>One</h1>"
        + "<p>Two words and a few more of them.</p>" * 20
        + "</article></body></html>"
    )
    clean(page.encode(), content_type="text/html", url="http://localhost/")
    # Trees make garbage by the ten thousand and nothing of it lives on: fewer rounds of collection save a fifth.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _resident_bytes() -> int:
    """Memory of this process; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0


def _limit_memory(growth_bytes: int) -> None:
    """Bound the address space from here on, core files and files; a system without these limits goes on without."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            in_use = int(statm.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (in_use + growth_bytes, in_use + growth_bytes))
    except (OSError, ValueError):
        pass
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _limit_cpu(cpu_s: int) -> None:
    """Set the limit anew for each page: the kernel counts from the start of the process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_s, hard))
