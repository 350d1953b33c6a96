"""`asterism model …`: which models are known, what a server manages, and starting one."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from model_backend.openai_compatible import ProbeReport
    from model_backend.profiles import ModelProfile

app = typer.Typer(name="model", help="Models: those known, what a server manages, starting one.", no_args_is_help=True)

DebugOption = Annotated[bool, typer.Option("--debug", help="Show a traceback when something breaks.")]
ProfileArgument = Annotated[str, typer.Argument(metavar="P", help="Id of a profile; `model list` shows them.")]

SETTLED = "→"
PROGRESS_EVERY_S = 5.0
"""Time between two progress lines in a log."""


@app.command("list")
def show_all(debug: DebugOption = False) -> None:
    """Show every profile with licence, window, languages and what it takes in."""
    from service.commands.common import guarded

    async def work() -> int:
        from model_backend.profiles import load_profile, profile_ids

        print(f"{'id':<24}{'window':>9}  {'languages':<10}{'takes':<19}{'calls by':<13}licence")
        for profile_id in profile_ids():
            profile = load_profile(profile_id)
            print(
                f"{profile.id:<24}{profile.context_tokens:>9,}  {' '.join(profile.languages):<10}"
                f"{' '.join(profile.modalities):<19}{_calls_by(profile):<13}{profile.licence}"
            )
        print("A value with ? is published nowhere: `asterism model probe` finds out.")
        return 0

    raise SystemExit(guarded(work, debug=debug))


@app.command()
def show(profile_id: ProfileArgument, debug: DebugOption = False) -> None:
    """Show all that is known of one model, with the lines that start it."""
    from service.commands.common import guarded

    async def work() -> int:
        from model_backend.profiles import load_profile

        _require_known(profile_id)
        profile = load_profile(profile_id)
        for name, told in _rows(profile):
            print(f"{name:<22}{told}")
        for launch in profile.launches:
            _show_launch(profile, launch.engine)
        return 0

    raise SystemExit(guarded(work, debug=debug))


@app.command()
def probe(debug: DebugOption = False) -> None:
    """Ask the configured server which ways to a function call it manages."""
    from service.commands.common import fail, guarded, load_settings

    async def work() -> int:
        import os

        from agent.build import make_model
        from model_backend.openai_compatible import OpenAICompatibleModel

        model = make_model(load_settings())
        try:
            if not isinstance(model, OpenAICompatibleModel):
                print(f"{model.name}: decides by rules, nothing to probe")
                return 0
            reports = await model.probe()
            for report in reports:
                _show_probe(report, model.name, model.profile)
        finally:
            await model.aclose()
        if all(report.learned for report in reports):
            return 0
        return fail("The server gave no reply to the probe. `asterism doctor` says why.", os.EX_UNAVAILABLE)

    raise SystemExit(guarded(work, debug=debug))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def serve(
    context: typer.Context,
    profile_id: ProfileArgument,
    engine: Annotated[
        Literal["vllm", "sglang", "llama.cpp", "transformers"] | None,
        typer.Option(help="Which engine; the profile's first when not given."),
    ] = None,
    model: Annotated[str, typer.Option(help="Folder, GGUF file or id of the weights.")] = "",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    context_tokens: Annotated[int | None, typer.Option(min=1024, help="Window, in tokens.")] = None,
    executable: Annotated[str, typer.Option(help="The engine's program, where it is not on the path.")] = "",
    print_only: Annotated[bool, typer.Option("--print", help="Only show the command.")] = False,
    debug: DebugOption = False,
) -> None:
    """Start a model server with the right flags; further flags are passed on to the engine as they are."""
    from service.commands.common import end_on_sigterm, guarded

    async def work() -> int:
        from model_backend.serving import launch_plan, serve_until_stopped

        end_on_sigterm()
        _require_known(profile_id)
        plan = launch_plan(
            profile_id,
            engine=engine,
            model=model,
            host=host,
            port=port,
            context_tokens=context_tokens,
            executable=executable,
            extra=context.args,
        )
        if print_only:
            print(plan.line)
            return 0
        if plan.note:
            print(plan.note, file=sys.stderr)
        print(plan.line, file=sys.stderr, flush=True)

        def ready() -> None:
            print(f"\nready at {plan.base_url}; use it with:\n  {plan.settings} asterism ask …", flush=True)

        return await serve_until_stopped(plan, progress=_Progress(plan.engine), ready=ready)

    raise SystemExit(guarded(work, debug=debug))


def _require_known(profile_id: str) -> None:
    """Refuse a word of the command line that names no profile.

    Raises:
        InvalidQuestion: with those there are.
    """
    from agent.errors import InvalidQuestion
    from model_backend.profiles import profile_ids

    if profile_id not in profile_ids():
        raise InvalidQuestion(
            f"There is no model profile {profile_id!r}.", remedy=f"Known: {', '.join(profile_ids())}."
        )


class _Progress:
    """One line on a terminal, one now and then in a log."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._told_s = 0.0

    def __call__(self, waited_s: float) -> None:
        if sys.stderr.isatty():
            print(f"\r{self._engine} is loading … {waited_s:.0f} s", end="", file=sys.stderr, flush=True)
        elif waited_s - self._told_s >= PROGRESS_EVERY_S:
            self._told_s = waited_s
            print(f"{self._engine} is loading … {waited_s:.0f} s", file=sys.stderr, flush=True)


