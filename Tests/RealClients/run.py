"""Unmodified rclone and libuplink against a network of ours.

    scripts/test-real-clients [--program PATH] [--keep] [--list] [PATTERN]

PATTERN chooses tests whose sentence contains it, or all of a network ("plain", "patient", "spare", "single", "upkeep"). The last line is
`N passed, N failed`; the exit status is 0 when all passed.
"""
import sys

import command_line

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


if __name__ == "__main__":
    sys.exit(command_line.run(__doc__))
