"""The memory: what is known, one file for each kind of record."""
