"""The published language: what the agencies exchange. Nothing here decides, stores or displays."""
