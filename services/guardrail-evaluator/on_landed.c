/* What landed becomes a check; the runner, which the frame wakes after the commit, does it. */
#include "guardrail.h"

#include "data.pb-c.h"
#include "owned.h"
#include "pbcheck.h"
#include "store.h"

#include <string.h>

enum { body_bytes_max = 1024 };

static const char subject_head[] = "data.landed.";

static void message_free(ProtobufCMessage *message)
{
    protobuf_c_message_free_unpacked(message, NULL);
}
DEFINE_OWNED(ProtobufCMessage, message_free)

/* Postgres would read "yesterday" as a day, too. */
static bool is_day(const char *text)
{
    static const char form[] = "0000-00-00";
    if (strlen(text) != strlen(form))
        return false;
    for (size_t i = 0; form[i]; i++)
        if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

/* Whether it is a day of the calendar, and whose source and account are whose, is checked where
 * they are stored. */
static bool landed_of(struct arena *arena, const struct message *message, struct landed *ret_landed,
                      struct err *err)
{
    OWNED(ProtobufCMessage) *unpacked = NULL;
    if (!pbcheck_unpack(&aelp__v1__data_landed__descriptor, message->body, body_bytes_max,
                        &unpacked, err))
        return err_context(err, "DataLanded");
    const Aelp__V1__DataLanded *landed = (const Aelp__V1__DataLanded *)unpacked;
    if (strncmp(message->subject, subject_head, strlen(subject_head)) != 0)
        return err_set(err, ERR_REJECT, "subject: %.80s names no source", message->subject);
    if (landed->run == 0 || landed->run > INT64_MAX)
        return err_set(err, ERR_REJECT, "DataLanded.run: no number of a run");
    if (landed->vintages > INT64_MAX)
        return err_set(err, ERR_REJECT, "DataLanded.vintages: too many");
    if (!is_day(landed->from) || !is_day(landed->to))
        return err_set(err, ERR_REJECT, "DataLanded: from and to are YYYY-MM-DD");
    const char *source = message->subject + strlen(subject_head);
    *ret_landed = (struct landed){
        .source = arena_text(arena, source, strlen(source)),
        .account = arena_text(arena, landed->account, strlen(landed->account)),
        .from = arena_text(arena, landed->from, strlen(landed->from)),
        .to = arena_text(arena, landed->to, strlen(landed->to)),
        .vintages = (int64_t)landed->vintages,
        .run = (int64_t)landed->run,
    };
    return true;
}

bool on_landed(struct work *work, const struct batch *batch, struct err *err)
{
    struct landed *landed = arena_array(work->arena, batch->count, sizeof *landed);
    for (size_t i = 0; i < batch->count; i++)
        if (!landed_of(work->arena, &batch->message[i], &landed[i], err))
            return false;
    return store_add_checks(work->db, landed, batch->count, err);
}
