"""What every operation of the contracts costs on a chain, in transactions as anybody sends them."""

import os
import sys

from eth_abi import encode
from eth_account import Account
from eth_utils import keccak

from machine import DAY, REPOSITORY, START, Interface, Machine, artifact
from messages import Domain, beacon_target, payout_leaf, payout_node
from possession import CHUNK, Piece, PieceSet

sys.path.insert(0, os.path.join(REPOSITORY, "scripts"))
from devchain.chain import Chain  # noqa: E402

CHAIN_ID = 1337
GWEI = 10**9
# What is asked for: a transaction is charged for what it uses.
GAS = 12_000_000


class Deployed:
    """A contract on the chain."""

    def __init__(self, bench, name, *arguments):
        made = artifact(name)
        self.interface = Interface(made["abi"])
        code = bytes.fromhex(made["bytecode"].removeprefix("0x")) + encode(["address"] * len(arguments), arguments)
        receipt = bench.send(0, None, code)
        self.address = receipt.contract_address.checksum
        self.gas = receipt.gas_used


class GasBench:
    """A chain with the contracts, and every row of the table."""

    def __init__(self):
        self.keys = [Machine.key(index) for index in range(400)]
        balances = {bytes.fromhex(key.address.removeprefix("0x")): 10**24 for key in self.keys}
        self.chain = Chain(balances, CHAIN_ID, start=START)
        self.nonces = {}
        self.rows = {}
        self.random = Machine(seed=5).random
        self.token = Deployed(self, "TestToken")
        self.verifier = Deployed(self, "Blake3")
        self.channels = Deployed(self, "Channels", self.token.address)
        self.payouts = Deployed(self, "Payouts", self.token.address)
        self.agreements = Deployed(self, "Agreements", self.token.address, self.verifier.address)
        self.vouchers = Domain("StorjChannels", CHAIN_ID, self.channels.address)
        self.terms = Domain("StorjAgreements", CHAIN_ID, self.agreements.address)

    def send(self, sender, contract, data):
        account = self.keys[sender]
        nonce = self.nonces.get(sender, 0)
        self.nonces[sender] = nonce + 1
        signed = Account.sign_transaction(
            {"type": 2, "chainId": CHAIN_ID, "nonce": nonce, "to": contract.address if contract else "", "value": 0,
             "data": data, "gas": GAS, "maxFeePerGas": 100 * GWEI, "maxPriorityFeePerGas": GWEI}, account.key)
        name = self.chain.send(bytes(signed.raw_transaction))
        receipt = self.chain.backend.get_transaction_receipt(name)
        assert receipt.status == 1, "a transaction that is measured failed"
        self.last = receipt
        return receipt

    def act(self, sender, contract, name, *arguments):
        return self.send(sender, contract, contract.interface.call(name, arguments)).gas_used

    def wait(self, seconds):
        self.chain.increase_time(seconds)
        self.chain.mine()

    def measure(self):
        """Gas by row."""
        for row, contract in [
            ("deploy Channels", self.channels), ("deploy Payouts", self.payouts),
            ("deploy Agreements", self.agreements), ("deploy Blake3", self.verifier),
        ]:
            self.rows[row] = contract.gas
        self.measure_token()
        self.measure_channels()
        self.measure_payouts()
        self.measure_agreements()
        return self.rows

    def measure_token(self):
        for sender in (1, 2):
            self.act(0, self.token, "mint", self.keys[sender].address, 10**15)
        self.act(1, self.token, "transfer", self.keys[3].address, 5)
        self.rows["transfer, new holder"] = self.act(1, self.token, "transfer", self.keys[4].address, 5)
        self.rows["transfer, existing holder"] = self.act(1, self.token, "transfer", self.keys[4].address, 5)
        self.rows["approve"] = self.act(1, self.token, "approve", self.channels.address, 2**255)
        for sender in (1, 2):
            for contract in (self.channels, self.payouts, self.agreements):
                if (sender, contract) != (1, self.channels):
                    self.act(sender, self.token, "approve", contract.address, 2**255)

    def channel(self, farmer, salt):
        return {
            "payer": self.keys[1].address, "farmer": self.keys[farmer].address, "signer": self.keys[1].address,
            "challenge": DAY, "salt": salt.to_bytes(32, "big")}

    def claim(self, channel, cumulative, period):
        return self.vouchers.claim(self.keys[1], channel, cumulative, period, keccak(text=f"statement {period}"))

    def measure_channels(self):
        amount = 10**9
        self.rows["open channel, first in the contract"] = self.act(
            1, self.channels, "open", self.channel(50, 1), amount)
        self.rows["open channel, later"] = self.act(1, self.channels, "open", self.channel(51, 2), amount)
        many = [self.channel(100 + index, 3) for index in range(50)]
        self.rows["openMany 50"] = self.act(1, self.channels, "openMany", many, amount)
        one = [self.channel(2, 1000 + index) for index in range(50)]
        self.act(1, self.channels, "openMany", one, amount)
        self.rows["topUp"] = self.act(1, self.channels, "topUp", self.vouchers.channel_id(self.channel(50, 1)), amount)
        first = self.channel(50, 1)
        self.rows["claim, first, new holder"] = self.act(9, self.channels, "claim", self.claim(first, 1000, 1))
        self.rows["claim, next"] = self.act(9, self.channels, "claim", self.claim(first, 2000, 2))
        self.rows["claimMany 50, 50 farmers, new holders"] = self.act(
            9, self.channels, "claimMany", [self.claim(each, 1000, 1) for each in many])
        self.rows["claimMany 50, 50 farmers, existing"] = self.act(
            9, self.channels, "claimMany", [self.claim(each, 2000, 2) for each in many])
        self.act(9, self.channels, "claimMany", [self.claim(each, 1000, 1) for each in one])
        self.rows["claimMany 50, one farmer"] = self.act(
            9, self.channels, "claimMany", [self.claim(each, 2000, 2) for each in one])
        self.rows["startClose"] = self.act(1, self.channels, "startClose", first)
        self.wait(DAY)
        self.rows["finishClose"] = self.act(9, self.channels, "finishClose", first)
        self.rows["farmerClose"] = self.act(51, self.channels, "farmerClose", self.channel(51, 2))

    def measure_payouts(self):
        satellite = self.keys[1].address
        self.act(1, self.payouts, "fund", satellite, 10**12)
        self.rows["fund a pool"] = self.act(1, self.payouts, "fund", satellite, 10**12)
        depth = 14
        # Farmers side by side in a tree of 2**14: the levels above them are made up.
        farmers = [self.keys[200 + index].address for index in range(50)]

        def tree(cumulative):
            levels = [[payout_leaf(farmer, cumulative) for farmer in farmers]]
            for _ in range(depth):
                level = levels[-1]
                if len(level) % 2:
                    level.append(self.random.randbytes(32))
                levels.append([payout_node(level[index], level[index + 1]) for index in range(0, len(level), 2)])
            claims = [
                {"satellite": satellite, "farmer": farmer, "cumulative": cumulative,
                 "path": [levels[height][(index >> height) ^ 1] for height in range(depth)]}
                for index, farmer in enumerate(farmers)]
            return levels[-1][0], claims

        # All but the first hold some of the token already.
        for farmer in farmers[1:]:
            self.act(1, self.token, "transfer", farmer, 1)
        root, claims = tree(1000)
        self.rows["anchor a period, first"] = self.act(
            1, self.payouts, "anchor", 1, root, keccak(text="report"), 1000 * 50, 50)
        self.rows["Payouts claim, depth 14, first, new holder"] = self.act(9, self.payouts, "claim", claims[0])
        self.rows["Payouts claim, depth 14, first"] = self.act(9, self.payouts, "claim", claims[1])
        self.rows["Payouts claimMany 48, first"] = self.act(9, self.payouts, "claimMany", claims[2:])
        root, claims = tree(2000)
        self.rows["anchor a period, later"] = self.act(
            1, self.payouts, "anchor", 2, root, keccak(text="report 2"), 2000 * 50, 50)
        self.rows["Payouts claim, depth 14, next"] = self.act(9, self.payouts, "claim", claims[0])
        self.rows["Payouts claimMany 49, next"] = self.act(9, self.payouts, "claimMany", claims[1:])

    def make_terms(self, root, total, salt, collateral=0, periods=8):
        now = self.chain.head.timestamp
        return {
            "payer": self.keys[1].address, "farmer": self.keys[2].address, "signer": self.keys[1].address, "root": root,
            "chunks": total, "start": now // DAY * DAY, "period": DAY, "periods": periods, "price": 1000, "window": DAY,
            "grace": DAY, "collateral": collateral, "penalty": collateral // 10, "salt": salt.to_bytes(32, "big")}

    def open(self, terms):
        return self.act(1, self.agreements, "open", terms, *self.terms.signature(self.keys[2], self.terms.terms_id(terms)))

    def measure_agreements(self):
        piece = Piece(b"\7" * 32, self.random.randbytes(2 << 20))
        pieces = [piece.named(self.random.randbytes(32)) for _ in range(512)]
        # A larger set of which only the first pieces are there: nearly all chunks are theirs.
        more = [(self.random.randbytes(32), 1) for _ in range(11)]
        sets = {9: PieceSet(pieces), 20: PieceSet(pieces, more)}
        terms = {depth: self.make_terms(each.root, each.total, depth) for depth, each in sets.items()}
        self.act(1, self.token, "transfer", self.agreements.address, 1)
        self.rows["Agreement open, with collateral"] = self.open(self.make_terms(b"\1" * 32, 9, 2, collateral=5000))
        self.rows["Agreement open, without collateral"] = self.open(terms[9])
        self.open(terms[20])
        self.act(1, self.token, "transfer", self.keys[2].address, 1)
        plain = self.make_terms(b"\1" * 32, 9, 3)
        self.open(plain)
        for row, mask in (("settle a receipt, first in an agreement", 0b1), ("settle a receipt of 4 periods", 0b11111),
                          ("settle a receipt of 1 more", 0b111111)):
            self.rows[row] = self.act(
                9, self.agreements, "settle", plain, *self.terms.receipt(self.keys[1], plain, mask))
        epoch = plain["start"] // DAY + 1
        self.wait((epoch + 1) * DAY - self.chain.head.timestamp)
        self.rows["beacon arm"] = self.act(9, self.agreements, "arm", epoch)
        self.chain.mine(6)
        self.rows["beacon seal"] = self.act(9, self.agreements, "seal", epoch)
        seed = next(log.data for log in self.last.logs)
        for depth, each in sets.items():
            self.measure_proof(depth, each, terms[depth], seed)
        self.rows["withdraw"] = self.act(2, self.agreements, "withdraw")
        self.measure_blake3(piece)
        self.measure_missed()

    def measure_proof(self, depth, pieces, terms, seed):
        target = beacon_target(seed, self.terms.terms_id(terms), 0, terms["chunks"])
        proof = pieces.proof(target)
        gas = self.act(9, self.agreements, "prove", terms, 0, proof)
        self.rows[f"prove: 2 MiB piece, set path {depth}"] = gas
        self.rows[f"verify alone as a transaction, set path {depth}"] = self.act(
            9, self.agreements, "verify", terms["root"], terms["chunks"], target, proof)

    def measure_blake3(self, piece):
        small = Piece(b"\5" * 32, self.random.randbytes(CHUNK))
        for row, each, index in (("one chunk", small, 0), ("2 MiB piece", piece, 1234)):
            self.rows[f"BLAKE3, {row}"] = self.execution(
                self.verifier, "root", each.chunk(index), index, each.size, each.path(index))

    def measure_missed(self):
        self.act(2, self.token, "transfer", self.agreements.address, 1)
        terms = self.make_terms(b"\3" * 32, 9, 4, collateral=5000, periods=5)
        self.open(terms)
        # The deadline of the first period is five days after the start, of the last nine.
        self.wait(DAY * 5)
        self.rows["reclaim 1"] = self.act(9, self.agreements, "reclaim", terms)
        self.wait(DAY * 5)
        self.rows["reclaim 4"] = self.act(9, self.agreements, "reclaim", terms)
        self.rows["finish, with collateral"] = self.act(9, self.agreements, "finish", terms)
        plain = self.make_terms(b"\4" * 32, 9, 5, periods=1)
        self.open(plain)
        self.act(9, self.agreements, "settle", plain, *self.terms.receipt(self.keys[1], plain, 1))
        self.rows["finish"] = self.act(9, self.agreements, "finish", plain)

    def execution(self, contract, name, *arguments):
        """Gas of a call without what a transaction costs and carries."""
        from eth.vm.spoof import SpoofTransaction

        backend = self.chain.backend
        header = self.chain.head
        data = contract.interface.call(name, arguments)
        unsigned = backend.chain.create_unsigned_transaction(
            gas_price=0, gas=GAS, nonce=0, value=0, data=data, to=bytes.fromhex(contract.address.removeprefix("0x")))
        vm = backend.chain.get_vm(header)
        with vm.in_costless_state() as state:
            computation = state.costless_execute_transaction(SpoofTransaction(unsigned, from_=b"\0" * 20))
        assert computation.is_success
        return computation.get_gas_used() - unsigned.intrinsic_gas


if __name__ == "__main__":
    for row, gas in GasBench().measure().items():
        print(f"{gas:>10,}  {row}")
