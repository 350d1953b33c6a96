"""The agent against a real engine: a tiny model of Megrez's architecture that knows a few dialogues by heart."""
