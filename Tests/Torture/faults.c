// A disk that fails on purpose: preloaded into a program (LD_PRELOAD), it counts what the program
// changes below a folder, and does something at a given one of these points.
//
//   FAULTS_ROOT  the folder, absolute
//   FAULTS_SIDE  a folder of the same file system for what a power cut may need back
//   FAULTS_LOG   where each point is written, a line each
//   FAULTS_AT    the point, from 1; 0 only counts
//   FAULTS_KIND  kill: the process ends before it
//                tear: half of a write is done, and the process ends
//                power-data: the process ends, and bytes that no fsync brought to the disk are gone
//                power-names: so are names that no fsync of their folder did
//                ENOSPC, EIO: it fails
//                full: it and all that follow and need space fail with ENOSPC
//                short: half of a write is done, and its count returned
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 4096, CHANGES = 65536 };

static struct {
  bool isWatched, isDirty;
  char path[PATH_MAX];
} files[FILES];

// What a power cut may undo, in order.
static struct {
  enum { CREATED, RENAMED, UNLINKED } what;
  char from[PATH_MAX], to[PATH_MAX], backup[PATH_MAX];
} *changes;
static int changeCount;
// Files whose bytes are not on the disk though they are closed.
static char (*dirty)[PATH_MAX];
static int dirtyCount;

static const char *root, *side, *kind;
static long at, points;
static int logFile = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("FAULTS_ROOT"), *log = getenv("FAULTS_LOG");
  kind = getenv("FAULTS_KIND");
  side = getenv("FAULTS_SIDE");
  if (!folder || !side) return;
  if (!kind) kind = "";
  at = getenv("FAULTS_AT") ? atol(getenv("FAULTS_AT")) : 0;
  changes = calloc(CHANGES, sizeof *changes);
  dirty = calloc(FILES, sizeof *dirty);
  if (log) logFile = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  root = folder;
}

static void absolute(const char *path, char *out) {
  char folder[PATH_MAX], real[PATH_MAX];
  const char *slash = strrchr(path, '/');
  if (!slash) strcpy(folder, ".");
  else if (slash == path) strcpy(folder, "/");
  else snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
  if (!realpath(folder, real)) strcpy(real, folder);
  snprintf(out, PATH_MAX, "%s/%s", real, slash ? slash + 1 : path);
}

static bool isBelow(const char *path, char *out) {
  if (!root) return false;
  absolute(path, out);
  size_t length = strlen(root);
  return strncmp(out, root, length) == 0 && (out[length] == '/' || out[length] == 0);
}

static void folderOf(const char *path, char *out) {
  snprintf(out, PATH_MAX, "%s", path);
  char *slash = strrchr(out, '/');
  if (slash) *slash = 0;
}

static void keep(const char *path, char *backup) {
  static int number;
  snprintf(backup, PATH_MAX, "%s/%d-%d", side, getpid(), number++);
  if (link(path, backup) != 0) backup[0] = 0;
}

static void note(int what, const char *from, const char *to, const char *backup) {
  if (changeCount == CHANGES) abort();
  changes[changeCount].what = what;
  snprintf(changes[changeCount].from, PATH_MAX, "%s", from);
  snprintf(changes[changeCount].to, PATH_MAX, "%s", to);
  snprintf(changes[changeCount].backup, PATH_MAX, "%s", backup);
  changeCount++;
}

static void setDirty(const char *path, bool isDirty) {
  for (int i = 0; i < dirtyCount; i++)
    if (strcmp(dirty[i], path) == 0) {
      if (!isDirty) memmove(&dirty[i], &dirty[--dirtyCount], sizeof *dirty);
      return;
    }
  if (isDirty && dirtyCount < FILES) snprintf(dirty[dirtyCount++], PATH_MAX, "%s", path);
}

static void cutPower(bool losesNames) {
  for (int i = 0; i < dirtyCount; i++) {
    if (truncate(dirty[i], 0) != 0) continue;
  }
  for (int i = changeCount - 1; losesNames && i >= 0; i--) {
    const char *backup = changes[i].backup;
    switch (changes[i].what) {
    case CREATED: REAL(unlink)(changes[i].to); break;
    case RENAMED:
      REAL(rename)(changes[i].to, changes[i].from);
      if (backup[0]) REAL(rename)(backup, changes[i].to);
      break;
    case UNLINKED:
      if (backup[0]) REAL(rename)(backup, changes[i].to);
      break;
    }
  }
}

static void end(void) {
  kill(getpid(), SIGKILL);
  pause();
}

// A point: 0 to go on, else the errno to fail with. `needsSpace` says what a full disk refuses.
static int point(const char *call, const char *path, bool needsSpace) {
  points++;
  if (logFile >= 0) dprintf(logFile, "%ld %s %s\n", points, call, path + strlen(root));
  if (at == 0 || points < at) return 0;
  if (strcmp(kind, "full") == 0) return needsSpace ? ENOSPC : 0;
  if (points > at) return 0;
  if (strcmp(kind, "kill") == 0) end();
  if (strncmp(kind, "power", 5) == 0) {
    cutPower(strcmp(kind, "power-names") == 0);
    end();
  }
  if (strcmp(kind, "ENOSPC") == 0) return ENOSPC;
  if (strcmp(kind, "EIO") == 0) return EIO;
  return 0;
}

