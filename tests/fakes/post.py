"""Nobody who sends: what is answered stays in the box."""


class Quiet:
    """Takes nothing directly, and notes for whom it was rung."""

    def __init__(self):
        self.rung = []

    def has_room(self):
        return False

    def carry(self, carried, settings):
        assert not carried

    def ring_all(self, kinds):
        self.rung += kinds
