"""What payers and farmers sign, and what satellites publish, written from the design and not from the contracts."""

from coincurve import PrivateKey
from eth_abi import encode
from eth_utils import keccak

DOMAIN_TYPE = keccak(text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
VOUCHER_TYPE = keccak(text="Voucher(bytes32 channel,uint64 cumulative,uint32 period,bytes32 statement)")
TERMS_TYPE = keccak(
    text="Terms(address payer,address farmer,address signer,bytes32 root,uint256 chunks,uint256 start,uint256 period,"
    "uint256 periods,uint256 price,uint256 window,uint256 grace,uint256 collateral,uint256 penalty,bytes32 salt)")
RECEIPT_TYPE = keccak(text="Receipt(bytes32 agreement,uint256 mask)")
CHANNEL_FIELDS = ["address", "address", "address", "uint256", "bytes32"]
TERMS_FIELDS = ["address"] * 3 + ["bytes32"] + ["uint256"] * 9 + ["bytes32"]
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


class Domain:
    """Where signatures count."""

    def __init__(self, name, chain_id, contract):
        self.separator = keccak(encode(
            ["bytes32", "bytes32", "bytes32", "uint256", "address"],
            [DOMAIN_TYPE, keccak(text=name), keccak(text="1"), chain_id, contract]))

    def digest(self, struct_hash):
        return keccak(b"\x19\x01" + self.separator + struct_hash)

    def signature(self, key, struct_hash):
        """r, s and v."""
        signed = PrivateKey(bytes(key.key)).sign_recoverable(self.digest(struct_hash), hasher=None)
        return signed[:32], signed[32:64], 27 + signed[64]

    @staticmethod
    def high(r, s, v):
        """The same signature with the larger s, which nobody may take."""
        return r, (ORDER - int.from_bytes(s, "big")).to_bytes(32, "big"), 55 - v

    @staticmethod
    def channel_id(channel):
        return keccak(encode(CHANNEL_FIELDS, list(channel.values())))

    @staticmethod
    def terms_id(terms):
        return keccak(TERMS_TYPE + encode(TERMS_FIELDS, list(terms.values())))

    def claim(self, key, channel, cumulative, period=1, statement=bytes(32)):
        """A voucher with its signature, as the contract takes it."""
        struct_hash = keccak(VOUCHER_TYPE + encode(
            ["bytes32", "uint256", "uint256", "bytes32"], [self.channel_id(channel), cumulative, period, statement]))
        r, s, v = self.signature(key, struct_hash)
        return {
            "channel": channel, "cumulative": cumulative, "period": period, "statement": statement, "r": r, "s": s, "v": v}

    def receipt(self, key, terms, mask):
        """The periods with the signature that they are due: what `settle` takes after the terms."""
        struct_hash = keccak(RECEIPT_TYPE + encode(["bytes32", "uint256"], [self.terms_id(terms), mask]))
        return mask, *self.signature(key, struct_hash)


def payout_leaf(farmer, cumulative):
    return keccak(b"\0" + keccak(encode(["address", "uint256"], [farmer, cumulative])))


def payout_node(left, right):
    return keccak(b"\1" + min(left, right) + max(left, right))


def payout_tree(entries):
    """The root over what is owed by farmer, and every farmer's path."""
    farmers = sorted(entries, key=str.lower)
    levels = [[payout_leaf(farmer, entries[farmer]) for farmer in farmers]]
    while len(levels[-1]) > 1:
        level = levels[-1]
        levels.append([
            payout_node(level[index], level[index + 1]) if index + 1 < len(level) else level[index]
            for index in range(0, len(level), 2)])
    paths = {}
    for place, farmer in enumerate(farmers):
        path = []
        for level in levels[:-1]:
            if place ^ 1 < len(level):
                path.append(level[place ^ 1])
            place //= 2
        paths[farmer] = path
    return levels[-1][0], paths


def beacon_target(seed, agreement, period, chunks):
    return int.from_bytes(keccak(seed + agreement + period.to_bytes(32, "big")), "big") % chunks
