// The kernels behind `blake3.c`, one pair a level.
#ifndef STORJ_BLAKE3_INTERNAL_H
#define STORJ_BLAKE3_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

void storj_blake3_chunks_portable(const uint8_t *input, size_t count, uint64_t counter, uint8_t *output);
void storj_blake3_parents_portable(const uint8_t *children, size_t count, uint8_t *output);

#if defined(__x86_64__)
// Up to 8 (avx2) or 16 (avx512) inputs at once; unused lanes repeat the last input and are not written.
void storj_blake3_chunks_avx2(const uint8_t *input, size_t count, uint64_t counter, uint8_t *output);
void storj_blake3_parents_avx2(const uint8_t *children, size_t count, uint8_t *output);
void storj_blake3_chunks_avx512(const uint8_t *input, size_t count, uint64_t counter, uint8_t *output);
void storj_blake3_parents_avx512(const uint8_t *children, size_t count, uint8_t *output);
#endif

#endif
