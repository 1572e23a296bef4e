#include <node_api.h>

static napi_value fib(napi_env env, napi_callback_info info) {
    size_t argc = 1; napi_value argv[1], out; uint32_t n = 0; uint64_t a = 0, b = 1;
    napi_get_cb_info(env, info, &argc, argv, 0, 0);
    if (argc < 1 || napi_get_value_uint32(env, argv[0], &n) != napi_ok) {
        napi_throw_type_error(env, 0, "a number, please");
        return 0;
    }
    for (; n; n--) { uint64_t c = a + b; a = b; b = c; }
    napi_create_bigint_uint64(env, a, &out);
    return out;
}

NAPI_MODULE_INIT() {
    napi_value f;
    napi_create_function(env, "fib", NAPI_AUTO_LENGTH, fib, 0, &f);
    napi_set_named_property(env, exports, "fib", f);
    return exports;
}
