"""Durable read models: lines kept in SQL tables, brought up to date from the position they name."""
