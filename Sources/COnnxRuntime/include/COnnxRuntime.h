// The part of ONNX Runtime's C interface that is used, called through its function table by position. The table is
// append-only by the project's promise, so nothing of the runtime is needed to build, and any release from 1.18 on serves.
#ifndef CONNXRUNTIME_H
#define CONNXRUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct OrtApi OrtApi;
typedef struct OrtEnv OrtEnv;
typedef struct OrtStatus OrtStatus;
typedef struct OrtSession OrtSession;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtRunOptions OrtRunOptions;
typedef struct OrtValue OrtValue;
typedef struct OrtMemoryInfo OrtMemoryInfo;

// Calls OrtGetApiBase, a symbol of the opened library. NULL where the runtime is older than the version asked for.
const OrtApi *ort_api(void *get_api_base, uint32_t version);
// The runtime's version as text, or NULL.
const char *ort_version(void *get_api_base);

const char *ort_message(const OrtApi *api, const OrtStatus *status);
void ort_release_status(const OrtApi *api, OrtStatus *status);

OrtStatus *ort_create_env(const OrtApi *api, int log_level, const char *name, OrtEnv **out);
void ort_release_env(const OrtApi *api, OrtEnv *env);

// Names, owned by the runtime until ort_release_providers.
OrtStatus *ort_providers(const OrtApi *api, char ***names, int *count);
void ort_release_providers(const OrtApi *api, char **names, int count);

OrtStatus *ort_create_options(const OrtApi *api, OrtSessionOptions **out);
void ort_release_options(const OrtApi *api, OrtSessionOptions *options);
OrtStatus *ort_disable_memory_pattern(const OrtApi *api, OrtSessionOptions *options);
OrtStatus *ort_set_arena(const OrtApi *api, OrtSessionOptions *options, bool enabled);
OrtStatus *ort_set_optimization(const OrtApi *api, OrtSessionOptions *options, int level);
OrtStatus *ort_set_threads(const OrtApi *api, OrtSessionOptions *options, int intra, int inter);
OrtStatus *ort_add_config(const OrtApi *api, OrtSessionOptions *options, const char *key, const char *value);
OrtStatus *ort_add_external_initializers(const OrtApi *api, OrtSessionOptions *options, const char *const *names,
                                         const OrtValue *const *values, size_t count);
OrtStatus *ort_append_provider(const OrtApi *api, OrtSessionOptions *options, const char *name);
OrtStatus *ort_append_cuda(const OrtApi *api, OrtSessionOptions *options);

OrtStatus *ort_create_session(const OrtApi *api, const OrtEnv *env, const void *model, size_t size,
                              const OrtSessionOptions *options, OrtSession **out);
void ort_release_session(const OrtApi *api, OrtSession *session);
OrtStatus *ort_count_ports(const OrtApi *api, const OrtSession *session, bool inputs, size_t *count);
// The port's element type and its sizes, -1 for open ones; at most `capacity` are written, `rank` says how many there are.
OrtStatus *ort_describe_port(const OrtApi *api, const OrtSession *session, bool inputs, size_t index, char *name,
                             size_t name_capacity, int *element_type, int64_t *sizes, size_t capacity, size_t *rank);

OrtStatus *ort_create_run_options(const OrtApi *api, OrtRunOptions **out);
void ort_release_run_options(const OrtApi *api, OrtRunOptions *options);
OrtStatus *ort_terminate(const OrtApi *api, OrtRunOptions *options);
OrtStatus *ort_run(const OrtApi *api, OrtSession *session, const OrtRunOptions *options, const char *const *input_names,
                   const OrtValue *const *inputs, size_t input_count, const char *const *output_names,
                   size_t output_count, OrtValue **outputs);

OrtStatus *ort_cpu_memory(const OrtApi *api, OrtMemoryInfo **out);
void ort_release_memory(const OrtApi *api, OrtMemoryInfo *info);
// A float32 tensor over memory that must outlive it.
OrtStatus *ort_wrap_floats(const OrtApi *api, const OrtMemoryInfo *info, const float *data, size_t count,
                           const int64_t *sizes, size_t rank, OrtValue **out);
void ort_release_value(const OrtApi *api, OrtValue *value);
OrtStatus *ort_float_data(const OrtApi *api, OrtValue *value, float **data);
OrtStatus *ort_shape(const OrtApi *api, const OrtValue *value, int *element_type, int64_t *sizes, size_t capacity,
                     size_t *rank);

#endif
