"""What a client would cost if every byte went through each block once at that block's measured speed.

CPU nanoseconds per byte of user data, with rates in GB/s of one core:

    upload    1/A + x/R + E·(1/H + s)       E = x·n/k     everything is encrypted, encoded, hashed and sent
    download  1/O + F·r                     F = x         k data pieces arrive and need no decoding

x = block/(block − 16) is what encryption adds, A and O seal and open AES-256-GCM, R encodes, H hashes pieces, s and r
are a byte's cost at the sending and receiving end of DRPC over TLS, n counts the pieces that must be sent: the optimal.
Signatures are left out: at 64 MiB a segment they are below a thousandth.
"""
import re

# GB/s of a core, when no micro-benchmarks ran: measured on a quiet 2-core server, see docs/measurements.md.
RATES = {
    "aes-gcm seal": 4.7, "aes-gcm open": 4.8, "rs encode 4/8": 12.5, "blake3 64 KiB": 7.1, "drpc tls upload": 1.47,
}
# The receiving end's share of a byte over TLS, in ns: measured apart, since the benchmark's figure has both ends.
RECEIVING = 0.29
BLOCK = 7408


def rates_of(micro):
    """The rates in the output of `storj-bench micro`."""
    rates = dict(RATES)
    for name in rates:
        if match := re.search(rf"^{re.escape(name)}\s+([0-9.]+)\s+GB/s", micro, re.MULTILINE):
            rates[name] = float(match[1])
    return rates


def limits(rates, required, optimal):
    """CPU seconds of the client for a GiB up and down."""
    overhead = BLOCK / (BLOCK - 16)
    both_ends = 1 / rates["drpc tls upload"]
    sending = max(both_ends - RECEIVING, RECEIVING)
    sent = overhead * optimal / required
    sealing, encoding = 1 / rates["aes-gcm seal"], overhead / rates["rs encode 4/8"]
    upload = sealing + encoding + sent * (1 / rates["blake3 64 KiB"] + sending)
    download = 1 / rates["aes-gcm open"] + overhead * RECEIVING
    return {True: upload * 2**30 / 1e9, False: download * 2**30 / 1e9}
