// BLAKE3 compression in plain C, one block at a time (BLAKE3 paper §2.2).
#include "blake3_constants.h"
#include "blake3_internal.h"
#include "kernels.h"

#include <string.h>

static inline uint32_t load_word(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static inline void store_value(uint8_t *bytes, const uint32_t words[8]) {
    for (int i = 0; i < value_bytes; i++) bytes[i] = (uint8_t)(words[i / 4] >> (8 * (i % 4)));
}

static inline uint32_t rotate_right(uint32_t word, int bits) { return word >> bits | word << (32 - bits); }

// The quarter-round: mixes two words of the message into a column or a diagonal of the state.
static inline void mix(uint32_t v[16], int a, int b, int c, int d, uint32_t x, uint32_t y) {
    v[a] += v[b] + x;
    v[d] = rotate_right(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = rotate_right(v[b] ^ v[c], 12);
    v[a] += v[b] + y;
    v[d] = rotate_right(v[d] ^ v[a], 8);
    v[c] += v[d];
    v[b] = rotate_right(v[b] ^ v[c], 7);
}

static inline void mix_round(uint32_t v[16], const uint32_t m[16], const uint8_t *order) {
    mix(v, 0, 4, 8, 12, m[order[0]], m[order[1]]);
    mix(v, 1, 5, 9, 13, m[order[2]], m[order[3]]);
    mix(v, 2, 6, 10, 14, m[order[4]], m[order[5]]);
    mix(v, 3, 7, 11, 15, m[order[6]], m[order[7]]);
    mix(v, 0, 5, 10, 15, m[order[8]], m[order[9]]);
    mix(v, 1, 6, 11, 12, m[order[10]], m[order[11]]);
    mix(v, 2, 7, 8, 13, m[order[12]], m[order[13]]);
    mix(v, 3, 4, 9, 14, m[order[14]], m[order[15]]);
}

// Compresses one block, of which `length` bytes are input and the rest zeros, into the chaining value.
static void compress(uint32_t chaining[8], const uint8_t *block, uint32_t length, uint64_t counter, uint32_t flags) {
    uint32_t m[16];
    for (int i = 0; i < 16; i++) m[i] = load_word(block + 4 * i);
    uint32_t v[16];
    memcpy(v, chaining, 32);
    memcpy(v + 8, initial_value, 16);
    v[12] = (uint32_t)counter;
    v[13] = (uint32_t)(counter >> 32);
    v[14] = length;
    v[15] = flags;
#pragma clang loop unroll(full)
    for (int round = 0; round < round_count; round++) mix_round(v, m, schedule[round]);
    for (int i = 0; i < 8; i++) chaining[i] = v[i] ^ v[i + 8];
}

void storj_blake3_chunk(const uint8_t *input, size_t length, uint64_t counter, bool is_root, uint8_t *output) {
    uint32_t chaining[8];
    memcpy(chaining, initial_value, sizeof chaining);
    uint32_t flags = flag_chunk_start;
    // The last block is the one that no further byte follows, so a full block may be it.
    for (; length > block_bytes; length -= block_bytes, input += block_bytes) {
        compress(chaining, input, block_bytes, counter, flags);
        flags = 0;
    }
    uint8_t last[block_bytes] = {0};
    if (length > 0) memcpy(last, input, length);
    compress(chaining, last, (uint32_t)length, counter, flags | flag_chunk_end | (is_root ? flag_root : 0));
    store_value(output, chaining);
}

void storj_blake3_parent(const uint8_t *children, bool is_root, uint8_t *output) {
    uint32_t chaining[8];
    memcpy(chaining, initial_value, sizeof chaining);
    compress(chaining, children, block_bytes, 0, flag_parent | (is_root ? flag_root : 0));
    store_value(output, chaining);
}

void storj_blake3_chunks_portable(const uint8_t *input, size_t count, uint64_t counter, uint8_t *output) {
    for (size_t i = 0; i < count; i++)
        storj_blake3_chunk(input + i * chunk_bytes, chunk_bytes, counter + i, false, output + i * value_bytes);
}

void storj_blake3_parents_portable(const uint8_t *children, size_t count, uint8_t *output) {
    for (size_t i = 0; i < count; i++)
        storj_blake3_parent(children + i * block_bytes, false, output + i * value_bytes);
}
