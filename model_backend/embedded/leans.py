"""Sentences that lean on what stands before them."""

import re

LEANS = re.compile(
    r"^(?:this|that|these|those|it|its|they|their|he|she|his|her|such|both|in this case|the former|the latter|here|"
    r"then)\b|^(?:这|那|其(?!他|它|实|中|余|次)|该|此|它|他|她|上述|同时|因此|所以|但|而|另外|此外|前者|后者)",
    re.IGNORECASE,
)
"""Begins with a word that points back."""
PERSONAL = re.compile(r"^(?:it|its|he|she|his|her|they|their)\b|^(?:它|他|她|其(?!他|它|实|中|余|次))", re.IGNORECASE)
"""Begins with a pronoun for what the page is about."""