static bool isHere(const char *what) { return points == at && strcmp(kind, what) == 0; }

static int fail(int code) {
  pthread_mutex_unlock(&lock);
  errno = code;
  return -1;
}

static int opened(int (*really)(const char *, int, ...), const char *path, int flags, mode_t mode) {
  char whole[PATH_MAX];
  bool isWriting = (flags & O_ACCMODE) != O_RDONLY;
  if (!(isWriting || flags & O_DIRECTORY) || !isBelow(path, whole)) return really(path, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat status;
  bool isNew = flags & O_CREAT && stat(path, &status) != 0;
  if (isWriting) {
    int code = point("open", whole, isNew);
    if (code) return fail(code);
  }
  int file = really(path, flags, mode);
  int code = errno;
  if (file >= 0 && file < FILES) {
    files[file].isWatched = true;
    files[file].isDirty = false;
    snprintf(files[file].path, PATH_MAX, "%s", whole);
    if (isNew) note(CREATED, "", whole, "");
    // What was there is gone, and that is not on the disk either.
    if (isWriting && flags & O_TRUNC) setDirty(whole, true);
  }
  pthread_mutex_unlock(&lock);
  errno = code;
  return file;
}

#define OPEN(name)                                                     \
  int name(const char *path, int flags, ...) {                         \
    va_list list;                                                      \
    va_start(list, flags);                                             \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; \
    va_end(list);                                                      \
    return opened(REAL(name), path, flags, mode);                      \
  }
OPEN(open)
OPEN(open64)

static bool isWatched(int file) { return root && file >= 0 && file < FILES && files[file].isWatched; }

ssize_t write(int file, const void *bytes, size_t count) {
  if (!isWatched(file)) return REAL(write)(file, bytes, count);
  pthread_mutex_lock(&lock);
  int code = point("write", files[file].path, true);
  if (code) return fail(code);
  bool isTorn = isHere("tear");
  if (count > 1 && (isTorn || isHere("short"))) count /= 2;
  ssize_t done = REAL(write)(file, bytes, count);
  code = errno;
  setDirty(files[file].path, true);
  if (isTorn) end();
  pthread_mutex_unlock(&lock);
  errno = code;
  return done;
}

int fsync(int file) {
  if (!isWatched(file)) return REAL(fsync)(file);
  pthread_mutex_lock(&lock);
  const char *path = files[file].path;
  int code = point("fsync", path, true);
  if (code) return fail(code);
  setDirty(path, false);
  int kept = 0;
  for (int i = 0; i < changeCount; i++) {
    char folder[PATH_MAX];
    folderOf(changes[i].to, folder);
    if (strcmp(folder, path) == 0) continue;
    if (kept != i) memcpy(&changes[kept], &changes[i], sizeof *changes);
    kept++;
  }
  changeCount = kept;
  int result = REAL(fsync)(file);
  code = errno;
  pthread_mutex_unlock(&lock);
  errno = code;
  return result;
}

int close(int file) {
  if (isWatched(file)) files[file].isWatched = false;
  return REAL(close)(file);
}

int rename(const char *from, const char *to) {
  char before[PATH_MAX], after[PATH_MAX], backup[PATH_MAX] = "";
  bool isIn = isBelow(from, before), isInto = isBelow(to, after);
  if (!isIn && !isInto) return REAL(rename)(from, to);
  pthread_mutex_lock(&lock);
  int code = point("rename", after, false);
  if (code) return fail(code);
  keep(to, backup);
  int result = REAL(rename)(from, to);
  code = errno;
  if (result == 0) {
    note(RENAMED, before, after, backup);
    setDirty(after, false);
    for (int i = 0; i < dirtyCount; i++)
      if (strcmp(dirty[i], before) == 0) snprintf(dirty[i], PATH_MAX, "%s", after);
  }
  pthread_mutex_unlock(&lock);
  errno = code;
  return result;
}

int unlink(const char *path) {
  char whole[PATH_MAX], backup[PATH_MAX] = "";
  struct stat status;
  if (!isBelow(path, whole) || stat(path, &status) != 0) return REAL(unlink)(path);
  pthread_mutex_lock(&lock);
  int code = point("unlink", whole, false);
  if (code) return fail(code);
  keep(path, backup);
  int result = REAL(unlink)(path);
  code = errno;
  if (result == 0) {
    note(UNLINKED, "", whole, backup);
    setDirty(whole, false);
  }
  pthread_mutex_unlock(&lock);
  errno = code;
  return result;
}

int mkdir(const char *path, mode_t mode) {
  char whole[PATH_MAX];
  struct stat status;
  if (!isBelow(path, whole) || stat(path, &status) == 0) return REAL(mkdir)(path, mode);
  pthread_mutex_lock(&lock);
  int code = point("mkdir", whole, true);
  if (code) return fail(code);
  int result = REAL(mkdir)(path, mode);
  code = errno;
  pthread_mutex_unlock(&lock);
  errno = code;
  return result;
}
