"""What a decider raises when the rules do not allow a command."""


class Rejected(Exception):
    """
    The rules do not allow the command.

    The reason is a key, such as `mission.cancelled`, and the parameters are what its sentence
    names; every door words it in its reader's language (see the catalogues).
    """

    def __init__(self, reason: str, /, **parameters: str | int | tuple[str, ...]) -> None:
        super().__init__(reason, parameters)
        self.reason = reason
        self.parameters = parameters
