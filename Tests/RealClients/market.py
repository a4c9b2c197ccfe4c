"""Ten farmers with different prices, many short periods, on the satellite's own ledger and on a chain.

    scripts/show-market [--ledger embedded|dev|both] [--periods 30] [--drop 10] [--silence 15] [--program PATH] [--keep]

rclone uploads in every period. One farmer silently loses 20 % of its data, another goes offline. Prints who passed, failed
or was unreachable in every period and what each was paid, compares what the satellite's statements say with what the
ledger says after all has been claimed, to the unit, and shows how new pieces move towards the cheaper good nodes.
"""
import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress

import metabase
import piece_logs
from content import MIB, content
from network import QUIET, Network
from rclone import Rclone
from suite import equal, eventually, expect

# Dollars a TB-month.
PRICES = ["0.60", "0.80", "1.00", "1.20", "1.40", "1.60", "1.80", "2.20", "2.60", "3.00"]
DROPS, FALLS_SILENT = 1, 2
LETTERS = {"passed": "p", "failed": "F", "unreachable": "U", "void": "v", "pending": "·", None: " "}


def main():
    options = parse_arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for ledger in ["embedded", "dev"] if options.ledger == "both" else [options.ledger]:
        Show(options, ledger).run()


def parse_arguments():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(root, ".build", "release", "storj"))
    parser.add_argument("--ledger", default="both", choices=["embedded", "dev", "both"])
    parser.add_argument("--periods", type=int, default=30)
    parser.add_argument("--drop", type=int, default=10, help="the period in which one loses 20 %% of its data")
    parser.add_argument("--silence", type=int, default=15, help="the period in which one goes offline")
    parser.add_argument("--seconds", type=int, default=10, help="of a period")
    parser.add_argument("--keep", action="store_true")
    return parser.parse_args()


def say(text=""):
    print(text, flush=True)


