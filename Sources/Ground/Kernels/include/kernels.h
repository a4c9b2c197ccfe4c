// The few hot loops that are written in C, with one kernel per machine chosen at run time.
//
// Every function has a portable form that defines the result; the others must agree with it bit for bit, which the
// tests of the rooms above check level by level. All buffers belong to the caller; nothing is allocated or kept.
#ifndef STORJ_KERNELS_H
#define STORJ_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A family of kernels. Levels are ordered: a machine that runs one runs all below it.
enum {
    storj_level_portable = 0, // plain C
    storj_level_avx2 = 1,     // eight lanes of 32 bits
    storj_level_avx512 = 2,   // sixteen lanes of 32 bits
};

// The highest level this machine runs.
int storj_kernels_best_level(void);

// Writes the 32 bytes of one chunk to `output`: `length` bytes, in 0...1024, at index `counter` of the whole input.
//
// is_root: the chunk is the whole input, and what is written is its hash.
void storj_blake3_chunk(const uint8_t *input, size_t length, uint64_t counter, bool is_root, uint8_t *output);

// Writes the 32 bytes of the parent of two values that stand side by side in `children`, 64 bytes, to `output`.
//
// is_root: the parent is the top of the tree, and what is written is the hash. `output` may be `children`.
void storj_blake3_parent(const uint8_t *children, bool is_root, uint8_t *output);

// Writes the chaining values of `count` whole chunks of 1024 bytes, 32 bytes each, none of them the root.
//
// counter: index of the first chunk in the whole input. level: at most `storj_kernels_best_level()`.
void storj_blake3_chunks(int level, const uint8_t *input, size_t count, uint64_t counter, uint8_t *output);

// Writes the chaining values of `count` parents, 32 bytes each, none of them the root.
//
// children: 64 bytes a parent, left then right. `output` may be `children`: values are written only where all was read.
void storj_blake3_parents(int level, const uint8_t *children, size_t count, uint8_t *output);

#endif
