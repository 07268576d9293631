"""Our own engine for DMN 1.3 decision models: conformance level 2 (S-FEEL), with dates and durations."""
