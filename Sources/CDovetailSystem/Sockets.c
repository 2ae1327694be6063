// SPDX-License-Identifier: Apache-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "CDovetailSystem.h"

#include <arpa/inet.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

#define RESULT(call) ((call) < 0 ? -errno : 0)

static socklen_t to_system(const dovetail_sys_address *address, struct sockaddr_storage *storage) {
    memset(storage, 0, sizeof *storage);
    if (address->family == 4) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)storage;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(address->port);
        memcpy(&v4->sin_addr, address->bytes, 4);
        return sizeof *v4;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)storage;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(address->port);
    v6->sin6_flowinfo = address->flow;
    v6->sin6_scope_id = address->scope;
    memcpy(&v6->sin6_addr, address->bytes, 16);
    return sizeof *v6;
}

static int from_system(const struct sockaddr *source, dovetail_sys_address *address) {
    memset(address, 0, sizeof *address);
    if (source->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)source;
        address->family = 4;
        address->port = ntohs(v4->sin_port);
        memcpy(address->bytes, &v4->sin_addr, 4);
        return 0;
    }
    if (source->sa_family != AF_INET6) return -EAFNOSUPPORT;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)source;
    address->family = 6;
    address->port = ntohs(v6->sin6_port);
    address->flow = v6->sin6_flowinfo;
    address->scope = v6->sin6_scope_id;
    memcpy(address->bytes, &v6->sin6_addr, 16);
    return 0;
}

// What a new descriptor needs where the system has no flags for it at creation.
static int prepare(int descriptor) {
#if !defined(__linux__)
    int flags = fcntl(descriptor, F_GETFL);
    int one = 1;
    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ||
        fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0 ||
        setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &one, sizeof one) < 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
#endif
    return descriptor;
}

int dovetail_sys_socket(int family, int is_datagram) {
    int type = is_datagram ? SOCK_DGRAM : SOCK_STREAM;
#if defined(__linux__)
    type |= SOCK_NONBLOCK | SOCK_CLOEXEC;
#endif
    int descriptor = socket(family == 4 ? AF_INET : AF_INET6, type, 0);
    if (descriptor < 0) return -errno;
    int one = 1;
    // IPv4 has sockets of its own.
    if (family == 6 && setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one) < 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
    return prepare(descriptor);
}

int dovetail_sys_bind(int descriptor, const dovetail_sys_address *address) {
    struct sockaddr_storage storage;
    socklen_t size = to_system(address, &storage);
    return RESULT(bind(descriptor, (struct sockaddr *)&storage, size));
}

int dovetail_sys_connect(int descriptor, const dovetail_sys_address *address) {
    struct sockaddr_storage storage;
    if (address == NULL) {
        memset(&storage, 0, sizeof storage);
        storage.ss_family = AF_UNSPEC;
        int result = connect(descriptor, (struct sockaddr *)&storage, sizeof storage);
        // Apple's systems dissolve the association and say that the address is not one.
        return result < 0 && errno != EAFNOSUPPORT && errno != EINVAL ? -errno : 0;
    }
    socklen_t size = to_system(address, &storage);
    return RESULT(connect(descriptor, (struct sockaddr *)&storage, size));
}

int dovetail_sys_listen(int descriptor, int backlog) { return RESULT(listen(descriptor, backlog)); }

