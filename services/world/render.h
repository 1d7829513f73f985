/* render: fields of resources as the API's JSON. */
#pragma once

#include "json_writer.h"
#include "schema.h"

/* Key and value; nothing when the row has none. The key of "ad_group_ad.ad.id" is "id". */
void render_field(struct json_writer *writer, const struct field *field, const struct row *row);
/* The resourceName of an ad inside its adGroupAd. */
void render_inner_ad_name(struct json_writer *writer, const struct row *row);
/* "resourceName":"..." */
void render_name(struct json_writer *writer, int64_t customer_id, enum resource_kind kind,
                 int64_t id);
/* The settable fields among mask, as key and value each. */
void render_settables(struct json_writer *writer, enum resource_kind kind, uint32_t mask,
                      const struct row *row);
