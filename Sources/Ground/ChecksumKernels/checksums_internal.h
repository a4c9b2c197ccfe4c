#ifndef STORJ_CHECKSUMS_INTERNAL_H
#define STORJ_CHECKSUMS_INTERNAL_H

#include "checksums.h"

enum { storj_crc_polynomials = 3 };

/// Powers of x that move a block of sixteen bytes over the blocks behind it: over four (far) or over one (near).
struct storj_crc_fold {
    uint64_t far_low, far_high, near_low, near_high;
};

/// Whether this machine multiplies without carries.
int storj_crc_can_fold(void);

/// Folds whole blocks of sixteen bytes, at least four, into one with the same remainder.
///
/// `value` is the register before them. Returns how many bytes were folded.
size_t storj_crc_fold_blocks(
    const struct storj_crc_fold *fold, uint64_t value, const uint8_t *bytes, size_t count, uint8_t rest[16]);

#endif
