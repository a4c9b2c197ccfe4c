"""Runs ceph/s3-tests' test_s3.py against the gateway and says what is implemented, what fails and what is excluded.

    make s3-tests S3_TESTS=checkout
    scripts/s3-tests CHECKOUT [--gate] [--update] [--target seaweedfs] [PATTERN]

With --gate only the tests of passing.txt run, and the status is 0 when all of them pass. With --update passing.txt and
results.md are written anew. PATTERN chooses tests whose name contains it.
"""
import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time

from configuration import accounts_needed, write_configuration
from report import Results, load_exclusions
from targets import TARGETS

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PASSING = os.path.join(HERE, "passing.txt")
SUITE = "s3tests/functional/test_s3.py"


def main():
    arguments = parse_arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not os.path.exists(os.path.join(arguments.checkout, SUITE)):
        raise SystemExit(f"{arguments.checkout} is no checkout of ceph/s3-tests: it has no {SUITE}")
    target = TARGETS[arguments.target](arguments.program, accounts_needed(arguments.processes), arguments.set)
    try:
        results = judge(arguments, target)
    finally:
        target.stop(arguments.keep)
    return conclude(arguments, results)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", help="a checkout of ceph/s3-tests")
    parser.add_argument("pattern", nargs="?", default="")
    parser.add_argument("--program", default=os.path.join(ROOT, ".build", "release", "storj"))
    parser.add_argument("--target", choices=list(TARGETS), default="storj")
    parser.add_argument("--set", action="append", default=[], metavar="PROGRAM.KEY=VALUE", help="passed to storj up")
    parser.add_argument("--processes", type=int, default=6, help="that run tests at the same time (6)")
    parser.add_argument("--seconds", type=int, default=180, help="the bound of one test (180)")
    parser.add_argument("--gate", action="store_true", help="run only the tests that must pass")
    parser.add_argument("--update", action="store_true", help="write passing.txt and results.md")
    parser.add_argument("--all", action="store_true", help="run the excluded tests too")
    parser.add_argument("--json", help="also write every outcome to this file, one JSON object a line")
    parser.add_argument("--causes", action="store_true", help="print the failures grouped by cause")
    parser.add_argument("--keep", action="store_true", help="leave the server's folder in place")
    return parser.parse_intermixed_args()


def judge(arguments, target):
    """Runs the chosen tests; what became of all of them."""
    files = [write_configuration(target.folder, number, target) for number in range(arguments.processes)]
    everything = collect(arguments, target, files[0])
    exclusions = load_exclusions(os.path.join(HERE, "excluded.txt"))
    results = Results(everything, exclusions, run_excluded=arguments.all)
    chosen = [name for name in results.attempted if arguments.pattern in name]
    if arguments.gate:
        must = load_passing()
        chosen = [name for name in chosen if name.split("[")[0] in must]
        missing = must - {name.split("[")[0] for name in everything}
        if missing and not arguments.pattern:
            print(f"note: the checkout has no {', '.join(sorted(missing))}")
    results.add(run(arguments, target, files, chosen, "first"))
    # A test that others disturbed gets a second chance, alone; whatever needed it is named.
    again = [name for name in chosen if arguments.gate and results.state(name) != "passed"]
    if again:
        print(f"once more, one at a time: {' '.join(again)}", flush=True)
        results.add(run(arguments, target, files[:1], again, "again"))
    if not target.is_alive():
        print(f"the server ended meanwhile with {target.process.returncode}:\n{target.said()}")
        results.server_ended = True
    results.chosen = chosen
    return results


