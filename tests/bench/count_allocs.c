/* count_allocs.c
 * LD_PRELOAD library that counts the allocations made while the plugin dissects a packet
 *
 * It wraps the dissector function that wsclose.so registers, and counts every call of malloc,
 * calloc, realloc, wmem_alloc and wmem_realloc until that function returns, whoever makes the
 * call: what the host allocates on the plugin's behalf counts as well. At the end of the process
 * it writes a line to the file that COUNT_ALLOCS_OUT names:
 *
 *     packets N allocating K allocations T
 *
 * N calls of the plugin's dissector, K of them with at least one allocation, T allocations.
 * With COUNT_ALLOCS_TRACE set, each of the first allocations is shown with its callers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define TRACE_DEPTH 12

/* Any other model may allocate at the first access, and malloc is such an access. */
#define PER_THREAD _Thread_local __attribute__((tls_model("initial-exec")))

/* No Wireshark header is included: these pointers only pass through. */
typedef int (*dissector_fn)(void *tvb, void *pinfo, void *tree, void *data);

/* glibc's own names, because dlsym(RTLD_NEXT, "malloc") may itself allocate. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

static dissector_fn plugin_dissector;
static PER_THREAD int inside;   /* dissector of the plugin is running */
static PER_THREAD int nested;   /* an allocation that is counted already makes another one */
static PER_THREAD unsigned long long here;
static unsigned long long packets, allocating, allocations;
static int traces;

static void
trace(void)
{
    void *callers[TRACE_DEPTH];

    if (traces <= 0)
        return;
    traces--;
    nested++;
    backtrace_symbols_fd(callers, backtrace(callers, TRACE_DEPTH), STDERR_FILENO);
    if (write(STDERR_FILENO, "\n", 1) < 0)
        traces = 0;
    nested--;
}

static void
count(void)
{
    if (!inside || nested)
        return;
    here++;
    trace();
}

static int
counting_dissector(void *tvb, void *pinfo, void *tree, void *data)
{
    unsigned long long before = here;
    int result;

    packets++;
    inside++;
    result = plugin_dissector(tvb, pinfo, tree, data);
    inside--;
    if (here != before)
        allocating++;
    allocations += here - before;
    return result;
}

static int
is_plugin(void *address)
{
    Dl_info info;
    const char *name;

    if (!dladdr(address, &info) || !info.dli_fname)
        return 0;
    name = strrchr(info.dli_fname, '/');
    return strcmp(name ? name + 1 : info.dli_fname, "wsclose.so") == 0;
}

/* The dissector to register in place of one of the plugin's; of others, itself. */
static dissector_fn
wrapped(dissector_fn dissector)
{
    if (!is_plugin((void *)dissector))
        return dissector;
    if (plugin_dissector && plugin_dissector != dissector) {
        fputs("count_allocs: the plugin registers more than one dissector\n", stderr);
        abort();
    }
    plugin_dissector = dissector;
    return counting_dissector;
}

#define NEXT(type, name) \
    static __typeof__(type) next; \
    if (!next) \
        *(void **)&next = dlsym(RTLD_NEXT, name)

EXPORT void *
create_dissector_handle(dissector_fn dissector, int proto)
{
    NEXT(void *(*)(dissector_fn, int), "create_dissector_handle");
    return next(wrapped(dissector), proto);
}

EXPORT void *
create_dissector_handle_with_name(dissector_fn dissector, int proto, const char *name)
{
    NEXT(void *(*)(dissector_fn, int, const char *), "create_dissector_handle_with_name");
    return next(wrapped(dissector), proto, name);
}

EXPORT void *
create_dissector_handle_with_name_and_description(dissector_fn dissector, int proto,
                                                  const char *name, const char *description)
{
    NEXT(void *(*)(dissector_fn, int, const char *, const char *),
         "create_dissector_handle_with_name_and_description");
    return next(wrapped(dissector), proto, name, description);
}

EXPORT void *
register_dissector(const char *name, dissector_fn dissector, int proto)
{
    NEXT(void *(*)(const char *, dissector_fn, int), "register_dissector");
    return next(name, wrapped(dissector), proto);
}

EXPORT void *
register_dissector_with_description(const char *name, const char *description,
                                    dissector_fn dissector, int proto)
{
    NEXT(void *(*)(const char *, const char *, dissector_fn, int),
         "register_dissector_with_description");
    return next(name, description, wrapped(dissector), proto);
}

EXPORT void *
malloc(size_t size)
{
    count();
    return __libc_malloc(size);
}

EXPORT void *
calloc(size_t number, size_t size)
{
    count();
    return __libc_calloc(number, size);
}

EXPORT void *
realloc(void *block, size_t size)
{
    count();
    return __libc_realloc(block, size);
}

/* An allocator that now and then takes a new block from malloc must not count twice. */
EXPORT void *
wmem_alloc(void *allocator, size_t size)
{
    void *block;

    NEXT(void *(*)(void *, size_t), "wmem_alloc");
    count();
    nested++;
    block = next(allocator, size);
    nested--;
    return block;
}

EXPORT void *
wmem_realloc(void *allocator, void *block, size_t size)
{
    NEXT(void *(*)(void *, void *, size_t), "wmem_realloc");
    count();
    nested++;
    block = next(allocator, block, size);
    nested--;
    return block;
}

__attribute__((constructor)) static void
start(void)
{
    if (getenv("COUNT_ALLOCS_TRACE"))
        traces = 100;
}

__attribute__((destructor)) static void
report(void)
{
    const char *path = getenv("COUNT_ALLOCS_OUT");
    FILE *out = path ? fopen(path, "w") : NULL;

    if (!out)
        return;
    fprintf(out, "packets %llu allocating %llu allocations %llu\n", packets, allocating,
            allocations);
    fclose(out);
}
