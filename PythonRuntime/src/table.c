// SPDX-License-Identifier: Apache-2.0
#include "table.h"

const Header *table;

static const void *entry(uint32_t index) {
    const uint32_t *words = (const uint32_t *)table;
    return words + words[table->offsets + index];
}

const Type *type_at(uint32_t index) { return entry(index); }
const Function *import_at(uint32_t index) { return entry(table->types + index); }
const Function *export_at(uint32_t index) { return entry(table->types + table->imports + index); }
const Resource *resource_at(uint32_t index) { return entry(table->types + table->imports + table->exports + index); }
const Transfer *transfer_at(uint32_t index) {
    return entry(table->types + table->imports + table->exports + table->resources + index);
}
const char *text_at(uint32_t offset) { return (const char *)table + table->pool + offset; }
