// SPDX-License-Identifier: Apache-2.0
//
// Standard input, output and error, and streams in general.

#include "adapter.h"

Handle standard_stream(Descriptor *descriptor) {
    if (descriptor->stream == NO_HANDLE) {
        descriptor->stream = descriptor->kind == STANDARD_INPUT    ? stdin_get()
                             : descriptor->kind == STANDARD_OUTPUT ? stdout_get()
                                                                   : stderr_get();
    }
    return descriptor->stream;
}

uint8_t standard_filetype(Descriptor *descriptor) {
    if (descriptor->filetype == FILETYPE_NOT_ASKED) {
        OptionalHandle terminal;
        if (descriptor->kind == STANDARD_INPUT) {
            terminal_stdin_get(&terminal);
            if (terminal.is_some) {
                terminal_input_drop(terminal.value);
            }
        } else {
            if (descriptor->kind == STANDARD_OUTPUT) {
                terminal_stdout_get(&terminal);
            } else {
                terminal_stderr_get(&terminal);
            }
            if (terminal.is_some) {
                terminal_output_drop(terminal.value);
            }
        }
        descriptor->filetype = terminal.is_some ? FILETYPE_CHARACTER_DEVICE : FILETYPE_UNKNOWN;
    }
    return descriptor->filetype;
}

Errno read_stream(Handle stream, uint16_t flags, uint8_t *bytes, uint32_t size, uint32_t *count) {
    StreamBytesResult result;
    bool waits = (flags & FDFLAGS_NONBLOCK) == 0;
    *count = 0;
    lend_buffer(bytes, size);
    if (waits) {
        // No bytes would look like the end.
        do {
            input_stream_blocking_read(stream, size, &result);
        } while (!result.is_error && result.list.count == 0);
    } else {
        input_stream_read(stream, size, &result);
    }
    take_back_buffer();
    if (!result.is_error) {
        *count = result.list.count;
        return *count == 0 ? ERRNO_AGAIN : ERRNO_SUCCESS;
    }
    return result.error.tag == STREAM_ERROR_CLOSED ? ERRNO_SUCCESS : errno_of_stream(result.error);
}

/// The most that `blocking-write-and-flush` takes.
enum { LONGEST_WRITE = 4096 };

Errno write_stream(Handle stream, uint16_t flags, const uint8_t *bytes, uint32_t size, uint32_t *count) {
    StreamResult result;
    *count = 0;
    if (flags & FDFLAGS_NONBLOCK) {
        StreamSizeResult room;
        output_stream_check_write(stream, &room);
        if (room.is_error) {
            return errno_of_stream(room.error);
        }
        if (room.value == 0) {
            return ERRNO_AGAIN;
        }
        if (size > room.value) {
            size = room.value;
        }
        output_stream_write(stream, bytes, size, &result);
        if (!result.is_error) {
            *count = size;
            output_stream_flush(stream, &result);
        }
        return result.is_error ? errno_of_stream(result.error) : ERRNO_SUCCESS;
    }
    while (*count < size) {
        uint32_t length = size - *count < LONGEST_WRITE ? size - *count : LONGEST_WRITE;
        output_stream_blocking_write_and_flush(stream, bytes + *count, length, &result);
        if (result.is_error) {
            return errno_of_stream(result.error);
        }
        *count += length;
    }
    return ERRNO_SUCCESS;
}
