"""Technology without business: settings, PostgreSQL, events, keys, files, HTTP, access, telemetry."""
