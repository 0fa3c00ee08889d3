/* stat_table.c
 * The table of connections in the window (in tshark: -z wsclose,table).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stat_table.h"

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>

#include "report.h"
#include "summary.h"

static stat_tap_table_item fields[SUMMARY_COLUMNS] = {
    [SUMMARY_STREAM] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "#", "%u" },
    [SUMMARY_START] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Start (s)", "%s" },
    [SUMMARY_CLIENT] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Client", "%s" },
    [SUMMARY_SERVER] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Server", "%s" },
    [SUMMARY_TARGET] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Host and Path", "%s" },
    [SUMMARY_OPENED] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Opened", "%s" },
    [SUMMARY_DURATION] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Duration (s)", "%s" },
    [SUMMARY_IDLE] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Idle (s)", "%s" },
    [SUMMARY_INITIATOR] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Ended by", "%s" },
    [SUMMARY_CLIENT_CODE] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Client Code", "%s" },
    [SUMMARY_SERVER_CODE] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Server Code", "%s" },
    [SUMMARY_CLEAN] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Clean", "%s" },
    [SUMMARY_NEGOTIATED] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Extensions Negotiated", "%s" },
    [SUMMARY_DECLINED] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Extensions Declined", "%s" },
    [SUMMARY_CAUSE] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Cause", "%s" },
    [SUMMARY_VERDICT_BRIEF] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Ending", "%s" },
    [SUMMARY_VERDICT] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Verdict", "%s" },
};

/* Where a table keeps the row of each connection: a GHashTable in the first row. */
#define ROWS_COLUMN SUMMARY_STREAM

static GHashTable *
rows_of(const stat_tap_table *table)
{
    return table->num_elements == 0
               ? NULL
               : stat_tap_get_field_data(table, 0, ROWS_COLUMN)->user_data.ptr_value;
}

static void
free_item(stat_tap_table *table _U_, unsigned row, unsigned field, stat_tap_table_item_type *item)
{
    if (item->type == TABLE_ITEM_STRING) {
        g_free((char *)item->value.string_value);
        item->value.string_value = NULL;
    }
    if (row == 0 && field == ROWS_COLUMN && item->user_data.ptr_value) {
        g_hash_table_destroy(item->user_data.ptr_value);
        item->user_data.ptr_value = NULL;
    }
}

static void
begin_table(stat_tap_table_ui *ui)
{
    static const char title[] = "WebSocket Connections";

    if (!stat_tap_find_table(ui, title))
        stat_tap_add_table(ui, stat_tap_init_table(title, SUMMARY_COLUMNS, 0, NULL));
}

static void
reset_table(stat_tap_table *table)
{
    for (unsigned row = 0; row < table->num_elements; row++) {
        for (unsigned field = 0; field < SUMMARY_COLUMNS; field++)
            free_item(table, row, field, stat_tap_get_field_data(table, row, field));
        g_free(table->elements[row]);
    }
    table->num_elements = 0;
}

/* The row of a connection, begun where there is none. */
static unsigned
find_row(stat_tap_table *table, uint32_t stream)
{
    static const stat_tap_table_item_type empty[SUMMARY_COLUMNS];
    GHashTable *rows = rows_of(table);
    gpointer found;

    if (rows && g_hash_table_lookup_extended(rows, GUINT_TO_POINTER(stream), NULL, &found))
        return GPOINTER_TO_UINT(found);
    const unsigned row = table->num_elements;
    stat_tap_init_table_row(table, row, SUMMARY_COLUMNS, empty);
    if (!rows) {
        rows = g_hash_table_new(NULL, NULL);
        stat_tap_get_field_data(table, 0, ROWS_COLUMN)->user_data.ptr_value = rows;
    }
    g_hash_table_insert(rows, GUINT_TO_POINTER(stream), GUINT_TO_POINTER(row));
    return row;
}

/* Of a number the window shows as many digits as it likes, and tshark stops at a cell without one;
 * so times are texts, which are sorted letter by letter. */
static int
width_of(unsigned field)
{
    return field == SUMMARY_START || field == SUMMARY_DURATION || field == SUMMARY_IDLE ? 12 : 0;
}

static tap_packet_status
update_table(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *event,
             tap_flags_t flags _U_)
{
    const stat_data_t *stat = data;
    stat_tap_table *table = g_array_index(stat->stat_tap_data->tables, stat_tap_table *, 0);
    const store_connection *connection = ((const store_event *)event)->connection;

    if (connection->is_copy)
        return TAP_PACKET_DONT_REDRAW;
    const unsigned row = find_row(table, connection->stream);
    char **texts = summary_row(connection);

    for (unsigned field = 0; field < SUMMARY_COLUMNS; field++) {
        stat_tap_table_item_type *item = stat_tap_get_field_data(table, row, field);

        if (item->type == TABLE_ITEM_STRING)
            g_free((char *)item->value.string_value);
        item->type = fields[field].type;
        if (field == SUMMARY_STREAM)
            item->value.uint_value = connection->stream;
        else
            item->value.string_value = g_strdup_printf("%*s", width_of(field), texts[field]);
    }
    g_strfreev(texts);
    return TAP_PACKET_REDRAW;
}

void
stat_table_register(void)
{
    static tap_param params[] = { { PARAM_FILTER, "filter", "Filter", NULL, TRUE } };
    static stat_tap_table_ui ui = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = "WebSocket Connections",
        .tap_name = REPORT_TAP,
        .cli_string = "wsclose,table",
        .stat_tap_init_cb = begin_table,
        .packet_func = update_table,
        .stat_tap_reset_table_cb = reset_table,
        .stat_tap_free_table_item_cb = free_item,
        .nfields = G_N_ELEMENTS(fields),
        .fields = fields,
        .nparams = G_N_ELEMENTS(params),
        .params = params,
    };

    register_stat_tap_table_ui(&ui);
}
