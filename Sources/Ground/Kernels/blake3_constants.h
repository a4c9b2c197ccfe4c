// The constants of BLAKE3 (paper §2.1 and §2.3), for use inside this target only.
#ifndef STORJ_BLAKE3_CONSTANTS_H
#define STORJ_BLAKE3_CONSTANTS_H

#include <stdint.h>

// What a compression is for (paper §2.2, table 3).
enum { flag_chunk_start = 1, flag_chunk_end = 2, flag_parent = 4, flag_root = 8 };

enum { chunk_bytes = 1024, block_bytes = 64, value_bytes = 32, round_count = 7 };

// The first 32 bits of the fractional parts of the square roots of the first eight primes.
static const uint32_t initial_value[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

// Row r is the order in which round r takes the words of a block: the permutation applied r times.
static const uint8_t schedule[round_count][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
    {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1},
    {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
    {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4},
    {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
    {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13},
};

#endif
