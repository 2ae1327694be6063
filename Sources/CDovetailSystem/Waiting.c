// SPDX-License-Identifier: Apache-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "CDovetailSystem.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/eventfd.h>
#endif

int dovetail_sys_poll(dovetail_sys_poll_entry *entries, size_t count, int64_t nanoseconds) {
    struct pollfd few[16];
    struct pollfd *set = few;
    if (count > 16) {
        set = calloc(count, sizeof *set);
        if (set == NULL) return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        // The system passes over negative numbers, but using one fails at once, as with any that is not open.
        if (entries[i].descriptor < 0) nanoseconds = 0;
        set[i].fd = entries[i].descriptor;
        set[i].events = (short)(((entries[i].interest & DOVETAIL_POLL_READABLE) ? POLLIN : 0) |
                                ((entries[i].interest & DOVETAIL_POLL_WRITABLE) ? POLLOUT : 0));
        set[i].revents = 0;
    }
#if defined(__linux__)
    struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    int ready = ppoll(set, count, nanoseconds < 0 ? NULL : &limit, NULL);
#else
    // Rounded up, so that a wait never ends early and turns into a spin.
    int64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);
    if (milliseconds > INT32_MAX) milliseconds = INT32_MAX;
    int ready = poll(set, (nfds_t)count, nanoseconds < 0 ? -1 : (int)milliseconds);
#endif
    int result = ready < 0 ? (errno == EINTR ? 0 : -errno) : ready;
    for (size_t i = 0; i < count; i++) entries[i].ready = entries[i].descriptor < 0 || (ready > 0 && set[i].revents != 0);
    if (set != few) free(set);
    return result;
}

int dovetail_sys_wake_create(int *reader, int *writer) {
#if defined(__linux__)
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (descriptor < 0) return -errno;
    *reader = descriptor;
    *writer = descriptor;
    return 0;
#else
    int ends[2];
    if (pipe(ends) < 0) return -errno;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    *reader = ends[0];
    *writer = ends[1];
    return 0;
#endif
}

void dovetail_sys_wake_raise(int writer) {
    uint64_t one = 1;
    ssize_t done;
    do {
        done = write(writer, &one, sizeof one);
    } while (done < 0 && errno == EINTR);
}

void dovetail_sys_wake_drain(int reader) {
    char buffer[256];
    ssize_t done;
    do {
        done = read(reader, buffer, sizeof buffer);
    } while (done == (ssize_t)sizeof buffer || (done < 0 && errno == EINTR));
}

static dovetail_sys_time time_from(struct timespec value) {
    return (dovetail_sys_time){.seconds = value.tv_sec, .nanoseconds = value.tv_nsec};
}

static uint64_t nanoseconds_of(struct timespec value) {
    return (uint64_t)value.tv_sec * 1000000000u + (uint64_t)value.tv_nsec;
}

uint64_t dovetail_sys_monotonic_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return nanoseconds_of(now);
}

uint64_t dovetail_sys_monotonic_resolution(void) {
    struct timespec resolution;
    clock_getres(CLOCK_MONOTONIC, &resolution);
    return nanoseconds_of(resolution);
}

dovetail_sys_time dovetail_sys_wall_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return time_from(now);
}

uint64_t dovetail_sys_wall_resolution(void) {
    struct timespec resolution;
    clock_getres(CLOCK_REALTIME, &resolution);
    return nanoseconds_of(resolution);
}

void dovetail_sys_sleep(uint64_t nanoseconds) {
    struct timespec left = {
        .tv_sec = (time_t)(nanoseconds / 1000000000u), .tv_nsec = (long)(nanoseconds % 1000000000u)};
    while (nanosleep(&left, &left) < 0 && errno == EINTR) {
    }
}
