"""What the AsyncAPI document says in sentences, so that who has only that can take part."""

INTRODUCTION = """\
How a program of an agency takes part in the agencies' common record over NATS: its CRM, a script, \
anything. It is written from the side of that program: `send` is what it sends, `receive` what it \
receives. All it needs is a NATS client and JSON in UTF-8.

**One name leads everywhere.** `mission.publish` is the end of the subject, the key of the \
channel, of the operation and of the message here, and the field `command` of the JSON.

**Ask.** Send a request (a message with a reply subject) on `cmd.{{owner}}.{{asker}}.<command>`. \
`asker` is your own agency: the server lets you say no other. `owner` is the agency that decides: \
the one in the identifier the command is about, `awex` in `mission-awex-2027-hanoi`. So FIT asks \
AWEX by

- subject `cmd.awex.fit.{tag}`
- header `Command-Id: {command_id}`
- payload `{payload}`

**Leave out** what the subject and the day say: `command` (the end of the subject), `by` (the \
asker) and `effective` (today in Brussels). Said all the same, `command` and `by` must agree with \
the subject. Any other field that a command does not have is a mistake. A command has at most \
{most} bytes.

**Be answered.** `done` brings the events that were recorded, `nothing-to-do` says that it was so \
already, `rejected` which rule forbids it, `malformed` every mistake in the message at once. \
`waiting`: the owner cannot be reached. Your agency's node keeps the command, power cuts included, \
and sends it as soon as it can; the outcome is then told once on `answer.{{asker}}.{{commandId}}`. \
Nobody keeps that message for you: subscribe to it, or ask again with the same Command-Id.

**Repeat.** The same Command-Id with the same bytes is the same command, however often and however \
late it comes: it is decided once, and answered as it was. So wait ten seconds for an answer, and \
repeat where there was none, where there are no responders, or where the answer has the header \
`Nats-Service-Error`. The same Command-Id with other bytes is `malformed`. Without the header, \
each message is a command of its own.

**Read.** What was decided is in three streams at your own server, also while it is cut off from \
the others: the operations with `x-nats-stream` say how.

**Look around.** `$SRV.INFO` finds the node by NATS' protocol of services, \
`node.{{agency}}.health` tells how it stands, `node.{{agency}}.schema` gives this document."""

SERVER = """\
Your own agency's server, and no other: it is joined with those of the other agencies. Your \
inboxes must begin with `_INBOX_client`, which clients call the inbox prefix: no other answer \
reaches you."""

SECURITY = """\
Both are needed: mutual TLS with the certificate of a client of your agency (`client.pem`, \
`client.key`, and `ca.pem` to know the server by), and the nkey of the user `client`, whose seed \
is in `client.nk`."""

ASKED = "What `asker` asks of `owner`."

REPLY = """\
The reply subject of the request. The answer is that of the agency that decides, or `waiting`."""

OUTCOME = """\
What became of a command that was answered `waiting`, told once, to whoever listens at that \
moment. `answer.{asker}.*` hears of all commands of the agency."""

HAPPENED = "What happened, as the agency that decided has it in its ledger."

LEDGER = """\
Between nodes, where no stream has what one of them needs: one asks another for its ledger itself. \
Programs of an agency are not let in."""

READING = """\
Read the stream `LEDGER_<ledger, in capitals>` at your own server by a pull consumer named \
`client`, the only name it lets you use. The sequence of a message in the stream is the `seq` of \
the event, from 1 without a hole: keep the last `seq` you have worked on, and begin after it.

1. Request on `$JS.API.CONSUMER.CREATE.LEDGER_AWEX.client` with `{"stream_name": "LEDGER_AWEX", \
"config": {"name": "client", "ack_policy": "none", "deliver_policy": "by_start_sequence", \
"opt_start_seq": 113, "inactive_threshold": 60000000000}}`. An earlier consumer of that name is in \
the way: delete it first, on `$JS.API.CONSUMER.DELETE.LEDGER_AWEX.client`.
2. Publish on `$JS.API.CONSUMER.MSG.NEXT.LEDGER_AWEX.client`, with an inbox of yours as reply \
subject, `{"batch": 100, "expires": 5000000000}`; the events come there. A message with the header \
`Status` is none: 404 and 408 say that there are no more for now, so ask again.

Read each stream with one program of the agency: two consumers of one name disturb each other. Let \
pass fields you do not know; an event says in `dataversion` which shape its data has."""

COMMAND_ID = """\
Identifier of the command, made by you, unique among all commands of your agency, for ever. \
Recommended: only with it is repeating harmless."""

MEETING = """\
The meeting or other occasion in which it was decided. The events carry it as `correlation`."""

ROLE = """\
The office of the person who asks. Left out, it is the one whose daily work the subject is."""

EVENT_ID = "Identifier of the event: the `id` of the payload."

SEAL = """\
Signature of the agency that decided, by its ledger key: base64url of Ed25519 over \
`coordination.ledger/1 <ledger> <seq> <SHA-256 of the payload in hexadecimal>`. As each event \
names the hash of the one before, a seal covers all events before it. The streams of other \
agencies at your own server may lack it: your node has checked it."""

SERVICE_ERROR = "Why nothing was decided, as a key. Ask again, with the same Command-Id."

HEALTH = "How the node of your agency stands: how far each ledger is, what waits, what is wrong."

SCHEMA = "This document, as the node of your agency understands it."

ASKING = """\
Wait ten seconds for the answer: your node waits five for the agency that decides. \
`x-nats-service` is the node, as NATS' protocol of services finds it; \
`x-nats-largest-payload` is in bytes."""

AGENCIES = {
    "owner": "The agency that decides: the one in the identifier the command is about.",
    "asker": "The agency that asks: your own.",
    "ledger": "The agency whose ledger it is: the one that decided.",
    "agency": "Your own agency.",
}
