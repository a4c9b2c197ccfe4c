"""Unmodified rclone and libuplink against a network of ours.

    scripts/test-real-clients [--program PATH] [--keep] [--list] [PATTERN]

PATTERN chooses tests whose sentence contains it, or all of a network ("plain", "patient", "spare", "single", "upkeep"). The last line is
`N passed, N failed`; the exit status is 0 when all passed.
"""
import argparse
import faulthandler
import os
import signal
import sys

import suite
from network import Networks

# The order of the imports is the order of the tests: what kills servers comes last.
import object_tests  # noqa: F401
import multipart_tests  # noqa: F401
import listing_tests  # noqa: F401
import error_tests  # noqa: F401
import access_tests  # noqa: F401
import admin_tests  # noqa: F401
import node_tests  # noqa: F401
import secrecy_tests  # noqa: F401
import program_tests  # noqa: F401
import program_command_tests  # noqa: F401
import program_access_tests  # noqa: F401
import program_error_tests  # noqa: F401
import program_operator_tests  # noqa: F401
import s3_tests  # noqa: F401
import gateway_tests  # noqa: F401
import link_tests  # noqa: F401
import hostile_tests  # noqa: F401
import fault_tests  # noqa: F401
import program_fault_tests  # noqa: F401
import corruption_tests  # noqa: F401
import loss_tests  # noqa: F401
import upkeep_tests  # noqa: F401
import program_transfer_tests  # noqa: F401


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
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
    # Also when the suite runs in the background, where SIGINT is ignored, and what is ignored is inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    networks = Networks(options.program, options.keep)
    try:
        return suite.run(networks, options.pattern)
    except KeyboardInterrupt:
        networks.kill_all()
        print("0 passed, 1 failed (interrupted)")
        return 130


if __name__ == "__main__":
    sys.exit(main())
