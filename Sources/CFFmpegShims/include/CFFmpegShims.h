#pragma once
#include <libavutil/avutil.h>
#include <libavutil/error.h>

// Values of macros that Swift cannot import.
int cff_error_eagain(void);
int cff_error_eof(void);
int64_t cff_nopts(void);
// Writes FFmpeg's text for `code` into `buffer`.
void cff_error_text(int code, char *buffer, int capacity);
