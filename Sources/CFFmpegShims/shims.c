#include "CFFmpegShims.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
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

const int32_t *cff_display_matrix(const AVStream *stream) {
#if LIBAVFORMAT_VERSION_MAJOR >= 61
  const AVCodecParameters *parameters = stream->codecpar;
  const AVPacketSideData *side = av_packet_side_data_get(
      parameters->coded_side_data, parameters->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  return side && side->size >= 9 * sizeof(int32_t) ? (const int32_t *)side->data : NULL;
#else
  size_t size = 0;
  const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  return data && size >= 9 * sizeof(int32_t) ? (const int32_t *)data : NULL;
#endif
}

const int32_t *cff_frame_display_matrix(const AVFrame *frame) {
  const AVFrameSideData *side = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
  return side && side->size >= 9 * sizeof(int32_t) ? (const int32_t *)side->data : NULL;
}

int cff_is_interlaced(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_MAJOR >= 59
  return (frame->flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
  return frame->interlaced_frame;
#endif
}
