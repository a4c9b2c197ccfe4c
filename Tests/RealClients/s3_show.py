"""Shows the gateway to clients of S3 as people use them, and counts differences.

    scripts/show-s3 [--program PATH] [--small] [--endpoint URL --key ID --secret SECRET] [PATTERN]
"""
import argparse
import os
import signal
import sys
import time
import traceback

import s3_scenarios
from network import QUIET, Network
from s3 import S3, has_restic


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(root, ".build", "release", "storj"))
    parser.add_argument("--small", action="store_true", help="few files and 16 MiB instead of 1 GiB")
    parser.add_argument("--endpoint", help="of a gateway that runs already")
    parser.add_argument("--key", help="its access key id")
    parser.add_argument("--secret", help="its secret access key")
    parser.add_argument("pattern", nargs="?", default="")
    options = parser.parse_intermixed_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if options.endpoint:
        facts = {"endpoint": options.endpoint, "access_key_id": options.key, "secret_access_key": options.secret}
        return show(S3(facts), options)
    network = Network(options.program, "s3", ["--nodes", "10", *QUIET])
    try:
        return show(S3(network.facts["s3"]), options)
    finally:
        network.stop()
        network.remove()


def show(s3, options):
    """Runs the scenarios; the status is 0 when none differed."""
    failed = 0
    for title, function in s3_scenarios.SCENARIOS:
        if options.pattern not in title:
            continue
        if function is s3_scenarios.restic and not has_restic():
            print(f"skip       {title}: restic is not installed", flush=True)
            continue
        started = time.monotonic()
        try:
            said = s3_scenarios.in_folder(function, s3, 1 if options.small else 10)
        except Exception:
            failed += 1
            print(f"FAIL       {title}", flush=True)
            traceback.print_exc(file=sys.stdout)
            continue
        print(f"0 differences  {title}: {said} ({time.monotonic() - started:.1f} s)", flush=True)
    print(f"{failed} scenarios failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
