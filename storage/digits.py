"""Thai digits and Arabic ones: official papers have both, often in one line."""

_DIGITS = "0123456789"
_THAI_DIGITS = "".join(chr(0x0E50 + digit) for digit in range(10))  # U+0E50 is Thai zero
_ARABIC = str.maketrans(_THAI_DIGITS, _DIGITS)
_THAI = str.maketrans(_DIGITS, _THAI_DIGITS)


def arabic(text: str) -> str:
    """The same text with Arabic digits for Thai ones; as long as before."""
    return text.translate(_ARABIC)


def thai(text: str) -> str:
    """The same text with Thai digits for Arabic ones."""
    return text.translate(_THAI)