class Show:
    """One run on one ledger."""

    def __init__(self, options, ledger):
        self.options, self.ledger = options, ledger

    def run(self):
        options = self.options
        say(f"== {self.ledger}: {options.periods} periods of {options.seconds} s")
        self.network = Network(options.program, f"market-{self.ledger}", [
            "--nodes", "10", "--processes", "--redundancy", "2/2/4/4", "--chain", self.ledger, *QUIET,
            *self.settings({
                "heartbeats.period": f"{options.seconds}s", "heartbeats.commit_window": f"{options.seconds // 3}s",
                "heartbeats.retry_interval": "1s", "payment.time_scale": "864000", "payment.notice": "0s",
                # Pauses double while a farmer is silent.
                "payment.delivery_retry": "1s",
                "payment.channel_threshold": "0.0001", "payment.least_deposit": "1", "node.vetting_audits": "0"},
                "satellite"),
            *self.settings({"farming.notice": "0s", "settlement_interval": "2s"}, "node")])
        try:
            self.play()
        finally:
            self.network.stop()
            if options.keep:
                say(f"kept: {self.network.folder}")
            else:
                self.network.remove()

    @staticmethod
    def settings(values, program):
        return [text for key, value in values.items() for text in ["--set", f"{program}.{key}={value}"]]

    def play(self):
        network, options = self.network, self.options
        for node, price in zip(network.nodes, PRICES):
            network.operator(node, "price", "set", "--storage", price, "--egress", "2.00")
        eventually(lambda: len(self.farmers()) == 10 and all(farmer.get("sheet") for farmer in self.farmers()), 60,
                   "all farmers have named their prices")
        rclone = Rclone(network.grant)
        rclone.run("mkdir", "net:market")
        begin = time.time()
        shares, seen, self.periods = [], set(), []
        for step in range(1, options.periods + 1):
            self.upload(rclone, step)
            self.next_period(f"period {step} begins")
            if step == options.drop:
                self.drop(network.nodes[DROPS])
            if step == options.silence:
                network.kill_together([network.nodes[FALLS_SILENT]])
            shares.append(self.new_pieces(seen))
        eventually(lambda: self.stated(self.periods[-1]), 120, "the last period is stated")
        network.operator(network.satellite, "chores", "pause", "heartbeats")
        say(f"   {time.time() - begin:.0f} s")
        self.report(shares)
        self.settle()

    def next_period(self, what):
        """Waits until the satellite begins another period, which is numbered by its moment."""
        before = self.newest()
        eventually(lambda: self.newest() > before, 10 * self.options.seconds, what)
        self.periods.append(self.newest())

    # What happens

    def upload(self, rclone, step):
        with tempfile.TemporaryDirectory() as folder:
            for number in range(6):
                with open(os.path.join(folder, f"{step:03}-{number}"), "wb") as file:
                    file.write(content(MIB, f"{step}-{number}"))
            rclone.run("copy", folder, "net:market", retries=3)

    def drop(self, node):
        """A fifth of the pieces is other bytes from now on, with trailers that fit: the node itself notices nothing."""
        noise = random.Random(7)
        pieces = piece_logs.stored_pieces(node)
        lost = noise.sample(pieces, max(1, len(pieces) // 5))
        for piece in lost:
            piece.forge(noise.randbytes(piece.size))
        say(f"   node {DROPS + 1} lost {len(lost)} of {len(pieces)} pieces")

    def new_pieces(self, seen):
        """Pieces on every node that are new since the last look."""
        counts = {}
        for segment in metabase.segments(self.network, "market"):
            if segment.stream not in seen:
                seen.add(segment.stream)
                for holder in segment.holders:
                    counts[holder] = counts.get(holder, 0) + 1
        return [counts.get(metabase.node_id(node["id"]), 0) for node in self.network.nodes]

    # What is known

    def farmers(self):
        return self.network.operator(self.network.satellite, "farmers")["farmers"]

    def newest(self):
        period = self.network.operator(self.network.satellite, "heartbeats").get("period")
        return period["number"] if period else 0

    def statements(self, **query):
        arguments = [text for key, value in query.items() for text in [f"--{key}", str(value)]]
        return self.network.operator(self.network.satellite, "statements", *arguments)["statements"]

    def stated(self, period):
        """Whether everything up to a period is stated and, where the farmer can be reached, delivered."""
        silent = self.network.nodes[FALLS_SILENT]["id"]
        waiting = [item for item in self.statements(limit=10000) if item["period"] <= period
                   and item["state"] != "accepted" and item["node"] != silent]
        return not waiting and any(item["period"] == period for item in self.statements(period=period))

    # What is printed

    def report(self, shares):
        rows = {}
        for item in self.statements(limit=10000):
            rows.setdefault(item["node"], {})[item["period"]] = item
        say("   node  $/TB-month  " + "".join(str(step % 10) for step in range(1, len(self.periods) + 1)) + "   paid, STORJ")
        for index, node in enumerate(self.network.nodes):
            mine = rows.get(node["id"], {})
            letters = "".join(LETTERS[mine.get(number, {}).get("verdict")] for number in self.periods)
            paid = sum(item["amount_units"] for item in mine.values())
            say(f"   {index + 1:4}  {PRICES[index]:>10}  {letters}   {paid / 1e8:.8f}")
        third = max(1, len(shares) // 3)
        say("   new pieces, by thirds of the time, percent of all:")
        for index in range(10):
            cells = []
            for part in [shares[:third], shares[third:2 * third], shares[2 * third:]]:
                total = sum(sum(row) for row in part) or 1
                cells.append(f"{100 * sum(row[index] for row in part) / total:5.1f}")
            say(f"   {index + 1:4}  {PRICES[index]:>10}  {'  '.join(cells)}")
        self.check(rows)

    def check(self, rows):
        """Everybody is paid for what is proven and for nothing else.

        The farmer that lost pieces fails until its node has found out and said what is missing; from then on it is asked
        for the rest, and paid for the rest.
        """
        storage = lambda item: next((line["units"] for line in item["lines"] if line["kind"] == "storage"), 0)
        for index, node in enumerate(self.network.nodes):
            mine = rows.get(node["id"], {})
            limit = {DROPS: self.options.drop, FALLS_SILENT: self.options.silence}.get(index, len(self.periods) + 1)
            for step, number in enumerate(self.periods, 1):
                item = mine.get(number)
                if not item:
                    continue
                if step < limit:
                    expect(item["verdict"] in ["passed", "void"], f"node {index + 1} passes period {step}")
                if item["verdict"] != "passed":
                    equal(storage(item), 0, f"node {index + 1} is paid no storage in period {step}")
                if step > limit and index == FALLS_SILENT:
                    expect(item["verdict"] in ["unreachable", "void"], f"node {index + 1} is not reached in period {step}")
        unproven = [item for item in rows[self.network.nodes[DROPS]["id"]].values() if item["verdict"] != "passed"]
        # It fails, or says in time that it cannot read: then nothing is decided.
        expect(unproven, "the farmer that lost pieces did not prove a period")
        say(f"   node {DROPS + 1} proved nothing in {len(unproven)} periods, until it had said what was missing")

    def settle(self):
        """Everybody claims; what the ledger says is what the statements say."""
        network = self.network
        dead = network.nodes[FALLS_SILENT]
        network.restart_nodes([dead])
        eventually(lambda: all(item["state"] == "accepted" for item in self.statements(limit=10000)), 300,
                   "all statements are delivered, also to the one that came back")
        due = {}
        wallets = {farmer["node"]: farmer["wallet"] for farmer in self.farmers()}
        for item in self.statements(limit=10000):
            due[item["node"]] = due.get(item["node"], 0) + item["amount_units"]
        paid = lambda: {node: self.balance(wallets[node]) for node in due}

        def settled():
            """Claims again what is still missing: the last root may be anchored only now."""
            lacking = [node for node in network.nodes if paid().get(node["id"], 0) != due.get(node["id"], 0)]
            for node in lacking:
                with suppress(AssertionError):  # Nothing to claim yet, or a claim is under way.
                    network.operator(node, "claim", "--all")
            return not lacking

        try:
            eventually(settled, 120, "balances on the ledger are the sums of the statements")
        finally:
            balances = paid()
            say("   node  statements, units  balance on the ledger")
            for index, node in enumerate(network.nodes):
                units, balance = due.get(node["id"], 0), balances.get(node["id"], 0)
                same = "equal" if units == balance else "DIFFERENT"
                say(f"   {index + 1:4}  {units:17}  {balance:21}  {same}")

    def balance(self, wallet):
        """What a wallet has: of the chain's own word, or of the satellite's ledger."""
        if self.ledger == "embedded":
            return self.network.operator(self.network.satellite, "ledger", "balance", wallet)["units"]
        with open(os.path.join(self.network.satellite["dir"], "settings.json")) as file:
            settings = json.load(file)
        data = "0x70a08231" + "0" * 24 + wallet[2:]
        call = {"jsonrpc": "2.0", "id": 1, "method": "eth_call",
                "params": [{"to": settings["ledger.token"], "data": data}, "latest"]}
        request = urllib.request.Request(
            settings["ledger.endpoints"], json.dumps(call).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(json.load(answer)["result"], 16)


if __name__ == "__main__":
    sys.exit(main())
