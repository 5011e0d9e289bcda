"""The words by which a document names every unit at once."""

import re

EVERYONE = re.compile(r"^ทุก")
