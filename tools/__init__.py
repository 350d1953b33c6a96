"""What the agent does to the world: search, fetch, clean, split, rank. Knows nothing of the graph or of models."""
