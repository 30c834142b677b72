/* A bad disk, between a program and libc: loaded by LD_PRELOAD, it stands in for the calls that change files.
 *
 * Only what lies below DISK_FOLDER is touched. DISK_CONTROL is a file that both sides map: it says how the disk behaves
 * now. DISK_JOURNAL, if there is one, is given a record of each change and each sync, in their order, from which it can
 * be told what a power failure may leave. One lock is held through each call, so that the order of the records is the
 * order of what happened. A call that changes files in a way that is not told here ends the program.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))
#define FILES_MAX 65536

/* How the disk behaves; the same as in control.rs. */
struct control {
    _Atomic int64_t room;     /* bytes by which files may still grow; less than zero: without end */
    _Atomic int32_t refusal;  /* what every change is refused with, or 0 */
    _Atomic int32_t delay_ms; /* how long every write and sync takes */
    _Atomic int32_t lies;     /* whether a sync does nothing, and says that it did */
};

/* A record of the journal; the same as in journal.rs. What belongs to it follows. */
struct record {
    uint32_t kind;
    uint32_t bytes;
    uint64_t inode;
    uint64_t number;
};
enum kind { OPENED = 1, WRITTEN, CUT, SYNCED, UNLINKED, FOLDER_MADE };
enum { CREATED = 1, EMPTIED = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct control *control;
static char folder[PATH_MAX];
static size_t folder_bytes;
static int journal = -1;
/* The inode behind each open file below the folder. */
static _Atomic uint64_t inodes[FILES_MAX];

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static void die(const char *why) {
    fprintf(stderr, "disk: %s\n", why);
    abort();
}

__attribute__((constructor)) static void begin(void) {
    const char *place = getenv("DISK_FOLDER"), *rules = getenv("DISK_CONTROL"), *notes = getenv("DISK_JOURNAL");
    if (!place || !rules) die("DISK_FOLDER and DISK_CONTROL are needed");
    folder_bytes = strlen(place);
    if (folder_bytes >= sizeof folder) die("the folder's name is too long");
    int fd = REAL(open)(rules, O_RDWR | O_CLOEXEC);
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) die("the control file cannot be mapped");
    REAL(close)(fd);
    if (notes && (journal = REAL(open)(notes, O_WRONLY | O_APPEND | O_CLOEXEC)) < 0) die("no journal");
    memcpy(folder, place, folder_bytes);
    control = mapped;
}

/* The part of `path` below the folder, empty for the folder itself, or NULL. */
static const char *below(const char *path) {
    if (!control || strncmp(path, folder, folder_bytes)) return NULL;
    const char *rest = path + folder_bytes;
    return *rest == '/' ? rest + 1 : *rest ? NULL : rest;
}

static uint64_t inode_of(int fd) { return fd >= 0 && fd < FILES_MAX ? inodes[fd] : 0; }

static void note(enum kind kind, uint64_t inode, uint64_t number, const void *data, size_t bytes) {
    if (journal < 0) return;
    struct record record = {kind, bytes, inode, number};
    struct iovec parts[] = {{&record, sizeof record}, {(void *)data, bytes}};
    if (REAL(writev)(journal, parts, 2) != (ssize_t)(sizeof record + bytes)) die("the journal cannot be written");
}

static void note_path(enum kind kind, uint64_t inode, uint64_t number, const char *path) {
    note(kind, inode, number, path, strlen(path));
}

static void take_time(void) {
    int ms = control->delay_ms;
    struct timespec time = {ms / 1000, ms % 1000 * 1000000L};
    if (ms) nanosleep(&time, NULL);
}

/* Whether the disk refuses a change now. */
static int refuses(void) {
    int refusal = control->refusal;
    if (refusal) errno = refusal;
    return refusal;
}

/* How many of `bytes` at `offset` there is room for: what a file has, it keeps. */
static size_t room_for(int fd, off_t offset, size_t bytes) {
    struct stat state;
    int64_t room = control->room;
    if (room < 0 || fstat(fd, &state)) return bytes;
    int64_t grows = offset + (int64_t)bytes - state.st_size;
    if (grows <= 0) return bytes;
    int64_t missing = grows > room ? grows - room : 0;
    control->room = room - (grows - missing);
    return missing < (int64_t)bytes ? bytes - missing : 0;
}

