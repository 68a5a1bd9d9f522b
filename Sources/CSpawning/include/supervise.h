#ifndef SADDLE_SUPERVISE_H
#define SADDLE_SUPERVISE_H

#include <sys/types.h>

// Starts `/bin/sh -c command` under a supervisor, a process that outlives it and ends with
// everything that it started.
//
// The supervisor lives until the other end of `life` is closed, as it is by the end of this
// process, whatever ends it. Then it kills the shell's process group and, on Linux, every
// descendant: those that left the group or the session as well, since whoever loses its parent
// becomes the supervisor's child. When the shell ends, its status as of waitpid(2) is written to
// `status`, an int.
//
// The descriptors are 3 or more. Returns the supervisor, to be waited for, or -1 with errno.
pid_t saddle_supervise(
    const char *command, int input, int output, int errors, int life, int status);

// A pipe, as pipe(2) makes it, that no other program inherits; on Linux not even one that another
// thread starts meanwhile. Writing to it without a reader raises no signal on macOS.
int saddle_pipe(int ends[2]);

#endif
