# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Payouts: one root for everything a satellite owes everybody.
@notice Amounts are cumulative, so a farmer who misses a root loses nothing and none is paid twice. The farmers trust the
        satellite to fill the pool and not to publish less than before; everybody can see both.
"""
import transfers


struct Claim:
    satellite: address
    farmer: address
    cumulative: uint256
    path: DynArray[bytes32, PATH]


event Funded:
    satellite: indexed(address)
    amount: uint256
    pool: uint256


event Anchored:
    satellite: indexed(address)
    period: indexed(uint256)
    payoutRoot: bytes32
    reportRoot: bytes32
    total: uint256
    nodes: uint256


event Paid:
    satellite: indexed(address)
    farmer: indexed(address)
    cumulative: uint256
    amount: uint256


MAXIMUM: constant(uint256) = 2**64 - 1
MAXIMUM_COUNT: constant(uint256) = 64
MAXIMUM_PATH: constant(uint256) = 32
# One more than is taken, so that it can be refused with a reason; longer arrays are reverted without one. What could come
# takes its place in memory, and memory costs by the square: larger bounds would make every claim dearer.
ARRAY: constant(uint256) = 65
PATH: constant(uint256) = 33
ANCHORED: constant(uint256) = 2**255

token: public(immutable(address))

# pool | period << 64 | total << 128 | nodes << 192 | ANCHORED
states: HashMap[address, uint256]
payout_roots: HashMap[address, bytes32]
report_roots: HashMap[address, bytes32]
paid: public(HashMap[address, HashMap[address, uint256]])


@deploy
def __init__(token_address: address):
    assert token_address.is_contract, "no token"
    token = token_address


@external
@nonreentrant
def fund(satellite: address, amount: uint256):
    assert amount > 0, "amount is zero"
    state: uint256 = self.states[satellite]
    pool: uint256 = state & MAXIMUM
    assert amount <= MAXIMUM - pool, "amount too large"
    self.states[satellite] = unsafe_add(state, amount)
    transfers._check(token, msg.sender, amount, transfers._take(token, msg.sender, amount))
    log Funded(satellite=satellite, amount=amount, pool=unsafe_add(pool, amount))


@external
@nonreentrant
def anchor(period: uint256, payoutRoot: bytes32, reportRoot: bytes32, total: uint256, nodes: uint256):
    assert period <= MAXIMUM and nodes < 2**63, "bad terms"
    assert total <= MAXIMUM, "amount too large"
    state: uint256 = self.states[msg.sender]
    assert state < ANCHORED or period > (state >> 64) & MAXIMUM, "period not new"
    self.states[msg.sender] = (state & MAXIMUM) | (period << 64) | (total << 128) | (nodes << 192) | ANCHORED
    self.payout_roots[msg.sender] = payoutRoot
    self.report_roots[msg.sender] = reportRoot
    log Anchored(
        satellite=msg.sender,
        period=period,
        payoutRoot=payoutRoot,
        reportRoot=reportRoot,
        total=total,
        nodes=nodes,
    )


@external
@nonreentrant
def claim(claim: Claim):
    self._claim(claim)


@external
@nonreentrant
def claimMany(claims: DynArray[Claim, ARRAY]):
    count: uint256 = len(claims)
    assert count > 0 and count <= MAXIMUM_COUNT, "too many"
    for claim: Claim in claims:
        self._claim(claim)


@external
@view
def payout(satellite: address) -> (uint256, bool, uint256, bytes32, bytes32, uint256, uint256):
    """pool, anchored, period, payoutRoot, reportRoot, total, nodes"""
    state: uint256 = self.states[satellite]
    return (
        state & MAXIMUM,
        state >= ANCHORED,
        (state >> 64) & MAXIMUM,
        self.payout_roots[satellite],
        self.report_roots[satellite],
        (state >> 128) & MAXIMUM,
        (state >> 192) & (2**63 - 1),
    )


@internal
def _claim(claim: Claim):
    state: uint256 = self.states[claim.satellite]
    assert state >= ANCHORED, "root unknown"
    assert len(claim.path) <= MAXIMUM_PATH, "bad path"
    # A leaf is hashed twice and with another prefix than a node: neither passes for the other.
    node: bytes32 = keccak256(concat(b"\x00", keccak256(abi_encode(claim.farmer, claim.cumulative))))
    for sibling: bytes32 in claim.path:
        if convert(node, uint256) < convert(sibling, uint256):
            node = keccak256(concat(b"\x01", node, sibling))
        else:
            node = keccak256(concat(b"\x01", sibling, node))
    assert node == self.payout_roots[claim.satellite], "bad path"
    before: uint256 = self.paid[claim.satellite][claim.farmer]
    assert claim.cumulative > before, "nothing to claim"
    amount: uint256 = min(unsafe_sub(claim.cumulative, before), state & MAXIMUM)
    assert amount > 0, "pool empty"
    self.states[claim.satellite] = unsafe_sub(state, amount)
    self.paid[claim.satellite][claim.farmer] = unsafe_add(before, amount)
    transfers._pay(token, claim.farmer, amount)
    log Paid(
        satellite=claim.satellite,
        farmer=claim.farmer,
        cumulative=unsafe_add(before, amount),
        amount=amount,
    )
