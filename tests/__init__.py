"""The tests: their folders mirror the package; `browser` drives a real browser, `bench` measures."""
