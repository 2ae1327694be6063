// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

// What the header has as a macro, or only in newer versions.

static inline json_type dovetail_json_type(const json_t *value) { return json_typeof(value); }

static inline const char *dovetail_json_message(const json_error_t *error) { return error->text; }

/// Sets a member and takes `value`; before 2.14 a name ends at its first NUL.
static inline int dovetail_json_set(json_t *object, const char *name, size_t length, json_t *value) {
#if JANSSON_VERSION_HEX >= 0x020E00
    return json_object_setn_new(object, name, length, value);
#else
    (void)length;
    return json_object_set_new(object, name, value);
#endif
}

/// The length of a member's name in bytes.
static inline size_t dovetail_json_name_length(void *iterator) {
#if JANSSON_VERSION_HEX >= 0x020E00
    return json_object_iter_key_len(iterator);
#else
    return strlen(json_object_iter_key(iterator));
#endif
}
