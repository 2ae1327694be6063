// SPDX-License-Identifier: Apache-2.0
//
// dlopen, dlsym, dlclose and dlerror over the libraries that the componentizer made ready. They are instantiated with the
// component; to open one is to find it. `__wasm_libdl_libraries` is laid out by OpenableLibraries.swift.

typedef unsigned int u32;
typedef unsigned char u8;

// A text and where what it names is. Of a library the rest are its symbols, of a symbol it is the address.
typedef struct {
    u32 length;
    const u8 *name;
} Name;

typedef struct {
    Name name;
    void *address;
} Symbol;

typedef struct {
    Name name;
    u32 count;
    const Symbol *symbols;
} Library;

typedef struct {
    u32 count;
    const Library *libraries;
} Libraries;

extern const Libraries __wasm_libdl_libraries;

// The values of musl's <dlfcn.h>, which wasi-libc has.
enum { RTLD_LAZY = 1, RTLD_NOW = 2, RTLD_GLOBAL = 256 };

static char message[160];
static int has_message;

static u32 append(u32 length, const char *text) {
    while (*text && length < sizeof message - 1) message[length++] = *text++;
    return length;
}

// Keeps a message for the next dlerror; a long name is cut off.
static void fail(const char *text, const char *name) {
    u32 length = append(0, text);
    if (name) length = append(length, name);
    message[length] = 0;
    has_message = 1;
}

static u32 length_of(const char *text) {
    u32 length = 0;
    while (text[length]) length++;
    return length;
}

// Less than, equal to or greater than 0, as `name` comes before, is, or comes behind `text`.
static int compare(const Name *name, const char *text, u32 length) {
    u32 common = name->length < length ? name->length : length;
    for (u32 i = 0; i < common; i++) {
        u8 byte = (u8)text[i];
        if (name->name[i] != byte) return name->name[i] < byte ? -1 : 1;
    }
    return name->length == length ? 0 : name->length < length ? -1 : 1;
}

// The item of that name; they are sorted.
static const Name *find(const void *items, u32 count, u32 size, const char *text) {
    u32 length = length_of(text), low = 0;
    while (low < count) {
        u32 middle = low + (count - low) / 2;
        const Name *name = (const Name *)((const u8 *)items + middle * size);
        int order = compare(name, text, length);
        if (order == 0) return name;
        if (order < 0) low = middle + 1; else count = middle;
    }
    return 0;
}

static const Library *library(const void *handle) {
    const Library *first = __wasm_libdl_libraries.libraries;
    u32 offset = (u32)handle - (u32)first;
    if (handle && offset % sizeof(Library) == 0 && offset / sizeof(Library) < __wasm_libdl_libraries.count) return handle;
    fail("not a handle of an open library", 0);
    return 0;
}

#define EXPORTED __attribute__((visibility("default")))

EXPORTED void *dlopen(const char *name, int flags) {
    if (flags & ~(RTLD_LAZY | RTLD_NOW | RTLD_GLOBAL)) {
        fail("flags of dlopen are not supported", 0);
        return 0;
    }
    if (!name) {
        fail("the program itself cannot be opened", 0);
        return 0;
    }
    const Libraries *all = &__wasm_libdl_libraries;
    const Name *found = find(all->libraries, all->count, sizeof(Library), name);
    if (!found) fail("library not found: ", name);
    return (void *)found;
}

EXPORTED void *dlsym(void *handle, const char *name) {
    // RTLD_DEFAULT and RTLD_NEXT.
    if (!handle || handle == (void *)-1) {
        fail("a symbol needs a library to be looked up in: ", name);
        return 0;
    }
    const Library *in = library(handle);
    if (!in) return 0;
    const Symbol *symbol = (const Symbol *)find(in->symbols, in->count, sizeof(Symbol), name);
    if (symbol) return symbol->address;
    fail("symbol not found: ", name);
    return 0;
}

EXPORTED int dlclose(void *handle) { return library(handle) ? 0 : -1; }

EXPORTED char *dlerror(void) {
    if (!has_message) return 0;
    has_message = 0;
    return message;
}
