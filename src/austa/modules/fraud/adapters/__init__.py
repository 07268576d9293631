"""Where the seed rules lie."""
