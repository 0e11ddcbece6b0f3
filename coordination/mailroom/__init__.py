"""What a node keeps of its letters, beside its history: asked, answered, not understood."""
