"""Nobody who sends: what is answered stays in the box."""


class Quiet:
    """Takes nothing directly, and hears of nothing."""

    def has_room(self):
        return False

    def carry(self, carried, settings):
        assert not carried

    def ring_all(self, kinds):
        pass
