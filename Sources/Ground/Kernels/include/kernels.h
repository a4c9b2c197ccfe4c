#ifndef STORJ_KERNELS_H
#define STORJ_KERNELS_H
void kernels_placeholder(void);
#endif
