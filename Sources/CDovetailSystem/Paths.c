// SPDX-License-Identifier: Apache-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "CDovetailSystem.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RESULT(call) ((call) < 0 ? -errno : 0)

int dovetail_sys_mkdirat(int directory, const char *name, uint32_t mode) {
    return RESULT(mkdirat(directory, name, (mode_t)mode));
}

int dovetail_sys_rmdirat(int directory, const char *name) { return RESULT(unlinkat(directory, name, AT_REMOVEDIR)); }

int dovetail_sys_unlinkat(int directory, const char *name) { return RESULT(unlinkat(directory, name, 0)); }

int dovetail_sys_linkat(int old_directory, const char *old_name, int new_directory, const char *new_name) {
    return RESULT(linkat(old_directory, old_name, new_directory, new_name, 0));
}

int dovetail_sys_renameat(int old_directory, const char *old_name, int new_directory, const char *new_name) {
    return RESULT(renameat(old_directory, old_name, new_directory, new_name));
}

int dovetail_sys_symlinkat(const char *target, int directory, const char *name) {
    return RESULT(symlinkat(target, directory, name));
}

int64_t dovetail_sys_readlinkat(int directory, const char *name, char *buffer, size_t count) {
    ssize_t length = readlinkat(directory, name, buffer, count);
    return length < 0 ? -errno : length;
}

int dovetail_sys_list_open(int descriptor, void **listing) {
    DIR *opened = fdopendir(descriptor);
    if (opened == NULL) return -errno;
    *listing = opened;
    return 0;
}

int dovetail_sys_list_next(void *listing, const char **name, int32_t *type) {
    errno = 0;
    struct dirent *entry = readdir((DIR *)listing);
    if (entry == NULL) return errno == 0 ? 0 : -errno;
    *name = entry->d_name;
    switch (entry->d_type) {
    case DT_BLK: *type = DOVETAIL_FILE_BLOCK_DEVICE; break;
    case DT_CHR: *type = DOVETAIL_FILE_CHARACTER_DEVICE; break;
    case DT_DIR: *type = DOVETAIL_FILE_DIRECTORY; break;
    case DT_FIFO: *type = DOVETAIL_FILE_FIFO; break;
    case DT_LNK: *type = DOVETAIL_FILE_SYMBOLIC_LINK; break;
    case DT_REG: *type = DOVETAIL_FILE_REGULAR; break;
    case DT_SOCK: *type = DOVETAIL_FILE_SOCKET; break;
    default: *type = DOVETAIL_FILE_UNKNOWN; break;
    }
    return 1;
}

void dovetail_sys_list_close(void *listing) { closedir((DIR *)listing); }

int64_t dovetail_sys_real_path(const char *path, char *buffer, size_t count) {
    char *found = realpath(path, NULL);
    if (found == NULL) return -errno;
    size_t length = strlen(found);
    if (length < count) memcpy(buffer, found, length + 1);
    free(found);
    return length < count ? (int64_t)length : -ENAMETOOLONG;
}
