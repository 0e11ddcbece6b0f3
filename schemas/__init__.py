"""The published language: the messages the agencies exchange. Nothing here decides, stores or displays."""
