"""Channels refuse what the ledger's rules refuse, in the same order and words, and tell what happened."""

import unittest

from case import ContractCase
from machine import DAY, START, ZERO
from messages import Domain

MAXIMUM = 2**64 - 1


class ChannelTests(ContractCase):
    def open(self, channel, amount):
        return self.channels.act(self.payer.address, "open", channel, amount)

    def claim(self, *claims, sender=None):
        sender = (sender or self.other).address
        if len(claims) == 1:
            return self.channels.act(sender, "claim", claims[0])
        return self.channels.act(sender, "claimMany", list(claims))

    def state(self, channel):
        return self.channels.ask("channel", self.vouchers.channel_id(channel))

    # Opening

    def test_an_opened_channel_locks_the_payers_money(self):
        channel = self.channel(salt=3)
        events = self.open(channel, 1000)
        self.assertEqual([name for name, _ in events], ["Transfer", "Opened"])
        self.assertEqual(events[1][1], {
            "id": self.vouchers.channel_id(channel), "payer": channel["payer"].lower(),
            "farmer": channel["farmer"].lower(), "signer": channel["signer"].lower(), "challenge": DAY,
            "salt": channel["salt"], "amount": 1000})
        self.assertEqual(self.state(channel), (1000, 0, 0, False))
        self.assertEqual(self.machine.balance(self.channels), 1000)

    def test_opening_is_refused_in_the_order_of_the_rules(self):
        good = self.channel()
        self.open(good, 1)
        for reason, sender, channel, amount in [
            ("amount is zero", self.other, self.channel(challenge=1), 0),
            ("amount too large", self.other, self.channel(challenge=1), MAXIMUM + 1),
            ("not allowed", self.other, self.channel(challenge=1), 10**18),
            ("bad terms", self.payer, self.channel(challenge=3599), 10**18),
            ("bad terms", self.payer, self.channel(challenge=90 * DAY + 1), 1),
            ("bad terms", self.payer, {**self.channel(), "farmer": ZERO}, 1),
            ("bad terms", self.payer, {**self.channel(), "signer": ZERO}, 1),
            ("channel exists", self.payer, good, 10**18),
            ("balance too low", self.payer, self.channel(salt=1), 10**12),
        ]:
            with self.subTest(reason), self.refused(reason):
                self.channels.act(sender.address, "open", channel, amount)

    def test_a_missing_allowance_is_not_a_missing_balance(self):
        self.token.act(self.payer.address, "approve", self.channels.address, 0)
        with self.refused("allowance too low"):
            self.open(self.channel(), 1)
        with self.refused("balance too low"):
            self.open(self.channel(), 10**13)

    def test_many_are_opened_with_one_transfer_or_none_is(self):
        channels = [self.channel(salt=index) for index in range(64)]
        events = self.channels.act(self.payer.address, "openMany", channels, 10)
        self.assertEqual([name for name, _ in events], ["Transfer"] + ["Opened"] * 64)
        for reason, more, amount in [
            ("too many", [], 0), ("too many", [self.channel(salt=index) for index in range(100, 165)], 0),
            ("amount is zero", [self.channel(salt=99)], 0),
            ("amount too large", [self.channel(salt=99), self.channel(salt=98)], MAXIMUM // 2 + 1),
            ("channel exists", [self.channel(salt=99), self.channel(salt=99)], 1),
            ("bad terms", [self.channel(salt=99), self.channel(salt=98, challenge=1)], 1),
            ("not allowed", [self.channel(salt=99), self.channel(salt=98, payer=self.other)], 1),
        ]:
            with self.subTest(reason), self.refused(reason):
                self.channels.act(self.payer.address, "openMany", more, amount)

    def test_more_can_be_locked_until_closing_begins(self):
        channel = self.channel()
        identity = self.vouchers.channel_id(channel)
        with self.refused("amount is zero"):
            self.channels.act(self.other.address, "topUp", identity, 0)
        with self.refused("channel unknown"):
            self.channels.act(self.other.address, "topUp", identity, 5)
        self.open(channel, 10)
        events = self.channels.act(self.other.address, "topUp", identity, 5)
        self.assertEqual(events[1], ("ToppedUp", {"id": identity, "amount": 5, "funded": 15}))
        with self.refused("amount too large"):
            self.channels.act(self.other.address, "topUp", identity, MAXIMUM - 14)
        with self.refused("balance too low"):
            self.channels.act(self.other.address, "topUp", identity, 10**13)
        self.channels.act(self.payer.address, "startClose", channel)
        with self.refused("channel closing"):
            self.channels.act(self.other.address, "topUp", identity, 5)
        self.channels.act(self.farmer.address, "farmerClose", channel)
        with self.refused("channel closed"):
            self.channels.act(self.other.address, "topUp", identity, 5)

    # Claiming

    def test_a_voucher_pays_the_difference_to_what_was_claimed(self):
        channel = self.channel()
        self.open(channel, 1000)
        events = self.claim(self.voucher(channel, 300, 7))
        self.assertEqual([name for name, _ in events], ["Claimed", "Transfer"])
        self.assertEqual(events[0][1]["paid"], 300)
        self.assertEqual(events[0][1]["period"], 7)
        self.claim(self.voucher(channel, 450, 8))
        self.assertEqual(self.machine.balance(self.farmer), 10**12 + 450)
        self.assertEqual(self.state(channel), (1000, 450, 0, False))

    def test_an_old_voucher_or_the_same_again_pays_nothing(self):
        channel = self.channel()
        self.open(channel, 1000)
        old, new = self.voucher(channel, 100), self.voucher(channel, 200, 2)
        self.claim(new)
        for voucher in (old, new):
            with self.refused("nothing to claim"):
                self.claim(voucher)

    def test_a_voucher_above_the_deposit_pays_what_is_there_and_the_rest_after_a_top_up(self):
        channel = self.channel()
        self.open(channel, 100)
        voucher = self.voucher(channel, 250)
        self.assertEqual(self.claim(voucher)[0][1]["paid"], 100)
        with self.refused("nothing to claim"):
            self.claim(voucher)
        self.channels.act(self.other.address, "topUp", self.vouchers.channel_id(channel), 1000)
        self.assertEqual(self.claim(voucher)[0][1]["paid"], 150)

    def test_forged_vouchers_are_refused(self):
        channel, other = self.channel(), self.channel(salt=1)
        self.open(channel, 1000)
        self.open(other, 1000)
        good = self.voucher(channel, 100)
        high = Domain.high(good["r"], good["s"], good["v"])
        elsewhere = Domain("StorjChannels", 1, self.channels.address).claim(self.payer, channel, 100)
        embedded = Domain("StorjChannels", 0, self.channels.address).claim(self.payer, channel, 100)
        contract = Domain("StorjChannels", 1337, self.payouts.address).claim(self.payer, channel, 100)
        agreement = Domain("StorjAgreements", 1337, self.channels.address).claim(self.payer, channel, 100)
        for name, forged in {
            "another signer": self.voucher(channel, 100, key=self.farmer),
            "a higher amount": {**good, "cumulative": 101}, "another period": {**good, "period": 2},
            "another statement": {**good, "statement": bytes(32)}, "another channel": {**good, "channel": other},
            "a high s": {**good, "r": high[0], "s": high[1], "v": high[2]},
            "v of nobody": {**good, "v": 29}, "v zero": {**good, "v": good["v"] - 27},
            "v beyond a byte": {**good, "v": good["v"] + 256},
            "zeros": {**good, "r": bytes(32), "s": bytes(32)}, "s zero": {**good, "s": bytes(32)},
            "another chain": elsewhere, "the embedded ledger": embedded, "another contract": contract,
            "another domain": agreement,
        }.items():
            with self.subTest(name), self.refused("bad signature"):
                self.claim(forged)
        with self.refused("amount too large"):
            self.claim(self.voucher(channel, MAXIMUM + 1))
        with self.refused("bad terms"):
            self.claim(self.voucher(channel, 1, period=2**32))
        self.claim(good)

    def test_a_channel_that_was_never_opened_or_differs_in_a_word_is_unknown(self):
        channel = self.channel()
        self.open(channel, 1000)
        for changed in (self.channel(salt=1), self.channel(challenge=DAY + 1), self.channel(farmer=self.other),
                        self.channel(signer=self.farmer), self.channel(payer=self.other)):
            with self.refused("channel unknown"):
                self.claim(self.voucher(changed, 10))

    def test_many_claims_are_one_transfer_for_every_run_of_a_farmer(self):
        channels = [self.channel(salt=index, farmer=farmer)
                    for index, farmer in enumerate([self.farmer, self.farmer, self.other, self.farmer])]
        self.channels.act(self.payer.address, "openMany", channels, 100)
        events = self.claim(*[self.voucher(channel, 10 + index) for index, channel in enumerate(channels)])
        self.assertEqual([name for name, _ in events], [
            "Claimed", "Claimed", "Transfer", "Claimed", "Transfer", "Claimed", "Transfer"])
        self.assertEqual([each["value"] for name, each in events if name == "Transfer"], [21, 12, 13])

    def test_one_bad_claim_takes_all_back(self):
        channels = [self.channel(salt=index) for index in range(3)]
        self.channels.act(self.payer.address, "openMany", channels, 100)
        claims = [self.voucher(channel, 10) for channel in channels]
        with self.refused("bad signature"):
            self.claim(*claims[:2], {**claims[2], "cumulative": 11})
        with self.refused("nothing to claim"):
            self.claim(claims[0], claims[1], claims[0])
        with self.refused("too many"):
            self.channels.act(self.other.address, "claimMany", [])
        with self.refused("too many"):
            self.channels.act(self.other.address, "claimMany", [claims[0]] * 65)
        with self.refused(None):
            self.channels.act(self.other.address, "claimMany", [claims[0]] * 66)

    # Closing

    def test_the_payer_gets_the_rest_back_when_the_challenge_is_over(self):
        channel = self.channel()
        self.open(channel, 1000)
        for reason, sender, name, changed in [
            ("not allowed", self.farmer, "startClose", channel), ("channel unknown", self.payer, "startClose", self.channel(9)),
            ("channel not closing", self.other, "finishClose", channel), ("channel unknown", self.other, "finishClose", self.channel(9)),
        ]:
            with self.subTest(reason), self.refused(reason):
                self.channels.act(sender.address, name, changed)
        events = self.channels.act(self.payer.address, "startClose", channel)
        self.assertEqual(events[0][1]["closesAt"], START + DAY)
        with self.refused("channel closing"):
            self.channels.act(self.payer.address, "startClose", channel)
        self.machine.wait(DAY - 1)
        with self.refused("closing too early"):
            self.channels.act(self.other.address, "finishClose", channel)
        self.claim(self.voucher(channel, 400))
        self.machine.wait(1)
        events = self.channels.act(self.other.address, "finishClose", channel)
        self.assertEqual([name for name, _ in events], ["Transfer", "Closed"])
        self.assertEqual(events[1][1]["refunded"], 600)
        self.assertEqual(self.state(channel), (1000, 400, START + DAY, True))

    def test_a_voucher_counts_until_somebody_finishes_the_closing(self):
        channel = self.channel()
        self.open(channel, 1000)
        self.channels.act(self.payer.address, "startClose", channel)
        self.machine.wait(DAY * 30)
        self.assertEqual(self.claim(self.voucher(channel, 1000))[0][1]["paid"], 1000)
        self.assertEqual([name for name, _ in self.channels.act(self.other.address, "finishClose", channel)], ["Closed"])

    def test_the_farmer_closes_at_once_and_closed_stays_closed(self):
        channel = self.channel()
        self.open(channel, 1000)
        with self.refused("not allowed"):
            self.channels.act(self.payer.address, "farmerClose", channel)
        with self.refused("channel unknown"):
            self.channels.act(self.farmer.address, "farmerClose", self.channel(9))
        self.channels.act(self.farmer.address, "farmerClose", channel)
        for sender, name, argument in [
            (self.payer, "startClose", channel), (self.payer, "finishClose", channel),
            (self.farmer, "farmerClose", channel), (self.other, "claim", self.voucher(channel, 5)),
        ]:
            with self.subTest(name), self.refused("channel closed"):
                self.channels.act(sender.address, name, argument)
        with self.refused("channel exists"):
            self.open(channel, 1)

    def test_the_longest_challenge_and_the_largest_amount_fit(self):
        self.token.act(self.machine.deployer, "mint", self.payer.address, MAXIMUM - 4 * 10**12)
        for sender in (self.farmer, self.other, self.satellite):
            self.token.act(sender.address, "transfer", self.payer.address, 10**12)
        channel = self.channel(challenge=90 * DAY)
        self.open(channel, MAXIMUM)
        with self.refused("amount too large"):
            self.channels.act(self.payer.address, "topUp", self.vouchers.channel_id(channel), 1)
        self.claim(self.voucher(channel, MAXIMUM))
        self.assertEqual(self.state(channel), (MAXIMUM, MAXIMUM, 0, False))
        self.assertEqual(self.machine.balance(self.farmer), MAXIMUM)


if __name__ == "__main__":
    unittest.main()
