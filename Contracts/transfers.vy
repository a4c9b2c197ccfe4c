# pragma version 0.4.3
# pragma evm-version cancun
"""
@title How contracts move the token.
@notice Failures of the token have no reasons: the contracts find them out. Tokens that answer nothing are taken to have
        succeeded, as long as they do not revert.
"""
from ethereum.ercs import IERC20


@internal
def _take(token: address, owner: address, amount: uint256) -> bool:
    """Takes what its owner has allowed; says whether it went well."""
    success: bool = False
    response: Bytes[32] = b""
    success, response = raw_call(
        token,
        abi_encode(owner, self, amount, method_id=method_id("transferFrom(address,address,uint256)")),
        max_outsize=32,
        revert_on_failure=False,
    )
    return success and (len(response) == 0 or convert(response, uint256) != 0)


@internal
@view
def _check(token: address, owner: address, amount: uint256, taken: bool):
    """Says why something could not be taken."""
    if not taken:
        assert staticcall IERC20(token).balanceOf(owner) >= amount, "balance too low"
        raise "allowance too low"


@internal
def _pay(token: address, receiver: address, amount: uint256):
    assert extcall IERC20(token).transfer(receiver, amount, default_return_value=True), "transfer failed"
