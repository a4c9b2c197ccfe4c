"""Counts and tables of what became of the suite's tests. A test with parameters counts once: every case must pass."""
import collections
import json
import re

# Whoever does not speak these is still a complete S3 service for its customers.
OUTSIDE_CORE = {
    "fails_on_aws", "bucket_logging", "bucket_logging_cleanup", "cloud_transition", "cloud_restore", "appendobject",
    "iam_account", "iam_cross_account", "s3select", "lifecycle_transition"}


def load_exclusions(path):
    """Lines `mark:NAME reason` and `TEST reason`; blank lines and lines with # say nothing."""
    exclusions = {}
    with open(path) as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, _, reason = line.strip().partition(" ")
                exclusions[name] = reason.strip()
    return exclusions


class Results:
    """What is known of every test of the suite."""

    def __init__(self, everything, exclusions, run_excluded=False):
        self.marks = everything
        self.excluded = {} if run_excluded else {
            name: reason for name in everything if (reason := self._reason(name, exclusions))}
        self.attempted = [name for name in everything if name not in self.excluded]
        self.outcomes, self.chosen, self.server_ended = {}, self.attempted, False
        self.cases = collections.defaultdict(list)
        for name in everything:
            self.cases[function_of(name)].append(name)

    def _reason(self, name, exclusions):
        keys = [name, function_of(name), *(f"mark:{mark}" for mark in sorted(self.marks[name]))]
        return next((exclusions[key] for key in keys if key in exclusions), None)

    def add(self, outcomes):
        for outcome in outcomes:
            self.outcomes[outcome["test"]] = outcome

    # One function

    def state(self, name):
        """passed, failed, skipped, excluded or "not run", of a function or one of its cases; the worst of its cases."""
        cases = self.cases.get(name, [name])
        states = {
            "excluded" if case in self.excluded else self.outcomes.get(case, {"state": "not run"})["state"]
            for case in cases}
        return next(state for state in ["failed", "not run", "excluded", "skipped", "passed"] if state in states)

    def cause(self, name):
        for case in self.cases.get(name, [name]):
            if self.outcomes.get(case, {}).get("state") in ["failed", "skipped"]:
                return short(self.outcomes[case])
        return self.excluded.get(self.cases.get(name, [name])[0], "")

    def in_core(self, function):
        return not any(self.marks[case] & OUTSIDE_CORE for case in self.cases[function])

    def functions(self, state, core=False):
        return [name for name in self.cases if self.state(name) == state and (not core or self.in_core(name))]

    def passing(self):
        return sorted(self.functions("passed"))

    def failing_functions(self):
        return set(self.functions("failed"))

    # All together

    def counts(self):
        states = ["passed", "failed", "excluded", "skipped", "not run"]
        return {state: (len(self.functions(state)), len(self.functions(state, core=True))) for state in states}

    def summary(self):
        total, core = len(self.cases), sum(map(self.in_core, self.cases))
        counts = self.counts()
        words = ", ".join(f"{count} {state}" for state, (count, _) in counts.items() if count)
        within = ", ".join(f"{count} {state}" for state, (_, count) in counts.items() if count)
        return f"{words} of {total}; in the portable core {within} of {core}"

    def table(self, commit):
        total, core = len(self.cases), sum(map(self.in_core, self.cases))
        lines = ["# ceph/s3-tests: `s3tests/functional/test_s3.py`", "",
                 "Written by `scripts/s3-tests --update`" + (f", suite at commit {commit}." if commit else "."), "",
                 "The portable core leaves out the tests marked " + ", ".join(f"`{m}`" for m in sorted(OUTSIDE_CORE)),
                 "(those of append, S3 Select and accounts of IAM among them).", "",
                 f"| | all {total} | portable core {core} |", "|---|---|---|"]
        names = {"passed": "implemented", "failed": "failing"}
        for state, (count, within) in self.counts().items():
            lines.append(f"| {names.get(state, state)} | {count} | {within} |")
        lines += ["", "## Failing", "", "| test | core | what it says |", "|---|---|---|"]
        for name in sorted(self.functions("failed") + self.functions("skipped") + self.functions("not run")):
            lines.append(f"| `{name}` | {'yes' if self.in_core(name) else ''} | {cell(self.cause(name))} |")
        lines += ["", "## Excluded", ""]
        reasons = collections.defaultdict(list)
        for name in self.functions("excluded"):
            reasons[self.cause(name)].append(name)
        for reason, excluded in sorted(reasons.items()):
            inside = sum(map(self.in_core, excluded))
            lines += [f"**{reason}** ({len(excluded)}, of the core {inside}): "
                      + ", ".join(f"`{name}`" for name in sorted(excluded)), ""]
        lines += ["## Implemented", "", ", ".join(f"`{name}`" for name in self.passing()), ""]
        return "\n".join(lines)

    def causes(self):
        """Failures grouped by what they say, the most frequent first."""
        groups = collections.defaultdict(list)
        for outcome in self.outcomes.values():
            if outcome["state"] == "failed":
                groups[general(outcome["cause"])].append(outcome)
        lines = []
        for cause, outcomes in sorted(groups.items(), key=lambda group: -len(group[1])):
            where = ", ".join(f"{o['test']}:{o['line']}" + (f"({o['phase']})" if o["phase"] != "call" else "")
                              for o in outcomes)
            lines.append(f"{len(outcomes):4} {cause}\n     {where}")
        return "\n".join(lines)

    def write_json(self, path):
        with open(path, "w") as file:
            for name in self.marks:
                outcome = self.outcomes.get(name, {"test": name, "state": self.state(name)})
                outcome["core"] = self.in_core(function_of(name))
                file.write(json.dumps(outcome) + "\n")


def function_of(name):
    return name.partition("[")[0]


def short(outcome):
    """The first line of what went wrong."""
    line = outcome["cause"].strip().splitlines()[0] if outcome["cause"].strip() else outcome["state"]
    return line.removeprefix("botocore.exceptions.")[:200]


def general(cause):
    """Without what differs from one run to the next."""
    text = (cause.strip().splitlines() or [""])[0]
    text = re.sub(r"0x[0-9a-f]+|\bt[0-9a-z]{20,}-\d*|[0-9a-f]{16,}|127\.0\.0\.1:\d+", "…", text)
    return text.removeprefix("botocore.exceptions.")[:220]


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")
