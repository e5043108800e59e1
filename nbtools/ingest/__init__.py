"""From raw/ to processed/: find, read, convert, place, and report."""
