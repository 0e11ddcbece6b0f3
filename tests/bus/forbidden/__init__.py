"""What nobody may do over NATS, and how it is seen that he could not."""
