/* test_extension.c
 * The grammar of Sec-WebSocket-Extensions, octet by octet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/extension.h"

#include "cpu_time.h"
#include "exact_copy.h"

#include <glib.h>
#include <string.h>

/* A value with any octets, NUL included. */
#define VALUE(text) text, sizeof(text) - 1

static wsclose_ext_list *
parse(const char *value, size_t len)
{
    char *copy = exact_copy(value, len);
    wsclose_ext_list *list = wsclose_ext_list_parse(copy, len);

    /* The list holds nothing of the value. */
    g_free(copy);
    return list;
}

/* All texts of a list in one string. */
static char *
join_texts(const wsclose_ext_list *list)
{
    GString *joined = g_string_new(NULL);

    for (size_t i = 0; i < list->n_exts; i++)
        g_string_append_printf(joined, "%s%s", i ? " | " : "", list->exts[i].text);
    return g_string_free(joined, FALSE);
}

static const struct {
    const char *value;
    size_t len;
    const char *texts;
    const char *why;
} valid_rows[] = {
    { VALUE("a"), "a", "a token of one octet" },
    { VALUE("permessage-deflate"), "permessage-deflate", "a token" },
    { VALUE("a;b"), "a; b", "a parameter without a value" },
    { VALUE("a;b=c"), "a; b=c", "a parameter with a value" },
    { VALUE("a;b=\"c\""), "a; b=c", "a quoted value" },
    { VALUE("a;b=\"\\c\""), "a; b=c", "a quoted value with a quoted-pair" },
    { VALUE("a;b=\"\\c\\d\\e\""), "a; b=cde", "a quoted value of nothing but quoted-pairs" },
    { VALUE("a;b=\"1\\0\""), "a; b=10", "a quoted-pair stands for its octet, not for an escape" },
    { VALUE("a;b;c=1;d"), "a; b; c=1; d", "several parameters" },
    { VALUE("a;b;b"), "a; b; b", "a parameter twice is no matter of grammar" },
    { VALUE("a,b"), "a | b", "a list" },
    { VALUE("a,a"), "a | a", "duplicates as they come" },
    { VALUE("a;x=1,a;x=2,b"), "a; x=1 | a; x=2 | b", "a fallback list" },
    { VALUE("A;B=C"), "A; B=C", "case is left alone" },
    { VALUE("!#$%&'*+-.^_`|~09azAZ"), "!#$%&'*+-.^_`|~09azAZ", "every kind of tchar" },
    { VALUE("8;15=0"), "8; 15=0", "digits are tchars" },
    { VALUE(" a"), "a", "a space before the list" },
    { VALUE("a "), "a", "a space behind the list" },
    { VALUE("\ta\t"), "a", "tabs around it" },
    { VALUE(" \t a \t ; \t b \t = \t c \t , \t d \t "), "a; b=c | d", "blanks between any words" },
    { VALUE("a ; b = \"c\" ; d"), "a; b=c; d", "blanks around a quoted value" },
    { VALUE("a\r\n ;b"), "a; b", "a folded line (RFC 2616 section 2.2)" },
    { VALUE("a\r\n\t;b"), "a; b", "a line folded with a tab" },
    { VALUE("\r\n a"), "a", "a fold before the list" },
    { VALUE("a\r\n "), "a", "a fold behind the list" },
    { VALUE("a;\r\n b\r\n =\r\n c\r\n ,\r\n d"), "a; b=c | d", "folds between any words" },
    { VALUE("a\r\n \r\n ;b"), "a; b", "two folds in a row" },
    { VALUE("a  \r\n  ;b"), "a; b", "a fold among blanks" },
    { VALUE(",a"), "a", "an empty first element (RFC 7230 section 7)" },
    { VALUE("a,"), "a", "an empty last element" },
    { VALUE("a,,b"), "a | b", "an empty element in between" },
    { VALUE(", ,\t, a , ,b,,"), "a | b", "empty elements everywhere" },
    { VALUE("a\r\n ,\r\n ,b"), "a | b", "an empty element that is a fold" },
    { VALUE("permessage-deflate; client_max_window_bits"),
      "permessage-deflate; client_max_window_bits", "what browsers send" },
    { VALUE("permessage-deflate;server_max_window_bits=\"10\""),
      "permessage-deflate; server_max_window_bits=10", "RFC 7692 section 7.1.2 allows the quotes" },
    { VALUE("foo,\r\n bar; baz=2"), "foo | bar; baz=2", "the folded list of RFC 6455 section 9.1" },
};

