"""Asks a running service through litellm; run by an interpreter of its own, since litellm asks for other versions.

Prints one JSON object: the answer whole and streamed, and what of the lists came through.
"""

import importlib
import json
import sys

litellm = importlib.import_module("litellm")

base_url, question = sys.argv[1:3]
given = {
    "model": "openai/asterism",
    "api_base": f"{base_url}/v1",
    "api_key": "none",
    "messages": [{"role": "user", "content": question}],
}
whole = litellm.completion(**given)
chunks = list(litellm.completion(**given, stream=True))
print(
    json.dumps(
        {
            "whole": whole.choices[0].message.content,
            "total_tokens": whole.usage.total_tokens,
            "citations": whole.model_dump().get("citations"),
            "streamed": "".join(chunk.choices[0].delta.content or "" for chunk in chunks),
        }
    )
)
