"""The door to the other agencies: what is recorded goes out, what they record comes in.

The only room that knows NATS. The event store is the truth, the streams of JetStream are copies of
its ledgers: each may be lost, and is made again from the store of the agency that owns it.
"""
