#!/usr/bin/env python3
"""Random calls of all contracts with what came of each, for another implementation of the rules to follow.

    .venv-chain/bin/python Tests/Contracts/trace.py [--calls 1000] [--seed 1]

Lines of words, separated by spaces; numbers are decimal, everything else is hexadecimal, `-` is empty. `world` begins anew and names chain,
contracts and operator; `mint` gives money; `hash` tells the hash of a block; `call` names sender, seconds, height, function and arguments.
Then come the `event`s of the call and `done`, or `refused` and the reason. Calls that amounts of 64 bits cannot express are left out.
In the end `balance`, `channel`, `agreement`, `payout` and `credit` say what is there.
"""

import argparse

from fuzz import PEOPLE, WORLD, Fuzz

MAXIMUM = 2**64 - 1


class Unspeakable(Exception):
    """A number that the other side has no room for."""


def word(value):
    if isinstance(value, bool):
        raise TypeError("no argument is a truth value")
    if isinstance(value, int):
        if value > MAXIMUM:
            raise Unspeakable
        return str(value)
    if isinstance(value, bytes):
        return value.hex() or "-"
    return value.lower().removeprefix("0x")


def words(*values):
    return [word(value) for value in values]


def channel(value):
    return words(*value.values())


def signature(r, s, v):
    if v not in (27, 28):
        raise Unspeakable
    return words(r, s, v)


def claim(value):
    if value["period"] >= 2**32:
        raise Unspeakable
    return channel(value["channel"]) + words(value["cumulative"], value["period"], value["statement"]) + signature(
        value["r"], value["s"], value["v"])


def payout_claim(value):
    return words(value["satellite"], value["farmer"], value["cumulative"], len(value["path"]), *value["path"])


def many(items, each):
    return words(len(items)) + [text for item in items for text in each(item)]


class Trace(Fuzz):
    """A fuzz that writes down what it does."""

    def __init__(self, seed):
        super().__init__(seed)
        self.contents = {piece.identity: piece.hash for piece in self.pieces.pieces}
        self.emit(["world"], words(
            1337, self.channels.address, self.agreements.address, self.payouts.address, self.machine.deployer))
        for key in self.people:
            self.emit(["mint"], words(key.address, self.machine.balance(key)))
        assert len(self.people) == PEOPLE

    @staticmethod
    def emit(*lists):
        print(" ".join(text for words in lists for text in words))

    def garbage(self):
        self.on_channel()

    def on_token(self):
        self.send(self.someone(), self.token, "transfer", self.someone().address, self.amount())

    def send(self, sender, contract, name, *arguments):
        address = getattr(sender, "address", sender)
        try:
            text = self.operation(contract, name, arguments)
        except Unspeakable:
            assert super().send(sender, contract, name, *arguments) is None, "what cannot be expected was done"
            return None
        if name == "seal":
            self.tell_hash(arguments[0])
        self.emit(["call"], words(address, self.machine.seconds, self.machine.number), text)
        events = super().send(sender, contract, name, *arguments)
        if events is None:
            self.emit(["refused", self.last_reason or "balance too low"])
            return None
        for kind, fields in events:
            # Sets of periods are words, everything else fits.
            self.emit(["event", kind], [
                value.to_bytes(32, "big").hex() if field == "mask" else word(value) for field, value in fields.items()])
        self.emit(["done"])
        return events

    def tell_state(self):
        """What is there in the end."""
        for owner in [*(key.address for key in self.people), self.channels.address, self.payouts.address,
                      self.agreements.address]:
            self.emit(["balance"], words(owner, self.machine.balance(owner)))
        for identity in self.known_channels:
            funded, claimed, closes, closed = self.channels.ask("channel", identity)
            self.emit(["channel"], words(identity, funded, claimed, closes, int(closed)))
        for identity in self.known_agreements:
            _, finished, paid, missed, escrow, collateral = self.agreements.ask("agreement", identity)
            self.emit(["agreement"], words(
                identity, paid.to_bytes(32, "big"), missed.to_bytes(32, "big"), escrow, collateral, int(finished)))
        for key in self.people:
            pool, anchored, period, payout_root, report_root, total, nodes = self.payouts.ask("payout", key.address)
            self.emit(["payout"], words(
                key.address, pool, int(anchored), period, payout_root, report_root, total, nodes))
            self.emit(["credit"], words(key.address, self.agreements.ask("credit", key.address)))

    def tell_hash(self, epoch):
        target, _ = self.agreements.ask("beacon", epoch)
        if target and target < self.machine.number <= target + 256:
            self.emit(["hash"], words(target, bytes(self.machine.evm.block_hash(target))))

    def operation(self, contract, name, arguments):
        if contract is self.token:
            return [name] + words(*arguments)
        if contract is self.channels:
            return self.channel_operation(name, arguments)
        if contract is self.payouts:
            if name == "claim":
                return ["claimPayout"] + payout_claim(arguments[0])
            if name == "claimMany":
                return ["claimPayouts"] + many(arguments[0], payout_claim)
            return [name] + words(*arguments)
        return self.agreement_operation(name, arguments)

    def channel_operation(self, name, arguments):
        if name == "open":
            return [name] + channel(arguments[0]) + words(arguments[1])
        if name == "openMany":
            return [name] + many(arguments[0], channel) + words(arguments[1])
        if name == "topUp":
            return [name] + words(*arguments)
        if name == "claim":
            return [name] + claim(arguments[0])
        if name == "claimMany":
            return [name] + many(arguments[0], claim)
        return [name] + channel(arguments[0])

    def agreement_operation(self, name, arguments):
        if name in ("arm", "seal", "withdraw"):
            return [name] + words(*arguments)
        terms = words(*arguments[0].values())
        if name == "open":
            return ["openAgreement"] + terms + signature(*arguments[1:])
        if name == "settle":
            return [name] + terms + [arguments[1].to_bytes(32, "big").hex()] + signature(*arguments[2:])
        if name == "prove":
            proof = arguments[2]
            return [name] + terms + words(
                arguments[1], proof["pieceId"], proof["pieceSize"], self.contents[proof["pieceId"]], proof["chunk"],
                len(proof["chunkPath"]), *proof["chunkPath"], len(proof["setHashes"])) + [
                    text for sibling, total in zip(proof["setHashes"], proof["setSums"])
                    for text in words(sibling, total >> 1, total & 1)]
        return [name] + terms


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for world, start in enumerate(range(0, arguments.calls, WORLD)):
        trace = Trace(arguments.seed + world)
        trace.run(min(WORLD, arguments.calls - start))
        trace.tell_state()


if __name__ == "__main__":
    main()
