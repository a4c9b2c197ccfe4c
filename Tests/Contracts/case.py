"""What the tests of the contracts share: a machine, and a way to say why something must be refused."""

import unittest
from contextlib import contextmanager

from eth_utils import keccak

from machine import DAY, START, Machine, Refused
from messages import Domain


class ContractCase(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()
        for name in ("payer", "farmer", "other", "satellite", "token", "channels", "payouts", "agreements"):
            setattr(self, name, getattr(self.machine, name))
        self.vouchers = Domain("StorjChannels", 1337, self.channels.address)
        self.terms_domain = Domain("StorjAgreements", 1337, self.agreements.address)

    @contextmanager
    def refused(self, reason):
        before = self.books()
        with self.assertRaises(Refused) as caught:
            yield
        self.assertEqual(caught.exception.reason, reason)
        self.assertEqual(self.books(), before, "a refused call changed something")

    def books(self):
        """Everybody's money."""
        owners = [self.payer, self.farmer, self.other, self.satellite, self.channels, self.payouts, self.agreements]
        return [self.machine.balance(owner) for owner in owners]

    def channel(self, salt=0, challenge=DAY, farmer=None, signer=None, payer=None):
        return {
            "payer": (payer or self.payer).address, "farmer": (farmer or self.farmer).address,
            "signer": (signer or self.payer).address, "challenge": challenge, "salt": salt.to_bytes(32, "big")}

    def voucher(self, channel, cumulative, period=1, key=None):
        return self.vouchers.claim(key or self.payer, channel, cumulative, period, keccak(text="statement"))

    def terms(self, root=b"\1" * 32, chunks=10, salt=0, **changes):
        return {
            "payer": self.payer.address, "farmer": self.farmer.address, "signer": self.payer.address, "root": root,
            "chunks": chunks, "start": START // DAY * DAY, "period": DAY, "periods": 4, "price": 1000, "window": 3600,
            "grace": 7200, "collateral": 500, "penalty": 200, "salt": salt.to_bytes(32, "big"), **changes}

    def open_agreement(self, terms, key=None, sender=None):
        signature = self.terms_domain.signature(key or self.farmer, self.terms_domain.terms_id(terms))
        return self.agreements.act((sender or self.payer).address, "open", terms, *signature)
