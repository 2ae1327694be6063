// SPDX-License-Identifier: Apache-2.0
//
// Waiting for clocks and descriptors.

#include "adapter.h"

static Errno clock_pollable(const Subscription *subscription, Handle *pollable) {
    uint64_t timeout = subscription->clock.timeout;
    bool is_absolute = (subscription->clock.flags & SUBCLOCKFLAGS_ABSTIME) != 0;
    if (subscription->clock.id > CLOCKID_MONOTONIC) {
        return ERRNO_INVAL;
    }
    if (is_absolute && subscription->clock.id == CLOCKID_MONOTONIC) {
        *pollable = monotonic_clock_subscribe_instant(timeout);
        return ERRNO_SUCCESS;
    }
    if (is_absolute) {
        DateTime time;
        wall_clock_now(&time);
        uint64_t now = time.seconds * 1000000000 + time.nanoseconds;
        timeout = timeout > now ? timeout - now : 0;
    }
    *pollable = monotonic_clock_subscribe_duration(timeout);
    return ERRNO_SUCCESS;
}

/// A pollable for reading or writing a descriptor; none where it is ready at once, with what the event tells.
static Errno descriptor_pollable(State *state, const Subscription *subscription, Handle *pollable, uint64_t *bytes) {
    Descriptor *descriptor = find(state, subscription->fd);
    bool is_read = subscription->tag == EVENTTYPE_FD_READ;
    if (descriptor == NULL || descriptor->kind == DIRECTORY) {
        return ERRNO_BADF;
    }
    if (descriptor->kind == REGULAR) {
        *bytes = 1;
        if (is_read) {
            StatResult stat;
            uint64_t position;
            Errno error = position_of(descriptor, &position);
            if (error != ERRNO_SUCCESS) {
                return error;
            }
            descriptor_stat(descriptor->handle, &stat);
            if (stat.is_error) {
                return errno_of(stat.code);
            }
            *bytes = stat.value.size > position ? stat.value.size - position : 0;
        }
        return ERRNO_SUCCESS;
    }
    if (is_read != (descriptor->kind == STANDARD_INPUT)) {
        return ERRNO_BADF;
    }
    Handle stream = standard_stream(descriptor);
    *pollable = is_read ? input_stream_subscribe(stream) : output_stream_subscribe(stream);
    return ERRNO_SUCCESS;
}

static void put_event(Event *event, const Subscription *subscription, Errno error, uint64_t bytes) {
    event->user_data = subscription->user_data;
    event->error = error;
    event->type = subscription->tag;
    event->bytes = bytes;
    event->flags = 0;
}

/// The event of a subscription whose pollable is ready.
static void put_ready(State *state, Event *event, const Subscription *subscription) {
    put_event(event, subscription, ERRNO_SUCCESS, 0);
    if (subscription->tag == EVENTTYPE_CLOCK) {
        return;
    }
    event->bytes = 1;
    if (subscription->tag == EVENTTYPE_FD_WRITE) {
        Descriptor *descriptor = find(state, subscription->fd);
        if (descriptor == NULL) {
            // Events that lie over the subscriptions have changed them.
            __builtin_trap();
        }
        StreamSizeResult room;
        output_stream_check_write(descriptor->stream, &room);
        if (!room.is_error) {
            event->bytes = room.value;
            return;
        }
        event->bytes = 0;
        if (room.error.tag == STREAM_ERROR_CLOSED) {
            event->flags = EVENTRWFLAGS_HANGUP;
        } else {
            event->error = errno_of_stream(room.error);
        }
    }
}

Errno EXPORT(poll_oneoff)(const Subscription *subscriptions, Event *events, uint32_t count, uint32_t *stored) {
    check_alignment(subscriptions, 8);
    check_alignment(events, 8);
    check_alignment(stored, 4);
    if (count == 0 || count > UINT32_MAX / sizeof(Subscription)) {
        return ERRNO_INVAL;
    }
    // Before anything is subscribed to that would have to be dropped.
    for (uint32_t index = 0; index < count; index++) {
        if (subscriptions[index].tag > EVENTTYPE_FD_WRITE) {
            return ERRNO_INVAL;
        }
    }
    State *state = enter();
    // The table may take memory that lasts; what follows lasts until the end.
    find(state, 0);
    Handle *pollables = allocate(count * sizeof(Handle), 4);
    uint32_t *indices = allocate(count * sizeof(uint32_t), 4);
    uint32_t waiting = 0, done = 0;
    for (uint32_t index = 0; index < count; index++) {
        const Subscription *subscription = &subscriptions[index];
        Handle pollable = NO_HANDLE;
        uint64_t bytes = 0;
        Errno error = subscription->tag == EVENTTYPE_CLOCK
                          ? clock_pollable(subscription, &pollable)
                          : descriptor_pollable(state, subscription, &pollable, &bytes);
        if (pollable == NO_HANDLE) {
            put_event(&events[done++], subscription, error, bytes);
        } else {
            pollables[waiting] = pollable;
            indices[waiting++] = index;
        }
    }
    if (waiting > 0 && done > 0) {
        // No need to wait, but what is ready by now counts too.
        for (uint32_t index = 0; index < waiting; index++) {
            if (pollable_ready(pollables[index])) {
                put_ready(state, &events[done++], &subscriptions[indices[index]]);
            }
        }
    } else if (waiting > 0) {
        List ready;
        poll_poll(pollables, waiting, &ready);
        for (const uint32_t *index = ready.items; ready.count > 0; index++, ready.count--) {
            put_ready(state, &events[done++], &subscriptions[indices[*index]]);
        }
    }
    for (uint32_t index = 0; index < waiting; index++) {
        pollable_drop(pollables[index]);
    }
    *stored = done;
    return ERRNO_SUCCESS;
}
