"""The development chain answers as a node does: over HTTP, with errors, batches, time travel and a pool."""

import http.client
import json
import os
import subprocess
import sys
import unittest

from eth_account import Account

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KEY = "0x" + "46" * 32
GWEI = 10**9
START = 1_800_000_000


class DevChain:
    """A chain of its own, as a program."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(REPOSITORY, "scripts", "dev-chain"), "--port", "0", "--time", str(START),
             "--fund-key", KEY, "--until-input-ends", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[1].rsplit(":", 1)[1])
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def post(self, body):
        self.connection.request("POST", "/", body=body)
        return self.connection.getresponse().read()

    def ask(self, method, *arguments):
        return json.loads(self.post(json.dumps({"jsonrpc": "2.0", "id": 7, "method": method, "params": arguments})))

    def call(self, method, *arguments):
        answer = self.ask(method, *arguments)
        assert answer["id"] == 7
        if "error" in answer:
            raise AssertionError(answer["error"]["message"])
        return answer["result"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.connection.close()


def signed(nonce, fee=10, tip=1, to="0x" + "35" * 20, value=1, data="0x", gas=100_000, chain=1337):
    transaction = Account.sign_transaction(
        {"type": 2, "chainId": chain, "nonce": nonce, "to": to, "value": value, "data": data, "gas": gas,
         "maxFeePerGas": fee * GWEI, "maxPriorityFeePerGas": tip * GWEI}, KEY)
    return "0x" + transaction.raw_transaction.hex(), "0x" + transaction.hash.hex()


class DevChainTests(unittest.TestCase):
    def setUp(self):
        self.chain = DevChain()
        self.address = Account.from_key(KEY).address

    def tearDown(self):
        self.chain.close()

    def test_a_batch_is_answered_in_order_and_an_error_has_its_requests_id(self):
        body = [
            {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"}, {"jsonrpc": "2.0", "id": "two", "method": "eth_nothing"},
            {"jsonrpc": "2.0", "id": 3, "method": "eth_blockNumber", "params": []}]
        answers = json.loads(self.chain.post(json.dumps(body)))
        self.assertEqual([answer["id"] for answer in answers], [1, "two", 3])
        self.assertEqual(answers[0]["result"], hex(1337))
        self.assertEqual(answers[1]["error"]["code"], -32601)
        self.assertEqual(json.loads(self.chain.post("{"))["error"]["code"], -32700)

    def test_a_transaction_is_mined_at_once_and_found_again(self):
        raw, name = signed(0, value=5)
        self.assertEqual(self.chain.call("eth_sendRawTransaction", raw), name)
        receipt = self.chain.call("eth_getTransactionReceipt", name)
        self.assertEqual((receipt["status"], receipt["blockNumber"], receipt["gasUsed"]), ("0x1", "0x1", hex(21000)))
        found = self.chain.call("eth_getTransactionByHash", name)
        self.assertEqual((found["blockHash"], found["nonce"]), (receipt["blockHash"], "0x0"))
        self.assertEqual(self.chain.call("eth_getBalance", "0x" + "35" * 20, "latest"), "0x5")
        self.assertEqual(self.chain.ask("eth_sendRawTransaction", raw)["error"]["message"], "already known")

    def test_bad_transactions_are_refused_in_geths_words(self):
        self.chain.call("eth_sendRawTransaction", signed(0)[0])
        for raw, words in [
            (signed(0, value=2)[0], "nonce too low"), (signed(1, chain=1)[0], "invalid chain id"),
            (signed(1, gas=20_000)[0], "intrinsic gas too low"), (signed(1, value=10**24)[0], "insufficient funds"),
            (signed(1, fee=1, tip=2)[0], "max priority fee"), (signed(1, gas=10**8)[0], "exceeds block gas limit"),
            ("0x02f8", "invalid transaction"),
        ]:
            self.assertIn(words, self.chain.ask("eth_sendRawTransaction", raw)["error"]["message"])

    def test_transactions_wait_are_replaced_for_more_and_can_be_dropped(self):
        self.chain.call("evm_setAutomine", False)
        first, second = signed(0, fee=10), signed(0, fee=11, tip=2)
        self.chain.call("eth_sendRawTransaction", first[0])
        refusal = self.chain.ask("eth_sendRawTransaction", signed(0, fee=10, tip=2)[0])["error"]["message"]
        self.assertEqual(refusal, "replacement transaction underpriced")
        self.chain.call("eth_sendRawTransaction", second[0])
        gap = signed(2)
        self.chain.call("eth_sendRawTransaction", gap[0])
        self.assertEqual(self.chain.call("eth_getTransactionCount", self.address, "pending"), "0x1")
        self.assertEqual(self.chain.call("eth_getTransactionCount", self.address, "latest"), "0x0")
        self.assertIsNone(self.chain.call("eth_getTransactionByHash", first[1]))
        self.assertIsNone(self.chain.call("eth_getTransactionByHash", second[1])["blockHash"])
        self.chain.call("evm_mine")
        self.assertIsNone(self.chain.call("eth_getTransactionReceipt", gap[1]))
        self.assertTrue(self.chain.call("evm_dropTransaction", gap[1]))
        self.chain.call("eth_sendRawTransaction", signed(1)[0])
        self.chain.call("evm_mine")
        self.assertEqual(self.chain.call("eth_getTransactionCount", self.address, "pending"), "0x2")

    def test_a_transaction_that_offers_too_little_waits_for_a_lower_base_fee(self):
        raw, name = signed(0, fee=0, tip=0)
        self.chain.call("eth_sendRawTransaction", raw)
        self.assertIsNone(self.chain.call("eth_getTransactionReceipt", name))

    def test_time_moves_only_when_it_is_told_to(self):
        self.chain.call("evm_increaseTime", 86400)
        pending = self.chain.call("eth_getBlockByNumber", "pending", False)["timestamp"]
        self.chain.call("evm_mine")
        self.assertEqual(self.chain.call("eth_getBlockByNumber", "latest", False)["timestamp"], pending)
        self.assertEqual(int(pending, 16), START + 86401)
        self.chain.call("evm_mine", 3)
        self.assertEqual(int(self.chain.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16), START + 86404)
        self.chain.call("evm_setNextBlockTimestamp", START + 100_000)
        self.chain.call("eth_sendRawTransaction", signed(0)[0])
        self.assertEqual(int(self.chain.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16), START + 100_000)

    def test_calls_run_in_the_block_they_name_at_its_time(self):
        # A contract that answers time and number of the block: eleven bytes behind nine that deploy them.
        code = "0x600b8060095f395ff3" + "425f524360205260405ff3"
        self.chain.call("eth_sendRawTransaction", signed(0, to="", value=0, data=code)[0])
        block = self.chain.call("eth_getBlockByNumber", "latest", False)
        address = self.chain.call("eth_getTransactionReceipt", block["transactions"][0])["contractAddress"]

        def seen(block):
            answer = self.chain.call("eth_call", {"to": address}, block)
            return int(answer[2:66], 16), int(answer[66:], 16)

        self.assertEqual(seen("latest"), (START + 1, 1))
        self.chain.call("evm_increaseTime", 1000)
        self.assertEqual(seen("latest"), (START + 1, 1))
        self.assertEqual(seen("pending"), (START + 1002, 2))
        self.chain.call("evm_mine")
        self.assertEqual(seen("latest"), (START + 1002, 2))
        self.assertEqual(seen("0x1"), (START + 1, 1))

    def test_after_a_reorg_the_same_transaction_comes_back_at_another_height(self):
        moment = self.chain.call("evm_snapshot")
        raw, name = signed(0)
        self.chain.call("eth_sendRawTransaction", raw)
        before = self.chain.call("eth_getTransactionReceipt", name)
        self.assertTrue(self.chain.call("evm_revert", moment))
        self.assertIsNone(self.chain.call("eth_getTransactionReceipt", name))
        self.assertIsNone(self.chain.call("eth_getBlockByHash", before["blockHash"], False))
        self.chain.call("evm_mine", 2)
        self.chain.call("eth_sendRawTransaction", raw)
        after = self.chain.call("eth_getTransactionReceipt", name)
        self.assertEqual(after["blockNumber"], "0x3")
        self.assertNotEqual(after["blockHash"], before["blockHash"])
        self.assertFalse(self.chain.call("evm_revert", moment))

    def test_fees_are_told_of_blocks_and_of_the_next_one(self):
        self.chain.call("eth_sendRawTransaction", signed(0, tip=3)[0])
        history = self.chain.call("eth_feeHistory", "0x2", "latest", [50])
        self.assertEqual(history["oldestBlock"], "0x0")
        self.assertEqual(len(history["baseFeePerGas"]), 3)
        self.assertEqual(history["reward"], [["0x0"], [hex(3 * GWEI)]])
        self.assertEqual(self.chain.call("eth_maxPriorityFeePerGas"), hex(GWEI))

    def test_the_final_block_lies_as_far_behind_as_asked(self):
        self.chain.close()
        self.chain = DevChain("--finality", "4")
        self.chain.call("evm_mine", 10)
        self.assertEqual(self.chain.call("eth_getBlockByNumber", "finalized", False)["number"], "0x6")
        self.assertEqual(self.chain.call("eth_getBlockByNumber", "latest", False)["number"], "0xa")

    def test_logs_are_numbered_through_a_block_and_found_by_topic(self):
        # LOG1 twice with the topics 1 and 2, as code that deploys nothing.
        code = "0x600160006000a1600260006000a100"
        self.chain.call("evm_setAutomine", False)
        for nonce in range(2):
            self.chain.call("eth_sendRawTransaction", signed(nonce, to="", value=0, data=code)[0])
        self.chain.call("evm_mine")
        logs = self.chain.call("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest"})
        self.assertEqual([log["logIndex"] for log in logs], ["0x0", "0x1", "0x2", "0x3"])
        topic = "0x" + "00" * 31 + "02"
        logs = self.chain.call("eth_getLogs", {"fromBlock": "0x0", "toBlock": "0xff", "topics": [[topic]]})
        self.assertEqual([log["logIndex"] for log in logs], ["0x1", "0x3"])
        block = self.chain.call("eth_getBlockByNumber", "latest", True)
        self.assertEqual(len(block["transactions"]), 2)
        receipt = self.chain.call("eth_getTransactionReceipt", block["transactions"][1]["hash"])
        self.assertEqual([log["logIndex"] for log in receipt["logs"]], ["0x2", "0x3"])


if __name__ == "__main__":
    unittest.main()
