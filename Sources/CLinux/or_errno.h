#ifndef FAULTLINE_OR_ERRNO_H
#define FAULTLINE_OR_ERRNO_H

#include <errno.h>

/* The call's result, or -errno where it failed. */
#define OR_ERRNO(call) ({ __typeof__(call) result_ = (call); result_ < 0 ? -errno : result_; })

#endif
