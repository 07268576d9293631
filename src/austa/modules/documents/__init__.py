"""Files that people send: kept encrypted as evidence, read, and turned into fields a decision may rest on."""
