/* rows: writes as many rows as asked to standard output, each value a plain function of its number.
 * tests/integration/parquet_test.mjs reads them with somebody else's reader. */
#include "mem.h"
#include "parquet.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static bool to_stdout(void *user, struct bytes bytes, struct err *err)
{
    (void)user;
    if (fwrite(bytes.data, 1, bytes.length, stdout) != bytes.length)
        return err_set(err, ERR_FATAL, "can't write");
    return true;
}

static void add_row(struct parquet *parquet, int64_t i)
{
    char text[40];
    parquet_int64(parquet, i % 2 ? INT64_MAX - i : INT64_MIN + i);
    parquet_bool(parquet, i % 3 == 0);
    parquet_date(parquet, (int32_t)(i % 40000 - 10000));
    parquet_int64(parquet, i * 1000003);
    if (i % 5 == 0)
        parquet_null(parquet);
    else
        parquet_double(parquet, i % 7 == 0 ? INFINITY : (double)i / 8);
    if (i % 4 == 1) {
        parquet_null(parquet);
    } else {
        int length = i % 6 == 0 ? 0 : snprintf(text, sizeof text, "é%" PRId64, i);
        parquet_text(parquet, bytes_of(text, (size_t)length));
    }
    if (i % 11 == 0)
        parquet_null(parquet);
    else
        parquet_bool(parquet, i % 2 == 0);
}

int main(int argc, char **argv)
{
    static const struct parquet_column columns[] = {
        {"number", PARQUET_INT64,  false},
        {"flag",   PARQUET_BOOL,   false},
        {"day",    PARQUET_DATE,   false},
        {"at",     PARQUET_TIME,   false},
        {"ratio",  PARQUET_DOUBLE, true },
        {"name",   PARQUET_TEXT,   true },
        {"maybe",  PARQUET_BOOL,   true },
    };
    struct err err = {0};
    int64_t rows = argc > 1 ? strtoll(argv[1], NULL, 10) : 0;
    struct parquet *parquet = parquet_open(columns, COUNT(columns), to_stdout, NULL);
    bool good = true;
    for (int64_t i = 0; i < rows && good; i++) {
        add_row(parquet, i);
        good = parquet_row(parquet, &err);
    }
    good = good && parquet_close(parquet, &err);
    parquet_free(parquet);
    if (!good)
        fprintf(stderr, "%s\n", err.text);
    return good ? 0 : 1;
}
