"""Contracts on pyrevm: deployed from the committed artifacts, called by name, with reasons and events decoded."""

import json
import os
import random

import pyrevm
from eth_abi import decode, encode
from eth_account import Account
from eth_utils import function_signature_to_4byte_selector, keccak, to_checksum_address

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ARTIFACTS = os.path.join(REPOSITORY, "Contracts", "artifacts")
ZERO = "0x" + "00" * 20
START = 1_800_000_000
DAY = 86400


class Refused(Exception):
    """A call that was reverted; the reason is None when the contract gave none."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def artifact(name):
    with open(os.path.join(ARTIFACTS, f"{name}.json")) as file:
        return json.load(file)


def type_name(item):
    """The type of an argument as selectors have it."""
    if not item["type"].startswith("tuple"):
        return item["type"]
    return "(" + ",".join(map(type_name, item["components"])) + ")" + item["type"].removeprefix("tuple")


def values(item, value):
    """A value as eth_abi takes it: a dictionary becomes the list of its fields."""
    kind = item["type"]
    if kind.endswith("[]"):
        single = {**item, "type": kind.removesuffix("[]")}
        return [values(single, each) for each in value]
    if kind == "tuple":
        if isinstance(value, dict):
            value = [value[part["name"]] for part in item["components"]]
        return [values(part, each) for part, each in zip(item["components"], value, strict=True)]
    return value


class Interface:
    """What a contract can be asked, and what its logs mean."""

    def __init__(self, abi):
        self.functions = {item["name"]: item for item in abi if item["type"] == "function"}
        self.events = {}
        for item in abi:
            if item["type"] == "event":
                self.events[keccak(text=item["name"] + self.types(item["inputs"]))] = item

    @staticmethod
    def types(items):
        return "(" + ",".join(map(type_name, items)) + ")"

    def call(self, name, arguments):
        item = self.functions[name]
        given = [values(part, each) for part, each in zip(item["inputs"], arguments, strict=True)]
        return (function_signature_to_4byte_selector(name + self.types(item["inputs"]))
                + encode([type_name(part) for part in item["inputs"]], given))

    def result(self, name, data):
        outputs = decode([type_name(part) for part in self.functions[name]["outputs"]], data)
        return outputs[0] if len(outputs) == 1 else outputs

    def event(self, topics, data):
        """The name of an event and its fields; None for somebody else's."""
        item = self.events.get(topics[0])
        if item is None:
            return None
        indexed = [part for part in item["inputs"] if part["indexed"]]
        others = [part for part in item["inputs"] if not part["indexed"]]
        fields = {}
        for part, topic in zip(indexed, topics[1:], strict=True):
            fields[part["name"]] = decode([part["type"]], topic)[0]
        fields.update(zip([part["name"] for part in others], decode([part["type"] for part in others], data)))
        return item["name"], {part["name"]: fields[part["name"]] for part in item["inputs"]}


class Contract:
    """A contract on a machine."""

    def __init__(self, machine, name, *arguments):
        self.machine = machine
        made = artifact(name)
        self.interface = Interface(made["abi"])
        code = bytes.fromhex(made["bytecode"].removeprefix("0x")) + encode(["address"] * len(arguments), arguments)
        self.address = to_checksum_address(machine.evm.deploy(machine.deployer, code))
        machine.contracts[self.address] = self

    def act(self, sender, name, *arguments):
        """Changes the state; returns the events of all contracts in order."""
        _, events = self.machine.send(sender, self, name, arguments)
        return events

    def ask(self, name, *arguments, sender=ZERO):
        """What a view answers."""
        data, _ = self.machine.send(sender, self, name, arguments, is_static=True)
        return self.interface.result(name, data)


class Machine:
    """An EVM with a clock and the contracts on it."""

    def __init__(self, seed=1, balance=10**12):
        self.random = random.Random(seed)
        self.number = 1000
        self.seconds = START
        self.contracts = {}
        self.calls = 0
        self.evm = pyrevm.EVM(
            env=pyrevm.Env(cfg=pyrevm.CfgEnv(chain_id=1337)), gas_limit=2**63, spec_id="PRAGUE")
        self.set_block()
        self.deployer = self.key(0).address
        self.token = Contract(self, "TestToken")
        self.verifier = Contract(self, "Blake3")
        self.channels = Contract(self, "Channels", self.token.address)
        self.payouts = Contract(self, "Payouts", self.token.address)
        self.agreements = Contract(self, "Agreements", self.token.address, self.verifier.address)
        self.payer, self.farmer, self.other, self.satellite = (self.key(index) for index in range(1, 5))
        for key in (self.payer, self.farmer, self.other, self.satellite):
            self.fund(key, balance)

    @staticmethod
    def key(index):
        return Account.from_key(keccak(text=f"key {index}"))

    def fund(self, key, balance):
        self.token.act(self.deployer, "mint", key.address, balance)
        for contract in (self.channels, self.payouts, self.agreements):
            self.token.act(key.address, "approve", contract.address, 2**255)

    def set_block(self):
        self.evm.set_block_env(pyrevm.BlockEnv(
            number=self.number, timestamp=self.seconds, gas_limit=2**63, basefee=0, coinbase=ZERO))

    def wait(self, seconds=0, blocks=0):
        self.seconds += seconds
        self.number += blocks
        self.set_block()

    def send(self, sender, contract, name, arguments, is_static=False):
        self.calls += 1
        self.evm.reset_transient_storage()
        try:
            data = self.evm.message_call(
                caller=sender, to=contract.address, calldata=contract.interface.call(name, arguments),
                is_static=is_static)
        except RuntimeError as error:
            raise Refused(reason(error)) from None
        self.gas = self.evm.result.gas_used
        return bytes(data), self.events()

    def events(self):
        """What the last call said happened."""
        events = []
        for log in self.evm.result.logs:
            topics, data = log.data
            found = self.contracts[to_checksum_address(log.address)].interface.event(topics, data)
            assert found is not None
            events.append(found)
        return events

    def balance(self, owner):
        return self.token.ask("balanceOf", getattr(owner, "address", owner))


def reason(error):
    """Why a call was reverted."""
    text = str(error.args[0]) if error.args else ""
    start = text.find("0x")
    data = b""
    if start >= 0:
        digits = ""
        for character in text[start + 2:]:
            if character not in "0123456789abcdef":
                break
            digits += character
        data = bytes.fromhex(digits)
    if "Revert" not in text:
        raise AssertionError(f"not a revert: {text}")
    if data[:4] != bytes.fromhex("08c379a0"):
        return None
    return decode(["string"], data[4:])[0]
