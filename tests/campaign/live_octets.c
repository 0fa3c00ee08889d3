/* live_octets.c
 * LD_PRELOAD library that keeps count of the octets in small blocks which a process has not freed
 *
 * The count is the first eight octets of the file that LIVE_OCTETS names, for others to read while the
 * process runs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

/* glibc's own names, because dlsym(RTLD_NEXT, "malloc") may itself allocate. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static uint64_t before_start;
static uint64_t *live = &before_start;

/* Large blocks are the host's own buffers and pools, which it keeps or not as it likes. */
enum { SMALL_MAX = 32768 };

static size_t
counted(void *block)
{
    const size_t size = block ? malloc_usable_size(block) : 0;

    return size <= SMALL_MAX ? size : 0;
}

static void *
added(void *block)
{
    __atomic_add_fetch(live, counted(block), __ATOMIC_RELAXED);
    return block;
}

static void
subtract(size_t size)
{
    __atomic_sub_fetch(live, size, __ATOMIC_RELAXED);
}

EXPORT void *
malloc(size_t size)
{
    return added(__libc_malloc(size));
}

EXPORT void *
calloc(size_t number, size_t size)
{
    return added(__libc_calloc(number, size));
}

EXPORT void *
realloc(void *block, size_t size)
{
    const size_t before = counted(block);
    void *after = __libc_realloc(block, size);

    /* Where there is no memory, the block stays. */
    if (after || size == 0)
        subtract(before);
    return added(after);
}

EXPORT void *
memalign(size_t alignment, size_t size)
{
    return added(__libc_memalign(alignment, size));
}

EXPORT void *
aligned_alloc(size_t alignment, size_t size)
{
    return added(__libc_memalign(alignment, size));
}

EXPORT int
posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = added(__libc_memalign(alignment, size));
    return *block ? 0 : ENOMEM;
}

EXPORT void
free(void *block)
{
    subtract(counted(block));
    __libc_free(block);
}

__attribute__((constructor)) static void
start(void)
{
    const char *path = getenv("LIVE_OCTETS");
    const int file = path ? open(path, O_RDWR) : -1;
    void *shared = MAP_FAILED;

    if (file >= 0) {
        shared = mmap(NULL, sizeof *live, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        close(file);
    }
    if (shared != MAP_FAILED) {
        *(uint64_t *)shared = before_start;
        live = shared;
    }
}
