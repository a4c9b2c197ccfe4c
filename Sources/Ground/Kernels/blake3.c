// Divides whole chunks and parents among the kernels of a level, widest first.
#include "blake3_constants.h"
#include "blake3_internal.h"
#include "kernels.h"

typedef void (*chunks_kernel)(const uint8_t *, size_t, uint64_t, uint8_t *);
typedef void (*parents_kernel)(const uint8_t *, size_t, uint8_t *);

struct choice {
    size_t count;
    chunks_kernel chunks;
    parents_kernel parents;
};

// A wide kernel costs the same for every number of inputs, so a few are left to the next narrower one.
static inline struct choice choose(int level, size_t count) {
#if defined(__x86_64__)
    if (level >= storj_level_avx512 && count > 8) {
        return (struct choice){count < 16 ? count : 16, storj_blake3_chunks_avx512, storj_blake3_parents_avx512};
    }
    if (level >= storj_level_avx2 && count > 2) {
        return (struct choice){count < 8 ? count : 8, storj_blake3_chunks_avx2, storj_blake3_parents_avx2};
    }
#endif
    (void)level;
    return (struct choice){count, storj_blake3_chunks_portable, storj_blake3_parents_portable};
}

void storj_blake3_chunks(int level, const uint8_t *input, size_t count, uint64_t counter, uint8_t *output) {
    while (count > 0) {
        struct choice best = choose(level, count);
        best.chunks(input, best.count, counter, output);
        input += best.count * chunk_bytes;
        counter += best.count;
        output += best.count * value_bytes;
        count -= best.count;
    }
}

void storj_blake3_parents(int level, const uint8_t *children, size_t count, uint8_t *output) {
    while (count > 0) {
        struct choice best = choose(level, count);
        best.parents(children, best.count, output);
        children += best.count * block_bytes;
        output += best.count * value_bytes;
        count -= best.count;
    }
}
