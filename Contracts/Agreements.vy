# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Agreements: each period's pay is locked ahead and released by a proof of possession or by the payer's receipt.
@notice Two sets of periods, paid and missed, make every function harmless when it is called twice: a receipt and a proof
        of one period pay once. Proofs answer a challenge from a beacon nobody knew when the data was agreed on.
"""
import signatures
import transfers

initializes: signatures


interface Blake3:
    def root(chunk: Bytes[1024], index: uint256, size: uint256, path: DynArray[bytes32, 32]) -> bytes32: view


struct Terms:
    payer: address
    farmer: address
    signer: address
    root: bytes32
    chunks: uint256
    start: uint256
    period: uint256
    periods: uint256
    price: uint256
    window: uint256
    grace: uint256
    collateral: uint256
    penalty: uint256
    salt: bytes32


struct Proof:
    pieceId: bytes32
    pieceSize: uint256
    chunkIndex: uint256
    chunk: Bytes[1024]
    chunkPath: DynArray[bytes32, CHUNK_PATH]
    setHashes: DynArray[bytes32, SET_PATH]
    setSums: DynArray[uint256, SET_PATH]


event AgreementOpened:
    id: indexed(bytes32)
    payer: indexed(address)
    farmer: indexed(address)


event BeaconArmed:
    epoch: indexed(uint256)
    target: uint256


event BeaconSealed:
    epoch: indexed(uint256)
    seed: bytes32


event Heartbeat:
    id: indexed(bytes32)
    farmer: indexed(address)
    period: uint256
    target: uint256
    pieceId: bytes32


event Settled:
    id: indexed(bytes32)
    mask: uint256
    amount: uint256


event Missed:
    id: indexed(bytes32)
    mask: uint256
    refund: uint256
    slashed: uint256


event Finished:
    id: indexed(bytes32)


MAXIMUM: constant(uint256) = 2**64 - 1
MAXIMUM_SECONDS: constant(uint256) = 100 * 365 * 86400
MAXIMUM_PERIODS: constant(uint256) = 256
# Levels of a piece of 4 TiB, and of a set of 2**40 pieces.
CHUNK_PATH: constant(uint256) = 32
SET_PATH: constant(uint256) = 40
EPOCH: constant(uint256) = 86400
# Blocks between arming a beacon and the one it is drawn from, and how old that one may be.
DELAY: constant(uint256) = 5
VISIBLE: constant(uint256) = 256
OPEN: constant(uint256) = 2**255
ONE: constant(uint256) = 1
FINISHED: constant(uint256) = 2**254
TERMS_TYPE: constant(bytes32) = keccak256(
    "Terms(address payer,address farmer,address signer,bytes32 root,uint256 chunks,uint256 start,uint256 period,uint256 periods,uint256 price,uint256 window,uint256 grace,uint256 collateral,uint256 penalty,bytes32 salt)"
)
RECEIPT_TYPE: constant(bytes32) = keccak256("Receipt(bytes32 agreement,uint256 mask)")

token: public(immutable(address))
verifier: public(immutable(address))

# collateral | price << 64 | periods << 128 | FINISHED | OPEN; what is left in escrow follows from the sets.
states: HashMap[bytes32, uint256]
paid: HashMap[bytes32, uint256]
missed: HashMap[bytes32, uint256]
targets: HashMap[uint256, uint256]
seeds: HashMap[uint256, bytes32]
credit: public(HashMap[address, uint256])


@deploy
def __init__(token_address: address, verifier_address: address):
    assert token_address.is_contract, "no token"
    assert verifier_address.is_contract, "no verifier"
    signatures.__init__(keccak256("StorjAgreements"))
    token = token_address
    verifier = verifier_address


@external
@nonreentrant
def open(terms: Terms, r: bytes32, s: bytes32, v: uint256):
    assert self._is_sound(terms), "bad terms"
    assert msg.sender == terms.payer, "not allowed"
    # A period that was over before anybody agreed could not be proven with a beacon nobody knew.
    assert unsafe_add(terms.start, terms.period) > block.timestamp, "start too early"
    id: bytes32 = self._id(terms)
    assert self.states[id] == 0, "agreement exists"
    assert signatures._is_signed(id, terms.farmer, r, s, v), "bad signature"
    self.states[id] = OPEN | (terms.periods << 128) | (terms.price << 64) | terms.collateral
    escrow: uint256 = unsafe_mul(terms.price, terms.periods)
    transfers._check(token, terms.payer, escrow, transfers._take(token, terms.payer, escrow))
    if terms.collateral > 0:
        transfers._check(
            token, terms.farmer, terms.collateral, transfers._take(token, terms.farmer, terms.collateral)
        )
    log AgreementOpened(id=id, payer=terms.payer, farmer=terms.farmer)


@external
@nonreentrant
def arm(epoch: uint256):
    assert epoch <= block.timestamp // EPOCH, "epoch too early"
    before: uint256 = self.targets[epoch]
    if before != 0:
        assert self.seeds[epoch] == empty(bytes32), "beacon sealed"
        # A block too old to be seen can be replaced by a new one.
        assert block.number > before + VISIBLE, "beacon armed"
    target: uint256 = block.number + DELAY
    self.targets[epoch] = target
    log BeaconArmed(epoch=epoch, target=target)


@external
@nonreentrant
def seal(epoch: uint256):
    target: uint256 = self.targets[epoch]
    assert target != 0, "beacon not armed"
    assert self.seeds[epoch] == empty(bytes32), "beacon sealed"
    assert block.number > target, "beacon too early"
    assert block.number <= target + VISIBLE, "beacon expired"
    seed: bytes32 = keccak256(abi_encode(epoch, blockhash(target)))
    self.seeds[epoch] = seed
    log BeaconSealed(epoch=epoch, seed=seed)


@external
@nonreentrant
def prove(terms: Terms, period: uint256, proof: Proof):
    id: bytes32 = self._id(terms)
    self._running(id)
    assert period < terms.periods, "period unknown"
    paid: uint256 = self.paid[id]
    assert ((paid | self.missed[id]) >> period) & 1 == 0, "period decided"
    epoch: uint256 = self._epoch(terms, period)
    seed: bytes32 = self.seeds[epoch]
    assert seed != empty(bytes32), "beacon missing"
    assert block.timestamp <= (epoch + 1) * EPOCH + terms.window, "proof too late"
    target: uint256 = self._target(seed, id, period, terms.chunks)
    assert self._verify(terms.root, terms.chunks, target, proof), "wrong proof"
    self.paid[id] = paid | (ONE << period)
    self.credit[terms.farmer] += terms.price
    log Heartbeat(id=id, farmer=terms.farmer, period=period, target=target, pieceId=proof.pieceId)


@external
@nonreentrant
def settle(terms: Terms, mask: uint256, r: bytes32, s: bytes32, v: uint256):
    id: bytes32 = self._id(terms)
    self._running(id)
    assert signatures._is_signed(
        keccak256(abi_encode(RECEIPT_TYPE, id, mask)), terms.signer, r, s, v
    ), "bad signature"
    assert mask & ~self._all(terms.periods) == 0, "period unknown"
    paid: uint256 = self.paid[id]
    new: uint256 = mask & ~(paid | self.missed[id])
    assert new != 0, "nothing to settle"
    self.paid[id] = paid | new
    amount: uint256 = terms.price * self._count(new)
    transfers._pay(token, terms.farmer, amount)
    log Settled(id=id, mask=new, amount=amount)


@external
@nonreentrant
def reclaim(terms: Terms):
    id: bytes32 = self._id(terms)
    state: uint256 = self._running(id)
    missed: uint256 = self.missed[id]
    new: uint256 = self._all(self._overdue(terms)) & ~(self.paid[id] | missed)
    assert new != 0, "nothing to reclaim"
    self.missed[id] = missed | new
    count: uint256 = self._count(new)
    refund: uint256 = terms.price * count
    slashed: uint256 = min(terms.penalty * count, state & MAXIMUM)
    if slashed > 0:
        self.states[id] = unsafe_sub(state, slashed)
    transfers._pay(token, terms.payer, refund + slashed)
    log Missed(id=id, mask=new, refund=refund, slashed=slashed)


@external
@nonreentrant
def finish(terms: Terms):
    id: bytes32 = self._id(terms)
    state: uint256 = self._running(id)
    everything: uint256 = self._all(terms.periods)
    paid: uint256 = self.paid[id]
    assert paid == everything or paid | self.missed[id] == everything, "periods not decided"
    rest: uint256 = state & MAXIMUM
    self.states[id] = unsafe_sub(state, rest) | FINISHED
    if rest > 0:
        transfers._pay(token, terms.farmer, rest)
    log Finished(id=id)


@external
@nonreentrant
def withdraw():
    amount: uint256 = self.credit[msg.sender]
    assert amount > 0, "nothing to withdraw"
    self.credit[msg.sender] = 0
    transfers._pay(token, msg.sender, amount)


@external
@view
def agreement(id: bytes32) -> (bool, bool, uint256, uint256, uint256, uint256):
    """exists, finished, paid, missed, escrow, collateral"""
    state: uint256 = self.states[id]
    paid: uint256 = self.paid[id]
    missed: uint256 = self.missed[id]
    undecided: uint256 = ((state >> 128) & 1023) - self._count(paid | missed)
    escrow: uint256 = ((state >> 64) & MAXIMUM) * undecided
    return state != 0, state & FINISHED != 0, paid, missed, escrow, state & MAXIMUM


@external
@view
def beacon(epoch: uint256) -> (uint256, bytes32):
    """target (zero when it is not armed), seed (zero when it is not sealed)"""
    return self.targets[epoch], self.seeds[epoch]


@external
@view
def challenge(terms: Terms, period: uint256) -> uint256:
    """The chunk that proves a period."""
    assert period < terms.periods, "period unknown"
    seed: bytes32 = self.seeds[self._epoch(terms, period)]
    assert seed != empty(bytes32), "beacon missing"
    return self._target(seed, self._id(terms), period, terms.chunks)


@external
@view
def verify(root: bytes32, total: uint256, target: uint256, proof: Proof) -> bool:
    """Whether a proof shows chunk `target` of the set with this root and so many chunks."""
    return self._verify(root, total, target, proof)


@external
@view
def domainSeparator() -> bytes32:
    return signatures._separator()


@internal
@pure
def _is_sound(terms: Terms) -> bool:
    """Whether the numbers make sense together; with them no later arithmetic can overflow."""
    return (
        terms.payer != empty(address)
        and terms.farmer != empty(address)
        and terms.signer != empty(address)
        and terms.chunks > 0
        and terms.chunks <= MAXIMUM
        and terms.periods > 0
        and terms.periods <= MAXIMUM_PERIODS
        and terms.period > 0
        and terms.period <= MAXIMUM_SECONDS
        and terms.window <= MAXIMUM_SECONDS
        and terms.grace <= MAXIMUM_SECONDS
        and terms.start <= 2**40
        and terms.price > 0
        and terms.price <= MAXIMUM // terms.periods
        and terms.collateral <= MAXIMUM
        and terms.penalty <= terms.collateral
    )


@internal
@pure
def _id(terms: Terms) -> bytes32:
    return keccak256(abi_encode(TERMS_TYPE, terms))


@internal
@view
def _running(id: bytes32) -> uint256:
    state: uint256 = self.states[id]
    assert state != 0, "agreement unknown"
    assert state & FINISHED == 0, "agreement finished"
    return state


@internal
@pure
def _epoch(terms: Terms, period: uint256) -> uint256:
    """The first whole epoch after a period's end."""
    return (terms.start + (period + 1) * terms.period + EPOCH - 1) // EPOCH


