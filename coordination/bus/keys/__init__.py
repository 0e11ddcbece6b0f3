"""The keys and certificates of a federation, and what its servers must be told of them."""
