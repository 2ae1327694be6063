// SPDX-License-Identifier: Apache-2.0
// A plugin that turns letters into capitals.

#include "plugin.h"

void exports_plugin_describe(plugin_description_t *ret) {
    plugin_string_dup(&ret->name, "shout");
    ret->version.f0 = 1;
    ret->version.f1 = 2;
    ret->kinds.len = 0;
}

bool exports_plugin_run(plugin_string_t *text, plugin_string_t *ret, plugin_string_t *err) {
    (void)err;
    // The text belongs to this function: it can be changed in place and given back.
    for (size_t i = 0; i < text->len; i++) {
        if (text->ptr[i] >= 'a' && text->ptr[i] <= 'z') {
            text->ptr[i] -= 'a' - 'A';
        }
    }
    *ret = *text;
    return true;
}
