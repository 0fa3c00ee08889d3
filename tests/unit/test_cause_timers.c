/* test_cause_timers.c
 * Times that are like a limit, and the limits that are known by name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../../decoder/cause_timers.h"

#include <glib.h>
#include <string.h>

#include "../../decoder/moment.h"

#define ANY_SILENCE (LIMIT_IDLE | LIMIT_SERVER | LIMIT_FORGETS)

/* Times from one to another one, both included, that are that much like a limit, as those before and
 * after them are not. */
typedef struct {
    const char *why;
    unsigned kinds;
    int64_t from; /* milliseconds */
    int64_t to;
    limit_likeness likeness;
} row;

static const row rows[] = {
    { "no time at all", ANY_SILENCE | LIMIT_LIFETIME, 0, 0, LIMIT_UNLIKE },
    { "a whole second, but a short one", ANY_SILENCE, 3000, 4000, LIMIT_UNLIKE },
    { "five seconds are the first whole ones", ANY_SILENCE, 4970, 5080, LIMIT_WHOLE },
    { "seven seconds", ANY_SILENCE, 6970, 7080, LIMIT_WHOLE },
    { "seven and a half", ANY_SILENCE, 7500, 7500, LIMIT_UNLIKE },
    { "ten seconds are the first round ones", ANY_SILENCE, 9900, 10600, LIMIT_ROUND },
    { "25 s", ANY_SILENCE, 24900, 25600, LIMIT_ROUND },
    { "26 s", ANY_SILENCE, 25970, 26080, LIMIT_WHOLE },
    { "30 s, Jetty's", LIMIT_IDLE, 29700, 31500, LIMIT_EXACT },
    { "30 s of one side are round", LIMIT_SERVER, 29900, 30600, LIMIT_ROUND },
    { "55 s, Heroku's, of both sides or one", LIMIT_IDLE, 54700, 56500, LIMIT_EXACT },
    { "the same of the server alone", LIMIT_SERVER, 54700, 56500, LIMIT_EXACT },
    { "a minute, nginx's", LIMIT_IDLE, 59700, 61500, LIMIT_EXACT },
    { "the same of the server alone", LIMIT_SERVER, 59700, 61500, LIMIT_EXACT },
    { "two minutes, which IIS has for both sides", LIMIT_IDLE, 119700, 121500, LIMIT_EXACT },
    { "and nobody for one", LIMIT_SERVER, 119800, 121200, LIMIT_EXACT },
    { "seven minutes, which nobody has", ANY_SILENCE, 419800, 421200, LIMIT_EXACT },
    { "350 s, a load balancer that forgets", LIMIT_FORGETS, 349700, 351500, LIMIT_EXACT },
    { "350 s of one side", LIMIT_SERVER, 349900, 350600, LIMIT_ROUND },
    { "an hour", LIMIT_IDLE, 3599700, 3601500, LIMIT_EXACT },
    { "a short age", LIMIT_LIFETIME, 5000, 9000, LIMIT_UNLIKE },
    { "ten seconds of age", LIMIT_LIFETIME, 9950, 10150, LIMIT_ROUND },
    { "12 s of age", LIMIT_LIFETIME, 12000, 12000, LIMIT_UNLIKE },
    { "15 s of age, Envoy's", LIMIT_LIFETIME, 14700, 15500, LIMIT_EXACT },
    { "25 s of age", LIMIT_LIFETIME, 24950, 25150, LIMIT_ROUND },
    { "55 s of age, which are Heroku's for silence", LIMIT_LIFETIME, 54950, 55150, LIMIT_ROUND },
    { "seven minutes of age", LIMIT_LIFETIME, 419900, 420500, LIMIT_EXACT },
    { "two hours of age, AWS's", LIMIT_LIFETIME, 7199700, 7200500, LIMIT_EXACT },
};

