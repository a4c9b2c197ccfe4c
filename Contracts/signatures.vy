# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Who signed a message, by EIP-712.
@notice Only signatures with the lower s count (EIP-2), so that there is one way to write each.
"""

DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
# Half of the order of secp256k1.
HALF_ORDER: constant(uint256) = 57896044618658097711785492504343953926418782139537452191302581570759080747168

NAME_HASH: immutable(bytes32)
CHAIN: immutable(uint256)
SEPARATOR: immutable(bytes32)


@deploy
def __init__(name_hash: bytes32):
    NAME_HASH = name_hash
    CHAIN = chain.id
    SEPARATOR = keccak256(abi_encode(DOMAIN_TYPE, name_hash, keccak256("1"), chain.id, self))


@internal
@view
def _separator() -> bytes32:
    """Where signatures count. A chain that split off is another place."""
    if chain.id == CHAIN:
        return SEPARATOR
    return keccak256(abi_encode(DOMAIN_TYPE, NAME_HASH, keccak256("1"), chain.id, self))


@internal
@view
def _is_signed(struct_hash: bytes32, signer: address, r: bytes32, s: bytes32, v: uint256) -> bool:
    if signer == empty(address) or convert(s, uint256) > HALF_ORDER or (v != 27 and v != 28):
        return False
    digest: bytes32 = keccak256(concat(b"\x19\x01", self._separator(), struct_hash))
    return ecrecover(digest, v, r, s) == signer
