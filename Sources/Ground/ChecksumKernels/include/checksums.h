// Cyclic redundancy codes of reflected polynomials: the three that S3 knows.
#ifndef STORJ_CHECKSUMS_H
#define STORJ_CHECKSUMS_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    storj_crc32,      // 0x04c11db7, as in zip
    storj_crc32c,     // 0x1edc6f41, Castagnoli's
    storj_crc64nvme,  // 0xad93d23594c93659, of NVM Express
} storj_crc_polynomial;

/// The code of what `code` covers followed by `count` bytes. Nothing has the code 0.
uint64_t storj_crc_update(storj_crc_polynomial polynomial, uint64_t code, const void *bytes, size_t count);

/// The same by tables alone, for machines without a carry-less multiplication and for tests.
uint64_t storj_crc_update_portable(storj_crc_polynomial polynomial, uint64_t code, const void *bytes, size_t count);

/// The code of two strings of bytes joined, from their codes and the second's length in bytes.
uint64_t storj_crc_combine(storj_crc_polynomial polynomial, uint64_t first, uint64_t second, uint64_t second_length);

#endif
