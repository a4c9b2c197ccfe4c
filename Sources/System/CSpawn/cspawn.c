#define _GNU_SOURCE
#include "cspawn.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

static int start(pid_t *process, const char *path, char *const arguments[], char *const environment[], const int copies[3],
                 posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (!error) error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    for (int index = 0; index < 3 && !error; index++) {
        error = posix_spawn_file_actions_adddup2(actions, copies[index], index);
    }
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    return error ? error : posix_spawn(process, path, actions, attributes, arguments, environment);
}

int cspawn(pid_t *process, const char *path, char *const arguments[], char *const environment[], const int descriptors[3]) {
    // Copies out of the way of the three numbers that the child is given, so that their order does not matter.
    int copies[3] = {-1, -1, -1}, error = 0;
    for (int index = 0; index < 3 && !error; index++) {
        copies[index] = fcntl(descriptors[index], F_DUPFD_CLOEXEC, 3);
        if (copies[index] < 0) error = errno;
    }
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (!error && !(error = posix_spawn_file_actions_init(&actions))) {
        if (!(error = posix_spawnattr_init(&attributes))) {
            error = start(process, path, arguments, environment, copies, &actions, &attributes);
            posix_spawnattr_destroy(&attributes);
        }
        posix_spawn_file_actions_destroy(&actions);
    }
    for (int index = 0; index < 3; index++) {
        if (copies[index] >= 0) close(copies[index]);
    }
    return error;
}