static void
test_valid(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(valid_rows); i++) {
        wsclose_ext_list *list = parse(valid_rows[i].value, valid_rows[i].len);
        char *texts = join_texts(list);

        g_test_message("%s", valid_rows[i].why);
        g_assert_true(list->valid);
        g_assert_cmpstr(texts, ==, valid_rows[i].texts);
        g_assert_null(list->error);
        g_assert_null(list->error_clause);
        g_assert_null(list->error_text);
        g_assert_cmpuint(list->error_offset, ==, 0);
        g_free(texts);
        wsclose_ext_list_free(list);
    }
}

static const char list_rule[] = "RFC 7230 section 7";
static const char lws_rule[] = "RFC 2616 section 2.2";
static const char quoted_rule[] = "RFC 7230 section 3.2.6";
static const char extension_rule[] = "RFC 6455 section 9.1";

static const struct {
    const char *value;
    size_t len;
    size_t offset;
    const char *clause;
    const char *text;  /* of the broken element */
    const char *texts; /* of those before it */
    const char *why;
} invalid_rows[] = {
    { VALUE(""), 0, list_rule, "", "", "an empty value" },
    { VALUE(" "), 1, list_rule, "", "", "nothing but a space" },
    { VALUE("\r\n "), 3, list_rule, "", "", "nothing but a fold" },
    { VALUE(","), 1, list_rule, "", "", "nothing but an empty element" },
    { VALUE(" , ,, "), 6, list_rule, "", "", "nothing but empty elements" },
    { VALUE(";"), 0, extension_rule, ";", "", "no name" },
    { VALUE("="), 0, extension_rule, "=", "", "no name" },
    { VALUE("=a"), 0, extension_rule, "=a", "", "no name before \"=\"" },
    { VALUE("\"a\""), 0, extension_rule, "\"a\"", "", "a quoted name" },
    { VALUE("a;"), 2, extension_rule, "a;", "", "a trailing semicolon" },
    { VALUE("a; "), 3, extension_rule, "a;", "", "a trailing semicolon and a space" },
    { VALUE("a;,b"), 2, extension_rule, "a;", "", "a semicolon before a comma" },
    { VALUE("a;;b"), 2, extension_rule, "a;;b", "", "an empty parameter" },
    { VALUE("a;=b"), 2, extension_rule, "a;=b", "", "a value without its parameter" },
    { VALUE("a;\"b\""), 2, extension_rule, "a;\"b\"", "", "a quoted parameter name" },
    { VALUE("a;b="), 4, extension_rule, "a;b=", "", "no value" },
    { VALUE("a;b= "), 5, extension_rule, "a;b=", "", "no value but a space" },
    { VALUE("a;b=;c"), 4, extension_rule, "a;b=;c", "", "no value before \";\"" },
    { VALUE("a;b=,c"), 4, extension_rule, "a;b=", "", "no value before \",\"" },
    { VALUE("a;b==c"), 4, extension_rule, "a;b==c", "", "two equals signs" },
    { VALUE("a;b=c=d"), 5, extension_rule, "a;b=c=d", "", "a value of a value" },
    { VALUE("a=b"), 1, extension_rule, "a=b", "", "an extension takes no value" },
    { VALUE("a b"), 2, extension_rule, "a b", "", "two words in a row" },
    { VALUE("a;b c"), 4, extension_rule, "a;b c", "", "two parameter names in a row" },
    { VALUE("a;b=c d"), 6, extension_rule, "a;b=c d", "", "two values in a row" },
    { VALUE("a;b=\"c\"d"), 7, extension_rule, "a;b=\"c\"d", "", "a word behind a quoted value" },
    { VALUE("a;b=\"c\"\"d\""), 7, extension_rule, "a;b=\"c\"\"d\"", "", "two quoted values" },
    { VALUE("a;b=c\"d\""), 5, extension_rule, "a;b=c\"d\"", "", "quotes inside a token" },
    { VALUE("a;b=\"\""), 5, extension_rule, "a;b=\"\"", "", "an empty quoted value is no token" },
    { VALUE("a;b=\"c d\""), 6, extension_rule, "a;b=\"c d\"", "", "no token once unescaped" },
    { VALUE("a;b=\"c\\ d\""), 7, extension_rule, "a;b=\"c\\ d\"", "", "an escaped space" },
    { VALUE("a;b=\"\\\"\""), 6, extension_rule, "a;b=\"\\\"\"", "", "an escaped quotation mark" },
    { VALUE("a;b=\"\\\\\""), 6, extension_rule, "a;b=\"\\\\\"", "", "an escaped backslash" },
    { VALUE("a;b=\"x,y\",z"), 6, extension_rule, "a;b=\"x", "", "a comma in a quoted value" },
    { VALUE("a;b=\"x;y\""), 6, extension_rule, "a;b=\"x;y\"", "", "a semicolon in a quoted value" },
    { VALUE("a;b=\"\xc3\xa9\""), 5, extension_rule, "a;b=\"\\xC3\\xA9\"", "",
      "obs-text, allowed in quotes, is no tchar" },
    { VALUE("a;b=\""), 5, quoted_rule, "a;b=\"", "", "an opening quotation mark alone" },
    { VALUE("a;b=\"c"), 6, quoted_rule, "a;b=\"c", "", "no closing quotation mark" },
    { VALUE("a;b=\"c\\"), 7, quoted_rule, "a;b=\"c\\", "", "it ends in a backslash" },
    { VALUE("a;b=\"c\\\""), 7, extension_rule, "a;b=\"c\\\"", "", "its closing mark is escaped" },
    { VALUE("a;b=\"\0\""), 5, quoted_rule, "a;b=\"\\x00\"", "", "NUL in a quoted value" },
    { VALUE("a;b=\"\\\0\""), 6, quoted_rule, "a;b=\"\\\\x00\"", "", "an escaped NUL" },
    { VALUE("a;b=\"\x7f\""), 5, quoted_rule, "a;b=\"\\x7F\"", "", "DEL in a quoted value" },
    { VALUE("a;b=\"c\r\n d\""), 6, quoted_rule, "a;b=\"c\\x0D\\x0A d\"", "",
      "a fold in a quoted value" },
    { VALUE("a\0"), 1, extension_rule, "a\\x00", "", "NUL at the end" },
    { VALUE("\0"), 0, extension_rule, "\\x00", "", "NUL alone" },
    { VALUE("a\0,b"), 1, extension_rule, "a\\x00", "", "NUL ends no value" },
    { VALUE("caf\xc3\xa9"), 3, extension_rule, "caf\\xC3\\xA9", "", "UTF-8 in a name" },
    { VALUE("a\xff"), 1, extension_rule, "a\\xFF", "", "the highest octet" },
    { VALUE("a/b"), 1, extension_rule, "a/b", "", "a separator of RFC 7230" },
    { VALUE("a\r"), 1, lws_rule, "a\\x0D", "", "a bare CR" },
    { VALUE("a\n"), 1, lws_rule, "a\\x0A", "", "a bare LF" },
    { VALUE("a\n b"), 1, lws_rule, "a\\x0A b", "", "a LF and a space fold nothing" },
    { VALUE("a\r b"), 1, lws_rule, "a\\x0D b", "", "a CR and a space fold nothing" },
    { VALUE("a\r\n"), 1, lws_rule, "a\\x0D\\x0A", "", "a line break at the end" },
    { VALUE("a\r\nb"), 1, lws_rule, "a\\x0D\\x0Ab", "", "a line break before a word" },
    { VALUE("a\r\n,b"), 1, lws_rule, "a\\x0D\\x0A", "", "a line break before a comma" },
    { VALUE("\r\na"), 0, lws_rule, "\\x0D\\x0Aa", "", "a line break before the list" },
    { VALUE("a;\nb"), 2, lws_rule, "a;\\x0Ab", "", "a LF behind a semicolon" },
    { VALUE("a;b=\nc"), 4, lws_rule, "a;b=\\x0Ac", "", "a LF behind an equals sign" },
    { VALUE("a;b=\"c\"\n"), 7, lws_rule, "a;b=\"c\"\\x0A", "", "a LF behind a quoted value" },
    { VALUE("a, b;c="), 7, extension_rule, "b;c=", "a", "those before it are kept" },
    { VALUE("a;x=1 , b, c d , e"), 13, extension_rule, "c d", "a; x=1 | b", "and none behind it" },
    { VALUE("a, ;"), 3, extension_rule, ";", "a", "an element that is a semicolon" },
    { VALUE("a , , b;"), 8, extension_rule, "b;", "a", "an offset behind empty elements" },
};

