/* Prints every rule with its statement, as JSON: a node test prepares them all. */
#include "json.h"
#include "quality.h"

#include <stdio.h>
#include <stdlib.h>

static json_t *types_of(const struct kind *kind)
{
    json_t *types = json_pack("[s, s, s, s]", "text[]", "text", "text", "timestamptz[]");
    for (size_t i = 0; i < KIND_PARAMETERS_MAX && kind->parameter[i].name; i++)
        if (kind->parameter[i].type != PARAMETER_NAME)
            json_array_append_new(
                types,
                json_string(kind->parameter[i].type == PARAMETER_NUMBER ? "float8" : "text[]"));
    return types;
}

int main(int argc, char **argv)
{
    struct quality *quality = NULL;
    struct err err = {0};
    OWNED(json_t) *all = json_array();
    struct db *db = NULL; /* libpq quotes by its encoding */
    if (!db_open(&db, argc > 1 ? argv[1] : "", "statements", &err) || !quality_new(&quality, &err))
        return EXIT_FAILURE;
    for (size_t s = 0; quality_suite(quality, s); s++) {
        const struct suite *suite = quality_suite(quality, s);
        for (size_t r = 0; r < suite->rule_count; r++)
            json_array_append_new(all,
                                  json_pack("{s:s, s:s, s:o}", "rule", suite->rules[r].name, "sql",
                                            quality_statement(quality, db, s, r), "types",
                                            types_of(suite->rules[r].kind)));
    }
    json_dumpf(all, stdout, 0);
    db_close(db);
    quality_free(quality);
    return EXIT_SUCCESS;
}
