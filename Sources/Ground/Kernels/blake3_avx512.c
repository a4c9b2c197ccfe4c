// BLAKE3, sixteen inputs at once.
#if defined(__x86_64__)

#define LANES 16
#define TARGET __attribute__((target("avx512f")))
#include "blake3_lanes.h"

// Swaps the off-diagonal quarters of ever larger squares: after four steps rows are columns.
INLINE void transpose(lanes rows[16]) {
#define SWAP(distance, left, right) \
    for (int i = 0; i < 16; i++) { \
        if (i & (distance)) continue; \
        lanes upper = rows[i], lower = rows[i + (distance)]; \
        rows[i] = left; \
        rows[i + (distance)] = right; \
    }
    SWAP(1, __builtin_shufflevector(upper, lower, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
         __builtin_shufflevector(upper, lower, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
    SWAP(2, __builtin_shufflevector(upper, lower, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
         __builtin_shufflevector(upper, lower, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
    SWAP(4, __builtin_shufflevector(upper, lower, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
         __builtin_shufflevector(upper, lower, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
    SWAP(8, __builtin_shufflevector(upper, lower, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
         __builtin_shufflevector(upper, lower, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
#undef SWAP
}

TARGET void storj_blake3_chunks_avx512(const uint8_t *input, size_t count, uint64_t counter, uint8_t *output) {
    hash_chunks(input, count, counter, output);
}

TARGET void storj_blake3_parents_avx512(const uint8_t *children, size_t count, uint8_t *output) {
    hash_parents(children, count, output);
}

#endif
