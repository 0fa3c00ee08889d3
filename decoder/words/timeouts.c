/* timeouts.c
 * Idle times that somebody has set as a limit.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "timeouts.h"

#include <glib.h>

#include "../moment.h"

static const idle_timeout timeouts[] = {
    { 15, NULL },
    { 20, NULL },
    { 30, NULL },
    { 45, NULL },
    { 50, NULL },
    { 55, "55 s is the limit of Heroku's router" },
    { 60, "60 s is the default of nginx, as proxy_read_timeout, and of AWS's application load "
          "balancer" },
    { 90, NULL },
    { 100, NULL },
    { 120, NULL },
    { 180, NULL },
    { 240, "4 minutes are the default of Azure's load balancer" },
    { 300, NULL },
    { 350, "350 s is the default of AWS's network load balancer" },
    { 400, NULL },
    { 600, NULL },
    { 900, NULL },
    { 1200, NULL },
    { 1800, NULL },
    { 3600, NULL },
    { 7200, NULL },
};

const idle_timeout *
idle_timeout_near(int64_t idle)
{
    for (size_t i = 0; i < G_N_ELEMENTS(timeouts); i++) {
        const int64_t exact = timeouts[i].seconds * SECOND;

        if (idle >= exact - SECOND && idle <= exact + SECOND)
            return &timeouts[i];
    }
    return NULL;
}
