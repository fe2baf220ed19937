"""``python -m stance``: the same as the command ``stance``."""

import sys

from stance.cli import main

if __name__ == "__main__":
    sys.exit(main())
