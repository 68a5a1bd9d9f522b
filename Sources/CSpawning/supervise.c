#define _GNU_SOURCE
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

// Between fork and exec only what is safe in a signal handler may be called: another thread may
// have held any lock at the fork, malloc's for one. Hence no opendir, no printf.

// A fork without the handlers that libraries ask for: BLAS would stop its threads for it.
static pid_t plain_fork(void) {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 34)
  return _Fork();
#else
  return fork();
#endif
}

// An end without what a sanitizer does at one, which may wait for a lock that a thread had at the fork.
_Noreturn static void leave(int code) {
#ifdef __linux__
  syscall(SYS_exit_group, code);
#endif
  _exit(code);
}

static void keep_awake(int signal) { (void)signal; }

// Closes all but the standard streams, so that no other program's pipe is held open here.
static void close_others(void) {
#if defined(__linux__) && defined(SYS_close_range)
  if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0) return;
#endif
  struct rlimit limit;
  int top = 65536;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536) top = (int)limit.rlim_cur;
  for (int d = 3; d < top; d++) close(d);
}

#ifdef __linux__

// The parent of a process, by /proc; -1 where there is none such.
static pid_t parent_of(const char *number) {
  char path[64] = "/proc/";
  size_t length = strlen(number);
  if (length > 20) return -1;
  memcpy(path + 6, number, length);
  memcpy(path + 6 + length, "/stat", 6);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  char text[512];
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  if (count <= 0) return -1;
  text[count] = 0;
  // "pid (name) state parent …", and a name may hold anything.
  char *place = strrchr(text, ')');
  if (place == NULL || place[1] != ' ' || place[2] == 0) return -1;
  pid_t parent = 0;
  for (place += 4; *place >= '0' && *place <= '9'; place++) parent = 10 * parent + (*place - '0');
  return parent;
}

struct entry {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

// Kills the children of this process; theirs come to it by that.
static void kill_children(pid_t self) {
  int folder = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  _Alignas(struct entry) char entries[8192];
  long count;
  while ((count = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0) {
    for (long place = 0; place < count;) {
      struct entry *entry = (struct entry *)(entries + place);
      place += entry->length;
      if (entry->name[0] < '1' || entry->name[0] > '9' || parent_of(entry->name) != self) continue;
      pid_t child = 0;
      for (char *c = entry->name; *c >= '0' && *c <= '9'; c++) child = 10 * child + (*c - '0');
      kill(child, SIGKILL);
    }
  }
  close(folder);
}

#else

static void kill_children(pid_t self) { (void)self; }

#endif

// Ends all that is left, and buries it.
static void end_all(pid_t leader, int status) {
  // The leader was not waited for, so that its group's number is still its own.
  kill(-leader, SIGKILL);
  int ending;
  pid_t ended;
  while ((ended = waitpid(leader, &ending, 0)) == -1 && errno == EINTR) {
  }
  if (ended == leader && status >= 0) (void)!write(status, &ending, sizeof ending);
  // A killed process may take a moment to end; one that the system holds is not waited for long.
  for (int tries = 0; tries < 2000; tries++) {
    kill_children(getpid());
    while ((ended = waitpid(-1, NULL, WNOHANG)) > 0) {
    }
    if (ended == -1 && errno == ECHILD) return;
    usleep(1000);
  }
}

static void supervise(
    const char *command, int input, int output, int errors, int life, int status) {
  setpgid(0, 0);
#ifdef __linux__
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
  // What is signalled to the starter is no affair of this process, whose end is that of `life`.
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = keep_awake;
  sigemptyset(&action.sa_mask);
  sigaction(SIGCHLD, &action, NULL);

  pid_t self = getpid();
  pid_t leader = plain_fork();
  if (leader == 0) {
    setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != self) leave(127);
#endif
    // Each is 3 or more, so that none is overwritten before its turn; the rest close at the exec.
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0) leave(127);
    close_others();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    leave(127);
  }
  // Out of the way of the streams, whose readers are to see their end with the program's.
  if (dup2(life, 0) < 0 || dup2(status, 1) < 0) leave(127);
  life = 0;
  status = 1;
  close(2);
  close_others();
  if (leader < 0) leave(127);
  setpgid(leader, leader);

  sigset_t listening;
  sigfillset(&listening);
  sigdelset(&listening, SIGCHLD);
  int isRunning = 1;
  while (1) {
    if (isRunning) {
      siginfo_t information;
      memset(&information, 0, sizeof information);
      if (waitid(P_PID, (id_t)leader, &information, WEXITED | WNOHANG | WNOWAIT) == 0 &&
          information.si_signo == SIGCHLD) {
        isRunning = 0;
        int code = information.si_status;
        int ending = information.si_code == CLD_EXITED ? (code & 0xFF) << 8 : code & 0x7F;
        (void)!write(status, &ending, sizeof ending);
      }
    }
    fd_set watched;
    FD_ZERO(&watched);
    FD_SET(life, &watched);
    // SIGCHLD is let in here alone, so that none is missed between the look and the wait.
    int ready = pselect(life + 1, &watched, NULL, NULL, NULL, &listening);
    if (ready > 0 || (ready < 0 && errno != EINTR)) break;
  }
  end_all(leader, isRunning ? status : -1);
  leave(0);
}

pid_t saddle_supervise(
    const char *command, int input, int output, int errors, int life, int status) {
  sigset_t all, before;
  sigfillset(&all);
  // No handler of this program may run in the child.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t child = plain_fork();
  if (child == 0) {
    supervise(command, input, output, errors, life, status);
    leave(127);
  }
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = error;
  return child;
}

int saddle_pipe(int ends[2]) {
#ifdef __linux__
  return pipe2(ends, O_CLOEXEC);
#else
  if (pipe(ends) != 0) return -1;
  for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETNOSIGPIPE, 1);
  return 0;
#endif
}
