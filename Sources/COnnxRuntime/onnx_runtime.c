#include "COnnxRuntime.h"

#include <string.h>

typedef struct OrtTypeInfo OrtTypeInfo;
typedef struct OrtTensorInfo OrtTensorInfo;
typedef struct OrtAllocator OrtAllocator;
typedef struct OrtCudaOptions OrtCudaOptions;

typedef struct {
  const OrtApi *(*get_api)(uint32_t version);
  const char *(*version)(void);
} OrtApiBase;

// Positions in the table, by the order of the functions in onnxruntime_c_api.h.
enum {
  GET_ERROR_MESSAGE = 2,
  CREATE_ENV = 3,
  CREATE_SESSION_FROM_ARRAY = 8,
  RUN = 9,
  CREATE_SESSION_OPTIONS = 10,
  DISABLE_MEM_PATTERN = 17,
  ENABLE_CPU_MEM_ARENA = 18,
  DISABLE_CPU_MEM_ARENA = 19,
  SET_GRAPH_OPTIMIZATION_LEVEL = 23,
  SET_INTRA_OP_THREADS = 24,
  SET_INTER_OP_THREADS = 25,
  SESSION_INPUT_COUNT = 30,
  SESSION_OUTPUT_COUNT = 31,
  SESSION_INPUT_TYPE = 33,
  SESSION_OUTPUT_TYPE = 34,
  SESSION_INPUT_NAME = 36,
  SESSION_OUTPUT_NAME = 37,
  CREATE_RUN_OPTIONS = 39,
  RUN_OPTIONS_TERMINATE = 46,
  CREATE_TENSOR_WITH_DATA = 49,
  TENSOR_DATA = 51,
  TYPE_AS_TENSOR = 55,
  ELEMENT_TYPE = 60,
  DIMENSION_COUNT = 61,
  DIMENSIONS = 62,
  TENSOR_TYPE_AND_SHAPE = 65,
  CPU_MEMORY_INFO = 69,
  ALLOCATOR_FREE = 76,
  DEFAULT_ALLOCATOR = 78,
  RELEASE_ENV = 92,
  RELEASE_STATUS = 93,
  RELEASE_MEMORY_INFO = 94,
  RELEASE_SESSION = 95,
  RELEASE_VALUE = 96,
  RELEASE_RUN_OPTIONS = 97,
  RELEASE_TYPE_INFO = 98,
  RELEASE_TENSOR_TYPE = 99,
  RELEASE_SESSION_OPTIONS = 100,
  AVAILABLE_PROVIDERS = 125,
  RELEASE_AVAILABLE_PROVIDERS = 126,
  ADD_SESSION_CONFIG = 130,
  APPEND_CUDA_V2 = 204,
  CREATE_CUDA_OPTIONS = 205,
  RELEASE_CUDA_OPTIONS = 208,
  ADD_EXTERNAL_INITIALIZERS = 210,
  APPEND_PROVIDER = 216,
};

enum { FLOAT32 = 1 };

#define FUNCTION(api, slot, result, ...) ((result(*)(__VA_ARGS__))((void *const *)(api))[slot])

const OrtApi *ort_api(void *get_api_base, uint32_t version) {
  const OrtApiBase *base = ((const OrtApiBase *(*)(void))get_api_base)();
  return base ? base->get_api(version) : NULL;
}

const char *ort_version(void *get_api_base) {
  const OrtApiBase *base = ((const OrtApiBase *(*)(void))get_api_base)();
  return base ? base->version() : NULL;
}

const char *ort_message(const OrtApi *api, const OrtStatus *status) {
  return FUNCTION(api, GET_ERROR_MESSAGE, const char *, const OrtStatus *)(status);
}

#define RELEASE(name, slot, type) \
  void name(const OrtApi *api, type *object) { FUNCTION(api, slot, void, type *)(object); }

RELEASE(ort_release_status, RELEASE_STATUS, OrtStatus)
RELEASE(ort_release_env, RELEASE_ENV, OrtEnv)
RELEASE(ort_release_options, RELEASE_SESSION_OPTIONS, OrtSessionOptions)
RELEASE(ort_release_session, RELEASE_SESSION, OrtSession)
RELEASE(ort_release_run_options, RELEASE_RUN_OPTIONS, OrtRunOptions)
RELEASE(ort_release_memory, RELEASE_MEMORY_INFO, OrtMemoryInfo)
RELEASE(ort_release_value, RELEASE_VALUE, OrtValue)

OrtStatus *ort_create_env(const OrtApi *api, int log_level, const char *name, OrtEnv **out) {
  return FUNCTION(api, CREATE_ENV, OrtStatus *, int, const char *, OrtEnv **)(log_level, name, out);
}

