"""Every question and every command as JSON, made from the messages by a loop: one name leads
everywhere, so `plan` is at `GET /api/plan` and `mission.confirm` at `POST /api/mission.confirm`.
"""
