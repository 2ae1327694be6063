// SPDX-License-Identifier: Apache-2.0
// Waiting for many descriptors: epoll on Linux, kqueue on Apple's systems.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "CDovetailSystem.h"

#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#else
#include <sys/event.h>
#endif

_Thread_local const void *dovetail_sys_loop;

enum { BATCH = DOVETAIL_POLLER_BATCH };

#if defined(__linux__)

int dovetail_sys_poller_create(dovetail_sys_poller *poller) {
    int queue = epoll_create1(EPOLL_CLOEXEC);
    if (queue < 0) return -errno;
    int waker = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    // Edge-triggered: each write is an event, without reading the counter.
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = DOVETAIL_POLLER_WAKE};
    if (waker < 0 || epoll_ctl(queue, EPOLL_CTL_ADD, waker, &event) < 0) {
        int error = errno;
        close(queue);
        if (waker >= 0) close(waker);
        return -error;
    }
    *poller = (dovetail_sys_poller){.queue = queue, .waker = waker};
    return 0;
}

void dovetail_sys_poller_close(dovetail_sys_poller poller) {
    close(poller.queue);
    close(poller.waker);
}

void dovetail_sys_poller_wake(dovetail_sys_poller poller) { dovetail_sys_wake_raise(poller.waker); }

int dovetail_sys_poller_set(dovetail_sys_poller poller, int descriptor, uint64_t token, int interest, int edge) {
    struct epoll_event event = {.data.u64 = token};
    if (interest & DOVETAIL_POLL_READABLE) event.events |= EPOLLIN | EPOLLRDHUP;
    if (interest & DOVETAIL_POLL_WRITABLE) event.events |= EPOLLOUT;
    if (edge) event.events |= EPOLLET;
    if (epoll_ctl(poller.queue, EPOLL_CTL_ADD, descriptor, &event) == 0) return 0;
    if (errno != EEXIST) return -errno;
    return epoll_ctl(poller.queue, EPOLL_CTL_MOD, descriptor, &event) < 0 ? -errno : 0;
}

void dovetail_sys_poller_remove(dovetail_sys_poller poller, int descriptor) {
    struct epoll_event unused = {0};
    epoll_ctl(poller.queue, EPOLL_CTL_DEL, descriptor, &unused);
}

static int wait_events(int queue, struct epoll_event *found, int room, int64_t nanoseconds) {
#if defined(SYS_epoll_pwait2)
    static _Atomic int lacks_pwait2;
    if (nanoseconds > 0 && !lacks_pwait2) {
        struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
        int count = (int)syscall(SYS_epoll_pwait2, queue, found, room, &limit, NULL, 0);
        // A system that refuses calls it does not know may answer with the second one.
        if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
        lacks_pwait2 = 1;
    }
#endif
    // Rounded up, so that a wait never ends early and turns into a spin.
    int64_t milliseconds = nanoseconds < 0 ? -1 : nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);
    return epoll_wait(queue, found, room, milliseconds > INT32_MAX ? INT32_MAX : (int)milliseconds);
}

int dovetail_sys_poller_wait(
    dovetail_sys_poller poller, dovetail_sys_poller_event *events, int limit, int64_t nanoseconds) {
    struct epoll_event found[BATCH];
    int count = wait_events(poller.queue, found, limit > BATCH ? BATCH : limit, nanoseconds);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        uint32_t ready = found[i].events;
        int32_t flags = 0;
        if (ready & (EPOLLIN | EPOLLRDHUP | EPOLLPRI)) flags |= DOVETAIL_POLL_READABLE;
        if (ready & EPOLLOUT) flags |= DOVETAIL_POLL_WRITABLE;
        if (ready & EPOLLRDHUP) flags |= DOVETAIL_POLL_READ_ENDED;
        if (ready & (EPOLLERR | EPOLLHUP)) {
            flags |= DOVETAIL_POLL_READABLE | DOVETAIL_POLL_WRITABLE | DOVETAIL_POLL_READ_ENDED | DOVETAIL_POLL_ENDED;
        }
        events[i] = (dovetail_sys_poller_event){.token = found[i].data.u64, .ready = flags};
    }
    return count;
}

