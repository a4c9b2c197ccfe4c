#include "kernels.h"

int storj_kernels_best_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx2")) return storj_level_avx512;
    if (__builtin_cpu_supports("avx2")) return storj_level_avx2;
#endif
    return storj_level_portable;
}
