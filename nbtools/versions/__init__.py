"""Versions and splits on disk: how they are named, committed, read, compared, verified and restored."""
