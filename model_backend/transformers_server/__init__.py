"""A small OpenAI-compatible server around transformers, for models that no engine serves: INF-34B, Megrez-3B-Omni.

Runs where torch and transformers are (`asterism model serve` starts it); only `families` touches them.
"""
