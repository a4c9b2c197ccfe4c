// Reflected codes: the lowest bit of a register is the coefficient of the highest power. All three start from a register
// of ones and are complemented at the end, so that joining two strings' codes needs neither.
#include "checksums.h"
#include "checksums_internal.h"

#include <string.h>

/// Rows of tables: row k says what a byte does to the register when k more bytes follow it.
enum { rows = 8 };

static uint64_t tables[storj_crc_polynomials][rows][256];
struct storj_crc_fold storj_crc_folds[storj_crc_polynomials];
static int has_multiplication;

static const uint64_t reflected[storj_crc_polynomials] = {0xedb88320u, 0x82f63b78u, 0x9a6c9329ac4bc9b5u};
static const unsigned width[storj_crc_polynomials] = {32, 32, 64};

static uint64_t ones(storj_crc_polynomial polynomial) {
    return width[polynomial] == 64 ? ~(uint64_t)0 : 0xffffffffu;
}

static uint64_t one(storj_crc_polynomial polynomial) { return (uint64_t)1 << (width[polynomial] - 1); }

static uint64_t times_x(storj_crc_polynomial polynomial, uint64_t value) {
    return (value >> 1) ^ (value & 1 ? reflected[polynomial] : 0);
}

static uint64_t multiply(storj_crc_polynomial polynomial, uint64_t left, uint64_t right) {
    uint64_t product = 0;
    for (uint64_t bit = one(polynomial); bit != 0; bit >>= 1) {
        if (left & bit) product ^= right;
        right = times_x(polynomial, right);
    }
    return product;
}

/// x to the power of a multiple of eight.
static uint64_t power(storj_crc_polynomial polynomial, uint64_t bytes) {
    uint64_t square = one(polynomial);
    for (int step = 0; step < 8; step++) square = times_x(polynomial, square);
    uint64_t result = one(polynomial);
    for (; bytes != 0; bytes >>= 1) {
        if (bytes & 1) result = multiply(polynomial, result, square);
        square = multiply(polynomial, square, square);
    }
    return result;
}

/// x^bits with the coefficient of x^0 in bit 63, where the carry-less multiplication wants it.
static uint64_t constant(storj_crc_polynomial polynomial, unsigned bits) {
    uint64_t value = one(polynomial);
    for (unsigned step = 0; step < bits; step++) value = times_x(polynomial, value);
    return value << (64 - width[polynomial]);
}

__attribute__((constructor)) static void prepare(void) {
    for (int polynomial = 0; polynomial < storj_crc_polynomials; polynomial++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            uint64_t value = byte;
            for (int bit = 0; bit < 8; bit++) value = times_x(polynomial, value);
            tables[polynomial][0][byte] = value;
        }
        for (int row = 1; row < rows; row++)
            for (unsigned byte = 0; byte < 256; byte++) {
                uint64_t before = tables[polynomial][row - 1][byte];
                tables[polynomial][row][byte] = (before >> 8) ^ tables[polynomial][0][before & 255];
            }
        // A product of two reflected numbers comes out one power too high, hence the missing one.
        storj_crc_folds[polynomial].far_low = constant(polynomial, 512 + 64 - 1);
        storj_crc_folds[polynomial].far_high = constant(polynomial, 512 - 1);
        storj_crc_folds[polynomial].near_low = constant(polynomial, 128 + 64 - 1);
        storj_crc_folds[polynomial].near_high = constant(polynomial, 128 - 1);
    }
    has_multiplication = storj_crc_can_fold();
}

static uint64_t load(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static uint64_t by_tables(storj_crc_polynomial polynomial, uint64_t value, const uint8_t *bytes, size_t count) {
    uint64_t(*table)[256] = tables[polynomial];
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word = value ^ load(bytes);
        value = 0;
        for (int row = 0; row < rows; row++) value ^= table[rows - 1 - row][word >> (8 * row) & 255];
    }
    for (; count > 0; bytes++, count--) value = (value >> 8) ^ table[0][(value ^ *bytes) & 255];
    return value;
}

uint64_t storj_crc_update_portable(storj_crc_polynomial polynomial, uint64_t code, const void *bytes, size_t count) {
    return by_tables(polynomial, code ^ ones(polynomial), bytes, count) ^ ones(polynomial);
}

uint64_t storj_crc_update(storj_crc_polynomial polynomial, uint64_t code, const void *bytes, size_t count) {
    uint64_t value = code ^ ones(polynomial);
    const uint8_t *position = bytes;
    if (has_multiplication && count >= 64) {
        uint8_t rest[16];
        size_t folded = storj_crc_fold_blocks(&storj_crc_folds[polynomial], value, position, count, rest);
        value = by_tables(polynomial, 0, rest, sizeof rest);
        position += folded;
        count -= folded;
    }
    return by_tables(polynomial, value, position, count) ^ ones(polynomial);
}

uint64_t storj_crc_combine(storj_crc_polynomial polynomial, uint64_t first, uint64_t second, uint64_t second_length) {
    return multiply(polynomial, first, power(polynomial, second_length)) ^ second;
}
