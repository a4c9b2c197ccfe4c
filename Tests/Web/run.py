"""Real headless Chromium against the web pages of a network of ours.

    scripts/test-web [--program PATH] [--keep] [--list] [PATTERN]

PATTERN chooses tests whose sentence contains it. The last line is `N passed, N failed`; the exit status is 0 when all passed.
"""
import argparse
import faulthandler
import os
import signal
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(1, os.path.join(os.path.dirname(_HERE), "RealClients"))

import suite  # noqa: E402
from network import Networks  # noqa: E402
import web  # noqa: E402

import console_tests  # noqa: E402,F401
import farmer_tests  # noqa: E402,F401
import files_tests  # noqa: E402,F401
import grant_tests  # noqa: E402,F401
import link_page_tests  # noqa: E402,F401
import mail_tests  # noqa: E402,F401


def main():
    root = os.path.dirname(os.path.dirname(_HERE))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(root, ".build", "release", "storj"))
    parser.add_argument("--keep", action="store_true", help="leave the networks' folders in place")
    parser.add_argument("--list", action="store_true", help="print the tests and their networks")
    parser.add_argument("pattern", nargs="?", default="")
    options = parser.parse_args()
    if options.list:
        for sentence, seconds, network, _ in suite.tests:
            print(f"{network:8} {seconds:4} s  {sentence}")
        return 0
    faulthandler.enable()
    # An interrupted run must leave no process behind: both signals become exceptions.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    Networks.kinds |= web.KINDS
    networks = Networks(options.program, options.keep)
    everything = web.Everything(networks)
    try:
        return suite.run(everything, options.pattern)
    except KeyboardInterrupt:
        everything.kill_all()
        print("0 passed, 1 failed (interrupted)")
        return 130


if __name__ == "__main__":
    sys.exit(main())
