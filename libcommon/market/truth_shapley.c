/* truth_shapley: what each channel brought when interactions are shared out.
 *
 * phi_c = sum over coalitions S without c of |S|! (n - |S| - 1)! / n! (v(S + c) - v(S)), v(S) being
 * the expected orders of a life in which only S takes part. */
#include "market_state.h"
#include "mem.h"

#include <assert.h>
#include <string.h>

enum { channels_most = 10 };

static double weight(int n, int size)
{
    double weight = 1. / n;
    for (int i = 1; i <= size; i++) /* 1 / (n * choose(n - 1, size)) */
        weight *= (double)i / (n - i);
    return weight;
}

void market_truth_shapley(const struct market *market, int64_t from, int64_t to,
                          double ret_orders[MARKET_CHANNELS_MAX])
{
    int n = market->config.channels;
    assert(n <= channels_most);
    uint32_t all = (UINT32_C(1) << n) - 1;
    double *value = mem_array((size_t)all + 1, sizeof *value);
    for (uint32_t on = 0; on <= all; on++)
        value[on] = market_truth_without(market, all & ~on, from, to).orders_expected;
    memset(ret_orders, 0, MARKET_CHANNELS_MAX * sizeof *ret_orders);
    for (uint32_t on = 0; on <= all; on++)
        for (int c = 0; c < n; c++)
            if (!(on >> c & 1))
                ret_orders[c] +=
                    weight(n, __builtin_popcount(on)) * (value[on | UINT32_C(1) << c] - value[on]);
    mem_free(value);
}
