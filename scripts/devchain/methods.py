"""The calls of the chain: those every Ethereum node has, and those only one for development."""

from alysis import RPCNode
from ethereum_rpc import RPCError

from devchain.chain import Refusal

GWEI = 10**9
# What a node has for every call that fails without data.
SERVER_ERROR = -32000
INVALID_PARAMETERS = -32602

# Calls whose last argument names a block and may be left out, with the arguments before it.
BLOCK_ARGUMENT = {
    "eth_call": 1, "eth_estimateGas": 1, "eth_getBalance": 1, "eth_getCode": 1, "eth_getTransactionCount": 1,
    "eth_getStorageAt": 2,
}
CALL_FIELDS = {"from", "to", "gas", "gasPrice", "value", "data"}


class Methods:
    """Calls by name."""

    def __init__(self, chain):
        self.chain = chain
        self.own = {
            "eth_sendRawTransaction": self.send,
            "eth_getTransactionCount": self.transaction_count,
            "eth_getTransactionByHash": self.transaction,
            "eth_getBlockByNumber": lambda block, full=False: self.filled(
                self.ask("eth_getBlockByNumber", self.block(block), False), full),
            "eth_getBlockByHash": lambda name, full=False: self.filled(
                self.ask("eth_getBlockByHash", name, False), full),
            "eth_feeHistory": self.fee_history,
            "eth_maxPriorityFeePerGas": lambda: hex(GWEI),
            "eth_syncing": lambda: False,
            "web3_clientVersion": lambda: "storj-dev-chain",
            "evm_mine": self.mine,
            "evm_increaseTime": lambda seconds: hex(self.chain.increase_time(number(seconds))),
            "evm_setNextBlockTimestamp": self.set_next_time,
            "evm_setAutomine": self.set_automine,
            "evm_snapshot": lambda: hex(self.chain.snapshot()),
            "evm_revert": lambda moment: self.chain.revert(number(moment)),
            "evm_dropTransaction": self.drop,
        }

    def call(self, name, arguments):
        """Answers a call; throws RPCError."""
        try:
            if name in self.own:
                return self.own[name](*arguments)
            return self.ask(name, *self.standard(name, list(arguments)))
        except Refusal as refusal:
            raise RPCError(SERVER_ERROR, str(refusal)) from refusal
        except (TypeError, ValueError, KeyError) as error:
            raise RPCError(INVALID_PARAMETERS, f"invalid arguments: {error}") from error

    def ask(self, name, *arguments):
        """What alysis answers."""
        self.chain.set_time()
        return RPCNode(self.chain.node).rpc(name, *arguments)

    def standard(self, name, arguments):
        """Arguments as alysis wants them: nothing left out, nothing it does not know."""
        if name in BLOCK_ARGUMENT:
            if len(arguments) == BLOCK_ARGUMENT[name]:
                arguments.append("latest")
            arguments[-1] = self.block(arguments[-1])
        if name in ("eth_call", "eth_estimateGas"):
            arguments = [self.message(arguments[0], name), arguments[1]]
        if name in ("eth_getLogs", "eth_newFilter"):
            arguments = [self.filter(arguments[0])]
        return arguments

    def block(self, block):
        """Names of blocks that lie behind the newest; an object is one of EIP-1898."""
        if isinstance(block, dict):
            if "blockHash" in block:
                return self.number_of(block["blockHash"])
            return block["blockNumber"]
        if block in ("safe", "finalized"):
            return hex(max(0, self.chain.backend.get_latest_block_number() - self.chain.finality))
        return block

    def number_of(self, block_hash):
        found = self.ask("eth_getBlockByHash", block_hash, False)
        if found is None:
            raise RPCError(SERVER_ERROR, "header not found")
        return found["number"]

    def message(self, message, name):
        message = dict(message)
        if "input" in message:
            message["data"] = message["input"]
        message = {key: value for key, value in message.items() if key in CALL_FIELDS and value is not None}
        # What is paid for the gas makes no difference to what a call answers.
        message.pop("gasPrice", None)
        if name == "eth_estimateGas":
            message.setdefault("from", "0x" + "00" * 20)
        return message

    def filter(self, criteria):
        criteria = dict(criteria)
        if "blockHash" in criteria:
            return criteria
        head = self.chain.backend.get_latest_block_number()
        for key in ("fromBlock", "toBlock"):
            block = self.block(criteria.get(key, "latest"))
            if block == "pending" or block == "latest":
                block = hex(head)
            if block == "earliest":
                block = "0x0"
            criteria[key] = block
        # Blocks that are not there yet have no logs.
        criteria["toBlock"] = hex(min(number(criteria["toBlock"]), head))
        if criteria.get("address") == []:
            del criteria["address"]
        return criteria

    # Transactions

    def send(self, raw):
        return self.chain.send(bytes.fromhex(raw.removeprefix("0x"))).hex()

    def transaction_count(self, address, block="latest"):
        if block == "pending":
            return hex(self.chain.pending_nonce(bytes.fromhex(address.removeprefix("0x"))))
        return self.ask("eth_getTransactionCount", address, self.block(block))

    def filled(self, block, full):
        """A block with its transactions in the place of their hashes."""
        if block is not None and full:
            block["transactions"] = [self.transaction(each) for each in block["transactions"]]
        return block

    def transaction(self, transaction_hash):
        key = bytes.fromhex(transaction_hash.removeprefix("0x"))
        place = self.chain.backend.places.get(key)
        if place is None:
            waiting = self.chain.waiting(key)
            return None if waiting is None else describe(waiting, self.chain.backend.chain_id, None, None)
        block = self.chain.backend._get_block_by_number(place[0])
        return describe(block.transactions[place[1]], self.chain.backend.chain_id, block, place[1])

    def drop(self, transaction_hash):
        waiting = self.chain.waiting(bytes.fromhex(transaction_hash.removeprefix("0x")))
        if waiting is not None:
            self.chain.drop(waiting)
        return waiting is not None

    # Fees

    def fee_history(self, count, newest, percentiles=None):
        last = self.block(newest)
        head = self.chain.backend.get_latest_block_number()
        last = head if last in ("latest", "pending") else min(number(last), head)
        numbers = range(max(0, last - number(count) + 1), last + 1)
        blocks = [self.chain.backend._get_block_by_number(each) for each in numbers]
        following = (
            self.chain.backend.chain.header if last == head else self.chain.backend._get_block_by_number(last + 1).header)
        history = {
            "oldestBlock": hex(numbers[0]),
            "baseFeePerGas": [hex(block.header.base_fee_per_gas) for block in blocks] + [hex(following.base_fee_per_gas)],
            "gasUsedRatio": [block.header.gas_used / block.header.gas_limit for block in blocks],
        }
        if percentiles:
            history["reward"] = [[hex(tip(block, percentile)) for percentile in percentiles] for block in blocks]
        return history

    # Development

    def mine(self, count=1):
        if isinstance(count, dict):
            count = count.get("blocks", 1)
        return hex(self.chain.mine(number(count)))

    def set_next_time(self, seconds):
        if number(seconds) <= self.chain.head.timestamp:
            raise RPCError(INVALID_PARAMETERS, "the time lies before that of the newest block")
        self.chain.next_time = number(seconds)
        return hex(number(seconds))

    def set_automine(self, automine):
        self.chain.automine = bool(automine)
        if self.chain.automine:
            while self.chain.choose():
                self.chain.mine()
        return True


