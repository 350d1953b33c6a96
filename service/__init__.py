"""The outside: CLI, REST, chat UI."""
