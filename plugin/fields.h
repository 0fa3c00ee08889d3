/* fields.h
 * Fields, subtrees and expert items of the protocol. A variable repeats the filter name of its
 * field.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_FIELDS_H
#define WSCLOSE_PLUGIN_FIELDS_H

#include "compat.h"

#include <epan/expert.h>

#include <wsclose/finding.h>

extern int hf_wsclose_event;
extern int hf_wsclose_stream;
extern int hf_wsclose_http2_stream;
extern int hf_wsclose_request_in;
extern int hf_wsclose_response_in;
extern int hf_wsclose_handshake_status;
extern int hf_wsclose_sender;
extern int hf_wsclose_code;
extern int hf_wsclose_code_on_wire;
extern int hf_wsclose_code_class;
extern int hf_wsclose_reason;
extern int hf_wsclose_client_code;
extern int hf_wsclose_server_code;
extern int hf_wsclose_peer_close_in;
extern int hf_wsclose_close_rtt;
extern int hf_wsclose_verdict_in;
extern int hf_wsclose_client_close_in;
extern int hf_wsclose_server_close_in;
extern int hf_wsclose_verdict;
extern int hf_wsclose_clean;
extern int hf_wsclose_initiator;
extern int hf_wsclose_duration;
extern int hf_wsclose_idle;
extern int hf_wsclose_frames_client;
extern int hf_wsclose_frames_server;
extern int hf_wsclose_incomplete;
extern int hf_wsclose_tls;
extern int hf_wsclose_tls_server_name;
extern int hf_wsclose_tls_alpn;
extern int hf_wsclose_cause;
extern int hf_wsclose_cause_in;
extern int hf_wsclose_cause_by;
extern int hf_wsclose_cause_certain;
extern int hf_wsclose_other_leg;
extern int hf_wsclose_together;
extern int hf_wsclose_ping_unanswered;
extern int hf_wsclose_last_client;
extern int hf_wsclose_last_server;
extern int hf_wsclose_close_in;
extern int hf_wsclose_ext_offered;
extern int hf_wsclose_ext_accepted;
extern int hf_wsclose_ext_declined;
extern int hf_wsclose_ext_unsolicited;
extern int hf_wsclose_ext_invalid;
extern int hf_wsclose_ext_needed;
extern int hf_wsclose_ext_missing;
extern int hf_wsclose_ext_verdict;
extern int hf_wsclose_description;
extern int hf_wsclose_seen_when;
extern int hf_wsclose_fix;

extern int ett_wsclose;       /* an event */
extern int ett_wsclose_lines; /* the lines of a paragraph that its label has no room for */

extern expert_field ei_wsclose[WSCLOSE_FINDINGS];

/* Register all of them; once. */
void fields_register(int proto);

#endif
