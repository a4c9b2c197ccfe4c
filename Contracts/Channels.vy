# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Channels: money locked for a farmer, paid out by signed vouchers.
@notice A voucher names all that is due since the channel was opened, so the newest one is the only one that matters and
        none can be used twice. Nobody owns this contract and nothing in it can be changed or stopped.
"""
import signatures
import transfers

initializes: signatures


struct Channel:
    payer: address
    farmer: address
    signer: address
    challenge: uint256
    salt: bytes32


struct Claim:
    channel: Channel
    cumulative: uint256
    period: uint256
    statement: bytes32
    r: bytes32
    s: bytes32
    v: uint256


event Opened:
    id: indexed(bytes32)
    payer: indexed(address)
    farmer: indexed(address)
    signer: address
    challenge: uint256
    salt: bytes32
    amount: uint256


event ToppedUp:
    id: indexed(bytes32)
    amount: uint256
    funded: uint256


event Claimed:
    id: indexed(bytes32)
    farmer: indexed(address)
    cumulative: uint256
    paid: uint256
    period: uint256
    statement: bytes32


event Closing:
    id: indexed(bytes32)
    closesAt: uint256


event Closed:
    id: indexed(bytes32)
    refunded: uint256


MAXIMUM: constant(uint256) = 2**64 - 1
MAXIMUM_COUNT: constant(uint256) = 64
# One more than is taken, so that it can be refused with a reason; longer arrays are reverted without one.
ARRAY: constant(uint256) = 65
SHORTEST: constant(uint256) = 3600
LONGEST: constant(uint256) = 90 * 86400
CLOSED: constant(uint256) = 2**255
VOUCHER_TYPE: constant(bytes32) = keccak256(
    "Voucher(bytes32 channel,uint64 cumulative,uint32 period,bytes32 statement)"
)

token: public(immutable(address))

# funded | claimed << 64 | closesAt << 128 | CLOSED; zero when there is no such channel.
states: HashMap[bytes32, uint256]


@deploy
def __init__(token_address: address):
    assert token_address.is_contract, "no token"
    signatures.__init__(keccak256("StorjChannels"))
    token = token_address


@external
@nonreentrant
def open(channel: Channel, amount: uint256):
    assert amount > 0, "amount is zero"
    assert amount <= MAXIMUM, "amount too large"
    # The token has no calls back and nothing can enter here twice: whether it paid is asked last, as its event comes first.
    taken: bool = transfers._take(token, msg.sender, amount)
    self._open(channel, amount)
    transfers._check(token, msg.sender, amount, taken)


@external
@nonreentrant
def openMany(channels: DynArray[Channel, ARRAY], amount: uint256):
    count: uint256 = len(channels)
    assert count > 0 and count <= MAXIMUM_COUNT, "too many"
    assert amount > 0, "amount is zero"
    assert amount <= MAXIMUM // count, "amount too large"
    total: uint256 = unsafe_mul(amount, count)
    taken: bool = transfers._take(token, msg.sender, total)
    for channel: Channel in channels:
        self._open(channel, amount)
    transfers._check(token, msg.sender, total, taken)


@external
@nonreentrant
def topUp(id: bytes32, amount: uint256):
    assert amount > 0, "amount is zero"
    state: uint256 = self.states[id]
    assert state != 0, "channel unknown"
    assert state < CLOSED, "channel closed"
    assert state >> 128 == 0, "channel closing"
    funded: uint256 = state & MAXIMUM
    assert amount <= MAXIMUM - funded, "amount too large"
    self.states[id] = unsafe_add(state, amount)
    transfers._check(token, msg.sender, amount, transfers._take(token, msg.sender, amount))
    log ToppedUp(id=id, amount=amount, funded=unsafe_add(funded, amount))


@external
@nonreentrant
def claim(claim: Claim):
    transfers._pay(token, claim.channel.farmer, self._accept(claim))


@external
@nonreentrant
def claimMany(claims: DynArray[Claim, ARRAY]):
    count: uint256 = len(claims)
    assert count > 0 and count <= MAXIMUM_COUNT, "too many"
    farmer: address = empty(address)
    due: uint256 = 0
    for claim: Claim in claims:
        if claim.channel.farmer != farmer:
            if due > 0:
                transfers._pay(token, farmer, due)
            farmer = claim.channel.farmer
            due = 0
        due = unsafe_add(due, self._accept(claim))
    transfers._pay(token, farmer, due)


@external
@nonreentrant
def startClose(channel: Channel):
    assert msg.sender == channel.payer, "not allowed"
    id: bytes32 = keccak256(abi_encode(channel))
    state: uint256 = self._live(id)
    assert state >> 128 == 0, "channel closing"
    end: uint256 = block.timestamp + channel.challenge
    self.states[id] = state | (end << 128)
    log Closing(id=id, closesAt=end)


@external
@nonreentrant
def finishClose(channel: Channel):
    id: bytes32 = keccak256(abi_encode(channel))
    state: uint256 = self._live(id)
    end: uint256 = state >> 128
    assert end != 0, "channel not closing"
    assert block.timestamp >= end, "closing too early"
    self._close(id, state, channel.payer)


@external
@nonreentrant
def farmerClose(channel: Channel):
    assert msg.sender == channel.farmer, "not allowed"
    id: bytes32 = keccak256(abi_encode(channel))
    self._close(id, self._live(id), channel.payer)


@external
@view
def channel(id: bytes32) -> (uint256, uint256, uint256, bool):
    """funded, claimed, closesAt (zero while nobody closes), closed; funded is zero when there is no such channel."""
    state: uint256 = self.states[id]
    return state & MAXIMUM, (state >> 64) & MAXIMUM, (state >> 128) & MAXIMUM, state >= CLOSED


@external
@view
def domainSeparator() -> bytes32:
    return signatures._separator()


@internal
def _open(channel: Channel, amount: uint256):
    assert channel.payer == msg.sender, "not allowed"
    assert (
        channel.challenge >= SHORTEST
        and channel.challenge <= LONGEST
        and channel.farmer != empty(address)
        and channel.signer != empty(address)
    ), "bad terms"
    id: bytes32 = keccak256(abi_encode(channel))
    assert self.states[id] == 0, "channel exists"
    self.states[id] = amount
    log Opened(
        id=id,
        payer=channel.payer,
        farmer=channel.farmer,
        signer=channel.signer,
        challenge=channel.challenge,
        salt=channel.salt,
        amount=amount,
    )


@internal
def _accept(claim: Claim) -> uint256:
    """Books a voucher; returns what is to be paid, as far as the deposit goes."""
    assert claim.cumulative <= MAXIMUM, "amount too large"
    assert claim.period < 2**32, "bad terms"
    id: bytes32 = keccak256(abi_encode(claim.channel))
    state: uint256 = self._live(id)
    assert signatures._is_signed(
        keccak256(abi_encode(VOUCHER_TYPE, id, claim.cumulative, claim.period, claim.statement)),
        claim.channel.signer,
        claim.r,
        claim.s,
        claim.v,
    ), "bad signature"
    reachable: uint256 = min(claim.cumulative, state & MAXIMUM)
    claimed: uint256 = (state >> 64) & MAXIMUM
    assert reachable > claimed, "nothing to claim"
    paid: uint256 = unsafe_sub(reachable, claimed)
    self.states[id] = unsafe_add(state, paid << 64)
    log Claimed(
        id=id,
        farmer=claim.channel.farmer,
        cumulative=claim.cumulative,
        paid=paid,
        period=claim.period,
        statement=claim.statement,
    )
    return paid


@internal
@view
def _live(id: bytes32) -> uint256:
    state: uint256 = self.states[id]
    assert state != 0, "channel unknown"
    assert state < CLOSED, "channel closed"
    return state


@internal
def _close(id: bytes32, state: uint256, payer: address):
    self.states[id] = state | CLOSED
    rest: uint256 = unsafe_sub(state & MAXIMUM, (state >> 64) & MAXIMUM)
    if rest > 0:
        transfers._pay(token, payer, rest)
    log Closed(id=id, refunded=rest)
