/* fuzz_flow.c
 * Any octets as a script of packets of one connection: nothing breaks, no connection has two
 * verdicts, and in other segments the same is found; the same where TLS is read from outside.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/flow.h"

#include "flow_script.h"
#include "oracle.h"
#include "wsclose/coverage.h"

/* One octet a segment, header lists and plaintext with the last one. */
static GArray *
split_all(const GArray *packets, uint32_t piece)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(test_packet));

    for (guint i = 0; i < packets->len; i++) {
        const test_packet *whole = &g_array_index(packets, test_packet, i);

        for (uint32_t at = 0; at == 0 || at < whole->len; at += piece) {
            test_packet part = *whole;
            const uint32_t to = MIN(whole->len, at + piece);

            part.seq += at;
            part.octets = at > 0 ? whole->octets + at : whole->octets;
            part.len = part.captured = to - at;
            part.n_lists = 0;
            for (unsigned j = 0; j < whole->n_lists; j++) {
                if (whole->lists[j].end > at && whole->lists[j].end <= to) {
                    part.lists[part.n_lists] = whole->lists[j];
                    part.lists[part.n_lists++].end -= at;
                }
            }
            g_array_append_val(out, part);
        }
    }
    return out;
}

static char *
without_repeated(const char *text)
{
    char **parts = g_strsplit(text, ";", -1);
    GString *out = g_string_new(NULL);

    for (size_t i = 0; parts[i]; i++) {
        if (strstr(parts[i], "sends after its Close") == NULL)
            g_string_append_printf(out, "%s;", parts[i]);
    }
    g_strfreev(parts);
    return g_string_free(out, FALSE);
}

/* Whether octets that may be text, and so no frames at all, are told of. Text is told by a whole segment
 * of it, and nothing behind it is read: that the borders of segments do change. */
static bool
may_be_text(const char *text)
{
    static const char label[] = "breaks 0x";
    const guint64 masking = WSCLOSE_BREACH_MASKED | WSCLOSE_BREACH_UNMASKED;

    while ((text = strstr(text, label)) != NULL) {
        text += strlen(label);
        if ((g_ascii_strtoull(text, NULL, 16) & ~masking) != 0)
            return true;
    }
    return false;
}

/* Each segment once more, behind itself: TCP sends again what it takes for lost. */
static GArray *
send_again(const GArray *packets)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(test_packet));

    for (guint i = 0; i < packets->len; i++) {
        const test_packet *packet = &g_array_index(packets, test_packet, i);

        g_array_append_val(out, *packet);
        if (!packet->syn && !packet->rst && packet->len > 0)
            g_array_append_val(out, *packet);
    }
    return out;
}

static void
check_again(const writer *w, const findings *whole)
{
    GArray *packets = send_again(w->script->packets);
    findings *found = read_packets(packets, true);

    statements++;
    g_assert_cmpstr(found->text->str, ==, whole->text->str);
    findings_free(found);
    g_array_free(packets, TRUE);
}

static void
check_split(const writer *w, const findings *whole, uint32_t piece)
{
    GArray *split = split_all(w->script->packets, piece);
    findings *found = read_packets(split, true);
    char *expected = without_repeated(whole->text->str);
    char *is = without_repeated(found->text->str);

    statements++;
    if (!may_be_text(expected) && !may_be_text(is))
        g_assert_cmpstr(is, ==, expected);
    g_free(expected);
    g_free(is);
    findings_free(found);
    g_array_free(split, TRUE);
}

/* Seconds pass between some packets, so that silence counts. */
static int64_t
time_of(unsigned packet)
{
    return packet * 997000000LL;
}

/* All that is TLS, and that nobody decrypts, is taken for WebSocket: one verdict each. */
static void
read_from_outside(const writer *w)
{
    const wsclose_flow_options options = {.tls_outside = true, .find_midstream = true};
    findings *found = findings_new();

    found->time_of = time_of;
    read_packets_into(found, w->script->packets, &options);
    findings_free(found);
}

/* Packet by packet: what is said of the flow goes one way. */
static void
follow(const writer *w)
{
    const wsclose_flow_options options = {.find_midstream = true, .check_text = true};
    wsclose_flow *flow = wsclose_flow_new(&options);
    findings *found = findings_new();
    wsclose_coverage coverage = {0};
    bool ended = false;

    for (guint i = 0; i < w->script->packets->len; i++) {
        const test_packet *packet = &g_array_index(w->script->packets, test_packet, i);
        const wsclose_packet syn = {.segment = {.seq = packet->seq, .syn = packet->syn},
                                    .sender = packet->side};

        g_assert_true(packet->syn || !wsclose_flow_is_another(flow, &syn));
        deliver(flow, packet, i, found);
        g_assert_true(!ended || wsclose_flow_get_state(flow) != WSCLOSE_FLOW_GOES_ON);
        ended = wsclose_flow_get_state(flow) == WSCLOSE_FLOW_ENDED;
    }
    wsclose_coverage_take(&coverage, flow);
    g_assert_cmpuint(coverage.begun_before, <=, 1);
    g_assert_cmpuint(coverage.with_gaps, <=, 1);
    g_assert_cmpuint(coverage.cut, <=, 1);
    statements++;
    wsclose_flow_free(flow);
    findings_free(found);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const writer w = write_steps(data, size);

    findings *whole = read_packets(w.script->packets, true);
    if (is_plain(&w)) {
        check_split(&w, whole, 1);
        check_split(&w, whole, 7);
        check_again(&w, whole);
    }
    findings_free(whole);
    read_from_outside(&w);
    follow(&w);
    script_free(w.script);
    return 0;
}
