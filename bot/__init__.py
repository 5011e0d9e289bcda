"""The outside: where words come from and go to."""
