"""The token for tests has the quirks of the one on the main chain."""

import unittest

from case import ContractCase
from machine import ZERO, Contract


class TokenTests(ContractCase):
    def test_it_has_eight_decimals_and_its_supply(self):
        self.assertEqual(self.token.ask("decimals"), 8)
        self.assertEqual(self.token.ask("totalSupply"), 4 * 10**12)

    def test_a_transfer_moves_money_and_says_so(self):
        events = self.token.act(self.payer.address, "transfer", self.other.address, 7)
        self.assertEqual(events, [("Transfer", {
            "sender": self.payer.address.lower(), "receiver": self.other.address.lower(), "value": 7})])
        self.assertEqual(self.machine.balance(self.other), 10**12 + 7)
        self.token.act(self.payer.address, "transfer", self.payer.address, 10**11)
        self.assertEqual(self.machine.balance(self.payer), 10**12 - 7)

    def test_more_than_one_has_or_may_is_refused_without_a_reason(self):
        with self.refused(None):
            self.token.act(self.payer.address, "transfer", self.other.address, 10**12 + 1)
        with self.refused(None):
            self.token.act(self.other.address, "transferFrom", self.payer.address, self.other.address, 1)

    def test_an_allowance_is_changed_only_through_zero_and_used_up(self):
        self.token.act(self.payer.address, "approve", self.other.address, 10)
        with self.refused(None):
            self.token.act(self.payer.address, "approve", self.other.address, 5)
        self.token.act(self.other.address, "transferFrom", self.payer.address, self.other.address, 4)
        self.assertEqual(self.token.ask("allowance", self.payer.address, self.other.address), 6)
        self.token.act(self.payer.address, "approve", self.other.address, 0)
        self.token.act(self.payer.address, "approve", self.other.address, 5)
        with self.refused(None):
            self.token.act(self.other.address, "transferFrom", self.payer.address, self.other.address, 6)

    def test_only_the_minter_mints_and_never_more_than_amounts_can_hold(self):
        minter = self.machine.deployer
        with self.refused("not allowed"):
            self.token.act(self.payer.address, "mint", self.payer.address, 1)
        with self.refused("amount is zero"):
            self.token.act(minter, "mint", self.payer.address, 0)
        with self.refused("amount too large"):
            self.token.act(minter, "mint", self.payer.address, 2**64 - 4 * 10**12)
        self.token.act(minter, "mint", self.payer.address, 2**64 - 1 - 4 * 10**12)

    def test_burned_money_is_gone(self):
        with self.refused("amount is zero"):
            self.token.act(self.payer.address, "burn", 0)
        with self.refused("balance too low"):
            self.token.act(self.payer.address, "burn", 10**12 + 1)
        self.assertEqual(self.token.act(self.payer.address, "burn", 10)[0][1]["receiver"], ZERO)
        self.assertEqual(self.token.ask("totalSupply"), 4 * 10**12 - 10)

    def test_contracts_want_a_token_that_is_there(self):
        for name, arguments in (("Channels", [ZERO]), ("Payouts", [self.payer.address]),
                                ("Agreements", [self.token.address, ZERO])):
            with self.assertRaises(RuntimeError):
                Contract(self.machine, name, *arguments)


if __name__ == "__main__":
    unittest.main()
