/* Records what a process does to the files of one folder: loaded in front of the C library (LD_PRELOAD).
 *
 * RECORD_FOLDER names the folder, RECORD_LOG the log. An entry: kind (1 byte), length of the path (2), the path below the
 * folder, offset (8), length of the data (4), the data; all numbers little-endian. Kinds: c create or truncate, w write,
 * t truncate to offset, r rename (the data is the new path), u unlink, d make a folder, s sync, a acknowledgement (a write
 * to standard output). Doing and recording are one step under a lock, so the log has the order that the disk saw.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 1024
static char *paths[FILES];
static int log_fd = -1;
static const char *folder;
static size_t folder_length;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void unlock(int *held) { (void)held; pthread_mutex_unlock(&lock); }
/* Holds the lock until the end of the block. */
#define ALONE                                              \
    pthread_mutex_lock(&lock);                             \
    int held __attribute__((cleanup(unlock), unused)) = 1

#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

static void begin(void) {
    if (folder) return;
    folder = getenv("RECORD_FOLDER");
    const char *log = getenv("RECORD_LOG");
    if (!folder || !log) { folder = ""; return; }
    folder_length = strlen(folder);
    log_fd = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
}

static const char *below(const char *path) {
    begin();
    if (log_fd < 0 || strncmp(path, folder, folder_length) != 0 || path[folder_length] != '/') return NULL;
    return path + folder_length + 1;
}

static void entry(char kind, const char *path, uint64_t offset, const void *data, uint32_t length) {
    if (log_fd < 0) return;
    uint16_t path_length = (uint16_t)strlen(path);
    struct iovec parts[6] = {
        {&kind, 1}, {&path_length, 2}, {(void *)path, path_length}, {&offset, 8}, {&length, 4}, {(void *)data, length},
    };
    ssize_t written = REAL(writev)(log_fd, parts, 6);
    if (written < 0) abort();
}

static int opened(int fd, const char *path, int flags, int existed) {
    const char *own = fd >= 0 && fd < FILES ? below(path) : NULL;
    if (own) {
        struct stat status;
        if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
            free(paths[fd]);
            paths[fd] = strdup(own);
            if (!existed || (flags & O_TRUNC)) entry('c', own, 0, "", 0);
        }
    }
    return fd;
}

#define OPEN(name)                                                                     \
    int name(const char *path, int flags, ...) {                                       \
        mode_t mode = 0;                                                               \
        if (flags & (O_CREAT | O_TMPFILE)) {                                           \
            va_list rest;                                                              \
            va_start(rest, flags);                                                     \
            mode = va_arg(rest, mode_t);                                               \
            va_end(rest);                                                              \
        }                                                                              \
        ALONE;                                                                         \
        int existed = access(path, F_OK) == 0;                                         \
        return opened(REAL(name)(path, flags, mode), path, flags, existed);            \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    ALONE;
    if (fd >= 0 && fd < FILES && fd != log_fd) {
        free(paths[fd]);
        paths[fd] = NULL;
    }
    return REAL(close)(fd);
}

static const char *known(int fd) { return fd >= 0 && fd < FILES ? paths[fd] : NULL; }

ssize_t write(int fd, const void *data, size_t length) {
    ALONE;
    begin();
    const char *path = known(fd);
    off_t offset = path ? lseek(fd, 0, SEEK_CUR) : 0;
    if (path && (fcntl(fd, F_GETFL) & O_APPEND)) offset = lseek(fd, 0, SEEK_END);
    ssize_t written = REAL(write)(fd, data, length);
    if (path && written > 0) entry('w', path, (uint64_t)offset, data, (uint32_t)written);
    if (fd == 1 && written > 0) entry('a', "", 0, data, (uint32_t)written);
    return written;
}

#define PWRITE(name, type)                                                             \
    ssize_t name(int fd, const void *data, size_t length, type offset) {               \
        ALONE;                                                                         \
        ssize_t written = REAL(name)(fd, data, length, offset);                        \
        if (known(fd) && written > 0) entry('w', known(fd), (uint64_t)offset, data, (uint32_t)written); \
        return written;                                                                \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define TRUNCATE(name, type)                                                           \
    int name(int fd, type length) {                                                    \
        ALONE;                                                                         \
        int done = REAL(name)(fd, length);                                             \
        if (known(fd) && done == 0) entry('t', known(fd), (uint64_t)length, "", 0);    \
        return done;                                                                   \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name)                                                                     \
    int name(int fd) {                                                                 \
        ALONE;                                                                         \
        int done = REAL(name)(fd);                                                     \
        if (known(fd) && done == 0) entry('s', known(fd), 0, "", 0);                   \
        return done;                                                                   \
    }
SYNC(fsync)
SYNC(fdatasync)

int rename(const char *from, const char *to) {
    ALONE;
    int done = REAL(rename)(from, to);
    const char *old = below(from), *new = below(to);
    if (done == 0 && old && new) entry('r', old, 0, new, (uint32_t)strlen(new));
    return done;
}

int unlink(const char *path) {
    ALONE;
    int done = REAL(unlink)(path);
    if (done == 0 && below(path)) entry('u', below(path), 0, "", 0);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    ALONE;
    int done = REAL(mkdir)(path, mode);
    if (done == 0 && below(path)) entry('d', below(path), 0, "", 0);
    return done;
}
