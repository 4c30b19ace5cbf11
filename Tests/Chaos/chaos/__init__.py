"""What breaks things, and what looks whether they held."""
