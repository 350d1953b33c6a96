"""`asterism mcp`: the MCP server on standard input and output."""

from agent.build import open_agent
from service.commands.common import guarded, load_settings
from service.logs import set_up_logs
from service.mcp_desk import LocalDesk
from service.mcp_server import make_server


def run_mcp(*, debug: bool) -> int:
    """Serve until the client closes standard input; returns the exit code."""

    async def work() -> int:
        settings = load_settings()
        set_up_logs(settings.service.log_format)
        async with open_agent(settings) as agent:
            await make_server(LocalDesk(agent, settings)).run_stdio_async()
        return 0

    return guarded(work, debug=debug)
