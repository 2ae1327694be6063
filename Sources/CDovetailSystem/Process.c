// SPDX-License-Identifier: Apache-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "CDovetailSystem.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/random.h>
#elif defined(__APPLE__)
#include <crt_externs.h>
#include <mach-o/dyld.h>
#endif

int dovetail_sys_is_terminal(int descriptor) { return isatty(descriptor) == 1; }

int dovetail_sys_random(void *buffer, size_t count) {
#if defined(__linux__)
    char *at = buffer;
    while (count > 0) {
        ssize_t done = getrandom(at, count, 0);
        if (done < 0) {
            if (errno == EINTR) continue;
            return -errno;
        }
        at += done;
        count -= (size_t)done;
    }
    return 0;
#else
    arc4random_buf(buffer, count);
    return 0;
#endif
}

int dovetail_sys_terminal_columns(int descriptor) {
    struct winsize size;
    if (isatty(descriptor) != 1 || ioctl(descriptor, TIOCGWINSZ, &size) < 0) return 0;
    return size.ws_col;
}

// A file at its end that cannot be written; -errno where there are no descriptors left.
static int open_nothing(void) {
    int descriptor = open("/dev/null", O_RDONLY);
    if (descriptor >= 0) return descriptor;
    // Without devices: a pipe that nobody writes any more.
    int ends[2];
    if (pipe(ends) < 0) return -errno;
    close(ends[1]);
    return ends[0];
}

int dovetail_sys_fill_standard_descriptors(void) {
    for (int wanted = 0; wanted <= 2; wanted++) {
        if (fcntl(wanted, F_GETFD) >= 0 || errno != EBADF) continue;
        int opened = open_nothing();
        if (opened < 0) return opened;
        if (opened == wanted) continue;
        int moved = dup2(opened, wanted);
        int error = errno;
        close(opened);
        if (moved < 0) return -error;
    }
    return 0;
}

#if defined(__APPLE__)
#define ENVIRONMENT (*_NSGetEnviron())
#else
extern char **environ;
#define ENVIRONMENT environ
#endif

const char *dovetail_sys_variable(const char *name) { return getenv(name); }

const char *dovetail_sys_variable_at(size_t index) { return ENVIRONMENT == NULL ? NULL : ENVIRONMENT[index]; }

int64_t dovetail_sys_executable_path(char *buffer, size_t count) {
#if defined(__APPLE__)
    char raw[4096];
    uint32_t size = sizeof raw;
    if (_NSGetExecutablePath(raw, &size) != 0) return -ENAMETOOLONG;
    return dovetail_sys_real_path(raw, buffer, count);
#else
    return dovetail_sys_real_path("/proc/self/exe", buffer, count);
#endif
}

int dovetail_sys_spawn(const char *const *arguments, int *output, int64_t *process) {
    int ends[2];
#if defined(__linux__)
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
#else
    if (pipe(ends) < 0) return -errno;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
#endif
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error == 0) {
        pid_t identifier = 0;
        if (error == 0) error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
        if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
        if (error == 0) {
            error = posix_spawnp(&identifier, arguments[0], &actions, NULL, (char *const *)arguments, ENVIRONMENT);
        }
        posix_spawn_file_actions_destroy(&actions);
        *process = identifier;
    }
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        return -error;
    }
    *output = ends[0];
    return 0;
}

int dovetail_sys_wait_for(int64_t process) {
    int status = 0;
    while (waitpid((pid_t)process, &status, 0) < 0) {
        if (errno != EINTR) return -errno;
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void dovetail_sys_interrupt(int64_t process, int at_once) { kill((pid_t)process, at_once ? SIGKILL : SIGINT); }

uint32_t dovetail_sys_process_id(void) { return (uint32_t)getpid(); }
uint32_t dovetail_sys_user_id(void) { return (uint32_t)geteuid(); }
_Noreturn void dovetail_sys_exit(int code) { exit(code); }

struct thread_start {
    void (*body)(void *context);
    void *context;
    char name[16];
};

static void *run_thread(void *raw) {
    struct thread_start start = *(struct thread_start *)raw;
    free(raw);
#if defined(__APPLE__)
    pthread_setname_np(start.name);
#else
    pthread_setname_np(pthread_self(), start.name);
#endif
    start.body(start.context);
    return NULL;
}

int dovetail_sys_thread_start(const char *name, void (*body)(void *context), void *context) {
    struct thread_start *start = calloc(1, sizeof *start);
    if (start == NULL) return -ENOMEM;
    start->body = body;
    start->context = context;
    strncpy(start->name, name, sizeof start->name - 1);
    // The signals of the process are for its other threads; those of a fault are for the thread that has it.
    sigset_t blocked, previous;
    sigfillset(&blocked);
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&blocked, faults[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, &previous);
    pthread_t thread;
    int error = pthread_create(&thread, NULL, run_thread, start);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    if (error != 0) {
        free(start);
        return -error;
    }
    pthread_detach(thread);
    return 0;
}

void dovetail_sys_report_file_size_limit(void) { signal(SIGXFSZ, SIG_IGN); }

int dovetail_sys_processors(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
#if defined(__linux__)
    // Containers are often given fewer.
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) < count) count = CPU_COUNT(&set);
#endif
    return count < 1 ? 1 : count > 1024 ? 1024 : (int)count;
}

static const int server_signals[] = {SIGTERM, SIGINT, SIGHUP};

void dovetail_sys_unblock_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof server_signals / sizeof *server_signals; i++) sigaddset(&set, server_signals[i]);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static int signal_writer = -1;

static void write_signal(int number) {
    int error = errno;
    unsigned char byte = (unsigned char)number;
    // A full pipe holds enough of them.
    ssize_t count = write(signal_writer, &byte, 1);
    (void)count;
    errno = error;
}

int dovetail_sys_signal_pipe(void) {
    int ends[2];
    if (pipe(ends) < 0) return -errno;
    for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    signal_writer = ends[1];
    for (size_t i = 0; i < sizeof server_signals / sizeof *server_signals; i++) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = write_signal;
        action.sa_flags = SA_RESTART;
        sigemptyset(&action.sa_mask);
        if (sigaction(server_signals[i], &action, NULL) < 0) return -errno;
    }
    return ends[0];
}

int64_t dovetail_sys_resident_bytes(void) {
#if defined(__linux__)
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return -1;
    long long total, resident;
    int count = fscanf(file, "%lld %lld", &total, &resident);
    fclose(file);
    return count == 2 ? resident * sysconf(_SC_PAGESIZE) : -1;
#else
    return -1;
#endif
}
