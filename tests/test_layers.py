"""Who may import whom: service, eval -> agent -> tools | model_backend | prompts."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"agent", "tools", "model_backend", "prompts", "service", "eval"}
ALLOWED: dict[str, set[str]] = {
    "prompts": set(),
    "tools": set(),
    # Pure text analysis: what a word and a sentence is must be the same for the ranker and the embedded model.
    "model_backend": {"tools.text"},
    "agent": {"tools", "model_backend", "prompts"},
    "eval": {"agent", "tools", "model_backend", "prompts"},
    # The commands `eval`, `bench` and `demo` open the door to eval's code.
    "service": {"agent", "tools", "model_backend", "prompts", "eval"},
}


def imported_modules(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
    return {name for name in names if name.split(".")[0] in OURS}


def may_import(package: str, module: str) -> bool:
    allowed = ALLOWED[package] | {package}
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


@pytest.mark.parametrize("package", sorted(OURS))
def test_imports_run_one_way(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in (ROOT / package).rglob("*.py")
        for module in imported_modules(path)
        if not may_import(package, module)
    ]
    assert wrong == []


def test_the_check_itself_sees_a_wrong_import() -> None:
    assert not may_import("tools", "agent.run")
    assert not may_import("model_backend", "tools.fetch")
    assert may_import("model_backend", "tools.text.words")


def test_only_settings_reads_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for package in OURS
        for path in (ROOT / package).rglob("*.py")
        if "os.environ" in path.read_text(encoding="utf-8") or "os.getenv" in path.read_text(encoding="utf-8")
    ]
    assert readers == ["agent/settings.py"]
