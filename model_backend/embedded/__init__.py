"""The embedded model: extractive, deterministic, needs nothing installed."""