def environment(target, configuration, **more):
    """What the suite sees: nothing of the person's own AWS settings, and no repeated requests that hide failures."""
    kept = {key: text for key, text in os.environ.items() if not key.startswith(("AWS_", "BOTO", "S3TEST"))}
    return {
        **kept, "S3TEST_CONF": configuration, "PYTHONPATH": HERE, "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": target.folder, "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
        "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, **more}


def pytest(*words):
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", "-W", "ignore", *words, SUITE]


def collect(arguments, target, configuration):
    """All tests of the suite with their marks, by name."""
    path = os.path.join(target.folder, "collected.json")
    done = subprocess.run(
        pytest("--collect-only", "-p", "collected_tests"), cwd=arguments.checkout, check=False, capture_output=True,
        text=True, env=environment(target, configuration, COLLECTED=path))
    if done.returncode:
        raise SystemExit(f"pytest cannot collect the suite:\n{done.stdout[-3000:]}{done.stderr[-2000:]}")
    with open(path) as file:
        return {name: set(marks) for name, marks in json.load(file)}


def run(arguments, target, files, names, label):
    """Runs tests in as many processes as there are configurations; yields their outcomes."""
    paths = {kind: os.path.join(target.folder, f"{label}-{kind}") for kind in ["tests", "next"]}
    # What sleeps most goes first, so that the end is not spent waiting for it.
    ordered = sorted(names, key=lambda name: ("lifecycle" not in name, "multipart" not in name))
    with open(paths["tests"], "w") as file:
        file.write("".join(name + "\n" for name in ordered))
    with open(paths["next"], "w") as file:
        file.write("0")
    workers, outcomes = [], []
    for number, configuration in enumerate(files):
        outcomes.append(os.path.join(target.folder, f"{label}-{number}.jsonl"))
        log = open(os.path.join(target.folder, f"{label}-{number}.log"), "w")
        workers.append(subprocess.Popen(
            pytest("-p", "judged_tests"), cwd=arguments.checkout, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env=environment(
                target, configuration, JUDGE_TESTS=paths["tests"], JUDGE_NEXT=paths["next"],
                JUDGE_RESULTS=outcomes[-1], JUDGE_SECONDS=str(arguments.seconds))))
    try:
        watch(workers, target, outcomes, len(ordered))
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()
    return [json.loads(line) for path in outcomes if os.path.exists(path) for line in open(path)]


def watch(workers, target, outcomes, total):
    """Waits for the processes, saying now and then how far they are; stops waiting when the server has ended."""
    started = said = time.monotonic()
    while any(worker.poll() is None for worker in workers):
        time.sleep(0.5)
        if not target.is_alive():
            return
        if time.monotonic() - said > 30:
            said = time.monotonic()
            done = sum(sum(1 for _ in open(path)) for path in outcomes if os.path.exists(path))
            print(f"{done} of {total} tests in {said - started:.0f} s", flush=True)


def load_passing():
    if not os.path.exists(PASSING):
        return set()
    with open(PASSING) as file:
        return {line.strip() for line in file if line.strip() and not line.startswith("#")}


def conclude(arguments, results):
    if arguments.json:
        results.write_json(arguments.json)
    if arguments.causes:
        print(results.causes())
    if arguments.gate:
        bad = sorted({name.split("[")[0] for name in results.chosen if results.state(name) != "passed"})
        for name in bad:
            print(f"FAIL {name}: {results.cause(name)}")
        count = len({name.split("[")[0] for name in results.chosen})
        print(f"{count - len(bad)} of {count} tests that must pass have passed")
        return 1 if bad or not count or results.server_ended else 0
    print(results.summary())
    if arguments.update:
        with open(PASSING, "w") as file:
            file.write("# Tests of ceph/s3-tests that must pass: scripts/s3-tests --gate. Written by --update.\n")
            file.write("".join(name + "\n" for name in results.passing()))
        with open(os.path.join(HERE, "results.md"), "w") as file:
            file.write(results.table(commit_of(arguments.checkout)))
    regressions = sorted(load_passing() & results.failing_functions())
    if regressions:
        print("passed before: " + " ".join(regressions))
    return 1 if regressions or results.server_ended else 0


def commit_of(checkout):
    """Which state of the suite this is, when it is a git checkout."""
    done = subprocess.run(
        ["git", "-C", checkout, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False)
    top = subprocess.run(
        ["git", "-C", checkout, "rev-parse", "--show-toplevel"], capture_output=True, text=True, check=False)
    same = os.path.realpath(top.stdout.strip() or "/") == os.path.realpath(checkout)
    return done.stdout.strip() if done.returncode == 0 and same else ""


if __name__ == "__main__":
    sys.exit(main())
