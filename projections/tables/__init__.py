"""The projections that are kept as tables, for whoever reads them with Excel, Power BI or DuckDB.

In a column, a list is words with commas between them.
"""

from projections.tables.cycles import CYCLES
from projections.tables.missions import MISSIONS
from projections.tables.policies import POLICIES
from projections.tables.posts import POSTS
from projections.tables.reviews import REVIEWS

ALL = (MISSIONS, POSTS, CYCLES, REVIEWS, POLICIES)
