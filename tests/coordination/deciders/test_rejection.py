from coordination.deciders.rejection import Rejected


def test_a_rejection_tells_its_key_and_what_its_sentence_names() -> None:
    rejected = Rejected("mission.not-the-leader", agency="fit", leader="awex")
    assert rejected.args == ("mission.not-the-leader", {"agency": "fit", "leader": "awex"})
    assert (rejected.reason, rejected.parameters) == rejected.args