#else

int dovetail_sys_poller_create(dovetail_sys_poller *poller) {
    int queue = kqueue();
    if (queue < 0) return -errno;
    fcntl(queue, F_SETFD, FD_CLOEXEC);
    struct kevent change;
    EV_SET(&change, 0, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, (void *)(uintptr_t)DOVETAIL_POLLER_WAKE);
    if (kevent(queue, &change, 1, NULL, 0, NULL) < 0) {
        int error = errno;
        close(queue);
        return -error;
    }
    *poller = (dovetail_sys_poller){.queue = queue, .waker = -1};
    return 0;
}

void dovetail_sys_poller_close(dovetail_sys_poller poller) { close(poller.queue); }

void dovetail_sys_poller_wake(dovetail_sys_poller poller) {
    struct kevent change;
    EV_SET(&change, 0, EVFILT_USER, 0, NOTE_TRIGGER, 0, (void *)(uintptr_t)DOVETAIL_POLLER_WAKE);
    kevent(poller.queue, &change, 1, NULL, 0, NULL);
}

// Each direction is a filter of its own; removing one that is not there is no error.
static int set_filter(int queue, int descriptor, int16_t filter, int wanted, int edge, uint64_t token) {
    struct kevent change;
    uint16_t flags = wanted ? (uint16_t)(EV_ADD | (edge ? EV_CLEAR : 0)) : EV_DELETE;
    EV_SET(&change, (uintptr_t)descriptor, filter, flags, 0, 0, (void *)(uintptr_t)token);
    if (kevent(queue, &change, 1, NULL, 0, NULL) == 0 || (!wanted && errno == ENOENT)) return 0;
    return -errno;
}

int dovetail_sys_poller_set(dovetail_sys_poller poller, int descriptor, uint64_t token, int interest, int edge) {
    int result = set_filter(
        poller.queue, descriptor, EVFILT_READ, (interest & DOVETAIL_POLL_READABLE) != 0, edge, token);
    if (result < 0) return result;
    return set_filter(poller.queue, descriptor, EVFILT_WRITE, (interest & DOVETAIL_POLL_WRITABLE) != 0, edge, token);
}

void dovetail_sys_poller_remove(dovetail_sys_poller poller, int descriptor) {
    set_filter(poller.queue, descriptor, EVFILT_READ, 0, 0, 0);
    set_filter(poller.queue, descriptor, EVFILT_WRITE, 0, 0, 0);
}

int dovetail_sys_poller_wait(
    dovetail_sys_poller poller, dovetail_sys_poller_event *events, int limit, int64_t nanoseconds) {
    struct kevent found[BATCH];
    struct timespec pause = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    int room = limit > BATCH ? BATCH : limit;
    int count = kevent(poller.queue, NULL, 0, found, room, nanoseconds < 0 ? NULL : &pause);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        int32_t flags = found[i].filter == EVFILT_WRITE ? DOVETAIL_POLL_WRITABLE : DOVETAIL_POLL_READABLE;
        // The end of one direction alone shows as readable, as on Linux.
        if (found[i].flags & EV_ERROR) {
            flags = DOVETAIL_POLL_READABLE | DOVETAIL_POLL_WRITABLE | DOVETAIL_POLL_READ_ENDED | DOVETAIL_POLL_ENDED;
        }
        if ((found[i].flags & EV_EOF) && found[i].filter == EVFILT_READ) flags |= DOVETAIL_POLL_READ_ENDED;
        if ((found[i].flags & EV_EOF) && found[i].filter == EVFILT_WRITE) flags |= DOVETAIL_POLL_ENDED;
        events[i] = (dovetail_sys_poller_event){.token = (uint64_t)(uintptr_t)found[i].udata, .ready = flags};
    }
    return count;
}

#endif
