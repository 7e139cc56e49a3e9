#include "CFFmpegShims.h"

#include <libavutil/log.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int cff_error_eagain(void) { return AVERROR(EAGAIN); }
int cff_error_eof(void) { return AVERROR_EOF; }
int cff_error_invalid_data(void) { return AVERROR_INVALIDDATA; }
int64_t cff_nopts(void) { return AV_NOPTS_VALUE; }
void cff_error_text(int code, char *buffer, int capacity) { av_strerror(code, buffer, (size_t)capacity); }

static _Thread_local char last_line[256];

static void remember(void *object, int level, const char *format, va_list arguments) {
  (void)object;
  if (level > AV_LOG_ERROR) return;
  char line[sizeof last_line];
  if (vsnprintf(line, sizeof line, format, arguments) <= 0) return;
  line[strcspn(line, "\r\n")] = 0;
  if (line[0]) memcpy(last_line, line, sizeof line);
}

void cff_capture_log(void) { av_log_set_callback(remember); }
const char *cff_last_log_line(void) { return last_line; }
void cff_clear_log_line(void) { last_line[0] = 0; }
