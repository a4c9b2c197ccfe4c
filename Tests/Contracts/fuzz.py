#!/usr/bin/env python3
"""Random calls of all contracts by everybody, with invariants checked after each.

    .venv-chain/bin/python Tests/Contracts/fuzz.py [--calls 100000] [--seed 1]

Nothing here knows the rules: it knows what must hold whatever anybody does. A failure names the seed and the call.
"""

import argparse
import collections
import os
import time

from eth_utils import keccak

from machine import DAY, REPOSITORY, ZERO, Machine, Refused
from messages import Domain, beacon_target, payout_tree
from possession import CHUNK, Piece, PieceSet

# How often everything is looked at; after each call only what it touched is.
FULL_CHECK = 200
# Calls until everything begins anew: what is checked grows with what exists.
WORLD = 4000
PEOPLE = 6


def known_reasons():
    """What contracts may say: the reasons of the rules, and two of the token."""
    path = os.path.join(REPOSITORY, "Sources", "Ground", "Contracts", "SettlementError.swift")
    with open(path) as file:
        reasons = {line.split('"')[1] for line in file if line.strip().startswith("case ")}
    return reasons | {"allowance too low"}


class Fuzz:
    def __init__(self, seed):
        self.seed = seed
        self.machine = Machine(seed=seed, balance=10**7)
        self.random = self.machine.random
        self.people = [self.machine.key(index) for index in range(1, 1 + PEOPLE)]
        for key in self.people[4:]:
            self.machine.fund(key, 10**6)
        self.token, self.channels = self.machine.token, self.machine.channels
        self.payouts, self.agreements = self.machine.payouts, self.machine.agreements
        self.vouchers = Domain("StorjChannels", 1337, self.channels.address)
        self.terms_domain = Domain("StorjAgreements", 1337, self.agreements.address)
        self.supply = self.token.ask("totalSupply")
        self.pieces = PieceSet([
            Piece(self.random.randbytes(32), self.random.randbytes(size)) for size in (0, 700, CHUNK, 2 * CHUNK + 3)])
        self.reasons = known_reasons()
        self.outcomes = collections.Counter()
        # What exists, with what was last seen of it.
        self.known_channels, self.known_agreements, self.known_epochs = {}, {}, {}
        self.trees = {}
        self.paid = collections.Counter()
        self.holders = {key.address for key in self.people} | {
            self.channels.address, self.payouts.address, self.agreements.address, ZERO, self.machine.deployer}
        self.last_calls = []
        self.last_reason = None

    # Choices

    def someone(self):
        return self.random.choice(self.people)

    def amount(self):
        kind = self.random.random()
        if kind < 0.05:
            return self.random.choice([0, 1, 2**64 - 1, 2**64, 2**255, 2**256 - 1])
        return self.random.randrange(1, 10 ** self.random.randrange(1, 7))

    def a_channel(self):
        """One that exists, or a new one."""
        if self.known_channels and self.random.random() < 0.85:
            live = [known for known in self.known_channels.values() if not known["state"][3]]
            known = live if live and self.random.random() < 0.9 else list(self.known_channels.values())
            return self.random.choice(known)["channel"]
        challenge = self.random.choice([3600, DAY, 5 * DAY, 90 * DAY, 3599, 2**255])
        return {
            "payer": self.someone().address, "farmer": self.random.choice([self.someone().address] * 9 + [ZERO]),
            "signer": self.someone().address, "challenge": challenge,
            "salt": self.random.randrange(50).to_bytes(32, "big")}

    def owner(self, address):
        """The key of an address, mostly; sometimes another."""
        if self.random.random() < 0.85:
            for key in self.people:
                if key.address == address:
                    return key
        return self.someone()

    def a_claim(self):
        channel = self.a_channel()
        claim = self.vouchers.claim(
            self.owner(channel["signer"]), channel, min(self.amount(), 2**256 - 1), self.random.randrange(1000))
        kind = self.random.random()
        if kind < 0.05:
            claim["r"], claim["s"], claim["v"] = Domain.high(claim["r"], claim["s"], claim["v"])
        elif kind < 0.1:
            field = self.random.choice(["cumulative", "period", "v"])
            claim[field] = (claim[field] + 1) % 2**256
        return claim

    def terms(self):
        if self.known_agreements and self.random.random() < 0.85:
            live = [known for known in self.known_agreements.values() if not known["state"][0]]
            known = live if live and self.random.random() < 0.9 else list(self.known_agreements.values())
            return self.random.choice(known)["terms"]
        now = self.machine.seconds
        collateral = self.random.choice([0, 0, 500, 10**5])
        return {
            "payer": self.someone().address, "farmer": self.someone().address, "signer": self.someone().address,
            "root": self.pieces.root, "chunks": self.pieces.total, "start": now // DAY * DAY + self.random.choice([0, 0, DAY // 4, DAY, -3600]),
            "period": self.random.choice([3600, DAY, DAY, 3 * DAY]), "periods": self.random.choice([1, 2, 5, 40, 256, 257]),
            "price": self.random.randrange(0, 500), "window": self.random.choice([0, 3600, DAY]),
            "grace": self.random.choice([0, 3600, DAY]), "collateral": collateral,
            "penalty": self.random.choice([0, collateral // 5, collateral]),
            "salt": self.random.randrange(500).to_bytes(32, "big")}

    # Calls

    def step(self):
        if self.random.random() < 0.12:
            self.machine.wait(
                self.random.choice([1, 60, 3600, 3600, DAY // 3, DAY // 2, DAY, 4 * DAY]), self.random.choice([1, 1, 3, 6, 300]))
        action = self.random.choices(
            [self.on_channel, self.on_payouts, self.on_agreements, self.on_token, self.garbage],
            [35, 25, 32, 4, 4])[0]
        action()

    def send(self, sender, contract, name, *arguments):
        call = (getattr(sender, "address", sender), name)
        self.last_calls = (self.last_calls + [call])[-20:]
        try:
            events = contract.act(call[0], name, *arguments)
        except Refused as refused:
            self.outcomes[name, refused.reason] += 1
            self.last_reason = refused.reason
            too_long = any(isinstance(each, list) and len(each) > 65 for each in arguments)
            assert refused.reason in self.reasons or contract is self.token or too_long, (name, refused.reason)
            return None
        self.outcomes[name, "done"] += 1
        for kind, fields in events:
            self.note(kind, fields)
        return events

    def note(self, kind, fields):
        """Remembers what exists."""
        if kind == "Transfer":
            assert fields["value"] <= self.supply
        elif kind == "BeaconArmed":
            self.known_epochs.setdefault(fields["epoch"], bytes(32))
        elif kind == "Claimed":
            assert fields["paid"] > 0
        elif kind == "Paid":
            key = (fields["satellite"], fields["farmer"])
            self.paid[key] += fields["amount"]
            assert self.paid[key] == fields["cumulative"], "paid is not the sum of what was paid"

    def on_channel(self):
        name = self.random.choices(
            ["open", "openMany", "topUp", "claim", "claimMany", "startClose", "finishClose", "farmerClose"],
            [14, 3, 12, 40, 10, 8, 8, 3])[0]
        channel = self.a_channel()
        touched = [channel]
        if name == "open":
            self.send(self.owner(channel["payer"]), self.channels, name, channel, self.amount())
        elif name == "openMany":
            payer = self.someone()
            touched = [{**self.a_channel(), "payer": payer.address} for _ in range(self.random.randrange(5))]
            self.send(payer, self.channels, name, touched, self.amount())
        elif name == "topUp":
            self.send(self.someone(), self.channels, name, self.vouchers.channel_id(channel), self.amount())
        elif name == "claim":
            claim = self.a_claim()
            touched = [claim["channel"]]
            self.send(self.someone(), self.channels, name, claim)
        elif name == "claimMany":
            claims = [self.a_claim() for _ in range(self.random.choice([0, 1, 2, 3, 8]))]
            touched = [claim["channel"] for claim in claims]
            self.send(self.someone(), self.channels, name, claims)
        else:
            sender = self.owner(channel["farmer" if name == "farmerClose" else "payer"])
            self.send(sender, self.channels, name, channel)
        for each in touched:
            self.check_channel(each)

    def on_payouts(self):
        satellite = self.someone()
        name = self.random.choices(["fund", "anchor", "claim", "claimMany"], [20, 15, 45, 20])[0]
        if name == "fund":
            self.send(self.someone(), self.payouts, name, satellite.address, self.amount())
        elif name == "anchor":
            before = self.trees.get(satellite.address, ({}, None))[0]
            entries = {
                key.address: max(0, before.get(key.address, 0) + self.random.randrange(-50, 2000)) for key in self.people}
            root, paths = payout_tree(entries)
            last = self.payouts.ask("payout", satellite.address)[2]
            period = self.random.choice([last + 1, last + 2, last, self.random.randrange(2000)])
            if self.send(satellite, self.payouts, name, period, root, bytes(32), sum(entries.values()), len(entries)):
                self.trees[satellite.address] = (entries, paths)
        else:
            claims = []
            for _ in range(1 if name == "claim" else self.random.randrange(0, 7)):
                entries, paths = self.trees.get(satellite.address, ({}, {}))
                farmer = self.someone().address
                cumulative = entries.get(farmer, 5) + (1 if self.random.random() < 0.05 else 0)
                claims.append({
                    "satellite": satellite.address, "farmer": farmer, "cumulative": cumulative,
                    "path": paths.get(farmer, [])})
            self.send(self.someone(), self.payouts, name, claims[0] if name == "claim" else claims)

    def on_agreements(self):
        name = self.random.choices(
            ["open", "arm", "seal", "prove", "settle", "reclaim", "finish", "withdraw"], [14, 8, 15, 30, 15, 8, 5, 5])[0]
        terms = self.terms()
        identity = self.terms_domain.terms_id(terms)
        if name == "open":
            signature = self.terms_domain.signature(self.owner(terms["farmer"]), identity)
            if self.send(self.owner(terms["payer"]), self.agreements, name, terms, *signature):
                self.known_agreements[identity] = {"terms": terms, "state": (False, 0, 0, terms["collateral"])}
        elif name == "seal" and self.random.random() < 0.5:
            self.send(self.someone(), self.agreements, "arm", self.machine.seconds // DAY)
            self.machine.wait(12, 6)
            self.send(self.someone(), self.agreements, "seal", self.machine.seconds // DAY)
        elif name in ("arm", "seal"):
            epoch = self.machine.seconds // DAY + self.random.choice([0, 0, 0, -1, 1])
            self.send(self.someone(), self.agreements, name, epoch)
        elif name == "prove":
            self.prove(terms, identity)
        elif name == "settle":
            mask = self.random.getrandbits(self.random.choice([1, 3, min(terms["periods"], 256), 256]))
            receipt = self.terms_domain.receipt(self.owner(terms["signer"]), terms, mask)
            self.send(self.someone(), self.agreements, name, terms, *receipt)
        elif name == "withdraw":
            self.send(self.someone(), self.agreements, name)
        else:
            self.send(self.someone(), self.agreements, name, terms)
        if identity in self.known_agreements:
            self.check_agreement(identity)

    def prove(self, terms, identity):
        """A proof of a period whose beacon is known, mostly the right one."""
        ends = [terms["start"] + (period + 1) * terms["period"] for period in range(min(terms["periods"], 40))]
        today = self.machine.seconds // DAY
        known = [period for period, end in enumerate(ends) if -(-end // DAY) == today]
        if not known or self.random.random() < 0.2:
            known = [period for period, end in enumerate(ends) if -(-end // DAY) in self.known_epochs]
        period = self.random.choice(known) if known else self.random.randrange(300)
        end = terms["start"] + (period + 1) * terms["period"]
        _, seed = self.agreements.ask("beacon", -(-end // DAY))
        target = beacon_target(seed, identity, period, terms["chunks"])
        if self.random.random() < 0.1:
            target = (target + 1) % terms["chunks"]
        self.send(self.someone(), self.agreements, "prove", terms, period, self.pieces.proof(target))

    def on_token(self):
        name = self.random.choice(["transfer", "transferFrom", "approve"])
        if name == "transfer":
            self.send(self.someone(), self.token, name, self.someone().address, self.amount())
        elif name == "transferFrom":
            self.send(self.someone(), self.token, name, self.someone().address, self.someone().address, self.amount())
        else:
            contract = self.random.choice([self.channels, self.payouts, self.agreements])
            self.send(self.someone(), self.token, name, contract.address, 2**255)

    def garbage(self):
        """A call that was good once, with bytes changed, taken away or added."""
        name, contract, arguments = self.random.choice([
            ("claim", self.channels, [self.a_claim()]),
            ("claimMany", self.channels, [[self.a_claim(), self.a_claim()]]),
            ("claim", self.payouts, [{
                "satellite": self.someone().address, "farmer": self.someone().address, "cumulative": 9,
                "path": [bytes(32)] * 3}]),
            ("prove", self.agreements, [self.terms(), 0, self.pieces.proof(0)]),
        ])
        data = bytearray(contract.interface.call(name, arguments))
        for _ in range(self.random.randrange(1, 4)):
            place = self.random.randrange(len(data))
            data[place] = self.random.randrange(256)
        data = bytes(data[:self.random.choice([len(data), self.random.randrange(len(data))])])
        data += self.random.choice([b"", b"", self.random.randbytes(40)])
        self.machine.calls += 1
        self.machine.evm.reset_transient_storage()
        try:
            self.machine.evm.message_call(caller=self.someone().address, to=contract.address, calldata=data)
            self.outcomes["garbage", "done"] += 1
            for event in self.machine.events():
                self.note(*event)
        except RuntimeError:
            self.outcomes["garbage", "refused"] += 1

    # Invariants

    def check_channel(self, channel):
        identity = self.vouchers.channel_id(channel)
        funded, claimed, closes, closed = self.channels.ask("channel", identity)
        if funded == 0:
            assert identity not in self.known_channels, "a channel is gone"
            return
        assert claimed <= funded <= self.supply, "more was claimed than funded"
        known = self.known_channels.setdefault(identity, {"channel": channel, "state": (0, 0, 0, False)})
        before = known["state"]
        assert funded >= before[0] and claimed >= before[1], "an amount went back"
        assert not before[3] or (funded, claimed, closes, closed) == before, "a closed channel changed"
        assert before[2] == 0 or closes == before[2], "the end of a closing moved"
        assert before[2] == 0 or funded == before[0], "a closing channel was funded"
        known["state"] = (funded, claimed, closes, closed)

    def check_agreement(self, identity):
        known = self.known_agreements[identity]
        terms = known["terms"]
        exists, finished, paid, missed, escrow, collateral = self.agreements.ask("agreement", identity)
        assert exists, "an agreement is gone"
        assert paid & missed == 0, "a period is paid and refunded"
        assert (paid | missed) >> terms["periods"] == 0, "a period that does not exist is decided"
        undecided = terms["periods"] - bin(paid | missed).count("1")
        assert escrow == terms["price"] * undecided, "the escrow is not the price of what is undecided"
        assert collateral <= terms["collateral"]
        assert not finished or (undecided == 0 and collateral == 0), "finished too early"
        state = (finished, paid, missed, collateral)
        before = known["state"]
        assert before[1] & ~paid == 0 and before[2] & ~missed == 0, "a decision was taken back"
        assert not before[0] or state == before, "a finished agreement changed"
        known["state"] = state

    def check_everything(self):
        for known in list(self.known_channels.values()):
            self.check_channel(known["channel"])
        for identity in self.known_agreements:
            self.check_agreement(identity)
        for epoch, seed in self.known_epochs.items():
            now = self.agreements.ask("beacon", epoch)[1]
            assert seed in (bytes(32), now), "a beacon changed"
            self.known_epochs[epoch] = now
        locked = sum(state["state"][0] - state["state"][1] for state in self.known_channels.values()
                     if not state["state"][3])
        assert self.machine.balance(self.channels) == locked, "the channels' money is not what they owe"
        pools = sum(self.payouts.ask("payout", key.address)[0] for key in self.people)
        assert self.machine.balance(self.payouts) == pools, "the pools' money is not what is in them"
        held = sum(self.agreements.ask("credit", key.address) for key in self.people)
        for known in self.known_agreements.values():
            finished, paid, missed, collateral = known["state"]
            terms = known["terms"]
            held += collateral + terms["price"] * (terms["periods"] - bin(paid | missed).count("1"))
        assert self.machine.balance(self.agreements) == held, "the agreements' money is not what they owe"
        assert sum(map(self.machine.balance, self.holders)) == self.supply, "money came or went"
        assert self.token.ask("totalSupply") == self.supply

    def run(self, calls):
        """So many calls that could change something."""
        number = 0
        try:
            for number in range(calls):
                self.step()
                if number % FULL_CHECK == FULL_CHECK - 1:
                    self.check_everything()
            self.check_everything()
        except AssertionError as error:
            raise AssertionError(f"seed {self.seed}, call {number}, last {self.last_calls[-5:]}: {error}") from error


def fuzz(calls, seed):
    """So many calls in worlds of their own; returns how often what came out."""
    outcomes = collections.Counter()
    for world, start in enumerate(range(0, calls, WORLD)):
        each = Fuzz(seed + world)
        each.run(min(WORLD, calls - start))
        outcomes += each.outcomes
    return outcomes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    start = time.time()
    outcomes = fuzz(arguments.calls, arguments.seed)
    print(f"{arguments.calls} calls in {time.time() - start:.0f} s, seed {arguments.seed}: every invariant held")
    for (name, outcome), count in sorted(outcomes.items(), key=str):
        print(f"{count:>8}  {name}: {outcome or 'reverted without a reason'}")


if __name__ == "__main__":
    main()
