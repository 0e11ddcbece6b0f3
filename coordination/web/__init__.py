"""The pages for people, over HTTP: every question by its name."""
