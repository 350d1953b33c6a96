"""What is shipped to run the service elsewhere. No container engine runs here: what can be checked without one, is."""

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from agent.settings import ServiceSettings, Settings
from agent.settings_table import rows
from service.cli import app
from service.server import LAST_WORDS_S
from tests.service.serving import serving

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "service/deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
KUBERNETES = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
"""A variable in a compose file, and what stands in for it."""
FILLED = {"MODEL": "some-model", "POSTGRES_PASSWORD": "word", "SEARXNG_SECRET": "word"}


def steps(name: str) -> list[str]:
    """The arguments of every instruction of that name, continued lines joined."""
    whole = DOCKERFILE.replace("\\\n", " ")
    return [line.split(" ", 1)[1].strip() for line in whole.splitlines() if line.startswith(f"{name} ")]


def filled(text: str) -> str:
    """A value of the compose file as compose would give it."""
    return VARIABLE.sub(lambda found: FILLED.get(found[1]) or (found[3] if found[2] == "-" else ""), text)


def kind(name: str) -> dict[str, Any]:
    return next(document for document in KUBERNETES if document["kind"] == name)


def pod() -> dict[str, Any]:
    spec = kind("Deployment")["spec"]["template"]["spec"]
    assert isinstance(spec, dict)
    return spec


def images() -> Iterator[str]:
    yield from (stage.split()[0] for stage in steps("FROM"))
    yield from (service["image"] for service in COMPOSE["services"].values())
    yield from (container["image"] for container in pod()["containers"])


def test_every_image_is_pinned_to_a_version() -> None:
    for image in images():
        tag = image.rpartition(":")[2]
        assert re.search(r"\d+\.\d+\.?\d*", tag), f"{image} has no version"
        assert "latest" not in tag


ENVIRONMENTS = {
    "compose": {name: filled(value) for name, value in COMPOSE["services"]["asterism"]["environment"].items()},
    "kubernetes": {**kind("ConfigMap")["data"], **kind("Secret")["stringData"]},
}


