"""The log of acts on disk, and the local index over it and the catalogue."""
