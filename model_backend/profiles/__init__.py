"""Model profiles as data, one file each."""
