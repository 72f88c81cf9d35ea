"""Demo content of our own writing, and the pictures and clips that our own code draws for it."""