static void
test_invalid(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(invalid_rows); i++) {
        wsclose_ext_list *list = parse(invalid_rows[i].value, invalid_rows[i].len);
        char *texts = join_texts(list);

        g_test_message("%s", invalid_rows[i].why);
        g_assert_false(list->valid);
        g_assert_cmpuint(list->error_offset, ==, invalid_rows[i].offset);
        g_assert_cmpstr(list->error_clause, ==, invalid_rows[i].clause);
        g_assert_cmpstr(list->error_text, ==, invalid_rows[i].text);
        g_assert_cmpstr(texts, ==, invalid_rows[i].texts);
        g_assert_nonnull(list->error);
        g_assert_cmpuint(strlen(list->error), >, 10);
        g_free(texts);
        wsclose_ext_list_free(list);
    }
}

/* Whether some continuation makes a valid value of these octets. */
static bool
can_go_on(const char *value, size_t len)
{
    static const char *const endings[] = { "", "x", "x\"", "\"", "\n x", "\n ", "\n ;x",
                                           " x", " ", " ;x", "\n x\"" };
    bool found = false;

    for (size_t i = 0; i < G_N_ELEMENTS(endings) && !found; i++) {
        size_t more = strlen(endings[i]);
        char *whole = g_malloc(len + more);
        wsclose_ext_list *list;

        if (len > 0)
            memcpy(whole, value, len);
        if (more > 0)
            memcpy(whole + len, endings[i], more);
        list = wsclose_ext_list_parse(whole, len + more);
        found = list->valid;
        wsclose_ext_list_free(list);
        g_free(whole);
    }
    return found;
}

