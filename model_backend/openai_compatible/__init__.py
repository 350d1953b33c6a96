"""Models behind an OpenAI-compatible server, through the openai SDK (loaded at the first request)."""

from model_backend.openai_compatible.model import ModelOptions, OpenAICompatibleModel, create
from model_backend.openai_compatible.probing import ProbeReport
from model_backend.openai_compatible.report import ServerReport

__all__ = ["ModelOptions", "OpenAICompatibleModel", "ProbeReport", "ServerReport", "create"]
