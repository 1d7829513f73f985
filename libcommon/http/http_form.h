/* http_form: application/x-www-form-urlencoded, as bodies and queries carry it. Pure. */
#pragma once

#include "http_exchange.h"

/* In place; text becomes UTF-8 without NUL. False: a broken escape, or not that. */
bool http_percent_decode(char *text, bool plus_is_space) MUST_CHECK;
/* "name=value&…", decoded where it stands: text is changed and must outlive the pairs. False: a
 * pair can't be decoded, or there are more than max. */
bool http_form_parse(char *text, struct http_pair pairs[], size_t max,
                     size_t *ret_count) MUST_CHECK;
/* Appends "name=value", the value encoded, behind a & unless it is the first. */
void http_form_add(struct buffer *form, const char *name, const char *value);
