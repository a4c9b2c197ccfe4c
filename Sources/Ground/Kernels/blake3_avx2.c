// BLAKE3, eight inputs at once.
#if defined(__x86_64__)

#define LANES 8
#define TARGET __attribute__((target("avx2")))
#include "blake3_lanes.h"

// Swaps the off-diagonal quarters of ever larger squares: after three steps rows are columns.
INLINE void transpose(lanes rows[8]) {
#define SWAP(distance, left, right) \
    for (int i = 0; i < 8; i++) { \
        if (i & (distance)) continue; \
        lanes upper = rows[i], lower = rows[i + (distance)]; \
        rows[i] = left; \
        rows[i + (distance)] = right; \
    }
    SWAP(1, __builtin_shufflevector(upper, lower, 0, 8, 2, 10, 4, 12, 6, 14),
         __builtin_shufflevector(upper, lower, 1, 9, 3, 11, 5, 13, 7, 15))
    SWAP(2, __builtin_shufflevector(upper, lower, 0, 1, 8, 9, 4, 5, 12, 13),
         __builtin_shufflevector(upper, lower, 2, 3, 10, 11, 6, 7, 14, 15))
    SWAP(4, __builtin_shufflevector(upper, lower, 0, 1, 2, 3, 8, 9, 10, 11),
         __builtin_shufflevector(upper, lower, 4, 5, 6, 7, 12, 13, 14, 15))
#undef SWAP
}

TARGET void storj_blake3_chunks_avx2(const uint8_t *input, size_t count, uint64_t counter, uint8_t *output) {
    hash_chunks(input, count, counter, output);
}

TARGET void storj_blake3_parents_avx2(const uint8_t *children, size_t count, uint8_t *output) {
    hash_parents(children, count, output);
}

#endif
