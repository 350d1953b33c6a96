"""A library of documents on disk that can be searched like the web."""
