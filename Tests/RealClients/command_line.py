"""What the programs that run tests share: their options, what signals do, and their exit status."""
import argparse
import faulthandler
import os
import signal

import suite
from network import Networks

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(description, together=lambda networks: networks):
    """Runs the registered tests that the command line chooses.

    `together` adds what the tests need beside networks. The exit status: 0 when all passed.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(_ROOT, ".build", "release", "storj"))
    parser.add_argument("--keep", action="store_true", help="leave the networks' folders in place")
    parser.add_argument("--list", action="store_true", help="print the tests and their networks")
    parser.add_argument("pattern", nargs="?", default="")
    options = parser.parse_args()
    if options.list:
        for sentence, seconds, network, _ in suite.tests:
            print(f"{network:8} {seconds:4} s  {sentence}")
        return 0
    faulthandler.enable()
    # An interrupted run must leave no process behind: both signals become exceptions. Also when it runs in the background,
    # where SIGINT is ignored, and what is ignored is inherited.
    for number in [signal.SIGTERM, signal.SIGINT]:
        signal.signal(number, signal.default_int_handler)
    networks = together(Networks(options.program, options.keep))
    try:
        return suite.run(networks, options.pattern)
    except KeyboardInterrupt:
        networks.kill_all()
        print("0 passed, 1 failed (interrupted)")
        return 130
