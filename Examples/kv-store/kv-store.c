// SPDX-License-Identifier: Apache-2.0

#include <string.h>

#include "kv_store.h"

/// Opened at the first call and kept: what one call sets, the next one finds.
static example_kv_store_store_own_connection_t connection;
static bool is_open;

static void say(const char *message) {
    kv_store_string_t text;
    kv_store_string_set(&text, message);
    kv_store_log(&text);
}

bool exports_kv_store_replace_value(kv_store_string_t *key, kv_store_string_t *value, kv_store_string_t *ret) {
    if (!is_open) {
        connection = example_kv_store_store_constructor_connection();
        is_open = true;
        say("opened a connection");
    }
    example_kv_store_store_borrow_connection_t borrowed = example_kv_store_store_borrow_connection(connection);

    bool had_value = example_kv_store_store_method_connection_get(borrowed, key, ret);
    example_kv_store_store_method_connection_set(borrowed, key, value);
    say(had_value ? "replaced a value" : "set a new value");

    // Parameters belong to the callee.
    kv_store_string_free(key);
    kv_store_string_free(value);
    return had_value;
}
