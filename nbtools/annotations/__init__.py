"""Labels of Python objects that belong to no dataset: pigeon's call, kept, and nothing lost."""
