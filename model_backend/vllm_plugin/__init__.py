"""Files that vLLM loads by path, in its own environment: they import nothing of ours."""
