"""Rules of prior authorization as pure functions: facts and time in, a proposal with reasons out."""
