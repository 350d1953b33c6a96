"""What an imitated model says: calls in the form it was asked for, or the answer it was taught."""

import json
import re
from collections.abc import Mapping
from typing import Any

from eval.engine.web import SAMPLES, Sample
from model_backend.profiles import ModelProfile

Json = Mapping[str, Any]


def sample_of(body: Json) -> Sample:
    """The sample question a request is about."""
    text = "\n".join(str(message["content"]) for message in body["messages"])
    return next((sample for sample in SAMPLES if sample.question in text), SAMPLES[0])


def says(body: Json, profile: ModelProfile) -> str:
    """The model's text, with the control tokens that its own template ends with."""
    sample = sample_of(body)
    prompt = "\n".join(str(message["content"]) for message in body["messages"])
    named = {"name": "search_web", "arguments": {"query": sample.query}}
    if body.get("tools"):
        # A model whose template shows functions writes its own dialect; one without any writes a common one.
        return _marked(named, profile)
    if "response_format" in body:
        # The odd white space of constrained decoding.
        return "{ \n\t" + json.dumps(named, ensure_ascii=False)[1:-1] + "\r\n }"
    if "You have access to the following functions" in prompt:
        return "<|function_start|>" + json.dumps(named | {"name": "googleWebSearch"}) + "<|function_end|><|turn_end|>"
    if "# Function Call Rule" in prompt:
        return _marked(named, profile)
    if re.search(r"one line of JSON|只回复一行 JSON", prompt):
        return f"```json\n{json.dumps(named, ensure_ascii=False)}\n```"
    return sample.answer + (profile.stop[0] if profile.stop else "")


def _marked(named: dict[str, Any], profile: ModelProfile) -> str:
    if profile.dialect == "minicpm3":
        call = f"search_web(query={named['arguments']['query']!r})"
        thought = "<|thought_start|>\nThe web knows.\n<|thought_end|>\n"
        return f"{thought}<|tool_call_start|>\n```python\n{call}\n```\n<|tool_call_end|>\n"
    written = json.dumps(named, ensure_ascii=False)
    if profile.dialect == "megrez":
        return f"<|function_start|>{written}<|function_end|><|turn_end|>"
    return f"<tool_call>\n{written}\n</tool_call>"
