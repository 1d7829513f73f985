#include "lease.h"

#include "aelp_service_sql.h"
#include "clock.h"
#include "hash.h"

#include <stdio.h>
#include <unistd.h>

static void owner_make(struct lease *lease)
{
    uint8_t draw[8];
    char hex[2 * sizeof draw + 1];
    random_bytes(draw, sizeof draw);
    hex_encode(bytes_of(draw, sizeof draw), hex);
    snprintf(lease->owner, sizeof lease->owner, "%ld.%s", (long)getpid(), hex);
}

bool lease_hold(struct lease *lease, struct db *db, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    int64_t now_ms = clock_boot_ms();

    if (lease->fence && now_ms < lease->renew_ms)
        return true;
    if (!lease->owner[0])
        owner_make(lease);
    db_arg_text(&args, lease->name);
    db_arg_text(&args, lease->owner);
    db_arg_i64(&args, lease->ttl_ms);
    if (!db_query(db, SQL_LEASE_TAKE, &args, &rows, err)) {
        if (now_ms >= lease->until_ms)
            lease->fence = 0;
        return err_context(err, "lease %s", lease->name);
    }
    if (db_null(rows, 0, 0)) {
        lease->fence = 0;
        return false;
    }
    lease->fence = db_i64(rows, 0, 0);
    lease->renew_ms = now_ms + lease->ttl_ms / 3;
    lease->until_ms = now_ms + lease->ttl_ms;
    return true;
}

void lease_drop(struct lease *lease, struct db *db)
{
    DB_ARGS args = {0};
    struct err ignored = {0};
    if (!lease->fence)
        return;
    db_arg_text(&args, lease->name);
    db_arg_text(&args, lease->owner);
    lease->fence = 0;
    if (!db_exec(db, SQL_LEASE_DROP, &args, &ignored))
        return; /* then it runs out by itself */
}
