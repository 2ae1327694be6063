// SPDX-License-Identifier: Apache-2.0
// A plugin that keeps the first word.

#include "plugin.h"
#include <stdlib.h>

void exports_plugin_describe(plugin_description_t *ret) {
    plugin_string_dup(&ret->name, "shorten");
    ret->version.f0 = 0;
    ret->version.f1 = 9;
    ret->kinds.ptr = malloc(sizeof(plugin_string_t));
    ret->kinds.len = 1;
    plugin_string_dup(&ret->kinds.ptr[0], "prose");
}

bool exports_plugin_run(plugin_string_t *text, plugin_string_t *ret, plugin_string_t *err) {
    size_t length = 0;
    while (length < text->len && text->ptr[length] != ' ') {
        length++;
    }
    if (length == 0) {
        plugin_string_free(text);
        plugin_string_dup(err, "there is no word");
        return false;
    }
    if (length < text->len) {
        plugin_string_t message;
        plugin_string_set(&message, "the rest is gone");
        example_plugins_host_log(EXAMPLE_PLUGINS_HOST_SEVERITY_WARNING, &message);
    }
    plugin_string_dup_n(ret, (const char *)text->ptr, length);
    plugin_string_free(text);
    return true;
}
