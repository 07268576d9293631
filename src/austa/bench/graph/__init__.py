"""A stand-in for Meta's Graph API with Meta's limits: the peer of tests, benchmarks and the demo's phone page."""