@internal
@view
def _overdue(terms: Terms) -> uint256:
    """How many periods can no longer be proven, grace included: the first ones, as they end in order.

    A period is overdue when (epoch + 1) * EPOCH + window + grace lies before now. Its epoch begins at its end or later,
    so that are the periods that end no later than the last epoch for which it holds begins.
    """
    patience: uint256 = EPOCH + terms.window + terms.grace
    if block.timestamp <= patience:
        return 0
    last: uint256 = (block.timestamp - patience - 1) // EPOCH * EPOCH
    if last < terms.start:
        return 0
    return min((last - terms.start) // terms.period, terms.periods)


@internal
@pure
def _target(seed: bytes32, id: bytes32, period: uint256, chunks: uint256) -> uint256:
    return convert(keccak256(abi_encode(seed, id, period)), uint256) % chunks


@internal
@view
def _verify(root: bytes32, total: uint256, target: uint256, proof: Proof) -> bool:
    if proof.pieceSize >= 2**63 or len(proof.setHashes) != len(proof.setSums):
        return False
    content: bytes32 = staticcall Blake3(verifier).root(
        proof.chunk, proof.chunkIndex, proof.pieceSize, proof.chunkPath
    )
    node: bytes32 = sha256(concat(proof.pieceId, convert(proof.pieceSize, bytes32), content))
    # An empty piece has a chunk, too.
    sum: uint256 = max(1, (proof.pieceSize + 1023) // 1024)
    first: uint256 = 0
    level: uint256 = 0
    for sibling: bytes32 in proof.setHashes:
        side: uint256 = proof.setSums[level]
        level += 1
        other: uint256 = side >> 1
        if other > MAXIMUM:
            return False
        if side & 1 == 1:
            node = sha256(concat(sibling, convert(other, bytes32), node, convert(sum, bytes32)))
            first += other
        else:
            node = sha256(concat(node, convert(sum, bytes32), sibling, convert(other, bytes32)))
        sum += other
    return node == root and sum == total and first + proof.chunkIndex == target


@internal
@pure
def _all(count: uint256) -> uint256:
    """The first periods, up to 256."""
    return unsafe_sub(ONE << count, 1)


@internal
@pure
def _count(mask: uint256) -> uint256:
    """How many bits are set: by twos, fours, eights and sixteens side by side, whose sum ends up in the highest."""
    bits: uint256 = unsafe_sub(mask, (mask >> 1) & (max_value(uint256) // 3))
    bits = unsafe_add(bits & (max_value(uint256) // 5), (bits >> 2) & (max_value(uint256) // 5))
    bits = unsafe_add(bits, bits >> 4) & (max_value(uint256) // 17)
    bits = unsafe_add(bits, bits >> 8) & (max_value(uint256) // 257)
    return unsafe_mul(bits, max_value(uint256) // 65535) >> 240
