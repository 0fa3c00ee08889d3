/* fuzz_code.c
 * Any two numbers as status codes: what is said of each, and of both side by side; and the names of
 * everything that is counted by a name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/cause.h"
#include "wsclose/code.h"
#include "wsclose/finding.h"

#include "input.h"
#include "oracle.h"

static void
check_row(const wsclose_code_info *info, uint16_t code)
{
    g_assert_cmpuint(info->first, <=, code);
    g_assert_cmpuint(info->last, >=, code);
    check_words(info->name, SIZE_MAX);
    check_words(info->meaning, SIZE_MAX);
    check_words(info->seen_when, SIZE_MAX);
    check_words(info->fix, SIZE_MAX);
    check_words(info->says, SIZE_MAX);
    check_words(info->source, SIZE_MAX);
    check_words(wsclose_code_class_name(info->code_class), SIZE_MAX);
    check_words(wsclose_may_send_name(info->may_send), SIZE_MAX);
    /* RFC 6455 sections 7.4.1 and 7.4.2. */
    g_assert_true(wsclose_code_may_be_on_wire(code) == (info->code_class != WSCLOSE_CLASS_RESERVED &&
                                                        info->code_class != WSCLOSE_CLASS_INVALID &&
                                                        info->code_class != WSCLOSE_CLASS_UNASSIGNED));
    g_assert_true(!wsclose_code_may_be_on_wire(code) || (code >= 1000 && code <= 4999));
}

/* The rows have every number once. */
static void
check_place(const wsclose_code_info *info)
{
    size_t count;
    const wsclose_code_info *table = wsclose_code_table(&count);
    const size_t at = (size_t)(info - table);

    g_assert_cmpuint(at, <, count);
    g_assert_true(at == 0 ? info->first == 0 : info->first == table[at - 1].last + 1);
    g_assert_true((at == count - 1) == (info->last == 65535));
}

static void
check_comparison(uint16_t a, uint16_t b)
{
    wsclose_code_comparison *comparison = wsclose_code_compare(a, b);

    g_assert_cmpuint(comparison->codes[0], ==, a);
    g_assert_cmpuint(comparison->codes[1], ==, b);
    g_assert_true(comparison->infos[0] == wsclose_code_lookup(a));
    g_assert_true(comparison->infos[1] == wsclose_code_lookup(b));
    check_words(comparison->in_short, SIZE_MAX);
    check_words(comparison->key_difference, SIZE_MAX);
    check_words(comparison->which_when, SIZE_MAX);
    wsclose_code_comparison_free(comparison);
}

static void
check_finding(wsclose_finding finding)
{
    const wsclose_finding_info *info = wsclose_finding_lookup(finding);
    const wsclose_finding_set only = (wsclose_finding_set)1 << finding;

    check_words(info->summary, SIZE_MAX);
    check_words(info->when, SIZE_MAX);
    check_words(wsclose_severity_name(info->severity), SIZE_MAX);
    check_words(wsclose_finding_group_name(info->group), SIZE_MAX);
    g_assert_true(g_str_has_prefix(info->name, "wsclose."));
    for (unsigned severity = 0; severity <= WSCLOSE_SEVERITY_ERROR; severity++)
        g_assert_true((wsclose_findings_from(only, severity) != 0) == (info->severity >= severity));
}

static void
check_stream_error(uint64_t error)
{
    g_assert_null(wsclose_stream_error_name(WSCLOSE_CARRIER_HTTP1, error));
    for (int carrier = WSCLOSE_CARRIER_HTTP2; carrier <= WSCLOSE_CARRIER_HTTP3; carrier++) {
        const char *name = wsclose_stream_error_name((wsclose_carrier)carrier, error);

        if (name)
            check_words(name, 40);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader in = { data, size };
    const uint16_t a = (uint16_t)next_number(&in, 2);
    const uint16_t b = (uint16_t)next_number(&in, 2);
    const uint8_t which = next_octet(&in);

    check_row(wsclose_code_lookup(a), a);
    check_place(wsclose_code_lookup(a));
    check_comparison(a, b);
    check_comparison(b, a);
    check_finding((wsclose_finding)(which % WSCLOSE_FINDINGS));
    check_words(wsclose_cause_name((wsclose_cause_id)(which % WSCLOSE_CAUSES)), SIZE_MAX);
    check_words(wsclose_side_name((wsclose_side)(which % 3)), SIZE_MAX);
    g_assert_cmpint(wsclose_side_peer(wsclose_side_peer((wsclose_side)(which % 3))), ==, which % 3);
    check_words(wsclose_negotiation_verdict_name((wsclose_negotiation_verdict)(which % 5)), SIZE_MAX);
    check_words(wsclose_claim_verdict_name((wsclose_claim_verdict)(which % 3)), SIZE_MAX);
    check_stream_error(next_number(&in, 2));
    return 0;
}
