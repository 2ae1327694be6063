// SPDX-License-Identifier: Apache-2.0

#include "text_processor.h"
#include <stdlib.h>
#include <string.h>

#define TEXT(name) exports_example_text_processing_##name

typedef text_processor_string_t String;

TEXT(features_t) TEXT(get_features)(void) {
    return EXPORTS_EXAMPLE_TEXT_PROCESSING_FEATURES_COUNTING | EXPORTS_EXAMPLE_TEXT_PROCESSING_FEATURES_EDITING;
}

void TEXT(count)(TEXT(document_t) * document, TEXT(statistics_t) * ret) {
    ret->words = 0;
    ret->longest.is_some = false;
    String longest = {NULL, 0};
    for (size_t i = 0; i < document->paragraphs.len; i++) {
        String *text = &document->paragraphs.ptr[i];
        size_t start = 0;
        for (size_t end = 0; end <= text->len; end++) {
            if (end < text->len && text->ptr[end] != ' ') {
                continue;
            }
            if (end > start) {
                ret->words++;
                if (end - start > longest.len) {
                    longest = (String){text->ptr + start, end - start};
                }
            }
            start = end + 1;
        }
    }
    if (longest.len > 0) {
        ret->longest.is_some = true;
        text_processor_string_dup_n(&ret->longest.val, (const char *)longest.ptr, longest.len);
    }
    TEXT(document_free)(document);
}

static void replace(String *old, const String *new) {
    text_processor_string_free(old);
    text_processor_string_dup_n(old, (const char *)new->ptr, new->len);
}

static void append(text_processor_list_string_t *list, const String *text) {
    String *longer = malloc((list->len + 1) * sizeof(String));
    memcpy(longer, list->ptr, list->len * sizeof(String));
    if (list->len > 0) {
        free(list->ptr);
    }
    text_processor_string_dup_n(&longer[list->len], (const char *)text->ptr, text->len);
    list->ptr = longer;
    list->len++;
}

/// Makes one edit; false and the reason when it cannot be made.
static bool make(TEXT(document_t) * document, TEXT(edit_t) * edit, TEXT(edit_error_t) * err) {
    text_processor_list_string_t *list = &document->paragraphs;
    switch (edit->tag) {
    case EXPORTS_EXAMPLE_TEXT_PROCESSING_EDIT_APPEND: append(list, &edit->val.append); return true;
    case EXPORTS_EXAMPLE_TEXT_PROCESSING_EDIT_RENAME: replace(&document->title, &edit->val.rename); return true;
    case EXPORTS_EXAMPLE_TEXT_PROCESSING_EDIT_CLEAR:
        text_processor_list_string_free(list);
        list->len = 0;
        return true;
    case EXPORTS_EXAMPLE_TEXT_PROCESSING_EDIT_REMOVE:
    case EXPORTS_EXAMPLE_TEXT_PROCESSING_EDIT_CAPITALIZE: break;
    }
    bool is_removal = edit->tag == EXPORTS_EXAMPLE_TEXT_PROCESSING_EDIT_REMOVE;
    uint32_t index = is_removal ? edit->val.remove : edit->val.capitalize.paragraph;
    if (index >= list->len) {
        err->tag = EXPORTS_EXAMPLE_TEXT_PROCESSING_EDIT_ERROR_NO_PARAGRAPH;
        err->val.no_paragraph = (uint32_t)list->len;
        return false;
    }
    String *text = &list->ptr[index];
    if (is_removal) {
        text_processor_string_free(text);
        for (String *next = text; next + 1 < list->ptr + list->len; next++) {
            *next = next[1];
        }
        list->len--;
        if (list->len == 0) {
            free(list->ptr);
        }
        return true;
    }
    uint32_t start = edit->val.capitalize.start, end = edit->val.capitalize.end;
    if (start > end || end > text->len) {
        err->tag = EXPORTS_EXAMPLE_TEXT_PROCESSING_EDIT_ERROR_BAD_RANGE;
        err->val.bad_range = edit->val.capitalize;
        return false;
    }
    for (uint32_t i = start; i < end; i++) {
        if (text->ptr[i] >= 'a' && text->ptr[i] <= 'z') {
            text->ptr[i] -= 'a' - 'A';
        }
    }
    return true;
}

bool TEXT(apply)(TEXT(document_t) * document, TEXT(list_edit_t) * edits, TEXT(document_t) * ret,
                 TEXT(edit_error_t) * err) {
    bool is_done = true;
    for (size_t i = 0; i < edits->len && is_done; i++) {
        is_done = make(document, &edits->ptr[i], err);
    }
    TEXT(list_edit_free)(edits);
    if (is_done) {
        *ret = *document;
    } else {
        TEXT(document_free)(document);
    }
    return is_done;
}
