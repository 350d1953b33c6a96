"""`asterism bench`: the whole run timed against replay servers with fixed delays, so that only our share varies."""
