// SPDX-License-Identifier: Apache-2.0
//
// The entries of a directory. Preview 1 numbers them (cookies), WASI 0.2 gives them one after the other: the adapter keeps the
// stream and the number of its next entry, and begins again where the program goes back.

#include "adapter.h"

enum { COOKIE_SELF, COOKIE_PARENT, COOKIE_FIRST };

/// Where the entries of one call go.
typedef struct {
    uint8_t *bytes;
    uint32_t size;
    uint32_t used;
} Buffer;

static void put_bytes(Buffer *buffer, const void *bytes, uint32_t count) {
    uint32_t room = buffer->size - buffer->used;
    if (count > room) {
        count = room;
    }
    __builtin_memcpy(buffer->bytes + buffer->used, bytes, count);
    buffer->used += count;
}

/// Writes an entry, or as much of it as there is room for; whether it was all of it.
static bool put_entry(Buffer *buffer, uint64_t cookie, uint64_t inode, uint8_t type, String name) {
    uint32_t room = buffer->size - buffer->used;
    DirectoryEntryHeader header = {
        .next = cookie + 1, .inode = inode, .name_length = name.length, .filetype = type};
    put_bytes(buffer, &header, sizeof(header));
    put_bytes(buffer, name.bytes, name.length);
    return room >= sizeof(header) && room - sizeof(header) >= name.length;
}

/// Opens the stream of the entries, at its beginning.
static Errno rewind(State *state, Descriptor *directory) {
    drop_stream(state, directory);
    HandleResult result;
    descriptor_read_directory(directory->handle, &result);
    if (result.is_error) {
        return errno_of(result.code);
    }
    directory->stream = result.value;
    directory->position = COOKIE_FIRST;
    return ERRNO_SUCCESS;
}

/// The entry that `cookie` numbers; its name is null at the end.
static Errno entry_at(State *state, Descriptor *directory, uint64_t cookie, DirectoryEntry *entry) {
    if (directory->stream != NO_HANDLE && directory->position == cookie + 1) {
        HeldEntry *held = &state->held[directory->stream % HELD_ENTRIES];
        if (held->stream == directory->stream && held->cookie == cookie) {
            entry->type = held->type;
            entry->name = (String){held->name, held->name_length};
            return ERRNO_SUCCESS;
        }
    }
    if (directory->stream == NO_HANDLE || directory->position > cookie) {
        Errno error = rewind(state, directory);
        if (error != ERRNO_SUCCESS) {
            return error;
        }
    }
    EntryResult result;
    do {
        // The name of the entry before is not needed any more.
        enter();
        directory_entry_stream_read(directory->stream, &result);
        if (result.is_error) {
            return errno_of(result.code);
        }
        if (!result.value.is_some) {
            entry->name.bytes = NULL;
            return ERRNO_SUCCESS;
        }
    } while (directory->position++ < cookie);
    *entry = result.value.value;
    return ERRNO_SUCCESS;
}

/// Keeps an entry that did not fit. Where its name is too long or another directory takes its place, the next call begins again.
static void hold(State *state, Descriptor *directory, uint64_t cookie, const DirectoryEntry *entry) {
    HeldEntry *held = &state->held[directory->stream % HELD_ENTRIES];
    // It may be the held one itself.
    if (entry->name.bytes == held->name || entry->name.length > NAME_CAPACITY) {
        return;
    }
    held->stream = directory->stream;
    held->cookie = cookie;
    held->type = entry->type;
    held->name_length = entry->name.length;
    __builtin_memcpy(held->name, entry->name.bytes, entry->name.length);
}

Errno EXPORT(fd_readdir)(uint32_t fd, uint8_t *bytes, uint32_t size, uint64_t cookie, uint32_t *used) {
    check_alignment(used, 4);
    State *state = enter();
    Descriptor *directory = find(state, fd);
    if (directory == NULL) {
        return ERRNO_BADF;
    }
    if (directory->kind != DIRECTORY) {
        return ERRNO_NOTDIR;
    }
    Buffer buffer = {bytes, size, 0};
    HashResult hash;
    if (cookie == COOKIE_SELF) {
        // From the beginning: entries that came since the last time are seen.
        drop_stream(state, directory);
        descriptor_metadata_hash(directory->handle, &hash);
        if (hash.is_error) {
            return errno_of(hash.code);
        }
        uint8_t dot = '.';
        if (put_entry(&buffer, cookie, hash.value.lower, FILETYPE_DIRECTORY, (String){&dot, 1})) {
            cookie = COOKIE_PARENT;
        }
    }
    if (cookie == COOKIE_PARENT && buffer.used < size) {
        // What is above may be out of reach, and its number with it.
        uint8_t dots[] = {'.', '.'};
        if (put_entry(&buffer, cookie, 0, FILETYPE_DIRECTORY, (String){dots, 2})) {
            cookie = COOKIE_FIRST;
        }
    }
    while (cookie >= COOKIE_FIRST && buffer.used < size) {
        DirectoryEntry entry;
        Errno error = entry_at(state, directory, cookie, &entry);
        if (error != ERRNO_SUCCESS) {
            return error;
        }
        if (entry.name.bytes == NULL) {
            break;
        }
        descriptor_metadata_hash_at(directory->handle, 0, entry.name.bytes, entry.name.length, &hash);
        uint64_t inode = hash.is_error ? 0 : hash.value.lower;
        if (!put_entry(&buffer, cookie, inode, filetype_of(entry.type), entry.name)) {
            hold(state, directory, cookie, &entry);
            break;
        }
        cookie++;
    }
    *used = buffer.used;
    return ERRNO_SUCCESS;
}
