"""The toy platform, and a program of the test's own."""

import pytest

from tests.accounts import add_toy, url_of
from tests.fakes.toy import Platform
from tests.program import Program


@pytest.fixture
def platform():
    with Platform() as made:
        yield made


@pytest.fixture
def program(stage, platform, tmp_path):
    """A program of the test's own, not started yet."""
    made = Program(url_of(stage.database), tmp_path)
    add_toy(stage, platform, tmp_path)
    yield made
    made.stop()
