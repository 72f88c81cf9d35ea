"""Everything the portal holds, out into a folder and back: JSON lines for rows, files as they are, sums for both."""