OrtStatus *ort_providers(const OrtApi *api, char ***names, int *count) {
  return FUNCTION(api, AVAILABLE_PROVIDERS, OrtStatus *, char ***, int *)(names, count);
}

void ort_release_providers(const OrtApi *api, char **names, int count) {
  ort_release_status(api, FUNCTION(api, RELEASE_AVAILABLE_PROVIDERS, OrtStatus *, char **, int)(names, count));
}

OrtStatus *ort_create_options(const OrtApi *api, OrtSessionOptions **out) {
  return FUNCTION(api, CREATE_SESSION_OPTIONS, OrtStatus *, OrtSessionOptions **)(out);
}

OrtStatus *ort_disable_memory_pattern(const OrtApi *api, OrtSessionOptions *options) {
  return FUNCTION(api, DISABLE_MEM_PATTERN, OrtStatus *, OrtSessionOptions *)(options);
}

OrtStatus *ort_set_arena(const OrtApi *api, OrtSessionOptions *options, bool enabled) {
  int slot = enabled ? ENABLE_CPU_MEM_ARENA : DISABLE_CPU_MEM_ARENA;
  return FUNCTION(api, slot, OrtStatus *, OrtSessionOptions *)(options);
}

OrtStatus *ort_set_optimization(const OrtApi *api, OrtSessionOptions *options, int level) {
  return FUNCTION(api, SET_GRAPH_OPTIMIZATION_LEVEL, OrtStatus *, OrtSessionOptions *, int)(options, level);
}

OrtStatus *ort_set_threads(const OrtApi *api, OrtSessionOptions *options, int intra, int inter) {
  OrtStatus *status = FUNCTION(api, SET_INTRA_OP_THREADS, OrtStatus *, OrtSessionOptions *, int)(options, intra);
  if (status) return status;
  return FUNCTION(api, SET_INTER_OP_THREADS, OrtStatus *, OrtSessionOptions *, int)(options, inter);
}

OrtStatus *ort_add_config(const OrtApi *api, OrtSessionOptions *options, const char *key, const char *value) {
  return FUNCTION(api, ADD_SESSION_CONFIG, OrtStatus *, OrtSessionOptions *, const char *, const char *)(
      options, key, value);
}

OrtStatus *ort_add_external_initializers(const OrtApi *api, OrtSessionOptions *options, const char *const *names,
                                         const OrtValue *const *values, size_t count) {
  return FUNCTION(api, ADD_EXTERNAL_INITIALIZERS, OrtStatus *, OrtSessionOptions *, const char *const *,
                  const OrtValue *const *, size_t)(options, names, values, count);
}

OrtStatus *ort_append_provider(const OrtApi *api, OrtSessionOptions *options, const char *name) {
  return FUNCTION(api, APPEND_PROVIDER, OrtStatus *, OrtSessionOptions *, const char *, const char *const *,
                  const char *const *, size_t)(options, name, NULL, NULL, 0);
}

OrtStatus *ort_append_cuda(const OrtApi *api, OrtSessionOptions *options) {
  OrtCudaOptions *cuda = NULL;
  OrtStatus *status = FUNCTION(api, CREATE_CUDA_OPTIONS, OrtStatus *, OrtCudaOptions **)(&cuda);
  if (status) return status;
  status = FUNCTION(api, APPEND_CUDA_V2, OrtStatus *, OrtSessionOptions *, const OrtCudaOptions *)(options, cuda);
  FUNCTION(api, RELEASE_CUDA_OPTIONS, void, OrtCudaOptions *)(cuda);
  return status;
}

OrtStatus *ort_create_session(const OrtApi *api, const OrtEnv *env, const void *model, size_t size,
                              const OrtSessionOptions *options, OrtSession **out) {
  return FUNCTION(api, CREATE_SESSION_FROM_ARRAY, OrtStatus *, const OrtEnv *, const void *, size_t,
                  const OrtSessionOptions *, OrtSession **)(env, model, size, options, out);
}

OrtStatus *ort_count_ports(const OrtApi *api, const OrtSession *session, bool inputs, size_t *count) {
  int slot = inputs ? SESSION_INPUT_COUNT : SESSION_OUTPUT_COUNT;
  return FUNCTION(api, slot, OrtStatus *, const OrtSession *, size_t *)(session, count);
}

static OrtStatus *describe(const OrtApi *api, const OrtTensorInfo *info, int *element_type, int64_t *sizes,
                           size_t capacity, size_t *rank) {
  OrtStatus *status = FUNCTION(api, ELEMENT_TYPE, OrtStatus *, const OrtTensorInfo *, int *)(info, element_type);
  if (status) return status;
  status = FUNCTION(api, DIMENSION_COUNT, OrtStatus *, const OrtTensorInfo *, size_t *)(info, rank);
  if (status) return status;
  size_t count = *rank < capacity ? *rank : capacity;
  return FUNCTION(api, DIMENSIONS, OrtStatus *, const OrtTensorInfo *, int64_t *, size_t)(info, sizes, count);
}

