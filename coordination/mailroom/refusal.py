"""What the mailroom raises when it cannot be used, or not safely."""


class MailroomRefused(Exception):
    """
    The mailroom refuses, and nothing was changed.

    The key, such as `mailroom.not-ours`, and its parameters are worded by the catalogues.
    """

    def __init__(self, key: str, /, **parameters: str | int) -> None:
        super().__init__(key, parameters)
        self.key, self.parameters = key, parameters
