// SPDX-License-Identifier: Apache-2.0
// Bags of words as resources of the component, counters as resources of the host.

#include "resources.h"
#include <stdlib.h>
#include <string.h>

#define GUEST(name) exports_test_resources_guest_##name
#define HOST(name) test_resources_host_##name

struct GUEST(bag_t) {
    resources_string_t name;
    uint32_t count;
};

static uint32_t living;

static GUEST(own_bag_t) make(const char *text, size_t length) {
    GUEST(bag_t) *bag = malloc(sizeof(*bag));
    bag->name.ptr = malloc(length ? length : 1);
    bag->name.len = length;
    memcpy(bag->name.ptr, text, length);
    bag->count = 0;
    living++;
    return GUEST(bag_new)(bag);
}

GUEST(own_bag_t) GUEST(constructor_bag)(resources_string_t *name) {
    GUEST(own_bag_t) bag = make((const char *)name->ptr, name->len);
    resources_string_free(name);
    return bag;
}

void GUEST(bag_destructor)(GUEST(bag_t) * bag) {
    living--;
    free(bag->name.ptr);
    free(bag);
}

bool GUEST(method_bag_put)(GUEST(borrow_bag_t) self, resources_string_t *word, uint32_t *ret, resources_string_t *err) {
    bool is_empty = word->len == 0;
    resources_string_free(word);
    if (is_empty) {
        resources_string_dup(err, "a word has letters");
        return false;
    }
    *ret = ++self->count;
    return true;
}

void GUEST(method_bag_name)(GUEST(borrow_bag_t) self, resources_string_t *ret) {
    resources_string_dup_n(ret, (const char *)self->name.ptr, self->name.len);
}

GUEST(own_bag_t) GUEST(static_bag_merge)(GUEST(own_bag_t) a, GUEST(borrow_bag_t) b) {
    GUEST(bag_t) *first = GUEST(bag_rep)(a);
    GUEST(own_bag_t) result = make((const char *)first->name.ptr, first->name.len);
    GUEST(bag_rep)(result)->count = first->count + b->count;
    GUEST(bag_drop_own)(a);
    return result;
}

uint32_t GUEST(static_bag_total)(GUEST(list_borrow_bag_t) * bags) {
    uint32_t total = 0;
    for (size_t i = 0; i < bags->len; i++) {
        total += bags->ptr[i]->count;
    }
    GUEST(list_borrow_bag_free)(bags);
    return total;
}

void GUEST(make_pair)(resources_string_t *name, GUEST(pair_t) * ret) {
    ret->first = make((const char *)name->ptr, name->len);
    ret->second = make((const char *)name->ptr, name->len);
    resources_string_free(name);
}

void GUEST(unpack)(GUEST(pair_t) * pair, GUEST(list_own_bag_t) * ret) {
    ret->ptr = malloc(2 * sizeof(*ret->ptr));
    ret->len = 2;
    ret->ptr[0] = pair->first;
    ret->ptr[1] = pair->second;
}

bool GUEST(maybe)(bool yes, GUEST(own_bag_t) * ret) {
    if (yes) {
        *ret = make("maybe", 5);
    }
    return yes;
}

uint32_t GUEST(use_counter)(HOST(borrow_counter_t) counter, uint32_t n) {
    uint32_t sum = HOST(method_counter_add)(counter, n);
    HOST(counter_drop_borrow)(counter);
    return sum;
}

HOST(own_counter_t) GUEST(pass)(HOST(own_counter_t) counter) { return counter; }

uint32_t GUEST(alive)(void) { return living; }

uint32_t GUEST(play)(void) {
    resources_string_t name;
    HOST(own_counter_t) counters[2];
    const char *names[2] = {"a", "b"};
    for (size_t i = 0; i < 2; i++) {
        resources_string_set(&name, names[i]);
        if (!HOST(find)(&name, &counters[i])) {
            abort();
        }
    }
    HOST(borrow_counter_t) borrowed[2];
    for (size_t i = 0; i < 2; i++) {
        borrowed[i] = HOST(borrow_counter)(counters[i]);
    }
    HOST(list_borrow_counter_t) lent = {borrowed, 2};
    uint32_t result = HOST(sum)(&lent) + HOST(static_counter_max)(borrowed[0], borrowed[1]);
    HOST(labeled_t) labeled[2];
    for (size_t i = 0; i < 2; i++) {
        resources_string_set(&labeled[i].name, names[i]);
        labeled[i].counter = counters[i];
    }
    HOST(list_labeled_t) all = {labeled, 2};
    return result + HOST(return_all)(&all);
}
