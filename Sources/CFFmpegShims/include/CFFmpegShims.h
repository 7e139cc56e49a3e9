#pragma once
#include <libavutil/avutil.h>
#include <libavutil/error.h>

// Values of macros that Swift cannot import.
int cff_error_eagain(void);
int cff_error_eof(void);
int cff_error_invalid_data(void);
int64_t cff_nopts(void);
// Writes FFmpeg's text for `code` into `buffer`.
void cff_error_text(int code, char *buffer, int capacity);

// Keeps FFmpeg off stderr: from now on error lines are only remembered, the last one of each thread.
void cff_capture_log(void);
// The calling thread's last error line, without its newline; empty where there was none.
const char *cff_last_log_line(void);
void cff_clear_log_line(void);
// How many error lines demuxers logged on the calling thread since it was cleared.
int cff_demuxer_complaints(void);

// Counts the error lines of a codec and of its threads, to be read from any thread.
struct AVCodecContext;
struct cff_complaints;
// Before the codec is opened. NULL where there is no memory. To be freed after the codec.
struct cff_complaints *cff_watch(struct AVCodecContext *context);
int cff_complaint_count(const struct cff_complaints *complaints);
void cff_complaints_free(struct cff_complaints *complaints);

// Before a decoder is opened: from now on its pictures begin as mid-grey, so that parts which a damaged packet leaves
// unwritten are the same each time, rather than what memory held.
void cff_use_clean_buffers(struct AVCodecContext *context);

// What moved between FFmpeg 5 and later versions.
struct AVStream;
struct AVFrame;
// The stream's 3x3 display matrix, or NULL where it has none.
const int32_t *cff_display_matrix(const struct AVStream *stream);
// The frame's own display matrix, or NULL where it has none.
const int32_t *cff_frame_display_matrix(const struct AVFrame *frame);
int cff_is_interlaced(const struct AVFrame *frame);
int cff_is_top_field_first(const struct AVFrame *frame);
void cff_set_interlaced(struct AVFrame *frame, int top_field_first);
