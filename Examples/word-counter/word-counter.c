// SPDX-License-Identifier: Apache-2.0

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "component.h"

#define COUNTING "example:words/counting@0.1.0"

/// `record frequency`.
typedef struct {
    String word;
    uint32_t count;
} Frequency;

/// What a `tally` is for this component: the address is its representation.
typedef struct {
    Frequency *entries;
    size_t count;
    size_t capacity;
} Tally;

// Handles of the resource that this component implements: a new one, what is behind one, and the end of one.
COMPONENT_IMPORT("[export]" COUNTING, "[resource-new]tally") Handle tally_new(Tally *tally);
COMPONENT_IMPORT("[export]" COUNTING, "[resource-rep]tally") Tally *tally_rep(Handle handle);
COMPONENT_IMPORT("[export]" COUNTING, "[resource-drop]tally") void tally_drop(Handle handle);

static void *allocate(size_t size) {
    void *result = malloc(size);
    if (result == NULL) {
        abort();
    }
    return result;
}

static String copy(String text) {
    String result = {allocate(text.length), text.length};
    memcpy(result.bytes, text.bytes, text.length);
    return result;
}

/// Frees a parameter or an element: what is empty has no memory.
static void release(void *memory, size_t size) {
    if (size > 0) {
        free(memory);
    }
}

/// Takes the next word off a text; false at the end.
static bool next_word(String *rest, String *word) {
    while (rest->length > 0 && *rest->bytes == ' ') {
        rest->bytes++, rest->length--;
    }
    *word = (String){rest->bytes, 0};
    while (rest->length > 0 && *rest->bytes != ' ') {
        rest->bytes++, rest->length--, word->length++;
    }
    return word->length > 0;
}

static bool equal(String left, String right) {
    if (left.length != right.length) {
        return false;
    }
    for (size_t index = 0; index < left.length; index++) {
        if (left.bytes[index] != right.bytes[index]) {
            return false;
        }
    }
    return true;
}

static Frequency *find(Tally *tally, String word) {
    for (size_t index = 0; index < tally->count; index++) {
        if (equal(tally->entries[index].word, word)) {
            return &tally->entries[index];
        }
    }
    return NULL;
}

static void count_word(Tally *tally, String word, uint32_t times) {
    Frequency *found = find(tally, word);
    if (found != NULL) {
        found->count += times;
        return;
    }
    if (tally->count == tally->capacity) {
        tally->capacity = tally->capacity == 0 ? 8 : tally->capacity * 2;
        tally->entries = realloc(tally->entries, tally->capacity * sizeof(Frequency));
        if (tally->entries == NULL) {
            abort();
        }
    }
    tally->entries[tally->count++] = (Frequency){copy(word), times};
}

COMPONENT_EXPORT(COUNTING "#[constructor]tally") Handle tally_constructor(void) {
    Tally *tally = allocate(sizeof(Tally));
    *tally = (Tally){NULL, 0, 0};
    return tally_new(tally);
}

/// The last handle is gone.
COMPONENT_EXPORT(COUNTING "#[dtor]tally") void tally_destructor(Tally *tally) {
    for (size_t index = 0; index < tally->count; index++) {
        free(tally->entries[index].word.bytes);
    }
    free(tally->entries);
    free(tally);
}

// A method is given what is behind the handle.

COMPONENT_EXPORT(COUNTING "#[method]tally.add") uint32_t tally_add(Tally *tally, char *bytes, size_t length) {
    String rest = {bytes, length}, word;
    uint32_t words = 0;
    while (next_word(&rest, &word)) {
        count_word(tally, word, 1);
        words++;
    }
    release(bytes, length);
    return words;
}

COMPONENT_EXPORT(COUNTING "#[method]tally.count") uint32_t tally_count(Tally *tally, char *bytes, size_t length) {
    Frequency *found = find(tally, (String){bytes, length});
    release(bytes, length);
    return found == NULL ? 0 : found->count;
}

COMPONENT_EXPORT(COUNTING "#[method]tally.top") List *tally_top(Tally *tally, uint32_t limit) {
    static List result;
    size_t count = tally->count < limit ? tally->count : limit;
    Frequency *top = count > 0 ? allocate(count * sizeof(Frequency)) : NULL;
    size_t filled = 0;
    for (size_t index = 0; index < tally->count && count > 0; index++) {
        Frequency entry = tally->entries[index];
        size_t place = filled;
        while (place > 0 && top[place - 1].count < entry.count) {
            place--;
        }
        if (place == count) {
            continue;
        }
        filled += filled < count ? 1 : 0;
        for (size_t last = filled - 1; last > place; last--) {
            top[last] = top[last - 1];
        }
        top[place] = entry;
    }
    for (size_t index = 0; index < count; index++) {
        top[index].word = copy(top[index].word);
    }
    result = (List){top, count};
    return &result;
}

COMPONENT_EXPORT("cabi_post_" COUNTING "#[method]tally.top") void tally_top_post(List *result) {
    Frequency *top = result->items;
    for (size_t index = 0; index < result->count; index++) {
        free(top[index].word.bytes);
    }
    free(top);
}

/// Both handles are the function's: dropping one calls the destructor.
COMPONENT_EXPORT(COUNTING "#[static]tally.merge") Handle tally_merge(Handle first, Handle second) {
    Tally *target = tally_rep(first), *source = tally_rep(second);
    for (size_t index = 0; index < source->count; index++) {
        count_word(target, source->entries[index].word, source->entries[index].count);
    }
    tally_drop(second);
    return first;
}

COMPONENT_EXPORT(COUNTING "#split") List *split(char *bytes, size_t length) {
    static List result;
    String rest = {bytes, length}, word;
    size_t count = 0;
    while (next_word(&rest, &word)) {
        count++;
    }
    String *words = count > 0 ? allocate(count * sizeof(String)) : NULL;
    rest = (String){bytes, length};
    for (size_t index = 0; next_word(&rest, &word); index++) {
        words[index] = copy(word);
    }
    release(bytes, length);
    result = (List){words, count};
    return &result;
}

COMPONENT_EXPORT("cabi_post_" COUNTING "#split") void split_post(List *result) {
    String *words = result->items;
    for (size_t index = 0; index < result->count; index++) {
        free(words[index].bytes);
    }
    free(words);
}
