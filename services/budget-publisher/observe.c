#include "observe.h"

#include "log.h"
#include "store.h"

#include <string.h>

enum { rows_max = 2000 }; /* in one statement */

static bool tell(const struct carrier *carrier, const struct platform_read *read, int64_t read_at,
                 struct err *err)
{
    for (size_t at = 0; at < read->budget_count; at += rows_max) {
        size_t left = read->budget_count - at;
        if (!store_observe(carrier->work->db, read->account, read->budgets + at,
                           left < rows_max ? left : rows_max, read_at, err))
            return false;
    }
    return true;
}

/* Amounts in another currency than the ledger has for the account would be other money. */
static bool is_usable(const struct platform_read *read, const struct account *account)
{
    if (read->reply.fate != PLATFORM_OK) {
        log_warn("budgets not read", LOG_TEXT("account", account->id),
                 LOG_TEXT("why", read->reply.code));
        return false;
    }
    if (read->budget_count > 0 && strcmp(read->currency, account->currency) != 0) {
        log_error("the account has another currency than set up", LOG_TEXT("account", account->id),
                  LOG_TEXT("set up", account->currency), LOG_TEXT("platform", read->currency));
        return false;
    }
    return true;
}

bool observe_accounts(const struct carrier *carrier, bool *ret_whole, struct err *err)
{
    struct arena *arena = carrier->work->arena;
    struct account *accounts = NULL;
    size_t count = 0;
    int64_t read_at = 0;
    if (!store_load_accounts(carrier->work->db, arena, &accounts, &count, err)
        || !store_now(carrier->work->db, &read_at, err))
        return false;

    struct platform_read *reads = arena_array(arena, count, sizeof *reads);
    for (size_t i = 0; i < count; i++)
        reads[i].account = accounts[i].id;
    platform_read_budgets(carrier->platform, arena, reads, count);
    service_failpoint("after_reading");
    *ret_whole = true;
    for (size_t i = 0; i < count; i++) {
        if (!is_usable(&reads[i], &accounts[i]))
            *ret_whole = false;
        else if (!tell(carrier, &reads[i], read_at, err))
            return false;
    }
    return true;
}
