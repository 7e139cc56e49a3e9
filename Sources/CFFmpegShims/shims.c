#include "CFFmpegShims.h"

int cff_error_eagain(void) { return AVERROR(EAGAIN); }
int cff_error_eof(void) { return AVERROR_EOF; }
int64_t cff_nopts(void) { return AV_NOPTS_VALUE; }
void cff_error_text(int code, char *buffer, int capacity) { av_strerror(code, buffer, (size_t)capacity); }
