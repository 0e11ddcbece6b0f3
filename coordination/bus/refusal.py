"""What the bus raises when it cannot be used, or not safely."""


class BusRefused(Exception):
    """The key, such as `bus.server-too-old`, and its parameters are worded by the catalogues."""

    def __init__(self, key: str, /, **parameters: str | int) -> None:
        super().__init__(key, parameters)
        self.key, self.parameters = key, parameters