@pytest.mark.parametrize("where", list(ENVIRONMENTS))
def test_every_setting_exists_and_takes_its_value(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {name: value for name, value in ENVIRONMENTS[where].items() if name.startswith("ASTERISM_")}
    assert set(given) <= {row.variable for row in rows()}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.search.searxng_url == "http://searxng:8080"
    assert settings.search.providers[0] == "searxng"
    assert settings.store.url.startswith("postgresql://")
    assert settings.cache.url.startswith("redis://")
    assert settings.service.require_key is True
    assert (settings.model.base_url or "").endswith(":8000/v1")


def test_settings_name_services_that_the_compose_file_has() -> None:
    hosts = {
        found[1] for value in ENVIRONMENTS["compose"].values() for found in re.finditer(r"(?://|@)([a-z]+):\d+", value)
    }
    assert hosts == {"vllm", "searxng", "postgres", "valkey"}
    assert hosts < set(COMPOSE["services"])
    for name in hosts:
        shared = set(COMPOSE["services"][name]["networks"]) & set(COMPOSE["services"]["asterism"]["networks"])
        assert "inside" in shared


def test_every_variable_that_must_be_filled_in_stands_in_the_example() -> None:
    wanted = {found[1] for found in VARIABLE.finditer((DEPLOY / "compose.yaml").read_text())}
    example = re.findall(r"^(\w+)=", (DEPLOY / "compose.env.example").read_text(), re.MULTILINE)
    assert wanted == set(example)


def test_only_the_service_is_reachable_and_from_this_machine_only() -> None:
    ports = {name: service.get("ports", []) for name, service in COMPOSE["services"].items()}
    assert {name for name, given in ports.items() if given} == {"asterism"}
    assert all(port.startswith("127.0.0.1:") for port in ports["asterism"])
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert COMPOSE["services"]["postgres"]["networks"] == COMPOSE["services"]["valkey"]["networks"] == ["inside"]


def test_named_volumes_and_mounted_files_exist() -> None:
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (DEPLOY / source).is_file() if source.startswith(".") else source in COMPOSE["volumes"]
    build = COMPOSE["services"]["asterism"]["build"]
    assert ((DEPLOY / build["context"]).resolve() / build["dockerfile"]).is_file()


def test_searxng_gives_json_without_a_limiter() -> None:
    settings = yaml.safe_load((DEPLOY / "searxng/settings.yml").read_text())
    assert "json" in settings["search"]["formats"]
    assert settings["server"]["limiter"] is False
    assert "secret_key" not in settings["server"]


def test_stopping_waits_for_the_drain() -> None:
    needed_s = ServiceSettings().drain_s + LAST_WORDS_S
    assert int(COMPOSE["services"]["asterism"]["stop_grace_period"].removesuffix("s")) > needed_s
    pause_s = int(pod()["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod()["terminationGracePeriodSeconds"] > needed_s + pause_s


def test_the_image_and_the_pods_do_not_run_as_root() -> None:
    user = steps("USER")[-1]
    assert user.isdigit()
    assert int(user) > 0
    assert DOCKERFILE.rindex("USER ") > DOCKERFILE.rindex("RUN ")
    assert pod()["securityContext"]["runAsNonRoot"] is True
    assert str(pod()["securityContext"]["runAsUser"]) == user
    for container in pod()["containers"]:
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["readOnlyRootFilesystem"] is True


@pytest.mark.parametrize("args", [json.loads(steps("CMD")[-1]), pod()["containers"][0]["args"]])
def test_the_command_line_takes_what_the_image_starts_with(args: list[str]) -> None:
    command = get_command(app).commands[args[0]]  # type: ignore[attr-defined]
    taken = command.make_context("serve", args[1:]).params
    assert (taken["host"], taken["port"]) == ("0.0.0.0", 8080)
    assert steps("EXPOSE") == ["8080"]
    assert json.loads(steps("ENTRYPOINT")[-1]) == ["asterism"]


def test_probes_ask_open_paths_of_the_port_that_is_served() -> None:
    container = pod()["containers"][0]
    assert container["ports"] == [{"name": "http", "containerPort": 8080}]
    paths = {name: container[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert {get["port"] for get in paths.values()} == {"http"}
    assert [get["path"] for get in paths.values()] == ["/healthz", "/healthz", "/readyz"]
    assert kind("Service")["spec"]["selector"] == kind("Deployment")["spec"]["selector"]["matchLabels"]


async def test_the_health_check_of_the_image_tells_life_from_death() -> None:
    check = json.loads(steps("HEALTHCHECK")[-1].split("CMD", 1)[1])
    assert check[:2] == ["python", "-c"]

    async def healthy(port: str) -> bool:
        code = check[2].replace(":8080/", f":{port}/")
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stderr=asyncio.subprocess.DEVNULL)
        return await child.wait() == 0

    async with serving(require_key=True) as served:
        port = served.url.rpartition(":")[2]
        assert await healthy(port)
    assert not await healthy(port)


def test_the_image_gets_every_package_and_only_files_that_exist() -> None:
    copied = [word for step in steps("COPY") if not step.startswith("--from") for word in step.split()[:-1]]
    assert all((ROOT / path).exists() for path in copied)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert all(f"!{path.split('/')[0]}" in ignored for path in copied)
    packages = re.search(r"packages = (\[[^]]*\])", (ROOT / "pyproject.toml").read_text())
    assert packages is not None
    assert set(json.loads(packages[1])) <= set(copied)


def pins(path: Path) -> dict[str, str]:
    """Every pinned version of a lock file."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", path.read_text(), re.MULTILINE))


def test_the_image_installs_the_locked_versions_and_the_drivers_of_both_stores() -> None:
    image = pins(DEPLOY / "requirements.lock")
    assert pins(ROOT / "requirements.lock").items() <= image.items(), "make lock writes all three lock files"
    assert {"redis", "psycopg", "langgraph-checkpoint-postgres"} <= set(image)
    for name in ("requirements.lock", "build.lock"):
        text = (DEPLOY / name).read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"^--(?:extra-)?index-url|^--find-links|https?://", text, re.MULTILINE)
        installs = [step for step in steps("RUN") if f"-r {name}" in step]
        assert len(installs) == 1
        assert "--require-hashes" in installs[0]
