"""The run: what happens between a question and an answer."""