/* The first offending octet: what stands before it can still become valid, with it it cannot. */
static void
check_offset(const char *value, size_t len)
{
    wsclose_ext_list *list = parse(value, len);

    if (!list->valid) {
        size_t offset = list->error_offset;

        g_assert_cmpuint(offset, <=, len);
        g_assert_true(can_go_on(value, offset));
        /* A CR can begin a fold, until what follows shows that it does not. */
        if (offset < len && value[offset] != '\r')
            g_assert_false(can_go_on(value, offset + 1));
    }
    wsclose_ext_list_free(list);
}

static void
test_offset_is_the_first_offending_octet(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(valid_rows); i++) {
        for (size_t len = 0; len <= valid_rows[i].len; len++)
            check_offset(valid_rows[i].value, len);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(invalid_rows); i++) {
        for (size_t len = 0; len <= invalid_rows[i].len; len++)
            check_offset(invalid_rows[i].value, len);
    }
}

/* tchar, spelled out from RFC 7230 section 3.2.6. */
static bool
is_tchar_of_the_rfc(int octet)
{
    return octet > 0
           && strchr("!#$%&'*+-.^_`|~0123456789"
                     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                     octet)
                  != NULL;
}

static void
test_octets_tchar(void)
{
    for (int octet = 0; octet < 256; octet++)
        g_assert_true(wsclose_is_tchar((unsigned char)octet) == is_tchar_of_the_rfc(octet));
}