def _calls_by(profile: "ModelProfile") -> str:
    guessed = {"first_rung", profile.first_rung} & set(profile.unverified)
    return f"{profile.first_rung}{'?' if guessed else ''}"


def _rows(profile: "ModelProfile") -> list[tuple[str, str]]:
    """What `show` prints; values nobody could confirm carry a question mark."""

    def told(field: str) -> str:
        value = getattr(profile, field)
        if isinstance(value, tuple):
            value = " ".join(map(str, value))
        elif isinstance(value, int) and not isinstance(value, bool):
            value = f"{value:,}"
        return f"{value}{'  (unverified)' if field in profile.unverified else ''}"

    sampling = profile.sampling
    chosen = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "repetition_penalty": sampling.repetition_penalty,
    }
    fields = ["title", "weights", "licence", "languages", "modalities", "context_tokens", "ceiling_tokens"]
    fields += ["kv_bytes_per_token", "dialect", "first_rung", "rungs", "takes_system", "stop", "stop_token_ids"]
    rows = [(field, told(field)) for field in fields if getattr(profile, field) not in (None, "", ())]
    rows.append(("sampling", " ".join(f"{name}={value}" for name, value in chosen.items() if value is not None) or "-"))
    if profile.attachments.max_images or profile.attachments.max_recordings:
        limits = profile.attachments
        rows.append(
            (
                "attachments",
                f"{limits.max_images} picture (up to {limits.image_tokens} tokens) or {limits.max_recordings} recording"
                f" of up to {limits.max_audio_s:.0f} s a question",
            )
        )
    return rows


def _show_launch(profile: "ModelProfile", engine: Literal["vllm", "sglang", "llama.cpp", "transformers"]) -> None:
    from model_backend.serving import launch_plan

    given = "MODEL.gguf" if engine == "llama.cpp" else "" if profile.weights else "MODEL"
    plan = launch_plan(profile.id, engine=engine, model=given)
    print(f"\n{engine}" + (f"  ({plan.note})" if plan.note else ""))
    print(f"  {plan.line}")


def _show_probe(report: "ProbeReport", name: str, profile: str) -> None:
    window = f"{report.context_tokens:,} tokens" if report.context_tokens else "window not told"
    print(f"{name} (profile {profile}) at {report.base_url}: {report.kind or 'unknown server'}, {window}")
    for tried in report.tried:
        sign = SETTLED if tried.rung == report.settled else " "
        print(f"  {sign} {tried.rung:<12} {'works' if tried.works else 'does not':<9} {tried.told}")
    if report.settled == "rules":
        print(f"  {SETTLED} {'rules':<12} {'used':<9} no way to a call works: questions are searched by rules")
