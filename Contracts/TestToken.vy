# pragma version 0.4.3
# pragma evm-version cancun
"""
@title A token for tests that behaves as STORJ on the main chain does.
@notice Eight decimals, a `decimals` of 256 bits, approvals only through zero, no permit, and reverts without a reason.
        Only who deployed it can make more of it; on the main chain nobody can.
"""

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    value: uint256


event Approval:
    owner: indexed(address)
    spender: indexed(address)
    value: uint256


name: public(constant(String[16])) = "Storj Test"
symbol: public(constant(String[8])) = "TSTORJ"
decimals: public(constant(uint256)) = 8

minter: public(immutable(address))
totalSupply: public(uint256)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])


@deploy
def __init__():
    minter = msg.sender


@external
def transfer(receiver: address, amount: uint256) -> bool:
    self._move(msg.sender, receiver, amount)
    return True


@external
def transferFrom(owner: address, receiver: address, amount: uint256) -> bool:
    allowed: uint256 = self.allowance[owner][msg.sender]
    if allowed < amount:
        raise
    self.allowance[owner][msg.sender] = unsafe_sub(allowed, amount)
    self._move(owner, receiver, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    # An allowance that is changed could be used twice: it must be taken back first.
    if amount != 0 and self.allowance[msg.sender][spender] != 0:
        raise
    self.allowance[msg.sender][spender] = amount
    log Approval(owner=msg.sender, spender=spender, value=amount)
    return True


@external
def mint(receiver: address, amount: uint256):
    assert msg.sender == minter, "not allowed"
    assert amount > 0, "amount is zero"
    supply: uint256 = self.totalSupply
    assert amount <= convert(max_value(uint64), uint256) - supply, "amount too large"
    self.totalSupply = supply + amount
    self.balanceOf[receiver] += amount
    log Transfer(sender=empty(address), receiver=receiver, value=amount)


@external
def burn(amount: uint256):
    assert amount > 0, "amount is zero"
    balance: uint256 = self.balanceOf[msg.sender]
    assert balance >= amount, "balance too low"
    self.balanceOf[msg.sender] = balance - amount
    self.totalSupply -= amount
    log Transfer(sender=msg.sender, receiver=empty(address), value=amount)


@internal
def _move(owner: address, receiver: address, amount: uint256):
    balance: uint256 = self.balanceOf[owner]
    if balance < amount:
        raise
    self.balanceOf[owner] = unsafe_sub(balance, amount)
    # No sum of balances is larger than the supply.
    self.balanceOf[receiver] = unsafe_add(self.balanceOf[receiver], amount)
    log Transfer(sender=owner, receiver=receiver, value=amount)
