"""A chain in memory: blocks, a clock that can be moved, transactions that wait, and moments one can go back to."""

import os
import time
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace

from alysis import Node
from alysis._backend import PyEVMBackend, ZERO_ADDRESS, make_log_entry, make_transaction_receipt
from alysis._exceptions import TransactionNotFound
from eth.chains.base import MiningChain
from eth.constants import BLANK_ROOT_HASH, POST_MERGE_DIFFICULTY, POST_MERGE_MIX_HASH, POST_MERGE_NONCE
from eth.db import get_db_backend
from eth.vm.forks import PragueVM
from eth_utils.exceptions import ValidationError
from ethereum_rpc import Address, TxHash

GAS_LIMIT = 30_000_000
# A block is built anew for every transaction that is added, so the cost grows with the square.
TRANSACTIONS_PER_BLOCK = 20
# How much more a transaction must pay to take the place of another with its nonce, in percent.
REPLACEMENT_PERCENT = 110


class Refusal(Exception):
    """A transaction that no node would take; the text is the one geth has."""


class Prague(PragueVM):
    """Calls run in the block they name, at its time, as on a real node; py-evm runs them in one after it."""

    @contextmanager
    def in_costless_state(self):
        header = self.get_header().copy(base_fee_per_gas=0)
        state = self.build_state(self.chaindb.db, header, self.chain_context, self.previous_hashes)
        snapshot = state.snapshot()
        try:
            yield state
        finally:
            state.revert(snapshot)


class Backend(PyEVMBackend):
    """py-evm with accounts that have money from the beginning, a chosen time, and logs numbered by block as on a real node."""

    def __init__(self, balances, chain_id, start):
        number = chain_id

        class Chain(MiningChain):
            chain_id = number
            vm_configuration = ((0, Prague),)

            def create_header_from_parent(self, parent_header, **parameters):
                parameters["gas_limit"] = parent_header.gas_limit
                return super().create_header_from_parent(parent_header, **parameters)

        genesis = {
            "coinbase": ZERO_ADDRESS, "difficulty": POST_MERGE_DIFFICULTY, "extra_data": b"", "gas_limit": GAS_LIMIT,
            "mix_hash": POST_MERGE_MIX_HASH, "nonce": POST_MERGE_NONCE, "receipt_root": BLANK_ROOT_HASH,
            "timestamp": start, "transaction_root": BLANK_ROOT_HASH,
        }
        accounts = {
            address: {"balance": wei, "storage": {}, "code": b"", "nonce": 0} for address, wei in balances.items()}
        chain = Chain.from_genesis(get_db_backend(), genesis, accounts)
        self._initialize(chain=chain, root_private_key=b"", total_difficulty=0)
        self.places = {}
        self.logs = {}

    def __deepcopy__(self, memo):
        copy = super().__deepcopy__(memo)
        copy.places = dict(self.places)
        # Of blocks that are never changed: both may add to it.
        copy.logs = self.logs
        return copy

    def seal(self, mix_hash):
        """Makes what was applied a block."""
        self.chain.mine_block(coinbase=ZERO_ADDRESS, mix_hash=mix_hash)
        block = self._get_block_by_number(self.get_latest_block_number())
        for index, transaction in enumerate(block.transactions):
            self.places[transaction.hash] = (block.number, index)
        return block

    def _get_transaction_by_hash(self, transaction_hash):
        place = self.places.get(bytes(transaction_hash))
        if place is None:
            raise TransactionNotFound(f"no transaction {transaction_hash.hex()}")
        block = self._get_block_by_number(place[0])
        return block, block.transactions[place[1]], place[1]

    def _get_log_entries(self, block):
        if block.hash not in self.logs:
            entries = []
            for index, receipt in enumerate(block.get_receipts(self.chain.chaindb)):
                for log in receipt.logs:
                    entries.append(make_log_entry(block, block.transactions[index], index, log, len(entries)))
            self.logs[block.hash] = entries
        return self.logs[block.hash]

    def get_transaction_receipt(self, transaction_hash):
        block, transaction, index = self._get_transaction_by_hash(transaction_hash)
        receipt = make_transaction_receipt(
            block, transaction, block.get_receipts(self.chain.chaindb), index)
        logs = [entry for entry in self._get_log_entries(block) if entry.transaction_index == index]
        return replace(receipt, logs=tuple(logs))


