"""`asterism demo`: the whole run over the bundled sample web, with nothing but loopback."""

import tempfile
from pathlib import Path

from agent.build import open_agent
from agent.options import AskOptions
from agent.settings import FetchSettings, ModelSettings, RunSettings, SearchSettings, Settings, StoreSettings
from eval.sample_library import index_sample_web
from eval.sample_web import serve_sample_web
from service.commands.ask import ask_and_print
from service.commands.common import guarded

DEMO_SLOW_S = 1.0
"""The slow page is read late enough to be seen, and does not make the demo wait."""
QUESTION = "How tall is the tower of the Harrowick lighthouse?"
"""Asked when none is given."""


def run_demo(question: str | None, *, color: bool, debug: bool) -> int:
    """Serve, index, ask; returns the exit code."""

    async def work() -> int:
        with tempfile.TemporaryDirectory(prefix="asterism-demo-") as folder:
            async with serve_sample_web(slow_s=DEMO_SLOW_S) as web:
                settings = demo_settings(Path(folder), web.base_url)
                await index_sample_web(settings.local_library_path(), web.base_url)
                print(f"The sample web stands at {web.base_url}\n\n> {question or QUESTION}\n", flush=True)
                async with open_agent(settings) as agent:
                    code = await ask_and_print(agent, question or QUESTION, AskOptions(), output="text", color=color)
        print(NEXT)
        return code

    return guarded(work, debug=debug)


NEXT = """
Next:
  .venv/bin/asterism demo "…"                  another question about the sample web
  .venv/bin/asterism serve                     the chat page, at http://127.0.0.1:8080
  .venv/bin/asterism library add PATH|URL      search your own pages
  .venv/bin/asterism ask "…"                   ask the web (DuckDuckGo, then your library)
  .venv/bin/asterism doctor                    check model server, providers and store
"""


def demo_settings(folder: Path, base_url: str) -> Settings:
    """Settings that reach nothing but the sample web, whatever the environment says."""
    host = base_url.removeprefix("http://").rstrip("/")
    return Settings(
        model=ModelSettings(),
        run=RunSettings(),
        search=SearchSettings(providers=["library"]),
        fetch=FetchSettings(allow_hosts=[host]),
        store=StoreSettings(url=f"sqlite:///{folder / 'demo.db'}"),
    )