static void
check_likeness(const row *r, limit_kind kind, int64_t time, limit_likeness expected)
{
    const limit_likeness likeness = limit_is_like(kind, time);

    if (likeness != expected) {
        g_test_message("%s, kind %d: %" G_GINT64_FORMAT " ns is %d; should be %d", r->why, kind,
                       time, likeness, expected);
        g_test_fail();
    }
}

static void
test_like(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const row *r = &rows[i];
        const int64_t from = r->from * (SECOND / 1000);
        const int64_t to = r->to * (SECOND / 1000);

        for (unsigned kind = LIMIT_IDLE; kind <= LIMIT_FORGETS; kind <<= 1) {
            if ((r->kinds & kind) == 0)
                continue;
            check_likeness(r, kind, from - 1, LIMIT_UNLIKE);
            check_likeness(r, kind, from, r->likeness);
            check_likeness(r, kind, to, r->likeness);
            check_likeness(r, kind, to + 1, LIMIT_UNLIKE);
        }
    }
}

/* What captures that were edited can have. */
static void
test_extremes(void)
{
    static const int64_t times[] = { INT64_MIN, -60 * SECOND, -1, INT64_MAX };

    for (unsigned kind = LIMIT_IDLE; kind <= LIMIT_FORGETS; kind <<= 1) {
        for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
            g_test_message("%" G_GINT64_FORMAT, times[i]);
            g_assert_cmpint(limit_is_like(kind, times[i]), ==, LIMIT_UNLIKE);
            for (unsigned n = 0; n < known_limits_count; n++)
                g_assert_false(limit_is_near(&known_limits[n], kind, times[i]));
        }
    }
}

/* Each limit that is known by name is near from shortly before to later after, for its own kinds
 * alone, whatever else is known. */
static void
test_near(void)
{
    for (unsigned i = 0; i < known_limits_count; i++) {
        const known_limit *limit = &known_limits[i];
        const int64_t exact = limit->seconds * SECOND;

        for (unsigned kind = LIMIT_IDLE; kind <= LIMIT_FORGETS; kind <<= 1) {
            const bool has = (limit->kinds & kind) != 0;
            const int64_t from = exact - SECOND * 3 / 10;
            const int64_t to = exact + (kind == LIMIT_LIFETIME ? SECOND / 2 : SECOND * 3 / 2);

            g_test_message("%s, %u s, kind %u", limit->who, limit->seconds, kind);
            g_assert_false(limit_is_near(limit, kind, from - 1));
            g_assert_true(limit_is_near(limit, kind, from) == has);
            g_assert_true(limit_is_near(limit, kind, exact) == has);
            g_assert_true(limit_is_near(limit, kind, to) == has);
            g_assert_false(limit_is_near(limit, kind, to + 1));
            if (has)
                g_assert_cmpint(limit_is_like(kind, exact), ==, LIMIT_EXACT);
        }
    }
}

static void
test_table(void)
{
    g_assert_cmpuint(known_limits_count, >, 0);
    for (unsigned i = 0; i < known_limits_count; i++) {
        const known_limit *limit = &known_limits[i];

        g_test_message("row %u, %u s", i, limit->seconds);
        g_assert_cmpuint(limit->seconds, >, 0);
        if (i > 0)
            g_assert_cmpuint(limit[-1].seconds, <=, limit->seconds);
        g_assert_cmpuint(limit->kinds, !=, 0);
        g_assert_cmpuint(limit->kinds & ~(unsigned)(ANY_SILENCE | LIMIT_LIFETIME), ==, 0);
        g_assert_nonnull(limit->who);
        g_assert_cmpuint(strlen(limit->who), >, 0);
        g_assert_true(!limit->setting || limit->setting[0] != '\0');
        g_assert_nonnull(limit->source);
        g_assert_true(g_regex_match_simple("^https://[a-z0-9.-]+\\.[a-z]+/[!-~]*$", limit->source, 0, 0));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cause-timers/like", test_like);
    g_test_add_func("/cause-timers/extremes", test_extremes);
    g_test_add_func("/cause-timers/near", test_near);
    g_test_add_func("/cause-timers/table", test_table);
    return g_test_run();
}
