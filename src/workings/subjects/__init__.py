"""The eight subjects, each in a room of its own."""
