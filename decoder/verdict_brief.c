/* verdict_brief.c
 * How a connection ended, in a few words for the column of a table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/explain.h"

#include "verdict_scene.h"

const char *
wsclose_verdict_brief(const wsclose_verdict_context *context)
{
    switch (scene_of(context).kind) {
    case CASE_REFUSED:
        return "refused";
    case CASE_NO_ANSWER:
        return "handshake unanswered";
    case CASE_REJECTED:
        return "response rejected";
    case CASE_BREACH:
        return "protocol breach";
    case CASE_ILLEGAL:
        return "illegal Close";
    case CASE_OWN:
        return "failed, no answer read";
    case CASE_CUT:
        return "closed, code cut off";
    case CASE_CROSSED:
        return "both closed at once";
    case CASE_EMPTY:
        return "closed without code";
    case CASE_EMPTY_WITH_CODE:
        return "empty Close, code back";
    case CASE_SAME_CODE:
        return "closed";
    case CASE_OTHER_CODE:
        return "closed, other code back";
    case CASE_ONE_SIDE:
        return "one Close captured";
    case CASE_LATE:
        return "Close came too late";
    case CASE_NOT_AWAITED:
        return "answer not awaited";
    case CASE_UNANSWERED:
        return "Close unanswered";
    case CASE_DARK:
        return "Close perhaps missed";
    case CASE_DECLINED:
        return "left, ext. declined";
    case CASE_IDLE:
        return "no Close, idle";
    case CASE_RESET:
        return "no Close, reset";
    case CASE_FIN:
        return "no Close";
    }
    return "";
}
