"""Measures what the house promises: `make bench` prints figures."""
