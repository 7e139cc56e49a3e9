#include "CFFmpegShims.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libavutil/pixdesc.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cff_error_eagain(void) { return AVERROR(EAGAIN); }
int cff_error_eof(void) { return AVERROR_EOF; }
int cff_error_invalid_data(void) { return AVERROR_INVALIDDATA; }
int64_t cff_nopts(void) { return AV_NOPTS_VALUE; }
void cff_error_text(int code, char *buffer, int capacity) { av_strerror(code, buffer, (size_t)capacity); }

static _Thread_local char last_line[256];
static _Thread_local int demuxer_complaints;

struct cff_complaints {
  uint32_t mark;
  atomic_int count;
};
// Tells our own objects from whatever else a program keeps in `opaque`.
static const uint32_t complaints_mark = 0xc1ea9f1a;

static int is_kind(void *object, const char *name) {
  const AVClass *class = object ? *(const AVClass **)object : NULL;
  return class && class->class_name && !strcmp(class->class_name, name);
}

static void count(void *object) {
  if (is_kind(object, "AVFormatContext")) demuxer_complaints++;
  if (!is_kind(object, "AVCodecContext")) return;
  struct cff_complaints *complaints = ((AVCodecContext *)object)->opaque;
  if (complaints && complaints->mark == complaints_mark) atomic_fetch_add(&complaints->count, 1);
}

static void remember(void *object, int level, const char *format, va_list arguments) {
  // To FFmpeg a picture that was patched up is news, not an error.
  if (level > AV_LOG_ERROR && strncmp(format, "concealing", 10)) return;
  count(object);
  char line[sizeof last_line];
  if (vsnprintf(line, sizeof line, format, arguments) <= 0) return;
  line[strcspn(line, "\r\n")] = 0;
  if (line[0]) memcpy(last_line, line, sizeof line);
}

void cff_capture_log(void) { av_log_set_callback(remember); }
const char *cff_last_log_line(void) { return last_line; }
void cff_clear_log_line(void) {
  last_line[0] = 0;
  demuxer_complaints = 0;
}
int cff_demuxer_complaints(void) { return demuxer_complaints; }

struct cff_complaints *cff_watch(AVCodecContext *context) {
  struct cff_complaints *complaints = calloc(1, sizeof *complaints);
  if (complaints) complaints->mark = complaints_mark;
  context->opaque = complaints;
  return complaints;
}

int cff_complaint_count(const struct cff_complaints *complaints) {
  return complaints ? atomic_load(&complaints->count) : 0;
}

void cff_complaints_free(struct cff_complaints *complaints) { free(complaints); }

static void fill_grey(AVFrame *frame) {
  const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(frame->format);
  int depth = format ? format->comp[0].depth : 8;
  for (int i = 0; i < AV_NUM_DATA_POINTERS && frame->buf[i]; i++) {
    if (depth <= 8 || depth > 16) {
      memset(frame->buf[i]->data, 1 << 7, frame->buf[i]->size);
    } else {
      uint16_t *words = (uint16_t *)frame->buf[i]->data;
      for (size_t k = 0; k < frame->buf[i]->size / 2; k++) words[k] = (uint16_t)(1 << (depth - 1));
    }
  }
}

static int get_clean_buffer(AVCodecContext *context, AVFrame *frame, int flags) {
  int result = avcodec_default_get_buffer2(context, frame, flags);
  if (result >= 0) fill_grey(frame);
  return result;
}

void cff_use_clean_buffers(AVCodecContext *context) {
  context->get_buffer2 = get_clean_buffer;
#if LIBAVCODEC_VERSION_MAJOR < 60
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  context->thread_safe_callbacks = 1;
#pragma GCC diagnostic pop
#endif
}

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

int cff_is_top_field_first(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_MAJOR >= 59
  return (frame->flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
#else
  return frame->top_field_first;
#endif
}

void cff_set_interlaced(AVFrame *frame, int top_field_first) {
#if LIBAVUTIL_VERSION_MAJOR >= 59
  frame->flags |= AV_FRAME_FLAG_INTERLACED | (top_field_first ? AV_FRAME_FLAG_TOP_FIELD_FIRST : 0);
#else
  frame->interlaced_frame = 1;
  frame->top_field_first = top_field_first;
#endif
}