int dovetail_sys_accept(int descriptor, dovetail_sys_address *peer) {
    struct sockaddr_storage storage;
    int accepted;
    do {
        socklen_t size = sizeof storage;
#if defined(__linux__)
        accepted = accept4(descriptor, (struct sockaddr *)&storage, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
#else
        accepted = accept(descriptor, (struct sockaddr *)&storage, &size);
#endif
    } while (accepted < 0 && errno == EINTR);
    if (accepted < 0) return -errno;
    if (peer != NULL) from_system((struct sockaddr *)&storage, peer);
    return prepare(accepted);
}

int dovetail_sys_local_address(int descriptor, dovetail_sys_address *address) {
    struct sockaddr_storage storage;
    socklen_t size = sizeof storage;
    if (getsockname(descriptor, (struct sockaddr *)&storage, &size) < 0) return -errno;
    return from_system((struct sockaddr *)&storage, address);
}

int dovetail_sys_remote_address(int descriptor, dovetail_sys_address *address) {
    struct sockaddr_storage storage;
    socklen_t size = sizeof storage;
    if (getpeername(descriptor, (struct sockaddr *)&storage, &size) < 0) return -errno;
    return from_system((struct sockaddr *)&storage, address);
}

int dovetail_sys_shutdown(int descriptor, int reading, int writing) {
    int how = reading && writing ? SHUT_RDWR : reading ? SHUT_RD : SHUT_WR;
    return RESULT(shutdown(descriptor, how));
}

int64_t dovetail_sys_receive(int descriptor, void *buffer, size_t count) {
    ssize_t done;
    do {
        done = recv(descriptor, buffer, count, 0);
    } while (done < 0 && errno == EINTR);
    return done < 0 ? -errno : done;
}

int64_t dovetail_sys_send(int descriptor, const void *buffer, size_t count) {
    ssize_t done;
    do {
        done = send(descriptor, buffer, count, MSG_NOSIGNAL);
    } while (done < 0 && errno == EINTR);
    return done < 0 ? -errno : done;
}

int64_t dovetail_sys_receive_from(int descriptor, void *buffer, size_t count, dovetail_sys_address *sender) {
    struct sockaddr_storage storage;
    ssize_t done;
    do {
        socklen_t size = sizeof storage;
        done = recvfrom(descriptor, buffer, count, 0, (struct sockaddr *)&storage, &size);
    } while (done < 0 && errno == EINTR);
    if (done < 0) return -errno;
    int result = from_system((struct sockaddr *)&storage, sender);
    return result < 0 ? result : done;
}

int64_t dovetail_sys_send_to(
    int descriptor, const void *buffer, size_t count, const dovetail_sys_address *receiver) {
    struct sockaddr_storage storage;
    socklen_t size = receiver == NULL ? 0 : to_system(receiver, &storage);
    ssize_t done;
    do {
        done = sendto(
            descriptor, buffer, count, MSG_NOSIGNAL, receiver == NULL ? NULL : (struct sockaddr *)&storage, size);
    } while (done < 0 && errno == EINTR);
    return done < 0 ? -errno : done;
}

// The level and name of an option.
static int option_of(int option, int *level, int *name) {
    switch (option) {
    case DOVETAIL_OPTION_ERROR: *level = SOL_SOCKET; *name = SO_ERROR; return 0;
    case DOVETAIL_OPTION_REUSE_ADDRESS: *level = SOL_SOCKET; *name = SO_REUSEADDR; return 0;
    case DOVETAIL_OPTION_REUSE_PORT: *level = SOL_SOCKET; *name = SO_REUSEPORT; return 0;
    case DOVETAIL_OPTION_KEEP_ALIVE: *level = SOL_SOCKET; *name = SO_KEEPALIVE; return 0;
    case DOVETAIL_OPTION_RECEIVE_BUFFER: *level = SOL_SOCKET; *name = SO_RCVBUF; return 0;
    case DOVETAIL_OPTION_SEND_BUFFER: *level = SOL_SOCKET; *name = SO_SNDBUF; return 0;
    case DOVETAIL_OPTION_NO_DELAY: *level = IPPROTO_TCP; *name = TCP_NODELAY; return 0;
#if defined(TCP_KEEPIDLE)
    case DOVETAIL_OPTION_KEEP_ALIVE_IDLE: *level = IPPROTO_TCP; *name = TCP_KEEPIDLE; return 0;
#elif defined(TCP_KEEPALIVE)
    case DOVETAIL_OPTION_KEEP_ALIVE_IDLE: *level = IPPROTO_TCP; *name = TCP_KEEPALIVE; return 0;
#endif
    case DOVETAIL_OPTION_KEEP_ALIVE_INTERVAL: *level = IPPROTO_TCP; *name = TCP_KEEPINTVL; return 0;
    case DOVETAIL_OPTION_KEEP_ALIVE_COUNT: *level = IPPROTO_TCP; *name = TCP_KEEPCNT; return 0;
    case DOVETAIL_OPTION_HOPS_V4: *level = IPPROTO_IP; *name = IP_TTL; return 0;
    case DOVETAIL_OPTION_HOPS_V6: *level = IPPROTO_IPV6; *name = IPV6_UNICAST_HOPS; return 0;
    default: return -ENOPROTOOPT;
    }
}

int dovetail_sys_get_option(int descriptor, int option, int *value) {
    int level, name;
    int known = option_of(option, &level, &name);
    if (known < 0) return known;
    socklen_t size = sizeof *value;
    if (getsockopt(descriptor, level, name, value, &size) < 0) return -errno;
#if defined(__linux__)
    // Linux answers with twice of what was set, for its own bookkeeping.
    if (option == DOVETAIL_OPTION_RECEIVE_BUFFER || option == DOVETAIL_OPTION_SEND_BUFFER) *value /= 2;
#endif
    return 0;
}

int dovetail_sys_set_option(int descriptor, int option, int value) {
    int level, name;
    int known = option_of(option, &level, &name);
    return known < 0 ? known : RESULT(setsockopt(descriptor, level, name, &value, sizeof value));
}

int dovetail_sys_reset_on_close(int descriptor) {
    struct linger none = {.l_onoff = 1, .l_linger = 0};
    return RESULT(setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &none, sizeof none));
}

int dovetail_sys_parse_ip(const char *text, dovetail_sys_address *address) {
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, text, address->bytes) == 1) {
        address->family = 4;
        return 0;
    }
    memset(address->bytes, 0, sizeof address->bytes);
    if (inet_pton(AF_INET6, text, address->bytes) != 1) return -EINVAL;
    address->family = 6;
    return 0;
}

void dovetail_sys_print_ip(const dovetail_sys_address *address, char *buffer, size_t count) {
    if (count == 0) return;
    buffer[0] = 0;
    inet_ntop(address->family == 4 ? AF_INET : AF_INET6, address->bytes, buffer, (socklen_t)count);
}

int dovetail_sys_resolve(const char *name, dovetail_sys_address *addresses, size_t capacity, size_t *count) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
#if defined(AI_IDN)
    hints.ai_flags |= AI_IDN;
#endif
    struct addrinfo *found = NULL;
    int result = getaddrinfo(name, NULL, &hints, &found);
    *count = 0;
    switch (result) {
    case 0: break;
    case EAI_AGAIN: return DOVETAIL_RESOLVE_TEMPORARY;
    case EAI_MEMORY: return DOVETAIL_RESOLVE_MEMORY;
    case EAI_FAIL: return DOVETAIL_RESOLVE_PERMANENT;
    case EAI_SYSTEM: return errno == EMFILE || errno == ENFILE ? DOVETAIL_RESOLVE_TEMPORARY : DOVETAIL_RESOLVE_PERMANENT;
    default: return DOVETAIL_RESOLVE_UNKNOWN_NAME;
    }
    for (struct addrinfo *entry = found; entry != NULL && *count < capacity; entry = entry->ai_next) {
        if (from_system(entry->ai_addr, &addresses[*count]) == 0) *count += 1;
    }
    freeaddrinfo(found);
    return *count == 0 ? DOVETAIL_RESOLVE_UNKNOWN_NAME : 0;
}
