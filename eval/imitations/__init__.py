"""Scripted servers that behave on the wire like vLLM, SGLang, llama.cpp and our own transformers server."""
