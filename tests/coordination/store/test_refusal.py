import pickle

from coordination.store.refusal import StoreRefused


def test_a_refusal_is_the_same_in_another_process() -> None:
    refused = StoreRefused("store.broken", what="ledger.hash", ledger="awex", seq=7)
    carried = pickle.loads(pickle.dumps(refused))
    assert (type(carried), carried.key, carried.parameters) == (
        StoreRefused,
        "store.broken",
        {"what": "ledger.hash", "ledger": "awex", "seq": 7},
    )
