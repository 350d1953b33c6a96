"""`asterism eval run`: every suite, every arm, every case once; goes on where it was interrupted."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from agent.errors import AgentError
from agent.open_layers import open_layers
from agent.settings import Settings
from agent.store import open_threads
from agent.verify.opinion import Layer
from eval.harness.ask import Asker, ended_well, some_of
from eval.harness.asked import asked_of, asked_of_stored, pages_read
from eval.harness.case import AnySuite, Arm, Case, JudgeSuite, Loaded, Suite
from eval.harness.datafile import DataUnreadable, state_of
from eval.harness.folder import Line, RunFolder
from eval.harness.plan import Plan
from eval.harness.score import Score, compare_arms, rows_of, score_asked, score_judged, to_plain, with_together
from eval.suites import load_suite
from model_backend import ChatModel
from tools.errors import ToolError

MOST_FAILURES = 10
"""Runs that fail one after another before the evaluation stops: the server is gone, and asking on would cost time."""

WORST = 20
"""Cases kept to be read, of each suite and arm."""
Tell = Callable[[str, int, int], None]
"""Told (what, done, of)."""
Spread = Callable[[Plan, str, Sequence[tuple[Arm, str]]], AsyncGenerator[Line]]
"""Asks (arm, case id) of a suite somewhere else, and gives the lines as they come."""


class ModelGone(AgentError):
    """Run after run failed; what was asked before is kept."""


def silent(what: str, done: int, of: int) -> None:
    """Tell nobody."""


async def evaluate(
    plan: Plan, *, tell: Tell = silent, spread: Spread | None = None
) -> tuple[RunFolder, dict[str, str]]:
    """Run every suite of the plan.

    Args:
        plan: What to ask of whom.
        tell: Told of the progress.
        spread: Asks elsewhere (Ray); here when left out.

    Returns:
        The run's folder, and suite -> why it was skipped.

    Raises:
        ModelGone: when run after run fails.
        Misconfigured: when the run's folder belongs to another run.
    """
    folder = RunFolder(plan.runs / plan.folder_name)
    skipped: dict[str, str] = {}
    with folder.locked():
        folder.begin(plan.identity())
        for name in plan.suites:
            suite = load_suite(name)
            reason = why_not(suite, plan.data) or no_arm(suite, plan.arms)
            if reason:
                skipped[name] = reason
            elif isinstance(suite, JudgeSuite):
                await _judge(plan, name, suite, folder, tell)
            else:
                await _ask(plan, name, suite, folder, tell, spread)
    return folder, skipped


def why_not(suite: AnySuite, data: Path) -> str:
    """Why a suite cannot be run; empty when it can."""
    for file in suite.files:
        if state_of(file, data) == "missing":
            return (
                f"There is no file {data / file.path} (from {file.origin}); ASTERISM_EVAL__DATA_DIR names the folder."
            )
    return suite.missing()


def no_arm(suite: AnySuite, arms: Sequence[Arm]) -> str:
    """Why a suite has nothing to ask in these arms; empty when it has."""
    if isinstance(suite, Suite) and not set(suite.arms) & set(arms):
        return f"It has only {', '.join(suite.arms)}, and only {', '.join(arms)} was asked for."
    return ""


async def _judge(plan: Plan, name: str, suite: JudgeSuite, folder: RunFolder, tell: Tell) -> None:
    tell(f"{name} verifier", 0, 1)
    judged = await asyncio.to_thread(suite.judge, plan.data, plan.seed)
    if plan.limit is not None and plan.limit < len(judged):
        judged = random.Random(plan.seed).sample(judged, plan.limit)
    _finish(plan, name, suite, folder, [score_judged(one) for one in judged])
    worst = sorted(judged, key=lambda one: -abs(one.score - one.supported))
    folder.write(f"{name}.worst", [asdict(one) for one in worst if one.told != one.supported][:WORST])
    tell(f"{name} verifier", 1, 1)


def read_suite(suite: Suite, data: Path) -> Loaded:
    """The suite's cases and webs.

    Raises:
        DataUnreadable: when a file is not of the form that the suite knows.
    """
    try:
        return suite.load(data)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        files = ", ".join(file.path for file in suite.files)
        raise DataUnreadable(
            f"The data of “{suite.title}” is not of the known form ({type(error).__name__}: {error}).",
            remedy=f"Fetch {files} again; `asterism eval data` says from where.",
        ) from error


async def _ask(plan: Plan, name: str, suite: Suite, folder: RunFolder, tell: Tell, spread: Spread | None) -> None:
    loaded = await asyncio.to_thread(read_suite, suite, plan.data)
    try:
        cases = some_of(loaded.cases, plan.limit, plan.seed)
        arms = [arm for arm in plan.arms if arm in suite.arms]
        done = {key for key, line in folder.lines(name).items() if ended_well(line)}
        for arm in arms:
            open_ = [(arm, case.id) for case in cases if (arm, case.id) not in done]
            told = _Told(f"{name} {arm}", len(cases), len(cases) - len(open_), tell)
            lines = spread(plan, name, open_) if spread and open_ else ask_here(plan, name, loaded, open_)
            await _keep(lines, folder, name, told)
        kept = folder.lines(name)
        # What was asked in these arms before is told again, or another command would take it out of the figures.
        arms = [arm for arm in suite.arms if arm in arms or all((arm, case.id) in kept for case in cases)]
        scores, worst = await _scored(plan, loaded, cases, arms, kept)
        others = list(suite.stored(plan.data, cases)) if suite.stored else []
        scores += [score_asked(asked_of_stored(one), one.system) for one in others]
        _finish(plan, name, suite, folder, scores, arms)
        folder.write(f"{name}.worst", worst)
    finally:
        await loaded.aclose()


class _Told:
    """Counts what is done, and what failed in a row."""

    def __init__(self, what: str, of: int, done: int, tell: Tell) -> None:
        self._what, self._of, self._done, self._tell = what, of, done, tell
        self._failures = 0
        tell(what, done, of)

    def line(self, line: Line) -> None:
        """One more.

        Raises:
            ModelGone: after too many failures in a row.
        """
        self._done += 1
        self._tell(self._what, self._done, self._of)
        self._failures = 0 if ended_well(line) else self._failures + 1
        if self._failures >= MOST_FAILURES:
            detail = line["events"][-1]["problem"]["detail"] if line["events"] else ""
            raise ModelGone(
                f"{MOST_FAILURES} runs in a row gave no answer: {detail}",
                remedy="Mend it and give the same command again: what is answered is not asked twice.",
            )


async def _keep(lines: AsyncGenerator[Line], folder: RunFolder, name: str, told: _Told) -> None:
    async with aclosing(lines):
        async for line in lines:
            folder.append(name, line)
            told.line(line)


async def ask_here(plan: Plan, name: str, loaded: Loaded, wanted: Sequence[tuple[Arm, str]]) -> AsyncGenerator[Line]:
    """Ask in this process, several at once, and give each line as soon as it is there."""
    by_id = {case.id: case for case in loaded.cases}
    waiting = list(reversed(wanted))
    async with AsyncExitStack() as stack:
        model = plan.open_model()
        stack.push_async_callback(model.aclose)
        settings = plan.agent_settings()
        layers = await asyncio.to_thread(open_layers, settings.verify, model, stack)
        running: set[asyncio.Task[Line]] = set()
        try:
            while waiting or running:
                while waiting and len(running) < plan.at_once:
                    arm, case_id = waiting.pop()
                    running.add(
                        asyncio.create_task(_one(plan, name, loaded, by_id[case_id], arm, model, settings, layers))
                    )
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield task.result()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


async def _one(
    plan: Plan,
    name: str,
    loaded: Loaded,
    case: Case,
    arm: Arm,
    model: ChatModel,
    settings: Settings,
    layers: Sequence[Layer],
) -> Line:
    # A store of its own for each question: thousands of answers are not kept in memory.
    async with open_threads("memory://", Path()) as threads:
        return await Asker(model, settings, threads, loaded, plan.policy, layers).ask(name, arm, case)


async def _scored(
    plan: Plan, loaded: Loaded, cases: Sequence[Case], arms: Sequence[Arm], lines: Mapping[tuple[str, str], Line]
) -> tuple[list[Score], list[dict[str, object]]]:
    """The scores of every line that is wanted, and the worst answers to read."""
    scores: list[Score] = []
    worst: dict[str, list[dict[str, object]]] = {}
    for arm in arms:
        for case in cases:
            line = lines[arm, case.id]
            asked = asked_of(case, line, await _texts(loaded, case, line))
            scores.append(score_asked(asked, plan.settings.model.name))
            if len(worst.setdefault(arm, [])) < WORST and (asked.wrong or asked.unsupported or asked.failed):
                worst[arm].append(_to_read(asked.case, arm, asked.text, asked.wrong, line))
    return scores, [one for arm in arms for one in worst[arm]]


async def _texts(loaded: Loaded, case: Case, line: Line) -> dict[str, str]:
    texts = {}
    for url in pages_read(line):
        try:
            texts[url] = (await loaded.web(case).read(url)).text
        except ToolError:
            continue
    return texts


def _to_read(case: Case, arm: str, text: str, wrong: bool, line: Line) -> dict[str, object]:
    last = line["events"][-1] if line["events"] else {}
    claims = last.get("answer", {}).get("claims", [])
    return {
        "arm": arm,
        "part": case.part,
        "case": case.id,
        "question": case.question,
        "gold": [" | ".join(group) for group in case.gold],
        "answer": text or last.get("problem", {}).get("detail", ""),
        "why": "failed" if not text else "wrong" if wrong else "unsupported",
        "claims": [
            {"text": claim["text"], "verdict": claim["verdict"], "reason": claim["reason"]}
            for claim in claims
            if claim["verdict"] in ("unsupported", "contradicted")
        ],
    }


def _finish(
    plan: Plan, name: str, suite: AnySuite, folder: RunFolder, scores: Sequence[Score], arms: Sequence[Arm] = ()
) -> None:
    """Write scores and figures, and say in `run.json` what they were made of."""
    counted = with_together(scores, suite.together)
    folder.write(f"{name}.scores", [to_plain(score) for score in scores])
    folder.write(
        f"{name}.figures",
        {
            "title": suite.title,
            "notes": dict(suite.notes),
            "together": list(suite.together),
            "rows": [asdict(row) for row in rows_of(counted)],
            "tests": [asdict(one) for one in compare_arms(counted, plan.settings.model.name)],
        },
    )
    about = folder.settings
    about["suites"][name] = {
        "limit": plan.limit,
        "arms": list(arms),
        "finished": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds"),
        "files": {file.path: state_of(file, plan.data) for file in suite.files},
        "concurrency": plan.at_once,
        "ray": plan.ray,
    }
    folder.write("run", about)