/* A write to a watched file; `offset` says where. */
static ssize_t put(int fd, const void *data, size_t bytes, off_t offset) {
    take_time();
    if (refuses()) return -1;
    size_t fits = room_for(fd, offset, bytes);
    if (bytes && !fits) {
        errno = ENOSPC;
        return -1;
    }
    ssize_t put = REAL(pwrite64)(fd, data, fits, offset);
    if (put > 0) note(WRITTEN, inode_of(fd), offset, data, put);
    return put;
}

ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t offset) {
    if (!inode_of(fd)) return REAL(pwrite64)(fd, data, bytes, offset);
    pthread_mutex_lock(&lock);
    ssize_t done = put(fd, data, bytes, offset);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int fd, const void *data, size_t bytes) {
    if (!inode_of(fd)) return REAL(write)(fd, data, bytes);
    pthread_mutex_lock(&lock);
    ssize_t done = put(fd, data, bytes, lseek(fd, 0, SEEK_CUR));
    if (done > 0) lseek(fd, done, SEEK_CUR);
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate64(int fd, off64_t length) {
    if (!inode_of(fd)) return REAL(ftruncate64)(fd, length);
    pthread_mutex_lock(&lock);
    int failed = refuses() ? -1 : REAL(ftruncate64)(fd, length);
    if (!failed) note(CUT, inode_of(fd), length, NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

static int sync_with(int (*sync)(int), int fd) {
    if (!inode_of(fd)) return sync(fd);
    pthread_mutex_lock(&lock);
    int failed = 0;
    take_time();
    if (!control->lies) {
        failed = refuses() == EIO ? -1 : sync(fd);
        if (!failed) note(SYNCED, inode_of(fd), 0, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return failed;
}

int fsync(int fd) { return sync_with(REAL(fsync), fd); }
int fdatasync(int fd) { return sync_with(REAL(fdatasync), fd); }

static int watch(int fd, const char *path, int created, int emptied) {
    struct stat state;
    if (fd >= FILES_MAX || fstat(fd, &state)) die("a file that cannot be watched");
    inodes[fd] = state.st_ino;
    note_path(OPENED, state.st_ino, (created ? CREATED : 0) | (emptied ? EMPTIED : 0), path);
    return fd;
}

static int open_below(const char *full, const char *path, int flags, mode_t mode) {
    struct stat state;
    int created = (flags & O_CREAT) && lstat(full, &state);
    if ((flags & O_ACCMODE) != O_RDONLY && control->refusal == EROFS) return refuses(), -1;
    if (created && !control->room) return errno = ENOSPC, -1;
    int fd = REAL(open)(full, flags, mode);
    return fd < 0 ? fd : watch(fd, path, created, flags & O_TRUNC);
}

int open(const char *full, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    const char *path = below(full);
    if (!path) return REAL(open)(full, flags, mode);
    pthread_mutex_lock(&lock);
    int fd = open_below(full, path, flags, mode);
    pthread_mutex_unlock(&lock);
    return fd;
}
int open64(const char *full, int flags, ...) __attribute__((alias("open")));

int close(int fd) {
    if (inode_of(fd)) inodes[fd] = 0;
    return REAL(close)(fd);
}

int unlink(const char *full) {
    const char *path = below(full);
    if (!path) return REAL(unlink)(full);
    pthread_mutex_lock(&lock);
    int failed = refuses() ? -1 : REAL(unlink)(full);
    if (!failed) note_path(UNLINKED, 0, 0, path);
    pthread_mutex_unlock(&lock);
    return failed;
}

int mkdir(const char *full, mode_t mode) {
    const char *path = below(full);
    if (!path) return REAL(mkdir)(full, mode);
    pthread_mutex_lock(&lock);
    int failed = refuses() ? -1 : REAL(mkdir)(full, mode);
    if (!failed) note_path(FOLDER_MADE, 0, 0, path);
    pthread_mutex_unlock(&lock);
    return failed;
}

/* What is not told: none of it is used today. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (inode_of(fd)) die("writev");
    return REAL(writev)(fd, parts, count);
}

int rename(const char *from, const char *to) {
    if (below(from) || below(to)) die("rename");
    return REAL(rename)(from, to);
}
