#ifndef CSPAWN_H
#define CSPAWN_H

#include <sys/types.h>

/// Starts a program with three descriptors as its standard input, output and error and no other, with no signal blocked
/// and all at their defaults.
///
/// @param process set to the child's id.
/// @param arguments, environment end with a null pointer; the first argument is the program's own name.
/// @return zero, or the error's number.
int cspawn(pid_t *process, const char *path, char *const arguments[], char *const environment[], const int descriptors[3]);

#endif
