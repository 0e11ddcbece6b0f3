"""Who is measured at what: each file has the contenders of some of the aims."""
