"""A post abroad, from its announcement to its closing and what becomes of its area."""

from coordination.deciders.post.decide import decide
from coordination.deciders.post.state import Post, evolve

__all__ = ["Post", "decide", "evolve"]
