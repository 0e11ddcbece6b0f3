"""The door to the other agencies: the only room that knows NATS."""
