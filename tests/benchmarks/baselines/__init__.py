"""What the figures are held against: bare databases, and other event-sourcing libraries."""
