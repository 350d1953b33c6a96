"""What a provider's failure is, beyond the four kinds that users see."""

from tools.errors import SearchUnreachable


class SearchStumbled(SearchUnreachable):
    """It answered, but with a fault of the moment (5xx, a dropped connection): worth another try right away."""
