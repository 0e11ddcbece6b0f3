"""A seeded model of the agencies' work: what they would ask of the service in a hundred years."""
