"""What the bus has beside its messages: the headers, and what a message may weigh."""

VERSION = "1.0.0"  # of what is understood on the bus

COMMAND_ID, MEETING, ROLE = "Command-Id", "Meeting", "Role"
EVENT_ID, SEAL = "Nats-Msg-Id", "Ledger-Seal"
COMMAND_SEAL, ANSWER_SEAL = "Command-Seal", "Answer-Seal"  # between the nodes of two agencies

MOST = 64 * 1024  # bytes of a command; the longest texts together need some 20,000
