// SPDX-License-Identifier: Apache-2.0
// The world of Examples/python-app once more, in C: both are to give the same answers.

#include "app.h"
#include <stdlib.h>
#include <string.h>

#define SHOP(name) exports_example_python_app_shop_##name
#define HOST(name) example_python_app_host_##name

typedef app_string_t String;
typedef SHOP(item_t) Item;
typedef SHOP(problem_t) Problem;

enum { most_items = 32 };

struct SHOP(basket_t) {
    String owner;
    Item items[most_items];
    size_t count;
};

static uint32_t made;

static String copy(String text) {
    String result;
    app_string_dup_n(&result, (const char *)text.ptr, text.len);
    return result;
}

/// Less than zero, zero or more, as the bytes of `a` come before, with or after those of `b`.
static int compare(String a, String b) {
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        if (a.ptr[i] != b.ptr[i]) {
            return (int)a.ptr[i] - (int)b.ptr[i];
        }
    }
    return a.len < b.len ? -1 : a.len > b.len;
}

static bool equal(String a, String b) { return compare(a, b) == 0; }

static Item copy_item(const Item *item) {
    Item result = *item;
    result.name = copy(item->name);
    if (item->price.is_some) {
        result.price.val.f1 = copy(item->price.val.f1);
    }
    return result;
}

void SHOP(reverse)(String *text, String *ret) {
    ret->len = text->len;
    ret->ptr = malloc(text->len ? text->len : 1);
    size_t start = 0;
    while (start < text->len) {
        size_t end = start + 1;
        while (end < text->len && (text->ptr[end] & 0xc0) == 0x80) {
            end++;
        }
        memcpy(ret->ptr + text->len - end, text->ptr + start, end - start);
        start = end;
    }
    app_string_free(text);
}

void SHOP(sums)(app_list_list_s64_t *lists, app_list_s64_t *ret) {
    ret->len = lists->len;
    ret->ptr = malloc(lists->len * sizeof(int64_t) + 8);
    for (size_t i = 0; i < lists->len; i++) {
        uint64_t sum = 0;
        for (size_t j = 0; j < lists->ptr[i].len; j++) {
            sum += (uint64_t)lists->ptr[i].ptr[j];
        }
        ret->ptr[i] = (int64_t)sum;
    }
    app_list_list_s64_free(lists);
}

void SHOP(sorted)(app_list_u8_t *bytes, app_list_u8_t *ret) {
    size_t counts[256] = {0};
    for (size_t i = 0; i < bytes->len; i++) {
        counts[bytes->ptr[i]]++;
    }
    size_t place = 0;
    for (size_t value = 0; value < 256; value++) {
        for (size_t i = 0; i < counts[value]; i++) {
            bytes->ptr[place++] = (uint8_t)value;
        }
    }
    *ret = *bytes;
}

void SHOP(doubled)(app_list_u8_t *numbers, app_list_option_u8_t *ret) {
    ret->len = numbers->len;
    ret->ptr = malloc(numbers->len * sizeof(app_option_u8_t) + 1);
    for (size_t i = 0; i < numbers->len; i++) {
        ret->ptr[i].is_some = numbers->ptr[i] < 128;
        ret->ptr[i].val = (uint8_t)(2 * numbers->ptr[i]);
    }
    app_list_u8_free(numbers);
}

bool SHOP(translate)(app_list_string_t *words, app_list_string_t *ret, Problem *err) {
    ret->ptr = malloc(words->len * sizeof(String) + 1);
    ret->len = 0;
    bool is_done = true;
    for (size_t i = 0; i < words->len && is_done; i++) {
        is_done = HOST(translate)(&words->ptr[i], &ret->ptr[i], &err->val.refused);
        ret->len += is_done;
    }
    app_list_string_free(words);
    if (!is_done) {
        err->tag = EXPORTS_EXAMPLE_PYTHON_APP_SHOP_PROBLEM_REFUSED;
        app_list_string_free(ret);
    }
    return is_done;
}

bool SHOP(note)(String *notebook, app_list_string_t *lines, String *ret) {
    HOST(own_notebook_t) book = HOST(constructor_notebook)(notebook);
    uint32_t count = 0;
    for (size_t i = 0; i < lines->len; i++) {
        count = HOST(method_notebook_add)(HOST(borrow_notebook)(book), &lines->ptr[i]);
    }
    bool found = count > 0 && HOST(method_notebook_line)(HOST(borrow_notebook)(book), count - 1, ret);
    HOST(notebook_drop_own)(book);
    app_string_free(notebook);
    app_list_string_free(lines);
    return found;
}

uint32_t SHOP(finish)(HOST(own_notebook_t) notebook) {
    String line;
    app_string_set(&line, "finished");
    uint32_t count = HOST(method_notebook_add)(HOST(borrow_notebook)(notebook), &line);
    HOST(notebook_drop_own)(notebook);
    return count;
}

void SHOP(greet)(String *name) { app_string_free(name); }

void SHOP(fail)(String *message) {
    (void)message;
    abort();
}

