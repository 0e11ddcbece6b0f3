"""The demonstration: one year of coordination, played on a database of its own."""