/* Put every octet in place of the "?" of a value; it is valid with those that the set holds. */
static void
sweep(const char *value, bool tchars, const char *others)
{
    const char *place = strchr(value, '?');
    size_t offset = (size_t)(place - value);
    size_t len = strlen(value);

    for (int octet = 0; octet < 256; octet++) {
        char *copy = exact_copy(value, len);
        bool expected = (tchars && is_tchar_of_the_rfc(octet))
                        || (octet > 0 && strchr(others, octet) != NULL);
        wsclose_ext_list *list;

        copy[offset] = (char)octet;
        list = wsclose_ext_list_parse(copy, len);
        g_test_message("octet 0x%02x in %s", (unsigned)octet, value);
        g_assert_true(list->valid == expected);
        check_offset(copy, len);
        wsclose_ext_list_free(list);
        g_free(copy);
    }
}

static void
test_octets_name(void)
{
    sweep("?", true, "");
    sweep("a?b", true, ",;");
    sweep("a ?", false, " \t,");
    sweep("a, ?", true, " \t,");
}

static void
test_octets_param(void)
{
    sweep("a;?", true, "");
    sweep("a;b?c", true, ",;=");
    sweep("a;b?", true, " \t,");
}

static void
test_octets_value(void)
{
    sweep("a;b=?", true, "");
    sweep("a;b=c?", true, " \t,");
    sweep("a;b=c?d", true, ",;");
}

static void
test_octets_quoted_string(void)
{
    sweep("a;b=\"?\"", true, "");
    sweep("a;b=\"\\?\"", true, "");
    sweep("a;b=\"c?d\"", true, "\\");
    sweep("a;b=\"c\"?", false, " \t,");
    sweep("a;b=?c\"", false, "\"");
    sweep("a;b=\"c?", false, "\"");
}

static void
test_octets_fold(void)
{
    sweep("a?\n b", false, "");
    sweep("a\r\n?", false, " \t");
    sweep("a\r?\t", false, "\n");
    sweep("a?\n ", false, "\r");
}

/* A quoted-pair that the value needs and one that it does not are one value. */
static void
test_params(void)
{
    wsclose_ext_list *list = parse(VALUE(" , first;p;q=1;r=\"t\\wo\" ,second, third;s"));

    g_assert_true(list->valid);
    g_assert_cmpuint(list->n_exts, ==, 3);
    g_assert_cmpstr(list->exts[0].name, ==, "first");
    g_assert_cmpuint(list->exts[0].offset, ==, 3);
    g_assert_cmpuint(list->exts[0].n_params, ==, 3);
    g_assert_cmpstr(list->exts[0].params[0].name, ==, "p");
    g_assert_null(list->exts[0].params[0].value);
    g_assert_cmpstr(list->exts[0].params[1].name, ==, "q");
    g_assert_cmpstr(list->exts[0].params[1].value, ==, "1");
    g_assert_cmpstr(list->exts[0].params[2].name, ==, "r");
    g_assert_cmpstr(list->exts[0].params[2].value, ==, "two");
    g_assert_cmpstr(list->exts[1].name, ==, "second");
    g_assert_cmpuint(list->exts[1].offset, ==, 25);
    g_assert_cmpuint(list->exts[1].n_params, ==, 0);
    g_assert_cmpstr(list->exts[2].name, ==, "third");
    g_assert_cmpuint(list->exts[2].offset, ==, 33);
    g_assert_cmpuint(list->exts[2].n_params, ==, 1);
    g_assert_cmpstr(list->exts[2].params[0].name, ==, "s");
    wsclose_ext_list_free(list);
}

/* The parameters of an element that breaks off belong to nobody. */
static void
test_params_of_a_broken_element(void)
{
    wsclose_ext_list *list = parse(VALUE("a;b=1;c, d;e=2;f="));

    g_assert_false(list->valid);
    g_assert_cmpuint(list->n_exts, ==, 1);
    g_assert_cmpuint(list->exts[0].n_params, ==, 2);
    g_assert_cmpstr(list->exts[0].params[1].name, ==, "c");
    wsclose_ext_list_free(list);
}

