"""Seals secrets at rest: channel credentials, and the signatures of links, under the deployment's key."""

import base64
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

KEY_FILE = "secret.key"


class CannotOpen(Exception):
    """Sealed under a key this deployment does not have."""


class Seal:
    """Seals with the first of its keys and opens with any (``new,old`` while keys are changed)."""

    def __init__(self, keys: str) -> None:
        self._keys = [hashlib.sha256(key.strip().encode()).digest() for key in keys.split(",") if key.strip()]
        self._box = MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in self._keys])

    def close(self, secret: dict[str, str]) -> bytes:
        """A secret as bytes that only this deployment's key opens."""
        return self._box.encrypt(json.dumps(secret).encode())

    def open(self, sealed: bytes) -> dict[str, str]:
        """What ``close`` sealed. Raises CannotOpen."""
        try:
            opened: dict[str, Any] = json.loads(self._box.decrypt(bytes(sealed)))
        except InvalidToken as fault:
            raise CannotOpen from fault
        return {name: str(value) for name, value in opened.items()}

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the first key sealed it, so that the others are not needed for it."""
        first = Fernet(base64.urlsafe_b64encode(self._keys[0]))
        try:
            first.decrypt(bytes(sealed))
        except InvalidToken:
            return False
        return True

    @property
    def marks(self) -> list[str]:
        """How each key is recognised without being shown, the newest first."""
        return [hashlib.sha256(b"mark" + key).hexdigest()[:8] for key in self._keys]

    def peppers(self) -> str:
        """What digests of codes are made under, for each key, the newest first."""
        made = (hmac.new(key, b"codes\n", hashlib.sha256).hexdigest() for key in self._keys)
        return ",".join(made)

    def sign(self, purpose: str, text: str) -> str:
        """A signature for links and cookies of one purpose."""
        return hmac.new(self._keys[0], f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()

    def signed(self, purpose: str, text: str, signature: str) -> bool:
        """Whether ``sign`` made this signature, with the present key or an older one."""
        message = f"{purpose}\n{text}".encode()
        made = [hmac.new(key, message, hashlib.sha256).hexdigest() for key in self._keys]
        return any(hmac.compare_digest(one, signature) for one in made)


def key_of(given: str, folder: Path) -> str:
    """The key that was set, or the one kept in the data folder (made at the first start, mode 0600)."""
    if given:
        return given
    file = folder / KEY_FILE
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{KEY_FILE}.{os.getpid()}"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
            kept.write(secrets.token_urlsafe(32))
        try:
            os.link(part, file)  # of several processes starting at once, one makes the key
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return file.read_text(encoding="ascii").strip()


@contextmanager
def changing(folder: Path) -> Iterator[Path]:
    """The key file, for one who changes it at a time."""
    with (folder / f".{KEY_FILE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / KEY_FILE


def put_first(file: Path) -> None:
    """Draw a new key and put it before those there are, in one step that a power cut cannot halve."""
    _write(file, [secrets.token_urlsafe(32), *_keys_in(file)])


def drop_old(file: Path) -> int:
    """Keep the newest key only; how many were dropped."""
    known = _keys_in(file)
    _write(file, known[:1])
    return len(known) - 1


def _keys_in(file: Path) -> list[str]:
    return file.read_text(encoding="ascii").strip().split(",")


def _write(file: Path, keys: list[str]) -> None:
    part = file.with_name(f".{file.name}.new")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(",".join(keys))
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(file)
