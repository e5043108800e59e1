"""Widgets: between a page in a browser and one object of the core, with no rule of their own."""
