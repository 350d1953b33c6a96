"""The command `asterism`. Heavy imports stay inside the commands, so that `--help` is instant."""

import sys
from pathlib import Path
from typing import Annotated, Literal

try:
    import typer

    from service.commands import library
    from service.commands.bench import bench
    from service.commands.eval import app as eval_app
    from service.commands.model import app as model_app
    from service.commands.usage import call
except KeyboardInterrupt:
    # Ctrl-C in the first tenth of a second, before there is anything to catch it.
    raise SystemExit(130) from None

app = typer.Typer(
    name="asterism",
    help="A web-search answer engine that checks every sentence against the pages it read.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Search = Literal["auto", "always", "never"]
Depth = Literal["quick", "standard", "deep"]
Recency = Literal["day", "week", "month", "year"]
Verify = Literal["flag", "drop", "repair"]

SearchOption = Annotated[Search, typer.Option(help="Search the web: let the model decide, always, or never.")]
DepthOption = Annotated[Depth, typer.Option(help="How many rounds of searching, and how wide.")]


def _require_sites(sites: list[str] | None) -> list[str] | None:
    """Refuse what names no host: nothing could be found on it."""
    for site in sites or ():
        if not _host_of(site):
            raise typer.BadParameter(f"{site!r} is no site, such as docs.python.org.")
    return sites


def _host_of(site: str) -> str:
    from urllib.parse import urlsplit

    try:
        host = urlsplit(site if "//" in site else f"//{site}").hostname or ""
    except ValueError:
        return ""
    return "" if any(letter.isspace() for letter in host) else host


SiteOption = Annotated[
    list[str] | None,
    typer.Option("--site", callback=_require_sites, help="Only this site; may be given again."),
]
RecencyOption = Annotated[Recency | None, typer.Option(help="Only pages of the last day, week, month or year.")]
ProviderOption = Annotated[
    list[str] | None, typer.Option("--provider", help="Search provider; given again, the first that answers wins.")
]
ModelOption = Annotated[str | None, typer.Option("--model", help="`embedded`, or a name that your server serves.")]
VerifyOption = Annotated[
    Verify | None, typer.Option(help="Sentences that the pages do not support: flag them, drop them, or repair them.")
]
ImageOption = Annotated[
    list[Path] | None, typer.Option("--image", help="A picture that the question is about, for models that see.")
]
AudioOption = Annotated[
    list[Path] | None, typer.Option("--audio", help="A recording (WAV, MP3) with the question or about it.")
]
ThreadOption = Annotated[str | None, typer.Option("--thread", help="Go on with this conversation.")]
ColorOption = Annotated[bool, typer.Option("--no-color", help="Plain output.")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show a traceback when something breaks.")]


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(help="What you want to know; `-` reads it from standard input.")
    ] = None,
    search: SearchOption = "auto",
    depth: DepthOption = "standard",
    thread: ThreadOption = None,
    site: SiteOption = None,
    recency: RecencyOption = None,
    verify: VerifyOption = None,
    provider: ProviderOption = None,
    model: ModelOption = None,
    image: ImageOption = None,
    audio: AudioOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    events: Annotated[bool, typer.Option("--events", help="Print every event as one JSON object a line.")] = False,
    no_color: ColorOption = False,
    debug: DebugOption = False,
) -> None:
    """Ask one question."""
    from service.commands.ask import run_ask
    from service.commands.common import Output, options_of

    if question is None and not image and not audio:
        raise typer.BadParameter("Write what you want to know.", param_hint="QUESTION")
    if json and events:
        raise typer.BadParameter("Take --json for the answer alone or --events for every event, not both.")
    output: Output = "events" if events else "json" if json else "text"
    options = options_of(search, depth, thread, site, recency, verify)
    files = (image or (), audio or ())
    raise SystemExit(run_ask(question, options, files, provider, model, output=output, color=not no_color, debug=debug))


@app.command()
def chat(
    search: SearchOption = "auto",
    depth: DepthOption = "standard",
    thread: ThreadOption = None,
    site: SiteOption = None,
    verify: VerifyOption = None,
    provider: ProviderOption = None,
    model: ModelOption = None,
    no_color: ColorOption = False,
    debug: DebugOption = False,
) -> None:
    """Ask on and on in one conversation."""
    from service.commands.chat import run_chat
    from service.commands.common import options_of

    options = options_of(search, depth, thread, site, None, verify)
    raise SystemExit(run_chat(options, provider, model, color=not no_color, debug=debug))


@app.command()
def demo(
    question: Annotated[str | None, typer.Argument(help="Another question about the sample web.")] = None,
    no_color: ColorOption = False,
    debug: DebugOption = False,
) -> None:
    """Ask one question about the bundled sample web, over real HTTP on loopback."""
    from service.commands.demo import run_demo

    raise SystemExit(run_demo(question, color=not no_color, debug=debug))


@app.command()
def doctor(debug: DebugOption = False) -> None:
    """Check model server, search providers, library and store, and say how to mend each."""
    from service.commands.doctor import run_doctor

    raise SystemExit(run_doctor(debug=debug))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen at; a public one needs API keys.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen at; 0 takes a free one.")] = 8080,
    debug: DebugOption = False,
) -> None:
    """Serve the HTTP API."""
    from service.commands.serve import run_serve

    raise SystemExit(run_serve(host, port, debug=debug))


@app.command()
def mcp(debug: DebugOption = False) -> None:
    """Serve the tools ask, search and read_page to an MCP client on standard input and output."""
    from service.commands.mcp import run_mcp

    raise SystemExit(run_mcp(debug=debug))


keys = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)


@keys.command("add")
def keys_add(name: Annotated[str, typer.Argument(help="Whose key it is.")], debug: DebugOption = False) -> None:
    """Make a key and print it; it is shown only once."""
    from service.commands.keys import run_add

    raise SystemExit(run_add(name, debug=debug))


@keys.command("list")
def keys_list(debug: DebugOption = False) -> None:
    """Print every key without its secret."""
    from service.commands.keys import run_list

    raise SystemExit(run_list(debug=debug))


@keys.command("revoke")
def keys_revoke(key_id: Annotated[str, typer.Argument(help="Its id.")], debug: DebugOption = False) -> None:
    """Take a key back; it stops working at once."""
    from service.commands.keys import run_revoke

    raise SystemExit(run_revoke(key_id, debug=debug))


app.add_typer(keys, name="keys")
app.add_typer(eval_app)
app.command()(bench)
app.add_typer(library.app)
app.add_typer(model_app)


def _tell_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"asterism {version('asterism')}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A web-search answer engine that checks every sentence against the pages it read."""


def main() -> None:
    """Entry point of the console script."""
    raise SystemExit(call(app, sys.argv[1:]))