static void
test_error_text_has_a_limit(void)
{
    char value[300];
    wsclose_ext_list *list;

    memset(value, 'a', sizeof value);
    value[299] = '/';
    list = parse(value, sizeof value);
    g_assert_cmpuint(list->error_offset, ==, 299);
    g_assert_cmpuint(strlen(list->error_text), ==, 128);
    wsclose_ext_list_free(list);

    /* No escape is cut in two: 127 octets, and no room for four more. */
    memset(value, 0xff, sizeof value);
    memset(value, 'a', 3);
    list = parse(value, sizeof value);
    g_assert_cmpuint(strlen(list->error_text), ==, 3 + 31 * 4);
    g_assert_true(g_str_has_suffix(list->error_text, "\\xFF"));
    wsclose_ext_list_free(list);
}

static void
test_null(void)
{
    wsclose_ext_list *list = wsclose_ext_list_parse(NULL, 0);

    g_assert_false(list->valid);
    wsclose_ext_list_free(list);
    wsclose_ext_list_free(NULL);
}

/* A value of one pattern over and over. */
static GString *
repeat(const char *pattern, size_t len)
{
    GString *value = g_string_sized_new(len + strlen(pattern));

    while (value->len < len)
        g_string_append(value, pattern);
    return value;
}

static const struct {
    const char *begin;
    const char *pattern;
    const char *end;
    bool valid;
    size_t ext_len; /* octets per extension, 0 where there is just one */
    const char *why;
} long_rows[] = {
    { "", "a", "", true, 0, "one long name" },
    { "", "a,", "", true, 2, "many short names" },
    { "", ",", "a", true, 0, "many empty elements" },
    { "", "\t", "a", true, 0, "blanks" },
    { "", "\r\n ", "a", true, 0, "folds" },
    { "a;", "b=1;", "c", true, 0, "many parameters" },
    { "", "a;b=\"\\1\",", "", true, 9, "many quoted values" },
    { "", "permessage-deflate; client_max_window_bits, ", "", true, 44, "a long fallback list" },
    { "", ",", "", false, 0, "nothing but commas" },
    { "", "a,", "\xff", false, 2, "a breach at the very end" },
};

static void
test_long(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(long_rows); i++) {
        /* 64 KiB is what must be read; sixteen times that shows whether time grows in line. */
        for (size_t len = 64 * 1024; len <= 1024 * 1024; len *= 16) {
            GString *value = repeat(long_rows[i].pattern, len);
            size_t pattern_len = value->len;
            gint64 begin;
            wsclose_ext_list *list;

            g_string_prepend(value, long_rows[i].begin);
            g_string_append(value, long_rows[i].end);
            begin = cpu_time();
            list = parse(value->str, value->len);
            g_test_message("%s: %" G_GSIZE_FORMAT " octets, %" G_GINT64_FORMAT " us",
                           long_rows[i].why, value->len, cpu_time() - begin);
            assert_cpu_seconds(begin, 2);
            g_assert_true(list->valid == long_rows[i].valid);
            if (long_rows[i].ext_len > 0)
                g_assert_cmpuint(list->n_exts, ==, pattern_len / long_rows[i].ext_len);
            else
                g_assert_cmpuint(list->n_exts, ==, list->valid ? 1 : 0);
            wsclose_ext_list_free(list);
            g_string_free(value, TRUE);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/extension/valid", test_valid);
    g_test_add_func("/extension/invalid", test_invalid);
    g_test_add_func("/extension/offset", test_offset_is_the_first_offending_octet);
    g_test_add_func("/extension/octets/tchar", test_octets_tchar);
    g_test_add_func("/extension/octets/name", test_octets_name);
    g_test_add_func("/extension/octets/param", test_octets_param);
    g_test_add_func("/extension/octets/value", test_octets_value);
    g_test_add_func("/extension/octets/quoted-string", test_octets_quoted_string);
    g_test_add_func("/extension/octets/fold", test_octets_fold);
    g_test_add_func("/extension/params", test_params);
    g_test_add_func("/extension/params/broken", test_params_of_a_broken_element);
    g_test_add_func("/extension/error-text", test_error_text_has_a_limit);
    g_test_add_func("/extension/null", test_null);
    g_test_add_func("/extension/long", test_long);
    return g_test_run();
}