def number(value):
    """A number as JSON or as hexadecimal text."""
    return int(value, 16) if isinstance(value, str) else int(value)


def tip(block, percentile):
    """What was paid above the base fee by the given share of a block's transactions, by gas."""
    base = block.header.base_fee_per_gas
    tips = sorted(
        (min(each.max_priority_fee_per_gas, each.max_fee_per_gas - base), each.gas) for each in block.transactions)
    wanted = sum(gas for _, gas in tips) * percentile / 100
    passed = 0
    for price, gas in tips:
        passed += gas
        if passed >= wanted:
            return price
    return 0


def describe(transaction, chain_id, block, index):
    """A transaction as nodes tell it; one that waits has no block."""
    kind = getattr(transaction, "type_id", None) or 0
    fees = {}
    price = transaction.max_fee_per_gas
    if kind == 2:
        fees = {
            "maxFeePerGas": hex(transaction.max_fee_per_gas),
            "maxPriorityFeePerGas": hex(transaction.max_priority_fee_per_gas), "accessList": [],
            "yParity": hex(transaction.y_parity),
        }
        if block is not None:
            price = min(price, block.header.base_fee_per_gas + transaction.max_priority_fee_per_gas)
    return {
        "type": hex(kind), "chainId": hex(chain_id), "hash": "0x" + transaction.hash.hex(),
        "nonce": hex(transaction.nonce), "from": "0x" + transaction.sender.hex(),
        "to": "0x" + transaction.to.hex() if transaction.to else None, "value": hex(transaction.value),
        "gas": hex(transaction.gas), "gasPrice": hex(price), "input": "0x" + transaction.data.hex(),
        "r": hex(transaction.r), "s": hex(transaction.s),
        "v": hex(transaction.v if kind == 0 else transaction.y_parity), **fees,
        "blockHash": None if block is None else "0x" + block.hash.hex(),
        "blockNumber": None if block is None else hex(block.number),
        "transactionIndex": None if index is None else hex(index),
    }
