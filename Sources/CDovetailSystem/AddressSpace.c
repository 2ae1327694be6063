// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CDovetailSystem.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/ioctl.h>
#endif

size_t dovetail_sys_page_size(void) {
    long size = sysconf(_SC_PAGESIZE);
    return size > 0 ? (size_t)size : 4096;
}

void *dovetail_sys_reserve(size_t count) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#if defined(MAP_NORESERVE)
    flags |= MAP_NORESERVE;
#endif
    void *start = mmap(NULL, count, PROT_NONE, flags, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}

void dovetail_sys_unreserve(void *start, size_t count) { munmap(start, count); }

int dovetail_sys_set_accessible(void *start, size_t count, bool accessible) {
    return mprotect(start, count, accessible ? PROT_READ | PROT_WRITE : PROT_NONE) == 0 ? 0 : -errno;
}

/// Gives the pages back to the system, which fills them with zeroes when they are touched again.
static int give_back(void *start, size_t count) {
    if (count == 0) return 0;
#if defined(__linux__)
    return madvise(start, count, MADV_DONTNEED) == 0 ? 0 : -errno;
#else
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    return mmap(start, count, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED ? -errno : 0;
#endif
}

#if defined(__linux__)

// linux/fs.h of kernel 6.7, which is newer than the headers of some systems.
struct page_region {
    uint64_t start, end, categories;
};

struct page_scan {
    uint64_t size, flags, start, end, walk_end, regions, region_count, page_limit;
    uint64_t inverted, all_of, any_of, returned;
};

enum { PAGE_OF_FILE = 1 << 2, PAGE_PRESENT = 1 << 3, PAGE_SWAPPED = 1 << 4, PAGE_SHARED_ZERO = 1 << 5 };
enum { REGION_COUNT = DOVETAIL_SYS_RANGE_COUNT };

#define SCAN_PAGES _IOWR('f', 16, struct page_scan)

/// Finds the first `limit` pages that have content of their own, be it in memory or swapped out: not that of a file, and not zeroes that
/// nobody wrote.
///
/// - Returns: the number of runs of pages; `*walked` is where the search ended. Negative where the system cannot tell.
static int find_written(
    int map, const void *start, size_t count, size_t limit, struct page_region regions[REGION_COUNT], uint64_t *walked) {
    struct page_scan scan = {
        .size = sizeof scan,
        .start = (uint64_t)(uintptr_t)start,
        .end = (uint64_t)(uintptr_t)start + count,
        .regions = (uint64_t)(uintptr_t)regions,
        .region_count = REGION_COUNT,
        .page_limit = limit,
        .inverted = PAGE_SHARED_ZERO | PAGE_OF_FILE,
        .all_of = PAGE_SHARED_ZERO | PAGE_OF_FILE,
        .any_of = PAGE_PRESENT | PAGE_SWAPPED,
    };
    int found = ioctl(map, SCAN_PAGES, &scan);
    *walked = scan.walk_end;
    return found;
}

// What /proc says about the pages of this process: not opened yet, or not to be had.
enum { NOT_OPENED = -1, NOT_THERE = -2 };
static atomic_int page_map = NOT_OPENED;

/// The descriptor is of the process that opened it.
static void forget_page_map(void) { atomic_store(&page_map, NOT_OPENED); }

/// Whether the map tells what it should of three pages of which the second was written.
static bool is_map_right(int map, size_t page) {
    uint8_t *pages = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return false;
    *(volatile uint8_t *)(pages + page) = 1;
    (void)*(volatile uint8_t *)pages;
    struct page_region regions[REGION_COUNT];
    uint64_t walked = 0;
    uint64_t second = (uint64_t)(uintptr_t)pages + page;
    // Large pages, which a system may prefer, tell more than was written, and never less.
    bool is_right = find_written(map, pages, 3 * page, 3, regions, &walked) == 1 && regions[0].start <= second
        && regions[0].end >= second + page;
    munmap(pages, 3 * page);
    return is_right;
}

static int opened_page_map(void) {
    int map = atomic_load_explicit(&page_map, memory_order_acquire);
    if (map != NOT_OPENED) return map;
    static atomic_flag is_watching = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&is_watching)) pthread_atfork(NULL, NULL, forget_page_map);
    int made = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (made >= 0 && !is_map_right(made, dovetail_sys_page_size())) {
        close(made);
        made = NOT_THERE;
    }
    if (made < 0) made = NOT_THERE;
    int expected = NOT_OPENED;
    if (atomic_compare_exchange_strong(&page_map, &expected, made)) return made;
    if (made >= 0) close(made);
    return expected;
}

#endif

int dovetail_sys_clear(void *start, size_t count, size_t kept) {
#if defined(__linux__)
    int map = kept == 0 ? NOT_THERE : opened_page_map();
    if (map >= 0) {
        struct page_region regions[REGION_COUNT];
        uint64_t walked = 0;
        int found = find_written(map, start, count, kept, regions, &walked);
        if (found >= 0) {
            for (int index = 0; index < found; index++) {
                memset((void *)(uintptr_t)regions[index].start, 0, regions[index].end - regions[index].start);
            }
            return give_back((void *)(uintptr_t)walked, (uint64_t)(uintptr_t)start + count - walked);
        }
    }
#else
    (void)kept;
#endif
    return give_back(start, count);
}

int64_t dovetail_sys_written_pages(
    const void *start, size_t count, struct dovetail_sys_range ranges[DOVETAIL_SYS_RANGE_COUNT], size_t *walked) {
#if defined(__linux__)
    int map = opened_page_map();
    if (map < 0) return -ENOTSUP;
    struct page_region regions[REGION_COUNT];
    uint64_t end = 0;
    int found = find_written(map, start, count, 0, regions, &end);
    if (found < 0) return -errno;
    for (int index = 0; index < found; index++) {
        ranges[index].start = regions[index].start - (uint64_t)(uintptr_t)start;
        ranges[index].end = regions[index].end - (uint64_t)(uintptr_t)start;
    }
    *walked = end - (uint64_t)(uintptr_t)start;
    return found;
#else
    (void)start, (void)count, (void)ranges, (void)walked;
    return -ENOTSUP;
#endif
}

int dovetail_sys_populate(void *start, size_t count) {
#if defined(__linux__)
    enum { POPULATE_FOR_WRITING = 23 };  // MADV_POPULATE_WRITE of kernel 5.14
    return madvise(start, count, POPULATE_FOR_WRITING) == 0 ? 0 : -errno;
#else
    (void)start, (void)count;
    return -ENOTSUP;
#endif
}
