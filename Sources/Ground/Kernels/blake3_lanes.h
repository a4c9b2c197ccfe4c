// BLAKE3 over several inputs side by side: lane l of every vector belongs to input l (BLAKE3 paper §5.3).
//
// A kernel file defines LANES (8 or 16), TARGET (its function attribute) and `transpose`, and includes this text.
#include "blake3_constants.h"
#include "blake3_internal.h"
#include "kernels.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline)) TARGET

typedef uint32_t lanes __attribute__((vector_size(4 * LANES)));

INLINE void transpose(lanes rows[LANES]);

INLINE lanes load_lanes(const uint8_t *bytes) {
    lanes result;
    memcpy(&result, bytes, sizeof result);
    return result;
}

INLINE lanes broadcast(uint32_t word) { return (lanes){0} + word; }

#define ROTATE_RIGHT(x, bits) ((x) >> (bits) | (x) << (32 - (bits)))

// One step of the quarter-round on four columns or diagonals at once, so that their latencies overlap.
#define EACH4(statement) \
    do { \
        { enum { i = 0 }; statement; } \
        { enum { i = 1 }; statement; } \
        { enum { i = 2 }; statement; } \
        { enum { i = 3 }; statement; } \
    } while (0)

// Mixes a row of four: `shift` 0 for columns, 1 for diagonals; `order` the eight message words.
INLINE void mix_four(lanes v[16], const lanes m[16], const uint8_t *order, const int shift) {
#define A v[i]
#define B v[4 + ((i + shift) & 3)]
#define C v[8 + ((i + 2 * shift) & 3)]
#define D v[12 + ((i + 3 * shift) & 3)]
    EACH4(A += B + m[order[2 * i]]);
    EACH4(D = ROTATE_RIGHT(D ^ A, 16));
    EACH4(C += D);
    EACH4(B = ROTATE_RIGHT(B ^ C, 12));
    EACH4(A += B + m[order[2 * i + 1]]);
    EACH4(D = ROTATE_RIGHT(D ^ A, 8));
    EACH4(C += D);
    EACH4(B = ROTATE_RIGHT(B ^ C, 7));
#undef A
#undef B
#undef C
#undef D
}

// Compresses one block of every input into the chaining values.
INLINE void compress_lanes(
    lanes chaining[8], const uint8_t *const inputs[LANES], size_t offset, lanes counter_low, lanes counter_high,
    uint32_t flags
) {
    lanes m[16];
    for (int part = 0; part < 16 / LANES; part++) {
        for (int lane = 0; lane < LANES; lane++) {
            m[part * LANES + lane] = load_lanes(inputs[lane] + offset + (size_t)part * 4 * LANES);
        }
        transpose(m + part * LANES);
    }
    lanes v[16];
    for (int i = 0; i < 8; i++) v[i] = chaining[i];
    for (int i = 0; i < 4; i++) v[8 + i] = broadcast(initial_value[i]);
    v[12] = counter_low;
    v[13] = counter_high;
    v[14] = broadcast(block_bytes);
    v[15] = broadcast(flags);
#pragma clang loop unroll(full)
    for (int round = 0; round < round_count; round++) {
        mix_four(v, m, schedule[round], 0);
        mix_four(v, m, schedule[round] + 8, 1);
    }
    for (int i = 0; i < 8; i++) chaining[i] = v[i] ^ v[i + 8];
}

INLINE void start(lanes chaining[8]) {
    for (int i = 0; i < 8; i++) chaining[i] = broadcast(initial_value[i]);
}

// Lanes without an input of their own repeat the last one.
INLINE void point(const uint8_t *inputs[LANES], const uint8_t *input, size_t count, size_t stride) {
    for (size_t lane = 0; lane < LANES; lane++) inputs[lane] = input + (lane < count ? lane : count - 1) * stride;
}

// Writes the first `count` chaining values, input by input.
INLINE void store(const lanes chaining[8], size_t count, uint8_t *output) {
    lanes rows[LANES] = {0};
    for (int i = 0; i < 8; i++) rows[i] = chaining[i];
    transpose(rows);
    for (size_t lane = 0; lane < count; lane++) memcpy(output + lane * value_bytes, &rows[lane], value_bytes);
}

INLINE void hash_chunks(const uint8_t *input, size_t count, uint64_t counter, uint8_t *output) {
    const uint8_t *inputs[LANES];
    point(inputs, input, count, chunk_bytes);
    lanes low, high;
    for (int lane = 0; lane < LANES; lane++) {
        low[lane] = (uint32_t)(counter + (uint64_t)lane);
        high[lane] = (uint32_t)((counter + (uint64_t)lane) >> 32);
    }
    lanes chaining[8];
    start(chaining);
    for (size_t offset = 0; offset < chunk_bytes; offset += block_bytes) {
        uint32_t flags = offset == 0 ? flag_chunk_start : 0;
        if (offset == chunk_bytes - block_bytes) flags |= flag_chunk_end;
        compress_lanes(chaining, inputs, offset, low, high, flags);
    }
    store(chaining, count, output);
}

INLINE void hash_parents(const uint8_t *children, size_t count, uint8_t *output) {
    const uint8_t *inputs[LANES];
    point(inputs, children, count, block_bytes);
    lanes chaining[8];
    start(chaining);
    compress_lanes(chaining, inputs, 0, broadcast(0), broadcast(0), flag_parent);
    store(chaining, count, output);
}
