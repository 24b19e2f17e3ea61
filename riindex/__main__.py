"""``python -m riindex``: the classic commands, and all of ``ri``."""

from __future__ import annotations

from riindex.cli import main

if __name__ == "__main__":
    main()
