"""The run: what happens between a question and an answer.

Importing any part of this package first hardens the environment (`agent.settings`): LangGraph reads its
serialisation switch once, at its own import, so the switch must be set before.
"""

from agent.settings import harden_environment

harden_environment()
