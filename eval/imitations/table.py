"""Every profile, every way to a function call, every engine that runs it: does the sample question get its answer?"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.engine.web import SAMPLES, asked, open_fixed_agent
from eval.imitations.server import Kind, imitating
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel
from model_backend.profiles import RUNGS, Rung, load_profile, profile_ids

REAL = {("megrez-3b-instruct", rung, "vllm") for rung in ("native", "dialect", "json_schema")}
"""Also held against the real engine (`make test-engine`), with a tiny model of that architecture."""
SIGNS = {"real": "●", "imitated": "○", "failed": "✗", "none": " "}


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination."""

    profile_id: str
    rung: Rung
    kind: Kind


Results = Mapping[Cell, str]
"""What went wrong with each; empty when the question was answered."""


def all_cells() -> list[Cell]:
    """Every combination that makes sense: the ways of the profile on the engines that run it."""
    cells: list[Cell] = []
    for profile_id in profile_ids():
        profile = load_profile(profile_id)
        for rung in profile.rungs:
            if rung != "dialect" or profile.dialect:
                cells += [Cell(profile_id, rung, launch.engine) for launch in profile.launches]
    return cells


async def run_cells(cells: Sequence[Cell]) -> dict[Cell, str]:
    """Ask the questions of both languages for each combination."""
    results: dict[Cell, str] = {}
    for kind in sorted({cell.kind for cell in cells}):
        async with imitating(kind) as (address, _):
            for cell in (cell for cell in cells if cell.kind == kind):
                results[cell] = await _ask(cell, address)
    return results


async def _ask(cell: Cell, address: str) -> str:
    model = OpenAICompatibleModel(
        ModelOptions(base_url=address, name=cell.profile_id, profile=cell.profile_id, rung=cell.rung)
    )
    try:
        for sample in SAMPLES:
            with tempfile.TemporaryDirectory() as folder:
                async with open_fixed_agent(model, Path(folder)) as agent:
                    told = await asked(agent, sample.question)
            answer = told.answer
            if answer.answer != sample.answer or answer.warnings:
                return f"{answer.answer!r} {answer.warnings}"
            if [citation.number for citation in answer.citations] != [1]:
                return "the answer lost its citation"
            if cell.rung != "rules" and told.queries != [sample.query]:
                return f"the model's query did not arrive: {told.queries}"
    except Exception as error:  # noqa: BLE001  whatever goes wrong belongs into the table
        return f"{type(error).__name__}: {error}"
    finally:
        await model.aclose()
    return ""


def to_markdown(results: Results) -> str:
    """The table, one row a profile and engine."""
    rows = dict.fromkeys((cell.profile_id, cell.kind) for cell in results)
    ordered = sorted(rows, key=lambda row: (profile_ids().index(row[0]), row[1] != "vllm", row[1]))
    lines = [
        "| profile | engine | " + " | ".join(rung.replace("_", " ") for rung in RUNGS) + " | not verified |",
        "| --- | --- | " + " | ".join(":-:" for _ in RUNGS) + " | --- |",
    ]
    for profile_id, kind in ordered:
        signs = [SIGNS[_state(results, profile_id, rung, kind)] for rung in RUNGS]
        unverified = ", ".join(load_profile(profile_id).unverified).replace("_", " ")
        lines.append(f"| {profile_id} | {kind} | {' | '.join(signs)} | {unverified} |")
    legend = (
        "● answered on a real engine (vLLM, a tiny model of that architecture) and on its imitation; ○ answered on a "
        "server that imitates the engine's wire behaviour; ✗ failed; empty: not a way for this model. No published "
        "weights were run; “not verified” names what their authors do not say, which `asterism model probe` finds out."
    )
    return "\n".join([*lines, "", legend, ""])


def _state(results: Results, profile_id: str, rung: Rung, kind: Kind) -> str:
    told = results.get(Cell(profile_id, rung, kind))
    if told is None:
        return "none"
    if told:
        return "failed"
    return "real" if (profile_id, rung, kind) in REAL else "imitated"
