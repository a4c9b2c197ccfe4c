// Source: V. Gopal and others, "Fast CRC computation for generic polynomials using PCLMULQDQ", Intel 2009.
#include "checksums_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define FOLDING __attribute__((target("pclmul,sse4.1")))

int storj_crc_can_fold(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

FOLDING static inline __m128i step(__m128i block, __m128i powers, __m128i next) {
    __m128i low = _mm_clmulepi64_si128(block, powers, 0x00);
    __m128i high = _mm_clmulepi64_si128(block, powers, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

FOLDING static inline __m128i block(const uint8_t *bytes) { return _mm_loadu_si128((const __m128i *)bytes); }

FOLDING size_t storj_crc_fold_blocks(
    const struct storj_crc_fold *fold, uint64_t value, const uint8_t *bytes, size_t count, uint8_t rest[16]) {
    const uint8_t *start = bytes;
    __m128i far = _mm_set_epi64x((long long)fold->far_high, (long long)fold->far_low);
    __m128i near = _mm_set_epi64x((long long)fold->near_high, (long long)fold->near_low);
    __m128i first = _mm_xor_si128(block(bytes), _mm_set_epi64x(0, (long long)value));
    __m128i second = block(bytes + 16), third = block(bytes + 32), fourth = block(bytes + 48);
    for (bytes += 64, count -= 64; count >= 64; bytes += 64, count -= 64) {
        first = step(first, far, block(bytes));
        second = step(second, far, block(bytes + 16));
        third = step(third, far, block(bytes + 32));
        fourth = step(fourth, far, block(bytes + 48));
    }
    first = step(step(step(first, near, second), near, third), near, fourth);
    for (; count >= 16; bytes += 16, count -= 16) first = step(first, near, block(bytes));
    _mm_storeu_si128((__m128i *)rest, first);
    return (size_t)(bytes - start);
}
#else
int storj_crc_can_fold(void) { return 0; }

size_t storj_crc_fold_blocks(
    const struct storj_crc_fold *fold, uint64_t value, const uint8_t *bytes, size_t count, uint8_t rest[16]) {
    (void)fold, (void)value, (void)bytes, (void)count, (void)rest;
    return 0;
}
#endif
