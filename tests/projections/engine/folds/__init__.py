"""Folds of other programs than this one, each in a module of its own: fingerprints go by module."""
