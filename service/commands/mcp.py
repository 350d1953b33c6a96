"""`asterism mcp`: the MCP server on standard input and output."""

import os
import sys

from agent.build import open_agent
from service.commands.common import fail, guarded, load_settings
from service.logs import set_up_logs
from service.mcp_desk import LocalDesk
from service.mcp_server import make_server


def run_mcp(*, debug: bool) -> int:
    """Serve until the client closes standard input; returns the exit code."""
    if sys.stdin is None:
        return fail("Standard input is closed, so there is no client to serve.", os.EX_NOINPUT)

    async def work() -> int:
        settings = load_settings()
        set_up_logs(settings.service.log_format)
        async with open_agent(settings) as agent:
            await make_server(LocalDesk(agent, settings)).run_stdio_async()
        return 0

    return guarded(work, debug=debug)
