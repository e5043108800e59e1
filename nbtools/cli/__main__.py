"""`python -m nbtools.cli` is `nbtools`."""

from __future__ import annotations

import sys

from nbtools.cli import main

if __name__ == "__main__":
    sys.exit(main())
