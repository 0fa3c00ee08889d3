/* limits.c
 * Limits on connections that people meet: who sets them, how long they are by default, what changes
 * them, and where one can read that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../cause_timers.h"

#include <glib.h>

const known_limit known_limits[] = {
    { 15, LIMIT_LIFETIME, "Envoy", "the route's timeout",
      "https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts" },
    { 30, LIMIT_LIFETIME, "Google Cloud's application load balancer",
      "the backend service's timeout",
      "https://cloud.google.com/load-balancing/docs/https/request-distribution" },
    { 30, LIMIT_IDLE, "Jetty 10 and later", "idleTimeout",
      "https://jetty.org/docs/jetty/12/programming-guide/server/websocket.html" },
    { 50, LIMIT_IDLE, "HAProxy as Debian sets it up", "timeout tunnel, or else client and server",
      "https://docs.haproxy.org/2.8/configuration.html" },
    { 55, LIMIT_IDLE | LIMIT_SERVER, "Heroku's router", NULL,
      "https://devcenter.heroku.com/articles/http-routing" },
    { 60, LIMIT_IDLE | LIMIT_SERVER, "nginx and Kubernetes' ingress-nginx", "proxy_read_timeout",
      "https://nginx.org/en/docs/http/ngx_http_proxy_module.html" },
    { 60, LIMIT_IDLE, "AWS's application load balancer", "idle_timeout.timeout_seconds",
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
      "edit-load-balancer-attributes.html" },
    { 60, LIMIT_IDLE, "Apache's mod_proxy", "Timeout, or ProxyTimeout where that is longer",
      "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html" },
    { 60, LIMIT_LIFETIME, "Traefik 3", "respondingTimeouts.readTimeout",
      "https://doc.traefik.io/traefik/routing/entrypoints/" },
    { 100, LIMIT_IDLE | LIMIT_SERVER, "Cloudflare", NULL,
      "https://developers.cloudflare.com/fundamentals/reference/connection-limits/" },
    { 120, LIMIT_IDLE, "IIS", "connectionTimeout",
      "https://learn.microsoft.com/en-us/iis/configuration/system.applicationhost/sites/"
      "sitedefaults/limits" },
    { 180, LIMIT_IDLE, "Traefik", "respondingTimeouts.idleTimeout",
      "https://doc.traefik.io/traefik/routing/entrypoints/" },
    { 230, LIMIT_IDLE, "Azure's App Service", NULL,
      "https://learn.microsoft.com/en-us/troubleshoot/azure/app-service/"
      "web-apps-performance-faqs" },
    { 240, LIMIT_IDLE | LIMIT_FORGETS, "Azure's load balancer", "idleTimeoutInMinutes",
      "https://learn.microsoft.com/en-us/azure/load-balancer/load-balancer-tcp-reset" },
    { 300, LIMIT_IDLE, "Envoy", "stream_idle_timeout",
      "https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts" },
    { 300, LIMIT_IDLE, "Jetty 9", "the policy's idleTimeout", "https://jetty.org/docs/" },
    { 300, LIMIT_LIFETIME, "Google's Cloud Run", "the request timeout",
      "https://cloud.google.com/run/docs/configuring/request-timeout" },
    { 350, LIMIT_IDLE | LIMIT_FORGETS, "AWS's network load balancer", "tcp.idle_timeout.seconds",
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/"
      "update-idle-timeout.html" },
    { 600, LIMIT_IDLE, "AWS's API Gateway", NULL,
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
      "apigateway-execution-service-websocket-limits-table.html" },
    { 600, LIMIT_IDLE | LIMIT_FORGETS, "Google Cloud's firewall", NULL,
      "https://cloud.google.com/compute/docs/troubleshooting/general-tips" },
    { 3600, LIMIT_IDLE, "HAProxy as its manual shows it, and Envoy's TCP proxy",
      "timeout tunnel, or idle_timeout",
      "https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts" },
    { 3600, LIMIT_LIFETIME, "Google's Cloud Run at most", "the request timeout",
      "https://cloud.google.com/run/docs/triggering/websockets" },
    { 7200, LIMIT_LIFETIME, "AWS's API Gateway", NULL,
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
      "apigateway-execution-service-websocket-limits-table.html" },
};
const unsigned known_limits_count = G_N_ELEMENTS(known_limits);
