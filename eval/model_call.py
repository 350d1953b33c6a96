"""Our own share of the time of a model call: `python -m eval.model_call`.

Building the request (6,000 words composed, counted and made a body) and reading a reply of 500 tokens, one a chunk,
through the call parser, the filter of visible text and the guard. CPU time, without the network and the SDK.
"""

import argparse
import time
from datetime import UTC, datetime
from statistics import median

from model_backend import Brief, ChatRequest, Message
from model_backend.budget import Calibration
from model_backend.openai_compatible.compose import compose
from model_backend.openai_compatible.probing import SEARCH
from model_backend.openai_compatible.runaway import Runaway
from model_backend.openai_compatible.wire import Assembly, body_of, parser_of
from model_backend.profiles import RUNGS, Rung, load_profile, profile_ids

BAR_MS = 5.0
TOKENS = 500
WORDS = 6000
NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)


def share_ms(profile_id: str, rung: Rung) -> float:
    """CPU milliseconds of one call."""
    profile = load_profile(profile_id)
    prompt = "word " * WORDS
    request = ChatRequest(
        messages=(Message(role="user", content=prompt),), brief=Brief(question=prompt), tools=(SEARCH,)
    )
    chunks = [{"choices": [{"index": 0, "delta": {"content": f"tok{n} "}}]} for n in range(TOKENS)]
    count = Calibration().count
    started = time.process_time()
    # As in an exchange: composed and counted, then composed for the body; half of the calls end in another parser.
    for _ in range(2):
        messages = compose(request, profile, rung, "vllm", NOW)
    sum(count(str(message["content"])) for message in messages)
    body_of(request, messages, model="tiny", profile=profile, rung=rung)
    assembly = Assembly(request, parser_of(request, profile, rung))
    guard = Runaway(request.max_tokens * 100)
    for chunk in chunks:
        guard.stop(assembly.take(chunk)[1])
    list(assembly.finish())
    return (time.process_time() - started) * 1000


def main() -> None:
    """Every profile on every way; exit code 1 when the bar is not met."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=21)
    runs = arguments.parse_args().runs
    slowest = 0.0
    for profile_id in profile_ids():
        profile = load_profile(profile_id)
        ways = [rung for rung in RUNGS if rung in profile.rungs and rung != "rules"]
        ways = [rung for rung in ways if rung != "dialect" or profile.dialect]
        medians = {rung: median(share_ms(profile_id, rung) for _ in range(runs)) for rung in ways}
        slowest = max(slowest, *medians.values())
        print(f"{profile_id:<24}" + "  ".join(f"{rung} {ms:.2f} ms" for rung, ms in medians.items()))
    print(f"slowest median of {runs}: {slowest:.2f} ms (bar {BAR_MS:g} ms)")
    raise SystemExit(1 if slowest > BAR_MS else 0)


if __name__ == "__main__":
    main()
