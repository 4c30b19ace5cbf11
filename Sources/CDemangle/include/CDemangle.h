#ifndef FAULTLINE_CDEMANGLE_H
#define FAULTLINE_CDEMANGLE_H

/* A function's name as its source has it; null where the mangled one is none of C++ or Rust (legacy), or none of Swift. */
char *demangle_itanium(const char *mangled);
char *demangle_swift(const char *mangled);
void demangle_free(char *name);

#endif