static OrtStatus *port_name(const OrtApi *api, const OrtSession *session, bool inputs, size_t index, char *name,
                            size_t capacity) {
  OrtAllocator *allocator = NULL;
  OrtStatus *status = FUNCTION(api, DEFAULT_ALLOCATOR, OrtStatus *, OrtAllocator **)(&allocator);
  if (status) return status;
  char *text = NULL;
  int slot = inputs ? SESSION_INPUT_NAME : SESSION_OUTPUT_NAME;
  status = FUNCTION(api, slot, OrtStatus *, const OrtSession *, size_t, OrtAllocator *, char **)(session, index,
                                                                                                allocator, &text);
  if (status) return status;
  strncpy(name, text, capacity - 1);
  name[capacity - 1] = 0;
  return FUNCTION(api, ALLOCATOR_FREE, OrtStatus *, OrtAllocator *, void *)(allocator, text);
}

OrtStatus *ort_describe_port(const OrtApi *api, const OrtSession *session, bool inputs, size_t index, char *name,
                             size_t name_capacity, int *element_type, int64_t *sizes, size_t capacity, size_t *rank) {
  OrtStatus *status = port_name(api, session, inputs, index, name, name_capacity);
  if (status) return status;
  OrtTypeInfo *type = NULL;
  int slot = inputs ? SESSION_INPUT_TYPE : SESSION_OUTPUT_TYPE;
  status = FUNCTION(api, slot, OrtStatus *, const OrtSession *, size_t, OrtTypeInfo **)(session, index, &type);
  if (status) return status;
  const OrtTensorInfo *info = NULL;
  status = FUNCTION(api, TYPE_AS_TENSOR, OrtStatus *, const OrtTypeInfo *, const OrtTensorInfo **)(type, &info);
  if (!status && info) {
    status = describe(api, info, element_type, sizes, capacity, rank);
  } else {
    *element_type = 0;
    *rank = 0;
  }
  FUNCTION(api, RELEASE_TYPE_INFO, void, OrtTypeInfo *)(type);
  return status;
}

OrtStatus *ort_create_run_options(const OrtApi *api, OrtRunOptions **out) {
  return FUNCTION(api, CREATE_RUN_OPTIONS, OrtStatus *, OrtRunOptions **)(out);
}

OrtStatus *ort_terminate(const OrtApi *api, OrtRunOptions *options) {
  return FUNCTION(api, RUN_OPTIONS_TERMINATE, OrtStatus *, OrtRunOptions *)(options);
}

OrtStatus *ort_run(const OrtApi *api, OrtSession *session, const OrtRunOptions *options, const char *const *input_names,
                   const OrtValue *const *inputs, size_t input_count, const char *const *output_names,
                   size_t output_count, OrtValue **outputs) {
  return FUNCTION(api, RUN, OrtStatus *, OrtSession *, const OrtRunOptions *, const char *const *,
                  const OrtValue *const *, size_t, const char *const *, size_t, OrtValue **)(
      session, options, input_names, inputs, input_count, output_names, output_count, outputs);
}

OrtStatus *ort_cpu_memory(const OrtApi *api, OrtMemoryInfo **out) {
  enum { ARENA = 1, DEFAULT = 0 };
  return FUNCTION(api, CPU_MEMORY_INFO, OrtStatus *, int, int, OrtMemoryInfo **)(ARENA, DEFAULT, out);
}

OrtStatus *ort_wrap_floats(const OrtApi *api, const OrtMemoryInfo *info, const float *data, size_t count,
                           const int64_t *sizes, size_t rank, OrtValue **out) {
  return FUNCTION(api, CREATE_TENSOR_WITH_DATA, OrtStatus *, const OrtMemoryInfo *, void *, size_t, const int64_t *,
                  size_t, int, OrtValue **)(info, (void *)data, count * sizeof(float), sizes, rank, FLOAT32, out);
}

OrtStatus *ort_float_data(const OrtApi *api, OrtValue *value, float **data) {
  return FUNCTION(api, TENSOR_DATA, OrtStatus *, OrtValue *, void **)(value, (void **)data);
}

OrtStatus *ort_shape(const OrtApi *api, const OrtValue *value, int *element_type, int64_t *sizes, size_t capacity,
                     size_t *rank) {
  OrtTensorInfo *info = NULL;
  OrtStatus *status =
      FUNCTION(api, TENSOR_TYPE_AND_SHAPE, OrtStatus *, const OrtValue *, OrtTensorInfo **)(value, &info);
  if (status) return status;
  status = describe(api, info, element_type, sizes, capacity, rank);
  FUNCTION(api, RELEASE_TENSOR_TYPE, void, OrtTensorInfo *)(info);
  return status;
}
