"""Payouts refuse what the ledger's rules refuse, in the same order and words, and tell what happened."""

import unittest

from case import ContractCase
from eth_utils import keccak
from messages import payout_leaf, payout_tree

MAXIMUM = 2**64 - 1


class PayoutTests(ContractCase):
    def setUp(self):
        super().setUp()
        self.entries = {self.machine.key(index).address: 100 * index for index in range(20, 33)}
        self.root, self.paths = payout_tree(self.entries)

    def fund(self, amount):
        return self.payouts.act(self.payer.address, "fund", self.satellite.address, amount)

    def anchor(self, period, root=None, total=0, nodes=13, sender=None):
        return self.payouts.act(
            (sender or self.satellite).address, "anchor", period, root or self.root, keccak(text="report"), total, nodes)

    def claim(self, farmer, cumulative=None, path=None, satellite=None):
        return {
            "satellite": (satellite or self.satellite).address, "farmer": farmer,
            "cumulative": self.entries[farmer] if cumulative is None else cumulative,
            "path": self.paths[farmer] if path is None else path}

    def take(self, *claims):
        if len(claims) == 1:
            return self.payouts.act(self.other.address, "claim", claims[0])
        return self.payouts.act(self.other.address, "claimMany", list(claims))

    def test_a_pool_grows_by_what_anybody_puts_in(self):
        with self.refused("amount is zero"):
            self.fund(0)
        with self.refused("balance too low"):
            self.fund(10**12 + 1)
        with self.refused("amount too large"):
            self.fund(MAXIMUM + 1)
        self.fund(10)
        self.assertEqual(self.fund(5)[1][1], {
            "satellite": self.satellite.address.lower(), "amount": 5, "pool": 15})

    def test_an_anchor_is_kept_whole_and_its_period_grows(self):
        self.fund(7)
        events = self.anchor(0, total=5, nodes=3)
        self.assertEqual(events, [("Anchored", {
            "satellite": self.satellite.address.lower(), "period": 0, "payoutRoot": self.root,
            "reportRoot": keccak(text="report"), "total": 5, "nodes": 3})])
        self.assertEqual(
            self.payouts.ask("payout", self.satellite.address), (7, True, 0, self.root, keccak(text="report"), 5, 3))
        with self.refused("period not new"):
            self.anchor(0)
        self.anchor(9, total=MAXIMUM, nodes=2**63 - 1)
        with self.refused("period not new"):
            self.anchor(8)
        self.assertEqual(self.payouts.ask("payout", self.satellite.address)[5:], (MAXIMUM, 2**63 - 1))
        self.anchor(MAXIMUM)
        for reason, period, total, nodes in [
            ("bad terms", MAXIMUM + 1, 0, 0), ("bad terms", 1, 0, 2**63), ("amount too large", 1, MAXIMUM + 1, 0)]:
            with self.refused(reason):
                self.anchor(period, total=total, nodes=nodes, sender=self.other)
        self.assertFalse(self.payouts.ask("payout", self.other.address)[1])

    def test_every_farmer_is_paid_what_the_root_says_once(self):
        self.fund(10**6)
        self.anchor(1)
        for farmer, owed in self.entries.items():
            events = self.take(self.claim(farmer))
            self.assertEqual([name for name, _ in events], ["Transfer", "Paid"])
            self.assertEqual(self.machine.balance(farmer), owed)
            with self.refused("nothing to claim"):
                self.take(self.claim(farmer))
        self.assertEqual(self.payouts.ask("payout", self.satellite.address)[0], 10**6 - sum(self.entries.values()))

    def test_a_newer_root_pays_the_difference_and_an_older_one_counts_no_more(self):
        self.fund(10**6)
        self.anchor(1)
        farmer = next(iter(self.entries))
        self.take(self.claim(farmer))
        old = self.claim(farmer)
        entries = {each: owed + 50 for each, owed in self.entries.items()}
        self.root, self.paths = payout_tree(entries)
        self.anchor(2)
        with self.refused("bad path"):
            self.take(old)
        self.assertEqual(self.take(self.claim(farmer, entries[farmer]))[1][1]["amount"], 50)

    def test_an_empty_pool_pays_what_there_is_and_the_rest_later(self):
        farmer = max(self.entries, key=self.entries.get)
        owed = self.entries[farmer]
        with self.refused("root unknown"):
            self.take(self.claim(farmer))
        self.anchor(1)
        with self.refused("pool empty"):
            self.take(self.claim(farmer))
        self.fund(owed - 30)
        self.assertEqual(self.take(self.claim(farmer))[1][1], {
            "satellite": self.satellite.address.lower(), "farmer": farmer.lower(), "cumulative": owed - 30,
            "amount": owed - 30})
        self.fund(1000)
        self.assertEqual(self.take(self.claim(farmer))[1][1]["cumulative"], owed)

    def test_claims_that_the_root_does_not_contain_are_refused(self):
        self.fund(10**6)
        self.anchor(1)
        farmer, other = list(self.entries)[:2]
        path = self.paths[farmer]
        leaf = payout_leaf(farmer, self.entries[farmer])
        inner = keccak(b"\1" + min(leaf, path[0]) + max(leaf, path[0]))
        for name, claim in {
            "a higher amount": self.claim(farmer, self.entries[farmer] + 1),
            "another farmer": self.claim(other, path=path), "a shorter path": self.claim(farmer, path=path[:-1]),
            "a longer path": self.claim(farmer, path=[*path, bytes(32)]), "no path": self.claim(farmer, path=[]),
            "an inner node as a leaf": self.claim("0x" + inner[12:].hex(), 5, path[1:]),
            "33 steps": self.claim(farmer, path=[bytes(32)] * 33),
        }.items():
            with self.subTest(name), self.refused("bad path"):
                self.take(claim)
        with self.refused("root unknown"):
            self.take(self.claim(farmer, satellite=self.other))
        with self.refused(None):
            self.take(self.claim(farmer, path=[bytes(32)] * 34))

    def test_many_claims_are_paid_together_or_not_at_all(self):
        self.fund(10**6)
        self.anchor(1)
        claims = [self.claim(farmer) for farmer in self.entries]
        for reason, given in [
            ("too many", []), ("too many", [claims[0]] * 65), ("nothing to claim", [*claims, claims[0]]),
            ("bad path", [*claims[:-1], {**claims[-1], "cumulative": 1}]),
        ]:
            with self.subTest(reason), self.refused(reason):
                self.payouts.act(self.other.address, "claimMany", given)
        self.take(*claims)
        self.assertEqual([self.machine.balance(farmer) for farmer in self.entries], list(self.entries.values()))

    def test_a_root_over_one_farmer_is_its_leaf(self):
        farmer = self.farmer.address
        self.fund(100)
        self.anchor(1, root=payout_leaf(farmer, 60))
        self.assertEqual(self.take(self.claim(farmer, 60, []))[1][1]["amount"], 60)

    def test_satellites_pools_are_apart(self):
        farmer = self.farmer.address
        self.fund(100)
        self.anchor(1, root=payout_leaf(farmer, 60), sender=self.other)
        with self.refused("pool empty"):
            self.take(self.claim(farmer, 60, [], satellite=self.other))


if __name__ == "__main__":
    unittest.main()
