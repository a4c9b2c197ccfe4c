"""Real headless Chromium against the web pages of a network of ours.

    scripts/test-web [--program PATH] [--keep] [--list] [PATTERN]

PATTERN chooses tests whose sentence contains it. The last line is `N passed, N failed`; the exit status is 0 when all passed.
"""
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(1, os.path.join(os.path.dirname(_HERE), "RealClients"))

import command_line  # noqa: E402
from network import Networks  # noqa: E402
import web  # noqa: E402

import console_tests  # noqa: E402,F401
import farmer_tests  # noqa: E402,F401
import files_tests  # noqa: E402,F401
import grant_tests  # noqa: E402,F401
import link_page_tests  # noqa: E402,F401
import mail_tests  # noqa: E402,F401


if __name__ == "__main__":
    Networks.kinds |= web.KINDS
    sys.exit(command_line.run(__doc__, web.Everything))