void SHOP(surroundings)(app_tuple3_list_string_option_string_bool_t *ret) {
    ret->f0.len = 0;
    ret->f1.is_some = false;
    ret->f2 = false;
}

uint32_t SHOP(baskets)(void) { return made; }

SHOP(own_basket_t) SHOP(constructor_basket)(String *owner) {
    SHOP(basket_t) *basket = malloc(sizeof(*basket));
    basket->owner = *owner;
    basket->count = 0;
    made++;
    return SHOP(basket_new)(basket);
}

static void clear(SHOP(basket_t) * basket) {
    for (size_t i = 0; i < basket->count; i++) {
        SHOP(item_free)(&basket->items[i]);
    }
    basket->count = 0;
}

void SHOP(basket_destructor)(SHOP(basket_t) * basket) {
    clear(basket);
    app_string_free(&basket->owner);
    free(basket);
}

/// Removes all items of a name; false when there is none.
static bool take_out(SHOP(basket_t) * basket, String name) {
    size_t kept = 0;
    for (size_t i = 0; i < basket->count; i++) {
        if (equal(basket->items[i].name, name)) {
            SHOP(item_free)(&basket->items[i]);
        } else {
            basket->items[kept++] = basket->items[i];
        }
    }
    bool found = kept < basket->count;
    basket->count = kept;
    return found;
}

bool SHOP(method_basket_apply)(SHOP(basket_t) * self, SHOP(list_change_t) * changes, SHOP(list_item_t) * ret,
                               Problem *err) {
    bool is_done = true;
    for (size_t i = 0; i < changes->len && is_done; i++) {
        SHOP(change_t) *change = &changes->ptr[i];
        switch (change->tag) {
        case EXPORTS_EXAMPLE_PYTHON_APP_SHOP_CHANGE_ADD:
            if (self->count == most_items) {
                abort();
            }
            self->items[self->count++] = copy_item(&change->val.add);
            break;
        case EXPORTS_EXAMPLE_PYTHON_APP_SHOP_CHANGE_REMOVE:
            is_done = take_out(self, change->val.remove);
            if (!is_done) {
                err->tag = EXPORTS_EXAMPLE_PYTHON_APP_SHOP_PROBLEM_UNKNOWN_ITEM;
                err->val.unknown_item = copy(change->val.remove);
            }
            break;
        default: clear(self);
        }
    }
    SHOP(list_change_free)(changes);
    if (is_done) {
        ret->len = self->count;
        ret->ptr = malloc(self->count * sizeof(Item) + 1);
        for (size_t i = 0; i < self->count; i++) {
            ret->ptr[i] = copy_item(&self->items[i]);
        }
    }
    return is_done;
}

bool SHOP(method_basket_total)(SHOP(basket_t) * self, app_list_tuple2_string_u32_t *ret, Problem *err) {
    if (self->count == 0) {
        err->tag = EXPORTS_EXAMPLE_PYTHON_APP_SHOP_PROBLEM_EMPTY_BASKET;
        return false;
    }
    double sums[most_items];
    ret->ptr = malloc(self->count * sizeof(*ret->ptr));
    ret->len = 0;
    for (size_t i = 0; i < self->count; i++) {
        Item *item = &self->items[i];
        if (!item->price.is_some) {
            app_list_tuple2_string_u32_free(ret);
            err->tag = EXPORTS_EXAMPLE_PYTHON_APP_SHOP_PROBLEM_NO_PRICE;
            err->val.no_price = copy_item(item);
            return false;
        }
        size_t place = 0;
        while (place < ret->len && compare(ret->ptr[place].f0, item->price.val.f1) < 0) {
            place++;
        }
        if (place == ret->len || !equal(ret->ptr[place].f0, item->price.val.f1)) {
            for (size_t j = ret->len; j > place; j--) {
                ret->ptr[j] = ret->ptr[j - 1];
                sums[j] = sums[j - 1];
            }
            ret->ptr[place].f0 = copy(item->price.val.f1);
            sums[place] = 0;
            ret->len++;
        }
        sums[place] += item->price.val.f0 * item->amount;
    }
    for (size_t i = 0; i < ret->len; i++) {
        ret->ptr[i].f1 = (uint32_t)(sums[i] + 0.5);
    }
    return true;
}

void SHOP(method_basket_owner)(SHOP(basket_t) * self, String *ret) { *ret = copy(self->owner); }

SHOP(own_basket_t) SHOP(static_basket_merge)(SHOP(own_basket_t) first, SHOP(basket_t) * second) {
    SHOP(basket_t) *one = SHOP(basket_rep)(first);
    String owner = copy(one->owner);
    SHOP(own_basket_t) result = SHOP(constructor_basket)(&owner);
    SHOP(basket_t) *both = SHOP(basket_rep)(result);
    if (one->count + second->count > most_items) {
        abort();
    }
    for (size_t i = 0; i < one->count; i++) {
        both->items[both->count++] = copy_item(&one->items[i]);
    }
    for (size_t i = 0; i < second->count; i++) {
        both->items[both->count++] = copy_item(&second->items[i]);
    }
    SHOP(basket_drop_own)(first);
    return result;
}
