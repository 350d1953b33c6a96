"""Reports of a run: text for the terminal, Markdown, and one HTML page that needs nothing from elsewhere."""
