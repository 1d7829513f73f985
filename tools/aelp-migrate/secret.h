/* secret: one secret, one file, readable by its owner alone. */
#pragma once

#include "bytes.h"

enum { SECRET_PASSWORD = 65 }; /* 32 random bytes in hex */

/* *ret_found = false when there is no such file; an error when others could read it. */
bool secret_read(const char *folder, const char *name, struct buffer *ret_text, bool *ret_found,
                 struct err *err) MUST_CHECK;
/* Atomically: a reader sees the former content or the new one. */
bool secret_write(const char *folder, const char *name, struct bytes text,
                  struct err *err) MUST_CHECK;
void secret_new_password(char password[static SECRET_PASSWORD]);