class Chain:
    """A node that anybody may tell what time it is and when to make a block."""

    def __init__(self, balances, chain_id, start=None, finality=0, journal=None):
        self.has_own_clock = start is not None
        past = journal.read() if journal else []
        if past:
            start = past[0].moment
        self.journal = journal
        self.ahead = 0
        self.next_time = None
        self.finality = finality
        self.automine = True
        self.pool = {}
        self.snapshots = []
        self.node = Node.__new__(Node)
        self.node._initialize(
            backend=Backend(balances, chain_id, self.begin(start, past)), net_version=chain_id,
            auto_mine_transactions=False, filter_counter=0, log_filters={}, log_filter_entries={}, block_filters={},
            pending_transaction_filters={})
        for block in past[1:]:
            self.backend.chain.set_header_timestamp(block.moment)
            for raw in block.transactions:
                self.backend.chain.apply_transaction(self.backend.decode_transaction(raw))
            self.backend.seal(block.mix)

    def begin(self, start, past):
        """The genesis' time, noted when it is the first one."""
        start = int(time.time()) if start is None else start
        if self.journal and not past:
            self.journal.append(start, bytes(32), [])
        return start

    @property
    def backend(self):
        return self.node._backend

    @property
    def head(self):
        """The newest block's header."""
        return self.backend._get_block_by_number(self.backend.get_latest_block_number()).header

    # Time

    def set_time(self):
        """Gives the block that comes next the time it would have now."""
        least = self.head.timestamp + 1
        now = self.head.timestamp + 1 if self.has_own_clock else int(time.time())
        chosen = self.next_time if self.next_time is not None else now + self.ahead
        moment = max(least, chosen)
        self.backend.chain.set_header_timestamp(moment)
        return moment

    def increase_time(self, seconds):
        self.ahead += seconds
        return self.ahead

    # Blocks

    def mine(self, count=1):
        """Makes blocks, each of what waits and can be executed."""
        for _ in range(count):
            moment = self.set_time()
            chain, done = self.backend.chain, []
            for transaction in self.choose():
                self.drop(transaction)
                try:
                    chain.apply_transaction(transaction)
                except ValidationError:
                    # It could be paid for when it came, and no longer can.
                    continue
                done.append(transaction.encode())
            mix = os.urandom(32)
            if self.journal:
                self.journal.append(moment, mix, done)
            block = self.backend.seal(mix)
            if self.has_own_clock:
                # The clock stands still otherwise: the seconds are used up.
                self.ahead = 0
            self.next_time = None
            for entries in self.node._block_filters.values():
                entries.append(block.hash)
        return self.backend.get_latest_block_number()

    def choose(self):
        """The transactions of the next block, best paid first, each sender's in the order of its nonces."""
        base = self.backend.chain.header.base_fee_per_gas
        chosen, gas = [], 0
        nonces = {}
        while len(chosen) < TRANSACTIONS_PER_BLOCK:
            ready = []
            for sender, waiting in self.pool.items():
                nonce = nonces.get(sender, self.nonce(sender))
                if nonce in waiting and waiting[nonce].max_fee_per_gas >= base:
                    ready.append(waiting[nonce])
            ready = [transaction for transaction in ready if gas + transaction.gas <= GAS_LIMIT]
            if not ready:
                break
            best = max(
                ready, key=lambda item: min(item.max_priority_fee_per_gas, item.max_fee_per_gas - base))
            chosen.append(best)
            gas += best.gas
            nonces[best.sender] = best.nonce + 1
        return chosen

    def nonce(self, address):
        return self.backend.get_transaction_count(Address(address), self.backend.get_latest_block_number())

    def pending_nonce(self, address):
        nonce = self.nonce(address)
        while nonce in self.pool.get(address, {}):
            nonce += 1
        return nonce

    # Transactions

    def send(self, raw):
        """Takes a signed transaction.

        Throws Refusal, in geth's words.
        """
        try:
            transaction = self.backend.decode_transaction(raw)
            transaction.validate()
            sender = transaction.sender
        except Exception as error:
            raise Refusal(f"invalid transaction: {error}") from error
        self.check(transaction, sender)
        self.pool.setdefault(sender, {})[transaction.nonce] = transaction
        if self.automine:
            while self.choose():
                self.mine()
        return TxHash(transaction.hash)

    def check(self, transaction, sender):
        if transaction.chain_id != self.backend.chain_id:
            raise Refusal("invalid chain id for signer")
        if transaction.hash in self.backend.places:
            raise Refusal("already known")
        nonce = self.nonce(sender)
        if transaction.nonce < nonce:
            raise Refusal(f"nonce too low: next nonce {nonce}, tx nonce {transaction.nonce}")
        if transaction.max_priority_fee_per_gas > transaction.max_fee_per_gas:
            raise Refusal("max priority fee per gas higher than max fee per gas")
        if transaction.gas > GAS_LIMIT:
            raise Refusal("exceeds block gas limit")
        if transaction.gas < transaction.intrinsic_gas:
            raise Refusal("intrinsic gas too low")
        balance = self.backend.get_balance(Address(sender), self.backend.get_latest_block_number())
        if balance < transaction.value + transaction.gas * transaction.max_fee_per_gas:
            raise Refusal("insufficient funds for gas * price + value")
        other = self.pool.get(sender, {}).get(transaction.nonce)
        if other is None:
            return
        if other.hash == transaction.hash:
            raise Refusal("already known")
        if (transaction.max_fee_per_gas * 100 < other.max_fee_per_gas * REPLACEMENT_PERCENT
                or transaction.max_priority_fee_per_gas * 100 < other.max_priority_fee_per_gas * REPLACEMENT_PERCENT):
            raise Refusal("replacement transaction underpriced")

    def waiting(self, transaction_hash):
        """A transaction that waits; None when there is none with that hash."""
        for waiting in self.pool.values():
            for transaction in waiting.values():
                if transaction.hash == transaction_hash:
                    return transaction
        return None

    def drop(self, transaction):
        """Forgets a transaction that waits, as nodes do that are full."""
        waiting = self.pool[transaction.sender]
        del waiting[transaction.nonce]
        if not waiting:
            del self.pool[transaction.sender]

    # Moments

    def snapshot(self):
        self.snapshots.append((deepcopy(self.node), deepcopy_pool(self.pool), self.ahead, self.next_time))
        return len(self.snapshots)

    def revert(self, number):
        """Goes back to a moment; it and the later ones are used up."""
        if not 1 <= number <= len(self.snapshots):
            return False
        self.node, self.pool, self.ahead, self.next_time = self.snapshots[number - 1]
        del self.snapshots[number - 1:]
        return True


def deepcopy_pool(pool):
    return {sender: dict(waiting) for sender, waiting in pool.items()}
