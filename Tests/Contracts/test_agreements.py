"""Agreements pay for proven periods and refund the others, whoever refuses to do his part."""

import unittest

from case import ContractCase
from eth_abi import encode
from eth_utils import keccak
from machine import DAY, START, ZERO
from messages import Domain, beacon_target
from possession import CHUNK, Piece, PieceSet

MAXIMUM = 2**64 - 1
CENTURY = 100 * 365 * DAY


class AgreementTests(ContractCase):
    def setUp(self):
        super().setUp()
        sizes = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 5 * CHUNK + 17]
        self.pieces = PieceSet([
            Piece(bytes([index + 1]) * 32, self.machine.random.randbytes(size)) for index, size in enumerate(sizes)])
        self.agreed = self.terms(self.pieces.root, self.pieces.total)

    def state(self, terms=None):
        return self.agreements.ask("agreement", self.terms_domain.terms_id(terms or self.agreed))

    def draw(self, epoch):
        """Lets the epoch come and draws its beacon."""
        self.machine.wait(max(0, epoch * DAY - self.machine.seconds))
        self.agreements.act(self.other.address, "arm", epoch)
        self.machine.wait(blocks=6)
        return self.agreements.act(self.other.address, "seal", epoch)[0][1]["seed"]

    def epoch(self, period, terms=None):
        terms = terms or self.agreed
        return -(-(terms["start"] + (period + 1) * terms["period"]) // DAY)

    def prove(self, period, proof, terms=None):
        return self.agreements.act(self.other.address, "prove", terms or self.agreed, period, proof)

    def settle(self, mask, terms=None, key=None):
        terms = terms or self.agreed
        receipt = self.terms_domain.receipt(key or self.payer, terms, mask)
        return self.agreements.act(self.other.address, "settle", terms, *receipt)

    def proof(self, seed, period, terms=None, pieces=None):
        terms = terms or self.agreed
        target = beacon_target(seed, self.terms_domain.terms_id(terms), period, terms["chunks"])
        return target, (pieces or self.pieces).proof(target)

    # Opening

    def test_an_opened_agreement_locks_the_pay_and_the_collateral(self):
        events = self.open_agreement(self.agreed)
        self.assertEqual([name for name, _ in events], ["Transfer", "Transfer", "AgreementOpened"])
        self.assertEqual(events[2][1], {
            "id": self.terms_domain.terms_id(self.agreed), "payer": self.payer.address.lower(),
            "farmer": self.farmer.address.lower()})
        self.assertEqual(self.state(), (True, False, 0, 0, 4000, 500))
        self.assertEqual(self.machine.balance(self.agreements), 4500)
        events = self.open_agreement(self.terms(collateral=0, penalty=0))
        self.assertEqual([name for name, _ in events], ["Transfer", "AgreementOpened"])

    def test_terms_that_make_no_sense_are_refused(self):
        for changes in [
            {"payer": ZERO}, {"farmer": ZERO}, {"signer": ZERO}, {"chunks": 0}, {"chunks": MAXIMUM + 1}, {"periods": 0},
            {"periods": 257}, {"periods": 2**255}, {"period": 0}, {"period": CENTURY + 1}, {"window": CENTURY + 1},
            {"grace": CENTURY + 1}, {"window": 2**256 - 1}, {"start": 2**40 + 1}, {"start": 2**256 - 1}, {"price": 0},
            {"price": MAXIMUM // 4 + 1}, {"price": 2**255}, {"collateral": MAXIMUM + 1}, {"penalty": 501},
        ]:
            with self.subTest(changes), self.refused("bad terms"):
                self.open_agreement(self.terms(**changes), sender=self.other)

    def test_opening_is_refused_in_the_order_of_the_rules(self):
        past = self.terms(start=START - DAY, salt=1)
        with self.refused("not allowed"):
            self.open_agreement(past, sender=self.other, key=self.other)
        with self.refused("start too early"):
            self.open_agreement(past, key=self.other)
        with self.refused("bad signature"):
            self.open_agreement(self.agreed, key=self.payer)
        signature = self.terms_domain.signature(self.farmer, self.terms_domain.terms_id(self.agreed))
        for forged in (Domain.high(*signature), (*signature[:2], 55 - signature[2]),
                       Domain("StorjAgreements", 1, self.agreements.address).signature(
                           self.farmer, self.terms_domain.terms_id(self.agreed))):
            with self.refused("bad signature"):
                self.agreements.act(self.payer.address, "open", self.agreed, *forged)
        with self.refused("balance too low"):
            self.open_agreement(self.terms(price=10**12, salt=2))
        with self.refused("balance too low"):
            self.open_agreement(self.terms(collateral=10**12 + 1, salt=2))
        self.open_agreement(self.agreed)
        with self.refused("agreement exists"):
            self.open_agreement(self.agreed, key=self.other)

    def test_the_last_second_of_the_first_period_is_early_enough(self):
        self.machine.wait(self.agreed["start"] + DAY - START - 1)
        self.open_agreement(self.agreed)
        self.machine.wait(1)
        with self.refused("start too early"):
            self.open_agreement(self.terms(salt=1))

    # Beacon

    def test_a_beacon_is_armed_when_its_epoch_has_come_and_sealed_from_the_block_named_then(self):
        epoch = START // DAY + 1
        with self.refused("epoch too early"):
            self.agreements.act(self.other.address, "arm", epoch)
        with self.refused("beacon not armed"):
            self.agreements.act(self.other.address, "seal", epoch)
        self.machine.wait(epoch * DAY - START)
        events = self.agreements.act(self.other.address, "arm", epoch)
        target = self.machine.number + 5
        self.assertEqual(events, [("BeaconArmed", {"epoch": epoch, "target": target})])
        with self.refused("beacon armed"):
            self.agreements.act(self.other.address, "arm", epoch)
        self.machine.wait(blocks=5)
        with self.refused("beacon too early"):
            self.agreements.act(self.other.address, "seal", epoch)
        self.machine.wait(blocks=256)
        block_hash = bytes(self.machine.evm.block_hash(target))
        seed = self.agreements.act(self.other.address, "seal", epoch)[0][1]["seed"]
        self.assertEqual(seed, keccak(encode(["uint256", "bytes32"], [epoch, block_hash])))
        self.assertEqual(self.agreements.ask("beacon", epoch), (target, seed))
        for name in ("arm", "seal"):
            with self.refused("beacon sealed"):
                self.agreements.act(self.other.address, name, epoch)
        self.machine.wait(blocks=1000)
        with self.refused("beacon sealed"):
            self.agreements.act(self.other.address, "arm", epoch)

    def test_a_beacon_nobody_sealed_in_time_is_armed_again(self):
        epoch = START // DAY
        self.agreements.act(self.other.address, "arm", epoch)
        self.machine.wait(blocks=5 + 256)
        with self.refused("beacon armed"):
            self.agreements.act(self.other.address, "arm", epoch)
        self.machine.wait(blocks=1)
        with self.refused("beacon expired"):
            self.agreements.act(self.other.address, "seal", epoch)
        self.agreements.act(self.other.address, "arm", epoch)
        self.machine.wait(blocks=6)
        self.agreements.act(self.other.address, "seal", epoch)

    # Proofs

    def test_every_chunk_of_a_set_can_be_proven_and_only_by_its_own_proof(self):
        for target in range(self.pieces.total):
            proof = self.pieces.proof(target)
            for asked in range(self.pieces.total):
                self.assertEqual(
                    self.agreements.ask("verify", self.pieces.root, self.pieces.total, asked, proof), asked == target)
            self.assertFalse(self.agreements.ask("verify", self.pieces.root, self.pieces.total + 1, target, proof))
            self.assertFalse(self.agreements.ask("verify", bytes(32), self.pieces.total, target, proof))

    def test_a_payer_who_refuses_to_sign_pays_all_the_same(self):
        self.open_agreement(self.agreed)
        seed = self.draw(self.epoch(0))
        target, proof = self.proof(seed, 0)
        self.assertEqual(self.agreements.ask("challenge", self.agreed, 0), target)
        events = self.prove(0, proof)
        self.assertEqual(events, [("Heartbeat", {
            "id": self.terms_domain.terms_id(self.agreed), "farmer": self.farmer.address.lower(), "period": 0,
            "target": target, "pieceId": proof["pieceId"]})])
        self.assertEqual(self.state(), (True, False, 1, 0, 3000, 500))
        self.assertEqual(self.agreements.ask("credit", self.farmer.address), 1000)
        self.agreements.act(self.farmer.address, "withdraw")
        self.assertEqual(self.machine.balance(self.farmer), 10**12 - 500 + 1000)
        for sender in (self.farmer, self.other):
            with self.refused("nothing to withdraw"):
                self.agreements.act(sender.address, "withdraw")

    def test_proofs_are_refused_in_the_order_of_the_rules(self):
        seed = bytes(32)
        _, proof = self.proof(seed, 0)
        with self.refused("agreement unknown"):
            self.prove(9, proof)
        self.open_agreement(self.agreed)
        with self.refused("period unknown"):
            self.prove(4, proof)
        with self.refused("period unknown"):
            self.prove(2**256 - 1, proof)
        with self.refused("beacon missing"):
            self.prove(0, proof)
        seed = self.draw(self.epoch(0))
        target, proof = self.proof(seed, 0)
        wrong = self.pieces.proof((target + 1) % self.pieces.total)
        with self.refused("wrong proof"):
            self.prove(0, wrong)
        deadline = (self.epoch(0) + 1) * DAY + self.agreed["window"]
        self.machine.wait(deadline - self.machine.seconds + 1)
        with self.refused("proof too late"):
            self.prove(0, wrong)
        self.machine.wait(-1)
        self.prove(0, proof)
        with self.refused("period decided"):
            self.prove(0, wrong)

    def test_every_change_of_a_proof_makes_it_wrong(self):
        self.open_agreement(self.agreed)
        seed = self.draw(self.epoch(0))
        target, proof = self.proof(seed, 0)
        random = self.machine.random
        changed = []
        for field in ("pieceSize", "chunkIndex"):
            changed += [{**proof, field: proof[field] + each} for each in (1, 1024, 2**63, 2**255)]
        for _ in range(20):
            for field in ("pieceId", "chunk"):
                data = bytearray(proof[field])
                if data:
                    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
                    changed.append({**proof, field: bytes(data)})
            for field in ("chunkPath", "setHashes", "setSums"):
                items = list(proof[field])
                if items:
                    place = random.randrange(len(items))
                    if field == "setSums":
                        items[place] ^= 1 << random.randrange(70)
                    else:
                        items[place] = bytes([items[place][0] ^ 1]) + items[place][1:]
                    changed.append({**proof, field: items})
        for field in ("chunkPath", "setHashes", "setSums"):
            changed.append({**proof, field: proof[field][:-1]} if proof[field] else {**proof, field: [bytes(32)]})
        changed.append({**proof, "chunk": proof["chunk"] + b"\0"} if len(proof["chunk"]) < 1024 else {**proof, "chunk": b""})
        changed.append({
            **proof, "setHashes": [bytes(32)] * 40, "setSums": [2**256 - 1] * 40})
        for number, each in enumerate(changed):
            with self.subTest(number), self.refused("wrong proof"):
                self.prove(0, each)
        self.prove(0, proof)

    def test_a_leaf_with_a_hash_of_zeros_cannot_be_proven_with_nothing(self):
        import hashlib
        identity = b"\x09" * 32
        root = hashlib.sha256(identity + (5000).to_bytes(32, "big") + bytes(32)).digest()
        proof = {"pieceId": identity, "pieceSize": 5000, "chunkIndex": 0, "chunk": b"", "chunkPath": [], "setHashes": [],
                 "setSums": []}
        with self.refused("wrong proof"):
            self.agreements.ask("verify", root, 5, 0, proof)

    def test_an_inner_node_of_a_set_does_not_pass_for_a_piece(self):
        proof = self.pieces.proof(0)
        for height in range(1, len(proof["setHashes"])):
            short = {**proof, "setHashes": proof["setHashes"][height:], "setSums": proof["setSums"][height:]}
            self.assertFalse(self.agreements.ask("verify", self.pieces.root, self.pieces.total, 0, short))

    # Receipts

    def test_a_receipt_pays_the_periods_that_are_not_yet_decided(self):
        self.open_agreement(self.agreed)
        with self.refused("nothing to settle"):
            self.settle(0)
        events = self.settle(0b0011)
        self.assertEqual([name for name, _ in events], ["Transfer", "Settled"])
        self.assertEqual(events[1][1]["amount"], 2000)
        with self.refused("nothing to settle"):
            self.settle(0b0011)
        self.assertEqual(self.settle(0b0111)[1][1], {
            "id": self.terms_domain.terms_id(self.agreed), "mask": 0b0100, "amount": 1000})
        self.assertEqual(self.machine.balance(self.farmer), 10**12 - 500 + 3000)

    def test_receipts_are_refused_in_the_order_of_the_rules(self):
        with self.refused("agreement unknown"):
            self.settle(0b10000, key=self.other)
        self.open_agreement(self.agreed)
        with self.refused("bad signature"):
            self.settle(0b10000, key=self.farmer)
        with self.refused("period unknown"):
            self.settle(0b10001)
        with self.refused("period unknown"):
            self.settle(2**256 - 1)
        mask, *signature = self.terms_domain.receipt(self.payer, self.agreed, 1)
        for forged in ((mask, *Domain.high(*signature)), (3, *signature)):
            with self.refused("bad signature"):
                self.agreements.act(self.other.address, "settle", self.agreed, *forged)
        other = self.terms(salt=5)
        self.open_agreement(other)
        with self.refused("bad signature"):
            self.agreements.act(self.other.address, "settle", other, mask, *signature)

    def test_a_receipt_and_a_proof_of_one_period_pay_once(self):
        self.open_agreement(self.agreed)
        seed = self.draw(self.epoch(0))
        _, proof = self.proof(seed, 0)
        self.prove(0, proof)
        with self.refused("nothing to settle"):
            self.settle(0b0001)
        self.settle(0b0011)
        seed = self.draw(self.epoch(1))
        _, proof = self.proof(seed, 1)
        with self.refused("period decided"):
            self.prove(1, proof)
        self.assertEqual(self.state()[4], 2000)

    # Refunds

    def test_a_farmer_who_cannot_prove_loses_the_pay_and_the_penalty(self):
        self.open_agreement(self.agreed)
        due = (self.epoch(0) + 1) * DAY + self.agreed["window"] + self.agreed["grace"]
        self.machine.wait(due - START)
        with self.refused("nothing to reclaim"):
            self.agreements.act(self.other.address, "reclaim", self.agreed)
        self.machine.wait(1)
        events = self.agreements.act(self.other.address, "reclaim", self.agreed)
        self.assertEqual([name for name, _ in events], ["Transfer", "Missed"])
        self.assertEqual(events[1][1], {
            "id": self.terms_domain.terms_id(self.agreed), "mask": 1, "refund": 1000, "slashed": 200})
        self.assertEqual(self.state(), (True, False, 0, 1, 3000, 300))
        with self.refused("nothing to reclaim"):
            self.agreements.act(self.other.address, "reclaim", self.agreed)
        with self.refused("nothing to settle"):
            self.settle(1)
        self.machine.wait(30 * DAY)
        events = self.agreements.act(self.other.address, "reclaim", self.agreed)
        # The collateral has less than three penalties left.
        self.assertEqual(events[1][1], {
            "id": self.terms_domain.terms_id(self.agreed), "mask": 0b1110, "refund": 3000, "slashed": 300})
        self.assertEqual(self.machine.balance(self.payer), 10**12 + 500)

    def test_refunds_begin_exactly_after_grace_for_every_period_and_odd_lengths(self):
        for salt, (start, period, window, grace) in enumerate([
            (START // DAY * DAY, DAY, 0, 0), (START - 5, 7 * 3600, 5, 9), (START + 12345, DAY * 3 + 1, 3600, 1),
            (START // DAY * DAY + 1, DAY - 1, 100, 0),
        ]):
            terms = self.terms(salt=salt, start=start, period=period, periods=6, window=window, grace=grace, penalty=0)
            self.machine.seconds = START
            self.machine.set_block()
            self.open_agreement(terms)
            missed = 0
            for index in range(6):
                due = (self.epoch(index, terms) + 1) * DAY + window + grace
                for seconds in (due, due + 1):
                    if seconds < self.machine.seconds:
                        continue
                    self.machine.wait(seconds - self.machine.seconds)
                    expected = sum(
                        1 << each for each in range(6)
                        if seconds > (self.epoch(each, terms) + 1) * DAY + window + grace) & ~missed
                    if expected == 0:
                        with self.refused("nothing to reclaim"):
                            self.agreements.act(self.other.address, "reclaim", terms)
                    else:
                        events = self.agreements.act(self.other.address, "reclaim", terms)
                        self.assertEqual(events[1][1]["mask"], expected)
                        missed |= expected
            self.assertEqual(missed, 0b111111)

    def test_256_periods_fit(self):
        terms = self.terms(periods=256, price=10, penalty=1, collateral=100)
        self.open_agreement(terms)
        everything = 2**256 - 1
        events = self.settle(everything >> 1, terms)
        self.assertEqual(events[1][1]["amount"], 2550)
        self.assertEqual(self.state(terms)[4], 10)
        self.machine.wait(400 * DAY)
        events = self.agreements.act(self.other.address, "reclaim", terms)
        self.assertEqual(events[1][1]["mask"], 1 << 255)
        self.agreements.act(self.other.address, "finish", terms)
        self.assertEqual(self.state(terms), (True, True, everything >> 1, 1 << 255, 0, 0))

    def test_a_finished_agreement_gives_the_collateral_back_and_stays_finished(self):
        with self.refused("agreement unknown"):
            self.agreements.act(self.other.address, "finish", self.agreed)
        self.open_agreement(self.agreed)
        self.settle(0b0111)
        with self.refused("periods not decided"):
            self.agreements.act(self.other.address, "finish", self.agreed)
        self.settle(0b1111)
        events = self.agreements.act(self.other.address, "finish", self.agreed)
        self.assertEqual([name for name, _ in events], ["Transfer", "Finished"])
        self.assertEqual(events[0][1]["value"], 500)
        self.assertEqual(self.machine.balance(self.agreements), 0)
        for name in ("finish", "reclaim"):
            with self.refused("agreement finished"):
                self.agreements.act(self.other.address, name, self.agreed)
        with self.refused("agreement finished"):
            self.settle(0b1111)
        with self.refused("agreement finished"):
            self.prove(0, self.pieces.proof(0))
        with self.refused("agreement exists"):
            self.open_agreement(self.agreed)


if __name__ == "__main__":
    unittest.main()
