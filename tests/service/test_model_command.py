import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from model_backend.errors import ModelError
from model_backend.profiles import load_profile, profile_ids
from model_backend.serving import LaunchPlan, launch_plan, serving
from service.cli import app

FAKE_ENGINE = """
import http.server, json, sys, time
time.sleep(0.3)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"object": "list", "data": [{"id": "tiny"}]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["model", *arguments])
    return result.exit_code, result.output


def plan_of(port: int, *command: str) -> LaunchPlan:
    return LaunchPlan(
        engine="vllm", command=command, base_url=f"http://127.0.0.1:{port}/v1", served_name="tiny", note=""
    )


def test_the_list_names_every_profile_and_marks_what_is_unverified() -> None:
    code, told = run("list")
    assert code == 0
    assert all(profile_id in told for profile_id in profile_ids())
    assert "json_words?" in told


@pytest.mark.parametrize("profile_id", profile_ids())
def test_show_tells_licence_and_every_launch_line(profile_id: str) -> None:
    code, told = run("show", profile_id)
    profile = load_profile(profile_id)
    assert code == 0
    assert profile.licence in told
    assert all(launch.engine in told for launch in profile.launches)
    assert "{templates}" not in told


@pytest.mark.parametrize("command", ["show", "serve"])
def test_an_unknown_profile_is_a_wrong_call_that_names_the_known(command: str) -> None:
    code, told = run(command, "nope")
    assert code == 2
    assert "Known: " in told
    assert "megrez-3b-instruct" in told


def test_serve_prints_the_line_and_passes_further_flags_on() -> None:
    code, told = run("serve", "megrez-3b-instruct", "--print", "--port", "9001", "--tensor-parallel-size", "2")
    assert code == 0
    assert told.startswith("vllm serve Infinigence/Megrez-3B-Instruct ")
    assert "--port 9001" in told
    assert "--tool-call-parser megrez" in told
    assert told.strip().endswith("--tensor-parallel-size 2")


def test_other_engines_get_their_own_flags() -> None:
    llama = launch_plan("megrez-3b-instruct", engine="llama.cpp", model="m.gguf")
    assert llama.command[:3] == ("llama-server", "--model", "m.gguf")
    assert "--ctx-size" in llama.command
    assert "--context-length" in launch_plan("minicpm3-4b", engine="sglang").command
    assert "model_backend.transformers_server" in launch_plan("inf-34b-chat").command


def test_shipped_files_that_flags_name_are_there() -> None:
    command = launch_plan("megrez-3b-instruct").command
    files = [Path(part) for part in command if part.startswith("/") and part.endswith((".jinja", ".py"))]
    assert len(files) == 2
    assert all(file.is_file() for file in files)


def test_an_engine_that_does_not_run_the_model_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        launch_plan("inf-34b-chat", engine="vllm")
    assert "transformers" in caught.value.remedy


async def test_a_server_is_waited_for_and_stopped(tmp_path: Path, unused_port: int) -> None:
    plan = plan_of(unused_port, sys.executable, "-c", FAKE_ENGINE, str(unused_port))
    async with serving(plan, log=tmp_path / "log") as process:
        assert process.returncode is None
        assert (await asyncio.to_thread(urllib.request.urlopen, f"{plan.base_url}/models")).status == 200
    assert process.returncode is not None


async def test_a_server_that_dies_is_told_at_once(unused_port: int) -> None:
    with pytest.raises(ModelError, match="ended with code 3"):
        async with serving(plan_of(unused_port, sys.executable, "-c", "raise SystemExit(3)")):
            pass


async def test_a_missing_engine_is_told_with_its_name(unused_port: int) -> None:
    with pytest.raises(ModelError, match="is not there"):
        async with serving(plan_of(unused_port, "no-such-engine-here")):
            pass


async def test_an_address_that_is_taken_is_told_before_anything_starts(unused_port: int) -> None:
    import socket

    plan = plan_of(unused_port, sys.executable, "-c", FAKE_ENGINE, str(unused_port))
    with socket.create_server(("127.0.0.1", unused_port)), pytest.raises(ModelError, match="be used") as caught:
        async with serving(plan):
            pass
    assert "--port" in caught.value.remedy


def ended(process_id: int, *, within_s: float = 5.0) -> bool:
    """Whether an orphan is gone; a killed one stays for as long as its new parent takes to collect it."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("around", [[], ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]], ids=["", "in the background"])
def test_a_signal_stops_the_engine_with_its_workers(around: list[str], tmp_path: Path, unused_port: int) -> None:
    # It writes down the number of its worker, as an engine that runs in several processes has some.
    worker = tmp_path / "worker"
    engine = tmp_path / "engine"
    helper = f"import subprocess\nopen({str(worker)!r}, 'w').write(str(subprocess.Popen(['sleep', '60']).pid))\n"
    engine.write_text(f"#!{sys.executable}\n{helper}{FAKE_ENGINE.replace('sys.argv[1]', str(unused_port))}")
    engine.chmod(0o755)
    command = [*around, sys.executable, "-c", "from service.cli import main; main()"]
    command += ["model", "serve", "megrez-3b-instruct", "--executable", str(engine), "--port", str(unused_port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = [process.stdout.readline() for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in (130, 143)
    assert any("ready at" in line for line in ready)
    assert ended(int(worker.read_text()))


def test_a_gguf_file_is_asked_for() -> None:
    code, told = run("serve", "minicpm3-4b", "--engine", "llama.cpp", "--print")
    assert code != 0
    assert "--model FILE" in told


def test_the_embedded_model_has_nothing_to_probe() -> None:
    code, told = run("probe")
    assert code == 0
    assert "nothing to probe" in told


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
